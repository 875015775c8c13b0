import numpy as np
import pandas as pd
import pytest

from models import policy
from models.visit_record import RESULTS, VISIT_FACT_SOURCES, VISIT_KINDS, doubted, led_visits, padding_signs, visit_note
from tests.models.flags.visiting_bureau import TONIGHT, visits

RULES = policy.on(TONIGHT).flags
ROW = visits(per_officer=4).head(1)


def row(**given) -> pd.DataFrame:
    return ROW.assign(**given)


def signs(**given) -> dict:
    found = padding_signs(row(**given), RULES)
    return {name: pd.NA if found[name].isna().iloc[0] else bool(found[name].iloc[0]) for name in found}


@pytest.mark.parametrize(("count", "found", "level"), [(0, 0, 0.0), (3, 0, 1.0), (3, 1, 2.0), (2, 1, 3.0), (3, 3, 3.0)])
def test_what_others_had_found_before_is_a_level_from_none_to_often(count, found, level):
    assert led_visits(row(prior_visit_count=count, prior_finding_count=found))["prior_level"].tolist() == [level]


def test_a_record_belongs_to_who_led_it_in_the_quarter_of_the_visit():
    led = led_visits(row(visited_on=pd.Timestamp("2026-05-04"), visit_kind="random")).iloc[0]
    assert led["officer_id"] == led["lead_officer_id"] and led["record_id"] == led["patrol_id"]
    assert (led["quarter"], led["kind_number"]) == (2.0, float(list(VISIT_KINDS).index("random")))


@pytest.mark.parametrize(("minutes", "is_short"), [(2.9, True), (3.0, False), (np.nan, pd.NA)])
def test_a_visit_under_the_shortest_is_a_sign(minutes, is_short):
    assert signs(visit_minutes=minutes)["is_too_short"] is is_short


@pytest.mark.parametrize(
    ("kilometres", "gap", "is_far"),
    [
        (0.4, 0.0, False),
        (0.6, 0.0, True),
        (0.6, -5.0, True),
        (40.0, 30.0, False),
        (41.0, 30.0, True),
        (np.nan, 30.0, pd.NA),
        (41.0, np.nan, pd.NA),
    ],
)
def test_a_visit_is_too_far_where_no_car_gets_there_in_time(kilometres, gap, is_far):
    """80 kilometres an hour and half a kilometre of grace."""
    assert signs(previous_kilometres=kilometres, previous_gap_minutes=gap)["is_too_far"] is is_far


def test_a_note_used_elsewhere_and_a_day_of_leave_are_signs():
    assert signs(note_repeat_count=1.0)["is_same_note"] is True
    assert signs(note_repeat_count=0.0)["is_same_note"] is False
    assert signs(note_repeat_count=np.nan)["is_same_note"] is pd.NA
    assert signs(is_on_leave=True)["is_during_leave"] is True
    assert signs(is_on_leave=pd.NA)["is_during_leave"] is pd.NA


def test_a_visit_is_doubted_by_any_sign_and_unknown_without_one_on_file():
    bare = dict(visit_minutes=np.nan, previous_kilometres=np.nan, note_repeat_count=np.nan, is_on_leave=pd.NA)
    assert doubted(row(**bare), RULES).tolist() == [pd.NA]
    assert doubted(row(**(bare | {"visit_minutes": 30.0})), RULES).tolist() == [False]
    assert doubted(row(**(bare | {"visit_minutes": 1.0})), RULES).tolist() == [True]


def test_a_note_tells_day_kind_result_and_findings_and_no_name():
    told = visit_note(
        row(visited_on=pd.Timestamp("2026-05-04"), visit_kind="routine", result="warning", finding_count=2).iloc[0]
    )
    assert told == ("2026-05-04日常检查,结果警告,问题2项", "routine check on 2026-05-04, result warning, 2 findings")
    assert set(RESULTS) >= {"normal", "closed_on_arrival", "not_found"}


def test_the_columns_named_are_enough_for_facts_signs_and_notes():
    few = led_visits(ROW[list(VISIT_FACT_SOURCES)])
    assert doubted(few, RULES).tolist() in ([True], [False])
    assert visit_note(few.iloc[0])[1].endswith("findings")
