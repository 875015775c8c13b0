"""The night on real public records, where they lie beside the checkout; slow, on demand."""

from pathlib import Path

import duckdb
import pytest

from pipelines.__main__ import main

REAL = Path(__file__).resolve().parents[3] / "shared" / "real"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not REAL.is_dir(), reason="the real records do not lie beside this checkout"),
]


def published(home: Path, table: str) -> duckdb.DuckDBPyRelation:
    return duckdb.read_parquet(str(home / "published" / "current" / f"{table}.parquet"))


def test_the_food_inspections_score_every_merchant_and_say_why_leniency_is_not_computable(tmp_path):
    source = REAL / "chicago_food"
    assert main(["night", "--source", str(source), "--as-of", "2014-09-01", "--home", str(tmp_path)]) == 0
    risk = published(tmp_path, "merchant_risk")
    assert risk.count("probability").fetchall() == [(12_130,)]
    gaps = dict(published(tmp_path, "not_computable").project("family, reason_en").fetchall())
    assert "no cases were delivered" in gaps["leniency"]


def test_the_complaints_about_police_run_the_officer_side_and_say_why_there_is_no_merchant_side(tmp_path):
    source = REAL / "chicago_police"
    assert main(["night", "--source", str(source), "--as-of", "2013-01-01", "--home", str(tmp_path)]) == 0
    assert published(tmp_path, "merchant_risk").count("*").fetchall() == [(0,)]
    bureau = published(tmp_path, "not_computable").filter("subject_kind = 'bureau'").project("family, reason_en")
    gaps = dict(bureau.fetchall())
    assert gaps["merchant_risk"] == "no merchant was delivered"
    scored = published(tmp_path, "officer_score").filter("is_evaluable").count("*").fetchall()[0][0]
    assert scored > 5_000
