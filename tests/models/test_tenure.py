from datetime import date

import pandas as pd
import pytest

from models import policy
from models.flags import CounterEvidence, Flag, Night, hot_post_tenure
from models.tenure import calendar_years, rotation_status

TONIGHT = date(2026, 6, 30)
ROTATION = policy.on(TONIGHT).rotation


def tenure(**changes) -> pd.DataFrame:
    row = {
        "officer_id": "R1",
        "clock": "post",
        "post": "case_handling",
        "institution_id": "S1",
        "is_hot_post": True,
        "merged_years": 4.0,
        "served_years": 3.9,
        "has_extension": False,
        "extension_ref": None,
        "grid_id": "G1",
        "key_merchant_count": pd.NA,
    }
    return pd.DataFrame([row | changes])


@pytest.mark.parametrize(
    ("years", "status"), [(2.99, None), (3.0, "watch"), (4.99, "watch"), (5.0, "due"), (5.99, "due"), (6.0, "overdue")]
)
def test_a_hot_post_is_watched_due_and_overdue_from_the_years_of_the_policy(years, status):
    found = rotation_status(tenure(merged_years=years), ROTATION)
    assert list(found["status"]) == ([] if status is None else [status])


@pytest.mark.parametrize(("began", "is_full"), [("2021-06-30", True), ("2021-07-01", True), ("2021-07-02", False)])
def test_years_are_counted_by_the_calendar(began, is_full):
    assert (calendar_years(date.fromisoformat(began), TONIGHT) >= 5) is is_full
    assert calendar_years(date(2021, 7, 1), TONIGHT) == 5.0


def test_a_post_that_is_not_hot_has_no_clock():
    assert rotation_status(tenure(is_hot_post=False, merged_years=20.0), ROTATION).empty


def test_the_station_clock_runs_in_any_post():
    found = rotation_status(tenure(clock="station", is_hot_post=False, post="patrol", merged_years=8.5), ROTATION)
    assert found.loc[0, ["status", "clock"]].tolist() == ["due", "station"]
    assert ROTATION.limits()["station"] == {"watch": 6.0, "due": 8.0, "overdue": 9.0}


def test_an_approved_extension_is_watched_and_no_more():
    found = rotation_status(tenure(merged_years=9.0, has_extension=True, extension_ref="延2024-3"), ROTATION)
    assert found.loc[0, "status"] == "watch" and found.loc[0, "is_extended"]
    assert "延2024-3" in found.loc[0, "reason_zh"] and "延2024-3" in found.loc[0, "reason_en"]


def test_the_reason_carries_its_numbers_in_both_languages():
    found = rotation_status(tenure(merged_years=7.3, served_years=7.2), ROTATION).loc[0]
    assert found["reason_zh"] == "热点岗位连续任职7.3年(实际在岗7.2年),轮岗年限5年"
    assert found["reason_en"] == "7.3 years on the hot post (7.2 served), rotation after 5"


def reminded(postings: list[dict], **changes) -> Flag:
    """The one reminder of an officer ten years at a station."""
    row = {
        "clock": "station",
        "as_of_on": pd.Timestamp(TONIGHT),
        "began_on": pd.Timestamp("2016-06-30"),
        "merged_years": 10.0,
        "served_years": 10.0,
        "gap_days": 0,
        "institution_count": 1,
        "station_officer_count": 5,
        "has_rename": False,
    }
    held = pd.DataFrame(postings).assign(officer_id="R1", tenure_began_on=pd.Timestamp("2016-06-30"))
    held["clock"] = (row | changes)["clock"]
    frames = {"feature.officer_tenure": tenure(**(row | changes)), "feature.officer_posting": held}
    (flag,) = hot_post_tenure.judge(Night(TONIGHT, policy.on(TONIGHT), frames)).flags
    return flag


def reminder(postings: list[dict], **changes) -> dict[str, CounterEvidence]:
    """The innocent explanations of that reminder, by code."""
    return {item.code: item for item in reminded(postings, **changes).counter_evidence}


def held(number: int, institution: str, started: str, ended: str | None, extension: str | None = None) -> dict:
    return {
        "posting_id": f"T{number}",
        "post": "case_handling",
        "institution_id": institution,
        "started_on": pd.Timestamp(started),
        "ended_on": pd.NaT if ended is None else pd.Timestamp(ended),
        "extension_ref": extension,
    }


def test_a_new_name_explains_where_the_years_under_it_are_not_due():
    before = held(1, "S0", "2016-06-30", "2022-06-30")
    found = reminder([before, held(2, "S1", "2022-07-01", None)], has_rename=True)["unit_renamed"]
    assert found.verdict == "supported" and found.score_without == pytest.approx(4.0, abs=0.01)
    assert reminder([held(1, "S1", "2016-06-30", None)])["unit_renamed"].verdict == "not_supported"


def test_a_new_name_of_the_station_is_no_matter_of_the_post():
    postings = [held(1, "S0", "2016-06-30", "2022-06-30"), held(2, "S1", "2022-07-01", None)]
    assert reminder(postings, clock="post", has_rename=True)["unit_renamed"].verdict == "not_supported"


def test_an_approval_given_for_something_else_is_to_be_checked():
    approved = reminder([held(1, "S1", "2016-06-30", None, "延2024-3")])["approved_extension"]
    assert approved.verdict == "unknown" and "延2024-3" in approved.detail_zh and "延2024-3" in approved.detail_en
    assert reminder([held(1, "S1", "2016-06-30", None)])["approved_extension"].verdict == "not_supported"


def test_years_in_charge_of_one_grid_are_told_with_the_merchants_held_all_the_time():
    flag = reminded([held(1, "S1", "2016-06-30", None)], clock="grid", key_merchant_count=7)
    assert (flag.strength, flag.facts, flag.expected) == ("reminder", ("grid", "G1"), 5.0)
    assert (
        "重点行业主体7户全程由其负责" in flag.summary_zh and "7 key-industry merchants all the time" in flag.summary_en
    )
