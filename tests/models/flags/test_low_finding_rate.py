import numpy as np
import pandas as pd
import pytest

from models.flags import low_finding_rate
from tests.models.flags.visiting_bureau import (
    ODD,
    OFFICERS,
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
HIS = HONEST["lead_officer_id"] == ODD
FOUND = HONEST["finding_count"] > 0
BLIND = bent(HONEST, HIS & FOUND & ~some(HONEST, 0.12), finding_count=0, result="normal")
CLEAN = (HONEST["finding_count"] == 0) & HONEST["first_unannounced_finding"].notna()


def night(frame: pd.DataFrame, **given) -> dict[str, pd.DataFrame]:
    return {"core.delivery": delivery(), "feature.officer": officers(), "feature.visit_record": frame} | given


def test_nobody_is_named_where_all_find_alike():
    judgement = judged(low_finding_rate, night(HONEST))
    assert of_officers(judgement) == {}
    assert set(judgement.indicator["officer_id"]) == set(OFFICERS)


def test_an_officer_who_hardly_ever_finds_anything_is_named_alone():
    flag = of_officers(judged(low_finding_rate, night(BLIND)))
    assert list(flag) == [ODD]
    assert (flag[ODD].facts, flag[ODD].strength) == (("seldom_finds",), "moderate")
    assert flag[ODD].observed < flag[ODD].expected / 4 and flag[ODD].statistic < 1 / 1.5
    assert "0 findings" in flag[ODD].evidence[0].note_en
    assert verdict(flag[ODD], "recheck") == verdict(flag[ODD], "visited_alone") == "not_supported"
    assert verdict(flag[ODD], "advice_given") == "unknown"


def test_visits_that_found_nothing_where_others_found_something_name_the_officer():
    caught = bent(HONEST, CLEAN & HIS & some(HONEST, 0.8), first_unannounced_finding=True)
    flag = of_officers(judged(low_finding_rate, night(caught)))
    assert list(flag) == [ODD]
    assert (flag[ODD].facts, flag[ODD].strength) == (("found_by_others",), "moderate")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"visit_kind": "recheck"}, "recheck"),
        ({"co_officer_id": None}, "visited_alone"),
        ({"visit_minutes": 1.0}, "doubtful_visit"),
    ],
)
def test_empty_visits_of_another_sort_are_explained(change, code):
    """Four fifths of his visits are of that sort and empty; the others find as usual."""
    sort = HIS & (np.arange(len(HONEST)) % 10 < 8)
    empty = bent(HONEST, sort, finding_count=0, result="normal", **change)
    flag = of_officers(judged(low_finding_rate, night(empty))).get(ODD)
    assert flag is None or (flag.strength, verdict(flag, code)) == ("weak", "supported")
    unmarked = bent(HONEST, sort, finding_count=0, result="normal")
    assert verdict(of_officers(judged(low_finding_rate, night(unmarked)))[ODD], code) == "not_supported"


def test_a_station_where_nobody_finds_much_is_a_habit_and_names_none_of_them():
    station = (
        FOUND & HONEST["lead_officer_id"].str.startswith("S4") & (np.random.default_rng(3).random(len(HONEST)) < 0.8)
    )
    judgement = judged(low_finding_rate, night(bent(HONEST, station, finding_count=0, result="normal")))
    assert of_officers(judgement) == {}
    alone = FOUND & (HONEST["lead_officer_id"] == "S4O2") & (np.random.default_rng(3).random(len(HONEST)) < 0.8)
    same = judged(low_finding_rate, night(bent(HONEST, alone, finding_count=0, result="normal")))
    assert list(of_officers(same)) == ["S4O2"]


def test_visits_where_nobody_was_met_do_not_count():
    closed = bent(BLIND, HIS & (BLIND["finding_count"] == 0), result="closed_on_arrival", was_inspected=False)
    assert of_officers(judged(low_finding_rate, night(closed))) == {}


def test_without_the_second_officer_it_is_unknown_who_went_alone():
    given = {"core.delivery": delivery(has_co_officer=False)}
    assert verdict(of_officers(judged(low_finding_rate, night(BLIND, **given)))[ODD], "visited_alone") == "unknown"


def test_without_any_sign_on_file_what_padding_doubts_is_unknown():
    bare = BLIND.assign(
        visit_minutes=np.nan, note_repeat_count=np.nan, is_on_leave=pd.array([pd.NA] * len(BLIND), dtype="boolean")
    )
    assert verdict(of_officers(judged(low_finding_rate, night(bare)))[ODD], "doubtful_visit") == "unknown"


def test_without_visits_nothing_is_computable():
    judgement = judged(low_finding_rate, night(HONEST, **{"core.delivery": delivery(has_patrol=False)}))
    assert judgement.flags == () and judgement.not_computable[0].reason_en == "no visits were delivered"


def test_an_officer_with_few_visits_is_not_computable_and_told_how_few():
    few = HONEST[(HONEST["lead_officer_id"] != "S6O5") | (HONEST["patrol_id"].str[-2:] == "00")]
    gaps = judged(low_finding_rate, night(few)).not_computable
    assert [gap.subject_id for gap in gaps] == ["S6O5"]
    assert "3 visits in 730 days; at least 30 are needed" in gaps[0].reason_en


def test_a_check_that_becomes_known_tomorrow_changes_nothing_tonight():
    tomorrow = pd.Timestamp(TONIGHT) + pd.Timedelta(days=1)
    ahead = bent(HONEST, CLEAN & HIS, first_unannounced_finding=True, first_unannounced_after_on=tomorrow)
    assert of_officers(judged(low_finding_rate, night(ahead))) == {}


def test_a_past_night_of_the_panel_does_not_know_what_came_later():
    since = pd.Timestamp(TONIGHT) - pd.Timedelta(days=200)
    recent = bent(HONEST, HIS & FOUND & (HONEST["visited_on"] > since), finding_count=0, result="normal")
    then, now = (judged(low_finding_rate, night(frame)).indicator for frame in (HONEST, recent))
    old = since - pd.Timedelta(days=10)
    his_then = then[(then["officer_id"] == ODD) & (then["as_of_on"] < old)]
    his_now = now[(now["officer_id"] == ODD) & (now["as_of_on"] < old)]
    assert not his_now["crosses"].any()
    assert len(his_now) == len(his_then) > 0
