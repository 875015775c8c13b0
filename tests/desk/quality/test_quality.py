"""The operator's page: everything about the night, and nobody's name."""

from __future__ import annotations

import json

import pytest

from desk.quality.raw_row import shown
from desk.quality.words import STATUSES
from pipelines.contract import delivered_tables, published_tables
from tests.desk.small_night import facts, write_night

pytestmark = pytest.mark.django_db


def bad_row(number: int, table: str = "visit", **cells) -> dict:
    return {
        "table": table,
        "source_file": "visits.csv",
        "row_number": number,
        "delivery_number": 1,
        "reasons": "range: visited_on 日期 must be a day (found: 王小明 R0044)",
        "record_key": "R0044",
        "raw": json.dumps(cells, ensure_ascii=False),
    }


def shown_to(client, address: str) -> str:
    client.cookies["django_language"] = "en"
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_night_is_told_from_its_manifest_and_tables(home, client_of):
    challenge = {"replaces": False, "reason_zh": "没有更好", "reason_en": "no better", "figures": {}}
    merchant = {"trained_on": "2026-06-01", "sha256": "a" * 64, "exists": True, "challenge": challenge}
    steps = [{"name": f"step/{n}", "row_count": n, "seconds": float(n), "peak_memory_bytes": 1} for n in range(1, 21)]
    said = facts(
        versions={"code": "0" * 64, "policy": "1" * 64, "models": {"merchant": merchant, "officer": None}},
        steps=steps,
        checks={"run": 9, "passed": 8, "warnings": ["core.officer: 3 of 9 rows, the first: officer_id R0044"]},
        is_hindsight=True,
        drift={"features": {"shifted": 1}, "worst": []},
    )
    drift = {
        "model": "merchant", "population": "visited", "measure": "psi", "feature": "age_years", "label_zh": "年限",
        "label_en": "years since", "value": 0.4, "status": "shifted", "reason_zh": "高", "reason_en": "above the line",
    }  # fmt: skip
    nothing = {
        "subject_kind": "bureau",
        "subject_id": "all",
        "family": "x",
        "reason_zh": "缺",
        "reason_en": "no records",
    }
    officer = {**nothing, "subject_kind": "officer", "subject_id": "R0044", "reason_en": "about an officer"}
    write_night(home, {"drift": [drift], "not_computable": [nothing, officer]}, manifest=said)
    text = shown_to(client_of("operator"), "/quality/")
    for words in (
        "1,000",
        "990",
        "8 of 9 checks passed",
        "3 of 9 rows",
        "29 days before",
        "no better",
        "above the line",
    ):
        assert words in text, words
    for words in ("no records", "210 seconds together", "5 shorter steps", "later than this night", "1 of drift"):
        assert words in text, words
    assert "R0044" not in text and "about an officer" not in text


def test_rows_in_quarantine_are_counted_by_table_rule_and_column(home, client_of):
    rows = [bad_row(2), bad_row(3), {**bad_row(4), "reasons": "missing: kind 类别 must be given; range: a b c"}]
    write_night(home, {"quarantine": rows})
    text = shown_to(client_of("operator"), "/quality/")
    assert "visited_on" in text and "table_name=visit&amp;rule=range" in text
    listed = shown_to(client_of("operator"), "/quality/quarantine/?table_name=visit&rule=missing")
    assert "1 to 1 of 1" in listed and "visits.csv" in listed


def test_nobody_is_named_in_a_quarantined_row(home, client_of):
    cells = {
        "lead_officer_id": "R0044",
        "name": "王小明",
        "note": "王小明 visited",
        "visited_on": "王小明",
        "fine_yuan": "-5",
    }
    write_night(home, {"quarantine": [bad_row(2, **cells)]})
    text = shown_to(client_of("operator"), "/quality/quarantine/")
    assert "王小明" not in text and "R0044" not in text
    assert "fine_yuan: -5" in text and "must be a day" in text


@pytest.mark.parametrize(
    ("column", "value", "is_told"),
    [
        ("visited_on", "2026-13-01", True),
        ("visited_at", "2026-06-01 09:30", True),
        ("fine_yuan", "1,000.50", True),
        ("discretion_tier", "3", True),
        ("institution_id", "S05", True),
        ("visited_on", "13912345678", False),
        ("fine_yuan", "R0044 王", False),
        ("kind", "wangxiaoming", False),
        ("kind", "Wang Xiaoming", False),
        ("merchant_id", "M1", False),
        ("officer_id", "44", False),
        ("a_new_column", "44", False),
    ],
)
def test_a_cell_is_told_only_where_column_and_value_can_hold_no_person(column, value, is_told):
    assert (value in shown({"raw": json.dumps({column: value})})) == is_told


def test_every_column_of_a_delivery_that_names_somebody_is_hidden():
    for table in delivered_tables().values():
        for column in table.columns:
            if column.type in ("hash", "text") or column.references == "officer" or "officer" in column.name:
                assert "secret" not in shown({"raw": json.dumps({column.name: "secret"})}), (table.name, column.name)


def test_the_auditor_sees_the_night_and_no_row_of_it(home, client_of):
    write_night(home, {"quarantine": [bad_row(2)]})
    client = client_of("auditor")
    assert "/quality/quarantine/" not in shown_to(client, "/quality/")
    assert client.get("/quality/quarantine/").status_code == 403


def test_every_status_of_drift_has_words():
    assert set(published_tables()["drift"].column("status").values) == set(STATUSES)
