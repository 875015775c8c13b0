"""What was drawn here, as a delivery of the night: the places of every revealed draw in HOME/draw, and who was substituted.

They are copied into one file each, since a draw may be revealed at any moment, and count as delivered with the night's own, or
on the day of the last draw or substitution where that is later. The reason in words stays where it was written.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from models.draw.substitution import read_substitutions
from pipelines.draw_file import COMMIT, DELIVERED, REVEAL, SUBSTITUTION, json_of, revealed, text_of
from pipelines.drawing import COLUMNS
from pipelines.ingest import Delivery, intake
from pipelines.places import Places

SUBSTITUTION_COLUMNS = {
    "substitution_number": "number",
    "merchant_id": "merchant_id",
    "replaced_officer_id": "replaced_officer_id",
    "officer_id": "officer_id",
    "reason_code": "reason_code",
    "decided_by": "by",
    "substituted_at": "substituted_at",
}
"""Columns of the contract, and what they are called in substitution.csv."""

TABLES = frozenset({"random_draw", "draw_substitution"})
"""The tables that such a delivery has."""


def take_in_draws(places: Places, delivered_on: date) -> Delivery | None:
    """Take in what was drawn; None where nothing was. Raises DeliveryError or DrawFailed where it cannot be read."""
    lot: list[dict[str, str]] = []
    by_hand: list[dict[str, object]] = []
    for path in revealed(places):
        task = json_of(path.with_name(COMMIT))["task"]
        with path.open(encoding="utf-8", newline="") as file:
            lot += [row | {"task": task} for row in csv.DictReader(file)]
        told = json_of(path.with_name(REVEAL))
        made, _wrong = read_substitutions(text_of(path.with_name(SUBSTITUTION)), told["drawn_sha256"])
        by_hand += [
            {"draw_id": told["draw_id"]} | {name: getattr(each, own) for name, own in SUBSTITUTION_COLUMNS.items()}
            for each in made
        ]
    if not lot:
        return None
    days = [date.fromisoformat(row["drawn_on"]) for row in lot]
    days += [date.fromisoformat(str(row["substituted_at"])[:10]) for row in by_hand]
    with tempfile.TemporaryDirectory(prefix="mingjian-") as folder:
        _write(Path(folder) / DELIVERED, (*COLUMNS, "task"), lot)
        if by_hand:
            _write(Path(folder) / "draw_substitution.csv", ("draw_id", *SUBSTITUTION_COLUMNS), by_hand)
        return intake(Path(folder), places.raw, delivered_on=max(delivered_on, *days))


def _write(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
