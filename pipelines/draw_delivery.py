"""What was drawn here, as a delivery of the night: the places of every revealed draw in HOME/draw, where there are any.

They are copied into one file, since a draw may be revealed at any moment, and count as delivered with the night's own, or on
the day of the last draw where that is later.
"""

from __future__ import annotations

import csv
import tempfile
from datetime import date
from pathlib import Path

from pipelines.draw_file import DELIVERED, revealed
from pipelines.drawing import COLUMNS
from pipelines.ingest import Delivery, intake
from pipelines.places import Places


def take_in_draws(places: Places, delivered_on: date) -> Delivery | None:
    """Take in what was drawn; None where nothing was. Raises DeliveryError where it cannot be read."""
    rows: list[dict[str, str]] = []
    for path in revealed(places):
        with path.open(encoding="utf-8", newline="") as file:
            rows += csv.DictReader(file)
    if not rows:
        return None
    with tempfile.TemporaryDirectory(prefix="mingjian-") as folder:
        with (Path(folder) / DELIVERED).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        last_on = max(date.fromisoformat(row["drawn_on"]) for row in rows)
        return intake(Path(folder), places.raw, delivered_on=max(delivered_on, last_on))
