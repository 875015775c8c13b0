import numpy as np
import pandas as pd
import pytest

from models.flags import patrol_padding
from models.visit_day import FEWEST_DAYS, visit_days
from models.visit_entry import TEMPLATE_OFFICERS, entered_visits, sign_note
from models.visit_record import led_visits
from tests.models.flags.visiting_bureau import (
    ODD,
    OFFICERS,
    RULES,
    TONIGHT,
    bent,
    delivery,
    judged,
    of_officers,
    officers,
    some,
    verdict,
    visits,
)

HONEST = visits()


def notes(frame: pd.DataFrame, **shared: str) -> pd.DataFrame:
    """core.patrol: every visit has a note of its own, but those named in `shared`."""
    return pd.DataFrame(
        {
            "patrol_id": frame["patrol_id"],
            "lead_officer_id": frame["lead_officer_id"],
            "note_hash": [shared.get(name, f"N{name}") for name in frame["patrol_id"]],
        }
    )


def night(frame: pd.DataFrame, noted: pd.DataFrame | None = None, **given) -> dict[str, pd.DataFrame]:
    return {
        "core.delivery": delivery(),
        "core.patrol": notes(frame) if noted is None else noted,
        "feature.officer": officers(),
        "feature.visit_record": frame,
    } | given


def crowded(frame: pd.DataFrame, officer: str, days: int, visits_a_day: int, every: int = 3) -> pd.DataFrame:
    """The frame with so many visits more on so many of the officer's days of the last year."""
    his = frame[
        (frame["lead_officer_id"] == officer) & (frame["visited_on"] > pd.Timestamp(TONIGHT) - pd.Timedelta(days=365))
    ]
    chosen = his.drop_duplicates("visited_on").iloc[::every].head(days)
    more = chosen.loc[chosen.index.repeat(visits_a_day)]
    number = np.arange(len(more))
    return pd.concat(
        [
            frame,
            more.assign(patrol_id=[f"W{each:06d}" for each in number], merchant_id=[f"N{each:06d}" for each in number]),
        ],
        ignore_index=True,
    )


def test_nobody_is_named_where_all_have_some_short_visits_and_repeated_notes():
    judgement = judged(patrol_padding, night(HONEST))
    assert of_officers(judgement) == {}


@pytest.mark.parametrize(
    ("sign", "told"),
    [
        ({"visit_minutes": 1.0}, "too short"),
        ({"note_repeat_count": 4.0}, "same note as elsewhere"),
        ({"is_on_leave": True}, "during leave or training"),
    ],
)
def test_an_officer_whose_visits_carry_a_hard_sign_is_named_alone(sign, told):
    flag = of_officers(judged(patrol_padding, night(bent(HONEST, some(HONEST, 0.3), **sign))))
    assert list(flag) == [ODD]
    assert (flag[ODD].facts, flag[ODD].strength) == (("doubtful_visit",), "moderate")
    assert told in " ".join(item.note_en for item in flag[ODD].evidence)
    assert verdict(flag[ODD], "leave_cut_short") == "unknown"


def test_short_visits_to_the_stalls_of_a_market_are_explained():
    stalls = bent(HONEST, some(HONEST, 0.3), visit_minutes=1.0, is_market=True)
    # most officers' market visits are as short as his
    others = stalls["is_market"].astype(bool) & (stalls["lead_officer_id"] != ODD)
    stalls = bent(stalls, others & (np.arange(len(stalls)) % 3 == 0), visit_minutes=1.0)
    assert all(flag.strength == "weak" for flag in of_officers(judged(patrol_padding, night(stalls))).values())


def test_rechecks_that_are_ticked_off_are_explained():
    his = (HONEST["lead_officer_id"] == ODD) & (np.arange(len(HONEST)) % 4 == 0)
    ticked = bent(HONEST, his, visit_kind="recheck", visit_minutes=1.0)
    assert ODD not in of_officers(judged(patrol_padding, night(ticked)), "doubtful_visit")


def test_a_note_that_the_office_requires_explains_and_a_copy_of_his_own_does_not():
    where = some(HONEST, 0.3)
    copied = bent(HONEST, where, note_repeat_count=5.0)
    own = notes(copied, **dict.fromkeys(copied.loc[where, "patrol_id"], "his"))
    assert verdict(of_officers(judged(patrol_padding, night(copied, own)))[ODD], "required_text") == "not_supported"
    users = [f"V{200 * number:06d}" for number in range(TEMPLATE_OFFICERS)]
    template = notes(copied, **dict.fromkeys([*copied.loc[where, "patrol_id"], *users], "office"))
    assert ODD not in of_officers(judged(patrol_padding, night(copied, template)))


def test_distance_alone_may_be_the_device_and_names_nobody():
    far = bent(HONEST, some(HONEST, 0.3), previous_kilometres=60.0, previous_gap_minutes=5.0)
    assert ODD not in of_officers(judged(patrol_padding, night(far)))
    near = some(HONEST, 0.3)
    both = bent(far, near, visit_minutes=1.0)
    assert verdict(of_officers(judged(patrol_padding, night(both)))[ODD], "position_drift") == "not_supported"


def test_days_far_beyond_peers_and_his_own_days_are_told_as_crowded():
    flag = of_officers(judged(patrol_padding, night(crowded(HONEST, ODD, 10, 14))), "crowded_day")
    assert list(flag) == [ODD] and flag[ODD].strength == "moderate"
    # four of the ten are too young: ten of his own days must follow a day before it is judged
    assert flag[ODD].observed == 6
    assert "16 visits led on" in flag[ODD].evidence[0].note_en


def test_an_officer_who_is_always_busy_crowds_no_day():
    busy = crowded(HONEST, ODD, 400, 8, every=1)
    assert ODD not in of_officers(judged(patrol_padding, night(busy)), "crowded_day")


def test_the_limit_of_a_day_comes_from_days_before_its_quarter_and_from_peers_of_its_kind():
    rows = led_visits(crowded(HONEST, ODD, 10, 14))
    days = visit_days(rows, RULES.flags)
    assert set(days.loc[days["is_hit"], "officer_id"]) == {ODD}
    # 2 visits a day: 2 + 4.5 * sqrt(2)
    assert days["day_limit"].min() == pytest.approx(2 + 4.5 * 2**0.5)
    later = visit_days(rows[rows["visited_on"] > days["visited_on"].median()], RULES.flags)
    assert len(later) < len(days) / 2
    assert len(visit_days(rows.head(FEWEST_DAYS), RULES.flags)) == 0


def test_late_entries_are_told_unless_the_whole_station_was_late_on_these_days():
    where = some(HONEST, 0.5)
    late = bent(HONEST, where, entry_lag_days=2.0)
    flag = of_officers(judged(patrol_padding, night(late)))[ODD]
    assert flag.facts == ("late_entry",) and "entered 2 days later" in flag.evidence[0].note_en
    days = late.loc[where, "visited_on"].unique()
    station = late["lead_officer_id"].str.startswith("S2") & late["visited_on"].isin(days)
    assert ODD not in of_officers(judged(patrol_padding, night(bent(late, station, entry_lag_days=2.0))), "late_entry")


def test_a_delay_is_shared_only_where_most_colleagues_had_it():
    rows = led_visits(HONEST[HONEST["lead_officer_id"].str.startswith("S1")].head(0))
    by_hand = led_visits(
        pd.concat([HONEST[HONEST["lead_officer_id"] == f"S1O{number}"].head(1) for number in range(1, 5)])
    ).assign(visited_on=pd.Timestamp("2026-05-04"), entry_lag_days=[3.0, 2.0, 1.0, 0.0])
    found = entered_visits(by_hand, notes(by_hand), RULES.flags)
    assert found["is_shared_delay"].tolist() == [True, True, True, False]
    alone = entered_visits(by_hand.assign(entry_lag_days=[3.0, 2.0, 0.0, 0.0]), notes(by_hand), RULES.flags)
    assert alone["is_shared_delay"].tolist() == [False, False, False, False]
    assert len(entered_visits(rows, notes(rows), RULES.flags)) == 0


def test_visits_heaped_at_the_end_of_months_are_told_unless_they_belong_to_a_campaign():
    where = some(HONEST, 0.4)
    heaped = bent(HONEST, where, is_month_end=True)
    flag = of_officers(judged(patrol_padding, night(heaped)))[ODD]
    assert flag.facts == ("month_end",) and verdict(flag, "campaign") == "not_supported"
    campaign = bent(heaped, where, visit_kind="special")
    assert of_officers(judged(patrol_padding, night(campaign))).get(ODD) is None


def test_records_that_others_enter_are_told():
    flag = of_officers(judged(patrol_padding, night(bent(HONEST, some(HONEST, 0.4), was_entered_by_other=True))))[ODD]
    assert flag.facts == ("entered_by_other",) and verdict(flag, "clerk_enters") == "unknown"


def test_a_station_whose_officers_all_enter_late_is_a_habit_and_names_none_of_them():
    late = HONEST["lead_officer_id"].str.startswith("S3") & (np.random.default_rng(5).random(len(HONEST)) < 0.7)
    judgement = judged(patrol_padding, night(bent(HONEST, late, entry_lag_days=2.0)))
    assert of_officers(judgement) == {}
    assert ("institution", "S3") in {(flag.subject_kind, flag.subject_id) for flag in judgement.flags}


def test_signs_that_were_not_delivered_are_told_one_by_one_and_the_others_are_looked_at():
    short = bent(HONEST, some(HONEST, 0.3), visit_minutes=1.0)
    bare = short.assign(
        note_repeat_count=np.nan,
        is_on_leave=pd.array([pd.NA] * len(short), dtype="boolean"),
        was_entered_by_other=pd.array([pd.NA] * len(short), dtype="boolean"),
    )
    given = {"core.delivery": delivery(has_note_hash=False, has_leave=False, has_entered_by=False)}
    judgement = judged(patrol_padding, night(bare, notes(bare).assign(note_hash=None), **given))
    assert [gap.reason_en.split(":")[1].strip() for gap in judgement.not_computable] == [
        "digests of notes",
        "leave and training",
        "who entered records",
    ]
    assert of_officers(judgement)[ODD].facts == ("doubtful_visit",)


def test_without_visits_nothing_is_computable():
    judgement = judged(patrol_padding, night(HONEST, **{"core.delivery": delivery(has_patrol=False)}))
    assert judgement.flags == () and judgement.not_computable[0].subject_kind == "bureau"


def test_an_officer_with_few_visits_is_not_computable():
    few = HONEST[(HONEST["lead_officer_id"] != "S6O5") | (HONEST["patrol_id"].str[-2:] == "00")]
    assert [gap.subject_id for gap in judged(patrol_padding, night(few)).not_computable] == ["S6O5"]


def test_visits_entered_tomorrow_change_nothing_tonight():
    padded = bent(HONEST, some(HONEST, 0.3), visit_minutes=1.0)
    tomorrow = padded.head(50).assign(
        patrol_id=[f"X{number}" for number in range(50)],
        lead_officer_id=OFFICERS[0],
        known_on=pd.Timestamp(TONIGHT) + pd.Timedelta(days=1),
        visited_on=pd.Timestamp(TONIGHT) + pd.Timedelta(days=1),
        visit_minutes=1.0,
    )
    first, second = (
        judged(patrol_padding, night(frame)) for frame in (padded, pd.concat([padded, tomorrow], ignore_index=True))
    )
    assert first.flags == second.flags
    pd.testing.assert_frame_equal(first.indicator, second.indicator)


def test_a_note_of_a_visit_names_its_signs():
    rows = entered_visits(
        led_visits(HONEST.head(1)).assign(visit_minutes=2.0, note_repeat_count=1.0), notes(HONEST.head(1)), RULES.flags
    )
    zh, en = sign_note(rows.iloc[0])
    assert zh.endswith("用时2分钟;时长过短、文书与他户相同") and en.endswith(
        "2 minutes; too short, same note as elsewhere"
    )
