"""What people decided on the desk, as the night's second delivery: HOME/desk/delivery, where there is one.

Its files are read as copies, since the desk may write them anew at any moment. It counts as delivered with the night's own,
or on the day of its last decision where that is later, so that no decision lies in the future of its own delivery.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from pathlib import Path

import duckdb

from pipelines.ingest import Delivery, intake
from pipelines.places import Places

TABLES = frozenset({"decision", "rotation_decision"})
"""Tables that the desk delivers, and the bureau never: conclusions about hints, and what management decided on moves."""


def take_in_decisions(places: Places, delivered_on: date) -> Delivery | None:
    """Take in what the desk delivers; None where it delivers nothing. Raises DeliveryError where it cannot be read."""
    with tempfile.TemporaryDirectory(prefix="mingjian-") as folder:
        copies = [copy for name in sorted(TABLES) if (copy := _copied(places, f"{name}.csv", Path(folder)))]
        if not copies:
            return None
        return intake(Path(folder), places.raw, delivered_on=max(delivered_on, *map(_last_decided_on, copies)))


def _copied(places: Places, name: str, folder: Path) -> Path | None:
    """The file in `folder`; None where the desk delivers none of that name."""
    try:
        return shutil.copyfile(places.desk_delivery / name, folder / name)
    except FileNotFoundError:
        return None


def _last_decided_on(path: Path) -> date:
    with duckdb.connect() as connection:
        query = (
            "select coalesce(max(try_cast(decided_at as timestamp)), timestamp '1900-01-01')::date "
            "from read_csv($path, header = true, all_varchar = true)"
        )
        return connection.execute(query, {"path": str(path)}).fetchall()[0][0]
