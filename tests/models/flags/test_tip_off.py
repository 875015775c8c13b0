import numpy as np
import pandas as pd
import pytest

from models.flags import tip_off
from models.visit_notice import caught_note, clean_then_checked, found_visits, notice_note, with_notice
from models.visit_record import led_visits
from tests.models.flags.visiting_bureau import (
    ODD,
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

HONEST = visits(per_officer=300)
ANNOUNCED = HONEST["visit_kind"].isin(["routine", "special"]) & HONEST["was_filed"].astype(bool)
CLEAN = ANNOUNCED & (HONEST["finding_count"] == 0) & HONEST["first_unannounced_severe"].notna()
CAUGHT = bent(HONEST, CLEAN & some(HONEST, 0.7), first_unannounced_severe=True)


def night(frame: pd.DataFrame, **given) -> dict[str, pd.DataFrame]:
    return {"core.delivery": delivery(), "feature.officer": officers(), "feature.visit_record": frame} | given


def with_checks(frame: pd.DataFrame, where: pd.Series, days: int, kind: str) -> pd.DataFrame:
    """The frame with the check of another officer that followed these visits, so many days later."""
    chosen = frame[where]
    day = (chosen["visited_on"] + pd.Timedelta(days=days)).clip(upper=pd.Timestamp(TONIGHT))
    checks = chosen.assign(
        patrol_id="X" + chosen["patrol_id"],
        lead_officer_id="S5O1",
        co_officer_id=None,
        unit_id="S5",
        visited_on=day,
        known_on=day,
        visit_kind=kind,
        finding_count=np.where(np.arange(len(chosen)) % 6 == 0, 1, 0),
        first_unannounced_after_on=pd.NaT,
        first_unannounced_severe=pd.NA,
        first_unannounced_finding=pd.NA,
    )
    dated = bent(frame, where, first_unannounced_after_on=day)
    return pd.concat([dated, checks], ignore_index=True)


def test_nobody_is_named_where_visits_filed_ahead_find_what_others_find():
    assert of_officers(judged(tip_off, night(HONEST))) == {}


def test_clean_visits_that_others_caught_name_the_officer_with_the_checks_behind_it():
    flag = of_officers(judged(tip_off, night(CAUGHT)))
    assert list(flag) == [ODD]
    assert (flag[ODD].facts, flag[ODD].strength) == (("clean_then_caught",), "moderate")
    assert "found something severe" in flag[ODD].evidence[0].note_en
    assert verdict(flag[ODD], "finds_little_anyway") == "not_supported"
    assert verdict(flag[ODD], "plan_public") == verdict(flag[ODD], "notice_required") == "unknown"


def test_nothing_says_that_a_merchant_was_told_for_no_record_does():
    flag = of_officers(judged(tip_off, night(CAUGHT)))[ODD]
    assert verdict(flag, "merchant_told") == "unknown"
    told = [flag.summary_zh, flag.summary_en, *(item.note_zh + item.note_en for item in flag.evidence)]
    told += [item.detail_zh + item.detail_en for item in flag.counter_evidence if item.verdict != "unknown"]
    assert "事前报备" in flag.summary_zh and "filed ahead" in flag.summary_en
    assert not [text for text in told if "预告" in text or "突击" in text or "announced" in text]


def test_an_officer_who_finds_little_anywhere_is_no_more_than_a_weak_hint_here():
    his = CAUGHT["lead_officer_id"] == ODD
    blind = bent(CAUGHT, his & (np.arange(len(CAUGHT)) % 12 != 0), finding_count=0, result="normal")
    flag = of_officers(judged(tip_off, night(blind)))[ODD]
    assert verdict(flag, "finds_little_anyway") == "supported" and flag.strength == "weak"


def test_checks_of_a_complaint_and_checks_long_after_are_other_checks():
    where = CLEAN & (CAUGHT["lead_officer_id"] == ODD) & CAUGHT["first_unannounced_severe"].fillna(False)
    for kind, days, code in (("complaint", 10, "different_check"), ("random", 45, "long_after")):
        frame = with_checks(CAUGHT, where, days, kind)
        flag = of_officers(judged(tip_off, night(frame))).get(ODD)
        assert flag is None or (flag.strength, verdict(flag, code)) == ("weak", "supported")
        records = clean_then_checked(with_notice(led_visits(frame)))
        early = records["visited_on"] < pd.Timestamp(TONIGHT) - pd.Timedelta(days=60)
        his = records[(records["officer_id"] == ODD) & records["is_hit"] & early]
        assert his["is_complaint_check"].eq(kind == "complaint").all()
        assert his["is_long_after"].eq(days > 30).all()
    near = with_checks(CAUGHT, where, 10, "random")
    flag = of_officers(judged(tip_off, night(near)))[ODD]
    assert verdict(flag, "different_check") == verdict(flag, "long_after") == "not_supported"


def test_what_padding_doubts_is_not_blamed_again():
    caught = CLEAN & (CAUGHT["lead_officer_id"] == ODD) & CAUGHT["first_unannounced_severe"].fillna(False)
    doubted = bent(CAUGHT, caught, visit_minutes=1.0)
    flag = of_officers(judged(tip_off, night(doubted))).get(ODD)
    assert flag is None or (flag.strength, verdict(flag, "doubtful_visit")) == ("weak", "supported")


def test_merchants_that_are_closed_when_he_filed_ahead_are_told():
    closed = bent(
        HONEST, ANNOUNCED & some(HONEST, 0.25), result="closed_on_arrival", was_inspected=False, finding_count=0
    )
    flag = of_officers(judged(tip_off, night(closed)))[ODD]
    assert flag.facts == ("closed_on_arrival",) and flag.strength == "moderate"
    assert verdict(flag, "campaign") == "not_supported"


def test_an_officer_who_finds_only_at_checks_is_named():
    quiet = bent(HONEST, ANNOUNCED & (HONEST["lead_officer_id"] == ODD), finding_count=0, result="normal")
    loud = (HONEST["lead_officer_id"] == ODD) & HONEST["visit_kind"].isin(["random", "targeted", "complaint"])
    flag = of_officers(judged(tip_off, night(bent(quiet, loud & some(HONEST, 0.5, seed=9), finding_count=1))))[ODD]
    assert flag.facts == ("finds_at_checks_only",)
    assert verdict(flag, "planned_as_usual") == "not_supported"


def test_an_officer_who_only_finds_more_at_checks_is_explained():
    loud = (HONEST["lead_officer_id"] == ODD) & HONEST["visit_kind"].isin(["random", "targeted", "complaint"])
    assert of_officers(judged(tip_off, night(bent(HONEST, loud, finding_count=1)))) == {}


def test_how_much_of_his_work_is_checks_is_counted_over_the_year_before():
    rows = with_notice(led_visits(HONEST[HONEST["lead_officer_id"] == ODD]))
    found = found_visits(rows)
    row = found.iloc[0]
    held = rows[rows["is_filed_ahead"] | rows["is_check"]]
    day = row["visited_on"]
    year = held[(held["visited_on"] <= day) & (held["visited_on"] > day - pd.Timedelta(days=365))]
    assert row["mix_count"] == len(year)
    assert row["mix_level"] == round(20 * year["is_check"].mean())
    assert (found["finding_count"] > 0).all() and (found["mix_count"] >= 20).all()


def test_only_a_planned_visit_filed_before_it_began_is_filed_ahead():
    rows = led_visits(HONEST.head(4)).assign(
        visit_kind=["routine", "routine", "routine", "random"],
        was_filed=pd.array([True, True, False, True], dtype="boolean"),
        filing_lag_minutes=[-10.0, 10.0, np.nan, -10.0],
    )
    found = with_notice(rows)
    assert found["is_filed_ahead"].tolist() == [True, False, False, False]
    assert found["is_check"].tolist() == [False, False, False, True]


def test_a_check_that_becomes_known_tomorrow_catches_nobody_tonight():
    where = CLEAN & (HONEST["lead_officer_id"] == ODD)
    tomorrow = pd.Timestamp(TONIGHT) + pd.Timedelta(days=1)
    ahead = bent(HONEST, where, first_unannounced_severe=True, first_unannounced_after_on=tomorrow)
    assert ODD not in of_officers(judged(tip_off, night(ahead)), "clean_then_caught")
    assert ODD in of_officers(judged(tip_off, night(bent(HONEST, where, first_unannounced_severe=True))))


@pytest.mark.parametrize("column", ["has_patrol", "has_visit_filing"])
def test_without_visits_or_their_filings_nothing_is_computable(column):
    judgement = judged(tip_off, night(HONEST, **{"core.delivery": delivery(**{column: False})}))
    assert judgement.flags == ()
    assert [gap.subject_kind for gap in judgement.not_computable] == ["bureau"]


def test_an_officer_with_few_records_of_every_pattern_is_not_computable():
    few = HONEST[(HONEST["lead_officer_id"] != "S6O5") | (HONEST["patrol_id"].str[-2:] == "00")]
    gaps = judged(tip_off, night(few)).not_computable
    assert [gap.subject_id for gap in gaps] == ["S6O5"]
    assert "at least 15 are needed" in gaps[0].reason_en


def test_notes_tell_what_came_after_and_which_kind_a_visit_was():
    row = with_notice(led_visits(CAUGHT[CLEAN].head(1))).iloc[0]
    day = f"{row['first_unannounced_after_on']:%Y-%m-%d}"
    assert day in caught_note(row)[0] and day in caught_note(row)[1]
    assert notice_note(row)[1].endswith("; filed before it began")
    assert notice_note(pd.Series({**row, "is_check": True}))[0].endswith("核查")
