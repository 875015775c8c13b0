"""Figures of units: what rests on four officers or nine records is a person's or chance, and is empty."""

import itertools
from datetime import date, timedelta

import pandas as pd
import pytest
from pydantic import ValidationError

from models import policy
from models.declared_interest import interest_gaps
from models.policy import AggregatePolicy
from models.unit_aggregate import NEEDED, SHARES, overdue_share, unit_aggregate, unit_gaps
from pipelines.contract import published_tables

NIGHT = date(2026, 6, 30)
POLICY = policy.on(NIGHT).aggregate
QUARTER = {
    "institution_id": "S1",
    "scope": "own",
    "quarter_start_on": pd.Timestamp("2026-04-01"),
    "quarter_end_on": pd.Timestamp("2026-06-30"),
    "is_complete": True,
    "officer_count": 5,
    "visit_count": 40,
    "visiting_officer_count": 5,
    "filed_visit_count": 36,
    "inspected_count": 32,
    "inspecting_officer_count": 5,
    "finding_visit_count": 8,
    "severe_visit_count": 4,
    "referred_visit_count": 2,
    "case_count": 12,
    "decided_count": 10,
    "deciding_officer_count": 5,
    "fined_count": 6,
    "no_penalty_count": 3,
    "dropped_count": 1,
    "dated_count": 10,
    "dated_officer_count": 5,
    "median_days_to_decision": 41.5,
    "complaint_count": 6,
    "complainant_count": 5,
}
NOBODY_LATE = pd.DataFrame({"institution_id": [], "scope": [], "rotation_overdue_share": []}).astype(
    {"institution_id": "str", "scope": "str", "rotation_overdue_share": float}
)


def told(*changes: dict, overdue: pd.DataFrame = NOBODY_LATE) -> pd.DataFrame:
    rows = pd.DataFrame([QUARTER | change for change in changes])
    counts = {name: "Int64" for name in rows.columns if "count" in name}
    return unit_aggregate(rows.astype(counts), overdue, POLICY, NIGHT)


def test_five_officers_and_ten_records_are_told_by_hand():
    (row,) = told({}).to_dict("records")
    expected = {
        "officer_count": 5,
        "visit_count": 40,
        "case_count": 12,
        "decided_count": 10,
        "visits_per_officer": 8.0,
        "finding_share": 0.25,
        "severe_share": 0.125,
        "referred_share": 0.0625,
        "fined_share": 0.6,
        "no_penalty_share": 0.3,
        "dropped_share": 0.1,
        "median_days_to_decision": 41.5,
        "complaint_count_per_officer": 1.2,
        "filed_visit_share": 0.9,
    }
    assert {name: row[name] for name in expected} == pytest.approx(expected)


def test_a_unit_of_four_officers_has_no_row_at_all():
    assert told({"officer_count": 4}, {"institution_id": "S2"})["institution_id"].tolist() == ["S2"]


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("place", [1, 2])
def test_a_share_of_nine_records_or_led_by_four_officers_is_empty(share, place):
    """Eight officers of whom four decide everything: the share is of four, whatever the station's head count."""
    column = SHARES[share][place]
    few = {1: 9, 2: 4}[place]
    # filed visits may be no more than visits
    row = told({"officer_count": 8, column: few, "filed_visit_count": 9}).iloc[0]
    assert pd.isna(row[share])
    others = [name for name, parts in SHARES.items() if column not in parts]
    assert row[others].notna().all()


@pytest.mark.parametrize("change", [{"dated_count": 9}, {"dated_officer_count": 4}])
def test_a_median_of_nine_cases_or_of_four_officers_is_empty(change):
    row = told(change).iloc[0]
    assert pd.isna(row["median_days_to_decision"]) and row["fined_share"] == 0.6


@pytest.mark.parametrize(("complainants", "expected"), [(0, 0.0), (1, None), (4, None), (5, 1.2)])
def test_complaints_of_one_to_four_people_are_empty_and_none_is_told(complainants, expected):
    row = told({"complainant_count": complainants, "complaint_count": 6 if complainants else 0}).iloc[0]
    found = row["complaint_count_per_officer"]
    assert pd.isna(found) if expected is None else found == pytest.approx(expected)


def test_what_is_not_known_is_empty_and_never_0():
    unknown = {name: None for name in QUARTER if "count" in name and name != "officer_count"}
    row = told(unknown | {"median_days_to_decision": None, "is_complete": False}).iloc[0]
    assert row["officer_count"] == 5
    rest = set(published_tables()["unit_aggregate"].column_names) - {"as_of", "officer_count"} - set(QUARTER)
    assert row[sorted(rest)].isna().all() and row[["visit_count", "case_count", "decided_count"]].isna().all()


def group(unit: str, told_in: str | None = None, scope: str = "own", officers: int = 12) -> dict:
    return {
        "unit_id": unit,
        "institution_id": told_in or unit,
        "scope": scope,
        "quarter_start_on": pd.Timestamp("2026-04-01"),
        "officer_count": officers,
    }


def late(groups: list[dict], serving: dict[str, int], overdue: list[str]) -> dict:
    officers = pd.DataFrame(
        [
            {"officer_id": f"{unit}-{number}", "unit_id": unit, "is_serving": True}
            for unit, count in serving.items()
            for number in range(count)
        ]
        + [{"officer_id": "gone", "unit_id": "S1", "is_serving": False}]
    )
    rotation = pd.DataFrame({"officer_id": overdue, "status": "overdue"})
    rotation = pd.concat([rotation, pd.DataFrame({"officer_id": ["S1-9"], "status": ["due"]})])
    found = overdue_share(pd.DataFrame(groups), officers, rotation, POLICY)
    return found.set_index(["institution_id", "scope"])["rotation_overdue_share"].to_dict()


def test_an_officer_with_two_overdue_clocks_is_one_and_nine_officers_have_no_share():
    groups = [group("S1"), group("S2")]
    found = late(groups, {"S1": 10, "S2": 9}, ["S1-0", "S1-0", "S2-0", "gone"])
    assert found[("S1", "own")] == 0.1 and pd.isna(found[("S2", "own")])


def test_small_units_are_counted_together_for_rotation_as_for_the_rest():
    groups = [group(unit, "B", "small_units", 4) for unit in ("S1", "S2", "S3")]
    assert late(groups, {"S1": 4, "S2": 4, "S3": 4}, ["S1-0", "S2-0", "S3-0"]) == {("B", "small_units"): 0.25}


def test_a_bureau_of_small_units_alone_has_no_figures_and_every_unit_is_said():
    groups = [group("S1", "B", "small_units", 4), group("B", "", "small_units", 0)]
    groups[1]["institution_id"] = None
    quarter = QUARTER | {"institution_id": "B", "scope": "small_units", "officer_count": 4}
    overdue = overdue_share(
        pd.DataFrame(groups),
        pd.DataFrame({"officer_id": ["R1"], "unit_id": ["B"], "is_serving": [True]}),
        pd.DataFrame({"officer_id": ["R1"], "status": ["overdue"]}),
        POLICY,
    )
    assert len(overdue) == 0 and len(told(quarter | {"officer_count": 4}, overdue=overdue)) == 0
    assert set(gaps(groups, [quarter])) == {"S1 unit_aggregate"}


def test_rotation_is_told_of_tonights_quarter_alone():
    overdue = pd.DataFrame({"institution_id": ["S1"], "scope": ["own"], "rotation_overdue_share": [0.2]})
    before = {"quarter_start_on": pd.Timestamp("2026-01-01"), "quarter_end_on": pd.Timestamp("2026-03-31")}
    rows = told(before, {}, overdue=overdue)
    assert pd.isna(rows["rotation_overdue_share"][0]) and rows["rotation_overdue_share"][1] == 0.2


def gaps(groups: list[dict], quarters: list[dict], **holds: bool) -> dict[str, str]:
    said = unit_gaps(pd.DataFrame(groups), pd.DataFrame(quarters), dict.fromkeys(NEEDED, True) | holds, POLICY)
    return {f"{gap.subject_id} {gap.family}": gap.reason_en for gap in said}


def test_a_unit_that_no_row_tells_is_said_and_one_told_with_others_is_not():
    groups = [group("S1"), group("S2", "B", "small_units", 4), group("S3", "B", "small_units", 2)]
    groups += [group("L1", "S1", "small_units", 4), group("Z", "B", "small_units", 0)]
    quarters = [
        QUARTER | {"officer_count": 12},
        QUARTER | {"institution_id": "B", "scope": "small_units", "officer_count": 6},
        QUARTER | {"scope": "small_units", "officer_count": 4},
    ]
    assert set(gaps(groups, quarters)) == {"L1 unit_aggregate"}


def test_every_column_that_the_delivery_leaves_empty_is_said_with_its_reason():
    said = gaps([group("S1")], [QUARTER], has_visit_filing=False, has_penalty=False)
    assert set(said) == {"all unit_aggregate.filed_visit_share", "all unit_aggregate.case_count"}
    columns = [column for names, _zh, _en in NEEDED.values() for column in names]
    told_columns = set(published_tables()["unit_aggregate"].column_names)
    assert set(columns) <= told_columns and len(set(columns)) == len(columns)


def test_declared_interests_that_were_not_delivered_are_said():
    assert [gap.family for gap in interest_gaps(False)] == ["declared_interest"] and interest_gaps(True) == []


def test_the_quarters_are_twelve_complete_ones_and_the_one_that_runs():
    running = POLICY.quarters(date(2026, 5, 14))
    assert [row["is_complete"] for row in running] == [False] + [True] * 12
    assert (running[0]["quarter_start_on"], running[0]["quarter_end_on"]) == (date(2026, 4, 1), date(2026, 6, 30))
    assert running[-1]["quarter_start_on"] == date(2023, 4, 1)
    ended = POLICY.quarters(date(2025, 12, 31))
    assert len(ended) == 12 and all(row["is_complete"] for row in ended)
    assert ended[0]["quarter_end_on"] == date(2025, 12, 31)
    assert all(a["quarter_start_on"] - timedelta(days=1) == b["quarter_end_on"] for a, b in itertools.pairwise(ended))


@pytest.mark.parametrize("change", [{"min_officers": 4}, {"min_denominator": 9}])
def test_nobody_can_set_the_rule_lower(change):
    with pytest.raises(ValidationError):
        AggregatePolicy(**POLICY.model_dump() | change)
