"""Contacts of a hint's officer with the merchants that its records name most; none beside a complaint."""

from datetime import date

import pandas as pd
import pytest

from models.flag_contact import MERCHANTS, first_day, flag_contacts, met

RECORDS = pd.DataFrame(
    [("f1", "patrol", f"P{number}", f"M{number}") for number in range(1, 8)] + [("f1", "patrol", "P9", "M7")],
    columns=["flag_id", "table", "record_id", "merchant_id"],
)
TOLD = RECORDS[["flag_id", "table", "record_id"]].assign(weight=[0.5, 0.4, 0.3, 0.2, 0.1, 0.1, 0.3, 0.3])


def flags(family: str = "low_finding_rate", kind: str = "officer", subject: str = "R1") -> pd.DataFrame:
    return pd.DataFrame([{"flag_id": "f1", "family": family, "subject_kind": kind, "subject_id": subject}])


def contacts(*rows: dict) -> pd.DataFrame:
    names = ("visit_kind", "result", "violation_code", "outcome", "status", "led", "joined", "reviewed", "approved")
    numbers = ("finding_count", "severe_finding_count", "fine_yuan")
    plain = dict.fromkeys(names) | dict.fromkeys(numbers, float("nan"))
    plain |= {"officer_id": "R1", "merchant_id": "M1", "happened_on": pd.Timestamp("2026-01-05")}
    return pd.DataFrame([plain | row for row in rows])


VISIT = {
    "kind": "visit",
    "table": "patrol",
    "record_id": "P1",
    "led": "R1",
    "visit_kind": "routine",
    "result": "normal",
}
VISIT |= {"finding_count": 2, "severe_finding_count": 1}


def told(*rows: dict) -> pd.DataFrame:
    return flag_contacts(met(flags(), TOLD, RECORDS), contacts(*rows), TOLD)


def test_the_merchants_whose_records_weigh_most_are_told_of():
    assert met(flags(), TOLD, RECORDS)["merchant_id"].tolist() == ["M1", "M2", "M3", "M4", "M7"]
    assert MERCHANTS == 5


def test_a_pair_is_told_with_its_own_merchant_and_no_other():
    found = met(flags("leniency", "pair", "R1|M6"), TOLD, RECORDS)
    assert found[["officer_id", "merchant_id"]].to_numpy().tolist() == [["R1", "M6"]]


@pytest.mark.parametrize("kind", ["institution", "case"])
def test_a_hint_about_nobody_has_no_contacts(kind):
    assert met(flags(kind=kind, subject="S1"), TOLD, RECORDS).empty


@pytest.mark.parametrize("family", ["clustered_complaints", "retaliation"])
@pytest.mark.parametrize("subject", [("officer", "R1"), ("pair", "R1|M1")])
def test_beside_a_complaint_no_contact_is_told(family, subject):
    """The merchants he meets, listed beside a complaint about him, would tell which of them complained."""
    assert met(flags(family, *subject), TOLD, RECORDS).empty
    assert len(met(flags("leniency", *subject), TOLD, RECORDS))


def test_each_kind_of_contact_is_told_in_both_languages():
    case = {"table": "penalty", "record_id": "C1", "led": "R1", "approved": "R1", "violation_code": "FO01"}
    rows = told(
        VISIT,
        case | {"kind": "case_filed", "approved": None},
        case | {"kind": "case_decided", "outcome": "fined", "fine_yuan": 12000.0},
        case | {"kind": "case_decided", "record_id": "C2", "outcome": "no_penalty", "fine_yuan": 0.0},
        {"kind": "visit_filing", "table": "filing", "record_id": "F1", "status": "late"},
        {"kind": "meal_filing", "table": "filing", "record_id": "F2"},
        {"kind": "recusal_approved", "table": "recusal", "record_id": "X1"},
    )
    said = rows.set_index(["kind", "record_id"])[["detail_zh", "detail_en"]].agg(" | ".join, axis=1).to_dict()
    assert said == {
        ("visit", "P1"): "主检,日常检查,正常,问题2项(严重1项) | led, routine check, normal, findings: 2 (1 severe)",
        ("case_filed", "C1"): "主办,违法行为代码FO01 | led, violation code FO01",
        ("case_decided", "C1"): "主办、审批,罚款12,000元 | led and approved, fined 12,000 yuan",
        ("case_decided", "C2"): "主办、审批,不予处罚 | led and approved, no penalty",
        ("visit_filing", "F1"): "入企检查报备,逾期 | visit announced, late",
        ("meal_filing", "F2"): "餐饮活动报备,状态未载明 | meal or activity announced, state not on file",
        ("recusal_approved", "X1"): "批准其回避该主体 | his recusal from this merchant was approved",
    }


def test_a_contact_says_whether_it_is_one_of_the_records_behind_the_flag():
    rows = told(
        VISIT, VISIT | {"record_id": "P99"}, VISIT | {"record_id": "P1", "table": "recusal", "kind": "recusal_approved"}
    )
    assert rows.set_index(["table", "record_id"])["is_evidence"].to_dict() == {
        ("patrol", "P1"): True,
        ("patrol", "P99"): False,
        ("recusal", "P1"): False,
    }


def test_three_years_end_with_the_night():
    assert first_day(date(2026, 6, 30)) == date(2023, 7, 1)
    assert first_day(date(2028, 2, 29)) == date(2025, 3, 1)
