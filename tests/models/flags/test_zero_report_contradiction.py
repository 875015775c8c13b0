"""Zero reports beside what was known of the same months: which institution is told, and what explains it."""

from datetime import date, timedelta

import pandas as pd
import pytest

from models import policy
from models.flags import Night, zero_report_contradiction
from models.self_report import contradictable_months, due_months, known_matters, monthly_reports

NIGHT = date(2026, 6, 30)
MONTHS = pd.date_range("2024-07-01", "2026-05-01", freq="MS")
STATIONS = [f"S{number}" for number in range(8)]
NOTHING = {
    "core.rectification": ["institution_id", "due_on", "closed_on"],
    "core.integrity_outcome": ["officer_id", "opened_on", "closed_on", "result"],
    "core.posting": ["officer_id", "institution_id", "started_on", "ended_on"],
    "feature.officer_unit": ["institution_id", "successor_id"],
}


def reports(zero: str = "", late: str = "") -> pd.DataFrame:
    """One report a month of every station on the 3rd; honest ones tell the problem in five months of six."""
    rows = [
        (unit, f"{month:%Y-%m}", month + pd.DateOffset(months=1, days=20 if unit == late else 2),
         0 if unit == zero or (number + place) % 6 == 0 else 1)
        for place, unit in enumerate(STATIONS)
        for number, month in enumerate(MONTHS)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["institution_id", "month", "reported_on", "problem_count"])


def complaints(resolved_after_days: int = 10, **changed) -> pd.DataFrame:
    """One upheld complaint a month about an officer of every station, received on the 10th."""
    frame = pd.DataFrame(
        [(unit, month + timedelta(days=9)) for unit in STATIONS for month in MONTHS],
        columns=["institution_id", "received_on"],
    )
    return frame.assign(
        resolved_on=frame["received_on"] + timedelta(days=resolved_after_days),
        outcome="upheld",
        is_public=True,
        is_duplicate=False,
    ).assign(**changed)


def night(checks: pd.DataFrame, said: pd.DataFrame, as_of: date = NIGHT, frames=None, **delivered) -> Night:
    names = ("has_self_check", "has_complaint_outcome", "has_complaint_officer", "has_rectification")
    empty = {table: pd.DataFrame({name: [] for name in columns}, dtype=object) for table, columns in NOTHING.items()}
    given = {
        **empty,
        "core.delivery": pd.DataFrame([{**dict.fromkeys(names, True), **delivered}]),
        "core.institution": pd.DataFrame({"institution_id": [*STATIONS, "B0"], "kind": ["station"] * 8 + ["bureau"]}),
        "core.self_check": checks,
        "feature.officer_complaint": said,
        **(frames or {}),
    }
    return Night(as_of, policy.on(as_of), given)


def judged(*args, **kwargs):
    return zero_report_contradiction.judge(night(*args, **kwargs))


def told(judgement) -> dict[str, tuple[str, str]]:
    return {flag.subject_id: (flag.facts[0], flag.strength) for flag in judgement.flags}


def test_a_station_that_always_reports_zero_is_told_and_none_of_its_officers():
    judgement = judged(reports(zero="S3"), complaints())
    assert told(judgement) == {"S3": ("zero_though_known", "moderate")}
    flag = judgement.flags[0]
    assert flag.subject_kind == "institution" and flag.observed == flag.exposure_count
    assert judgement.indicator.empty and "不指向个人" in flag.summary_zh


def test_what_was_settled_is_not_told_and_whether_the_unit_knew_is_unknown():
    """In a small station the kind of a matter points at a person."""
    outcomes = complaints()[lambda rows: rows["institution_id"] == "S3"].assign(
        officer_id="R1", opened_on=lambda rows: rows["received_on"], closed_on=lambda rows: rows["resolved_on"]
    )
    postings = {
        "officer_id": ["R1"],
        "institution_id": ["S3"],
        "started_on": [pd.Timestamp("2020-01-01")],
        "ended_on": pd.NaT,
    }
    found = {
        "core.integrity_outcome": outcomes.assign(result="substantiated")[NOTHING["core.integrity_outcome"]],
        "core.posting": pd.DataFrame(postings),
    }
    (flag,) = judged(reports(zero="S3"), complaints(), frames=found).flags
    assert verdict(flag, "unit_knew") == "unknown" and flag.evidence
    for item in flag.evidence:
        assert "报告为零,当月另有已核事项(" in item.note_zh
        assert not {"outcome", "complaint", "substantiated"} & set(item.note_en.replace(",", " ").split())


def test_honest_stations_that_miss_a_month_now_and_then_are_not_told():
    assert not judged(reports(), complaints()).flags


def test_a_habit_of_the_whole_bureau_lights_up_nobody():
    assert not judged(reports().assign(problem_count=0), complaints()).flags


def test_months_in_which_nothing_was_known_contradict_no_zero():
    said = complaints()[lambda rows: rows["institution_id"] != "S3"]
    assert "S3" not in told(judged(reports(zero="S3"), said))


@pytest.mark.parametrize(
    "changed",
    [{"outcome": "not_upheld"}, {"is_public": False}, {"is_duplicate": True}, {"resolved_after_days": 60}],
)
def test_what_was_not_upheld_an_accusation_repeated_or_known_too_late_contradicts_nothing(changed):
    assert not judged(reports(zero="S3"), complaints(**changed)).flags


def test_matters_known_only_after_the_report_explain_it():
    said, checks = complaints(), reports(zero="S3")
    # every other month: found upheld five days after the report; only those were reported as zero
    odd = said["received_on"].dt.month % 2 == 1
    said["resolved_on"] = said["resolved_on"].mask(
        (said["institution_id"] == "S3") & odd, said["received_on"] + timedelta(days=29)
    )
    told_in_time = (checks["institution_id"] == "S3") & (checks["month"].str[-1].astype(int) % 2 == 0)
    checks["problem_count"] = checks["problem_count"].mask(told_in_time, 1)
    assert "S3" not in told(judged(checks, said))
    # without that explanation it would have been told
    assert "S3" in told(judged(checks, complaints()))


def verdict(flag, code: str) -> str:
    return next(item.verdict for item in flag.counter_evidence if item.code == code)


def test_explanations_that_point_at_nothing_are_not_supported():
    flag = judged(reports(zero="S3"), complaints()).flags[0]
    assert verdict(flag, "known_after_cutoff") == "not_supported"
    assert verdict(flag, "other_scope") == "not_supported"
    assert verdict(flag, "told_next_month") == "not_supported"
    assert verdict(flag, "scope_agreed") == "unknown"


def test_a_station_that_is_always_late_is_told():
    assert told(judged(reports(late="S5"), complaints())) == {"S5": ("late_or_missing", "moderate")}


def test_missing_reports_count_as_late_and_a_month_whose_term_runs_does_not():
    checks = monthly_reports(reports()[lambda rows: rows["institution_id"] == "S1"].iloc[[0, 2]], {})
    months = due_months(checks, date(2024, 12, 9), policy.on(NIGHT).flags)
    assert months["month"].dt.strftime("%Y-%m").tolist() == ["2024-07", "2024-08", "2024-09", "2024-10"]
    assert months["is_hit"].tolist() == [False, True, False, True] and months["is_missing"].tolist() == [
        False,
        True,
        False,
        True,
    ]


def test_a_station_under_a_new_name_carries_its_reports_on():
    renamed = {"S0": "S1"}
    checks = pd.DataFrame(
        {
            "institution_id": ["S0", "S1"],
            "month": ["2025-01", "2025-02"],
            "reported_on": pd.to_datetime(["2025-02-03", "2025-03-03"]),
            "problem_count": [0, 1],
        }
    )
    found = monthly_reports(checks, renamed)
    assert found["unit_id"].tolist() == ["S1", "S1"] and found["next_problem_count"].iloc[0] == 1
    # a record keeps the name under which it was delivered, so that it can be found again
    months = due_months(found, date(2025, 5, 10), policy.on(NIGHT).flags)
    assert months["record_id"].tolist() == ["S0|2025-01", "S1|2025-02", "S1|2025-03"]
    matters = known_matters(
        complaints().head(len(MONTHS)).assign(institution_id="S1"),
        *(pd.DataFrame({name: [] for name in NOTHING[table]}, dtype=object) for table in list(NOTHING)[:3]),
        renamed,
    )
    assert contradictable_months(found, matters, policy.on(NIGHT).flags)["record_id"].tolist() == [
        "S0|2025-01",
        "S1|2025-02",
    ]


def test_items_and_outcomes_are_matters_of_the_month_they_were_settled_in():
    items = pd.DataFrame(
        {
            "institution_id": ["S1", "S1"],
            "due_on": pd.to_datetime(["2025-03-31", "2025-05-31"]),
            "closed_on": pd.to_datetime(["2025-02-10", None]),
        }
    )
    outcomes = pd.DataFrame(
        {
            "officer_id": ["R1", "R1"],
            "opened_on": pd.to_datetime(["2025-01-05"] * 2),
            "closed_on": pd.to_datetime(["2025-04-20"] * 2),
            "result": ["substantiated", "unfounded"],
        }
    )
    postings = pd.DataFrame(
        {
            "officer_id": ["R1", "R1"],
            "institution_id": ["S2", "S3"],
            "started_on": pd.to_datetime(["2020-01-01", "2025-03-01"]),
            "ended_on": pd.to_datetime(["2025-02-28", None]),
        }
    )
    found = known_matters(complaints().head(0), items, outcomes, postings, {})
    rows = [(row.unit_id, f"{row.month:%Y-%m}", row.kind) for row in found.itertuples()]
    assert rows == [("S1", "2025-02", "has_item"), ("S1", "2025-05", "has_item"), ("S2", "2025-04", "has_outcome")]


def test_a_month_is_settled_when_the_grace_is_over():
    grace = policy.on(NIGHT).flags
    checks = monthly_reports(reports(), {})
    empty = {table: pd.DataFrame({name: [] for name in columns}, dtype=object) for table, columns in NOTHING.items()}
    matters = known_matters(
        complaints(), empty["core.rectification"], empty["core.integrity_outcome"], empty["core.posting"], {}
    )
    months = contradictable_months(checks, matters, grace)
    assert (months["known_on"] - months["reported_on"]).dt.days.unique().tolist() == [grace.self_check_grace_days]
    later = judged(reports(zero="S3"), complaints())
    before = pd.concat([complaints(), complaints().tail(1).assign(resolved_on=pd.Timestamp("2026-07-02"))])
    assert judged(reports(zero="S3"), before).flags == later.flags


def test_without_self_checks_nothing_can_be_said_and_gaps_of_the_rest_are_named():
    assert [gap.subject_kind for gap in judged(reports(), complaints(), has_self_check=False).not_computable] == [
        "bureau"
    ]
    gaps = judged(reports(zero="S3"), complaints(), has_rectification=False).not_computable
    assert [gap.reason_zh for gap in gaps] == ["未交付整改清单,未据以核对"]


def test_a_station_without_reports_and_a_bureau_of_three_cannot_be_measured():
    seven = reports()[lambda rows: rows["institution_id"] != "S7"]
    assert [gap.subject_id for gap in judged(seven, complaints()).not_computable] == ["S7"]
    three = reports(zero="S1")[lambda rows: rows["institution_id"].isin(["S0", "S1", "S2"])]
    few = judged(three, complaints())
    assert not few.flags and few.not_computable[0].subject_kind == "bureau"


def test_the_order_of_the_rows_is_immaterial():
    checks, said = reports(zero="S3"), complaints()
    shuffled = judged(checks.sample(frac=1, random_state=1), said.sample(frac=1, random_state=2))
    assert shuffled.flags == judged(checks, said).flags
