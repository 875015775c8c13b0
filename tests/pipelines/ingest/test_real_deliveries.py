"""The intake on real public records, where they lie beside the project; never part of it."""

from datetime import date
from pathlib import Path

import pytest

from pipelines.ingest import intake

REAL = Path(__file__).resolve().parents[4] / "shared" / "real"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not REAL.is_dir(), reason="the real deliveries do not lie beside the project"),
]


def test_the_food_inspections_keep_every_merchant_and_patrol(tmp_path):
    delivery = intake(REAL / "chicago_food", tmp_path / "raw", delivered_on=date(2014, 9, 1))
    kept = {name: count.kept for name, count in delivery.tables.items()}
    assert (kept["merchant"], kept["patrol"], kept["complaint"]) == (12_130, 24_518, 75_584)
    quarantined = {name: count.quarantined for name, count in delivery.tables.items() if count.quarantined}
    assert quarantined == {}


def test_the_complaints_about_officers_lose_only_rows_whose_dates_cannot_be(tmp_path):
    delivery = intake(REAL / "chicago_police", tmp_path / "raw", delivered_on=date(2013, 1, 1))
    quarantined = {name: count.quarantined for name, count in delivery.tables.items() if count.quarantined}
    assert quarantined == {"officer": 1, "posting": 17, "complaint": 41, "integrity_outcome": 19}
    assert all(count.rows_in == count.kept + count.quarantined for count in delivery.tables.values())
