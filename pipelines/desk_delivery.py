"""What reviewers concluded on the desk, as the night's second delivery: HOME/desk/delivery, where there is one.

It is read as a copy, since the desk may write it anew at any moment. It counts as delivered with the night's own, or on the
day of its last conclusion where that is later, so that no conclusion lies in the future of its own delivery.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from pathlib import Path

import duckdb

from pipelines.ingest import Delivery, intake
from pipelines.places import Places

FILE = "decision.csv"


def take_in_decisions(places: Places, delivered_on: date) -> Delivery | None:
    """Take in what the desk delivers; None where it delivers nothing. Raises DeliveryError where it cannot be read."""
    with tempfile.TemporaryDirectory(prefix="mingjian-") as folder:
        copy = Path(folder) / FILE
        try:
            shutil.copyfile(places.desk_delivery / FILE, copy)
        except FileNotFoundError:
            return None
        return intake(copy.parent, places.raw, delivered_on=max(delivered_on, _last_decided_on(copy)))


def _last_decided_on(path: Path) -> date:
    with duckdb.connect() as connection:
        query = (
            "select coalesce(max(try_cast(decided_at as timestamp)), timestamp '1900-01-01')::date "
            "from read_csv($path, header = true, all_varchar = true)"
        )
        return connection.execute(query, {"path": str(path)}).fetchall()[0][0]
