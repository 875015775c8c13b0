"""Gaps of procedure: each named by the rule of its day, a hint only where they are more than like cases have."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models.case_gap import FILE_GAPS, GAPS, SIGNED_GAPS, case_gaps, gap_words
from models.flags import procedure_gap
from models.policy import PatrolPolicy
from tests.models.flags.docket import DELIVERED, NIGHT, RULES, case, docket, frame, hints, night_of, some_of, verdicts

GOLDEN = pd.read_csv(Path(__file__).parent / "golden" / "procedure_gap_cases.csv", keep_default_na=False)
ALL = pd.Series(dict.fromkeys(DELIVERED, True))
WORDS = {"True": True, "False": False, "": None}


def changed(text: str) -> dict:
    """`name=value name=value` as what a case is given."""
    given = dict(pair.split("=") for pair in text.split())
    return {name: float(value) if name.endswith("_yuan") else WORDS.get(value, value) for name, value in given.items()}


@pytest.mark.parametrize("row", list(GOLDEN.itertuples()), ids=lambda row: row.case_id)
def test_each_gap_is_named_by_the_rule_of_its_day(row):
    cases = frame([case(row.case_id, **changed(row.changed))])
    gaps = case_gaps(cases, ALL, RULES.patrol).fillna(False).iloc[0]
    assert set(gaps.index[gaps]) == set(row.gaps.split())


def test_the_golden_cases_name_every_gap():
    assert set(" ".join(GOLDEN["gaps"]).split()) == set(GAPS)


def test_public_holidays_that_are_entered_are_no_working_days():
    """38 weekdays are forgiven up to 38 where the calendar is missing, up to 30 where it was entered."""
    cases = frame([case("A", discovered_on="2026-01-05", filed_on="2026-02-26")])
    assert not case_gaps(cases, ALL, RULES.patrol)["filed_late"].any()
    entered = PatrolPolicy(**{**RULES.patrol.model_dump(), "public_holidays": ["2026-10-01"]})
    assert case_gaps(cases, ALL, entered)["filed_late"].all()
    spring = [day.date() for day in pd.bdate_range("2026-02-16", "2026-02-25")]
    entered = PatrolPolicy(**{**RULES.patrol.model_dump(), "public_holidays": spring})
    assert not case_gaps(cases, ALL, entered)["filed_late"].any()


@pytest.mark.parametrize(
    ("column", "gap"),
    [
        ("has_discovered", "filed_late"),
        ("has_collective", "discussion_missing"),
        ("has_collective", "decided_late"),
        ("has_review", "review_missing"),
        ("has_certificate", "certificate_invalid"),
        ("has_case_co_officer", "second_handler_missing"),
        ("has_stage", "decided_before_investigation"),
    ],
)
def test_a_step_whose_column_was_not_delivered_is_no_gap_but_not_on_file(column, gap):
    rows = GOLDEN[GOLDEN["gaps"].str.contains(gap)]
    cases = frame([case(row.case_id, **changed(row.changed)) for row in rows.itertuples()])
    assert case_gaps(cases, ALL, RULES.patrol)[gap].all()
    assert case_gaps(cases, pd.Series({**ALL, column: False}), RULES.patrol)[gap].isna().all()


def test_a_case_with_two_gaps_is_told_with_both():
    cases = frame([case("A", co_officer_id=None, is_lead_certified=False)])
    zh, en = gap_words(case_gaps(cases, ALL, RULES.patrol).iloc[0])
    assert zh == "普通程序无第二名办案人员、立案时执法证已过期"
    assert en.count(";") == 1


@pytest.fixture(scope="module")
def honest() -> pd.DataFrame:
    """Honest cases, of which one in twenty has no second handler."""
    cases = docket()
    cases.loc[np.arange(len(cases)) % 20 == 7, "co_officer_id"] = None
    return cases


def test_honest_slips_raise_no_hint(honest):
    assert procedure_gap.judge(night_of(honest)).flags == ()


def test_an_officer_whose_files_have_gaps_is_told_with_each_gap_named(honest):
    cases = honest.copy()
    cases.loc[some_of(cases, "R14", 0.4), "co_officer_id"] = None
    found = hints(procedure_gap.judge(night_of(cases)))
    assert set(found) == {"R14"} and found["R14"].facts == ("in_his_file",)
    assert found["R14"].strength == "moderate"
    assert all(FILE_GAPS["second_handler_missing"][0] in item.note_zh for item in found["R14"].evidence)
    assert verdicts(found["R14"])["two_person_station"] == "not_supported"


def test_a_gap_of_the_whole_bureau_is_nobodys(honest):
    """Where nobody's major cases are discussed, the rule is not kept here: that is no officer's habit."""
    cases = honest.copy()
    cases.loc[np.arange(len(cases)) % 4 == 0, ["total_yuan", "fine_yuan"]] = 20_000.0
    assert hints(procedure_gap.judge(night_of(cases))) == {}


def test_at_a_station_of_two_a_missing_second_handler_is_no_hit(honest):
    cases = honest.copy()
    cases.loc[some_of(cases, "R14", 0.4), "co_officer_id"] = None
    postings = night_of(cases).frames["feature.officer_posting"]
    two = postings[(postings["unit_id"] != "S3") | postings["officer_id"].isin(["R14", "R15"])]
    assert hints(procedure_gap.judge(night_of(cases, **{"feature.officer_posting": two}))) == {}


def test_what_comes_only_from_stations_of_two_is_explained(honest):
    """Certificates ran out at a station of two that he helped out, and nowhere else."""
    cases = honest.copy()
    chosen = some_of(cases, "R14", 0.4)
    cases.loc[chosen, "is_lead_certified"] = False
    assert set(hints(procedure_gap.judge(night_of(cases)))) == {"R14"}
    postings = night_of(cases).frames["feature.officer_posting"]
    alone = postings[postings["officer_id"].isin(["R14", "R15"])].assign(unit_id="S9")
    cases.loc[chosen, "unit_id"] = "S9"
    frames = {"feature.officer_posting": pd.concat([postings, alone], ignore_index=True)}
    found = hints(procedure_gap.judge(night_of(cases, **frames)))
    assert "R14" not in found or verdicts(found["R14"])["two_person_station"] == "supported"


def test_cases_that_are_only_late_are_left_to_the_families_of_time(honest):
    cases = honest.copy()
    chosen = some_of(cases, "R14", 0.5)
    cases.loc[chosen, "filed_on"] -= pd.Timedelta(days=150)
    cases.loc[chosen, "discovered_on"] -= pd.Timedelta(days=150)
    assert case_gaps(cases[chosen & cases["decided_on"].notna()], ALL, RULES.patrol)["decided_late"].mean() > 0.9
    assert hints(procedure_gap.judge(night_of(cases))) == {}


def test_who_signs_what_was_not_reviewed_is_told_and_the_handlers_are_not():
    """H3 signs what R12 to R15 propose: it is his gap, each handler has a share of it. Elsewhere one in 25 is so signed."""
    cases = docket(officers=48)
    cases.loc[cases["outcome"].eq("fined") & (np.arange(len(cases)) % 25 == 3), "legal_review_result"] = "disagreed"
    of_station = cases["approver_officer_id"].eq("H3") & cases["outcome"].eq("fined")
    cases.loc[of_station & (np.arange(len(cases)) % 3 == 0), "legal_review_result"] = "disagreed"
    judged = procedure_gap.judge(night_of(cases))
    found = hints(judged)
    assert found["H3"].facts == ("signed_with_gap",) and found["H3"].strength == "moderate"
    assert any(SIGNED_GAPS["decided_despite_review"][0] in item.note_zh for item in found["H3"].evidence)
    assert {name for name, flag in found.items() if flag.strength != "weak"} == {"H3"}


def test_a_past_night_knows_nothing_of_gaps_since(honest):
    cases = honest.copy()
    cases.loc[some_of(cases, "R14", 0.8, since="2025-07-01"), "co_officer_id"] = None
    indicator = procedure_gap.judge(night_of(cases)).indicator.query("officer_id == 'R14'").set_index("as_of_on")
    assert indicator["crosses"].to_dict() == {pd.Timestamp("2025-06-30"): False, pd.Timestamp(NIGHT): True}


def test_what_cannot_be_told_is_said_step_by_step(honest):
    judged = procedure_gap.judge(night_of(honest, without=("has_certificate", "has_approver")))
    said = [gap.reason_en for gap in judged.not_computable if gap.subject_kind == "bureau"]
    assert any("certificate" in reason for reason in said) and any("approved" in reason for reason in said)
    judged = procedure_gap.judge(night_of(honest, without=("has_penalty",)))
    assert judged.flags == () and judged.not_computable[0].subject_kind == "bureau"


def test_without_reviews_reviewers_and_discussions_the_rest_is_told(honest):
    """No step of the signer is on file then: nothing is asked of it, and nothing breaks."""
    cases = honest.assign(legal_reviewed_on=pd.NaT, reviewer_officer_id=None, collective_discussed_on=pd.NaT)
    cases.loc[some_of(cases, "R14", 0.4), "co_officer_id"] = None
    judged = procedure_gap.judge(night_of(cases, without=("has_review", "has_reviewer", "has_collective")))
    assert hints(judged)["R14"].facts == ("in_his_file",)
    said = [gap.reason_en for gap in judged.not_computable if gap.subject_kind == "bureau"]
    assert any("legal review" in reason for reason in said)


@pytest.fixture(scope="module")
def disagreed(honest) -> pd.DataFrame:
    """R14 leads two in five cases that are decided although the review disagreed; H3 signs them and many others."""
    cases = honest.copy()
    cases.loc[some_of(cases, "R14", 0.4) & cases["outcome"].eq("fined"), "legal_review_result"] = "disagreed"
    return cases


def test_the_handler_is_not_blamed_for_what_the_signer_left_out(disagreed):
    assert "R14" not in hints(procedure_gap.judge(night_of(disagreed)))


def test_where_nobody_is_on_file_who_signed_the_handler_is_told_weakly_and_so_is_the_doubt(disagreed):
    night = night_of(disagreed.assign(approver_officer_id=None), without=("has_approver",))
    flag = hints(procedure_gap.judge(night))["R14"]
    assert (flag.facts, flag.strength) == (("decided_with_gap",), "weak")
    assert verdicts(flag)["who_decided"] == "unknown"
