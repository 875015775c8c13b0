"""The records behind a hint are told by their facts; of complaints nothing is told, by whichever door."""

import pandas as pd
import pytest

from models.flag_record import COLUMNS, TOLD_TABLES, flag_officers, flag_records, told_evidence
from models.flags import families
from models.policy import CONFIDENTIAL_FAMILIES

FLAGS = pd.DataFrame(
    [
        {"flag_id": "f1", "family": "leniency", "subject_kind": "officer", "subject_id": "R1"},
        {"flag_id": "f2", "family": "leniency", "subject_kind": "pair", "subject_id": "R1|M1"},
        {"flag_id": "f3", "family": "leniency", "subject_kind": "institution", "subject_id": "S1"},
        {"flag_id": "f4", "family": "clustered_complaints", "subject_kind": "officer", "subject_id": "R1"},
        {"flag_id": "f5", "family": "retaliation", "subject_kind": "officer", "subject_id": "R1"},
    ]
)
CASES = pd.DataFrame(
    [
        {"record_id": "C1", "led": "R1", "reviewed": "R1", "approved": "R9", "fine_yuan": 100.0},
        {"record_id": "C2", "led": "R2", "reviewed": None, "approved": None, "fine_yuan": None},
    ]
).assign(happened_on=pd.Timestamp("2026-01-05"), merchant_id="M1", institution_id="S1")


def behind(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["flag_id", "table", "record_id"]).assign(weight=1.0, note_zh="x", note_en="x")


def told(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return flag_records(FLAGS, told_evidence(FLAGS, behind(*rows)), {"penalty": CASES})


def test_a_record_is_told_with_all_that_the_subject_did_in_it():
    """Who reviewed his own case did two things, and the two together are the point."""
    rows = told(("f1", "penalty", "C1"), ("f2", "penalty", "C1"), ("f3", "penalty", "C1"), ("f1", "penalty", "C2"))
    roles = rows.set_index(["flag_id", "record_id"])["role"]
    assert roles["f1", "C1"] == roles["f2", "C1"] == "led;reviewed"
    assert roles["f3", "C1"] is None, "an institution has no part of its own in a case"
    assert roles["f1", "C2"] is None, "a record that does not name him gives him no part"


def test_what_a_record_has_not_is_empty_and_never_zero():
    row = told(("f1", "penalty", "C2")).iloc[0]
    assert list(row.index) == list(COLUMNS)
    assert row["fine_yuan"] is None and row["finding_count"] is None and row["merchant_id"] == "M1"


def test_a_record_that_is_not_on_file_has_no_row():
    assert told(("f1", "penalty", "C9")).empty


@pytest.mark.parametrize("flag_id", ["f4", "f5"])
@pytest.mark.parametrize("table", [*TOLD_TABLES, "complaint"])
def test_a_hint_that_rests_on_complaints_shows_no_record_whatever_its_evidence_names(flag_id, table):
    assert told_evidence(FLAGS, behind((flag_id, table, "C1"))).empty


def test_a_complaint_is_told_of_no_hint():
    assert told_evidence(FLAGS, behind(("f1", "complaint", "C1"))).empty
    assert not [name for name in (*TOLD_TABLES, *COLUMNS) if "complain" in name or "reporter" in name]


def test_every_family_that_reads_complaints_is_confidential_or_of_institutions_months():
    """A new family that reads complaints must not show its records before somebody has thought of who complained.

    zero_report_contradiction reads what was settled, tells of institutions only, and shows their own monthly reports.
    """
    reads = {
        name
        for name, module in families().items()
        if any("complain" in table or "grievance" in table for table in module.NEEDS)
    }
    assert reads - set(CONFIDENTIAL_FAMILIES) == {"zero_report_contradiction"}
    assert set(CONFIDENTIAL_FAMILIES) <= set(families())


def test_a_flag_is_about_its_officer_the_officer_of_its_pair_and_whoever_acted_in_its_case():
    about_a_case = {"flag_id": "f6", "family": "leniency", "subject_kind": "case", "subject_id": "C1"}
    flags = pd.concat([FLAGS.iloc[:3], pd.DataFrame([about_a_case])])
    rows = flag_officers(flags, CASES)
    found = list(zip(rows["flag_id"], rows["officer_id"], strict=True))
    assert found == [("f1", "R1"), ("f2", "R1"), ("f6", "R1"), ("f6", "R9")]
