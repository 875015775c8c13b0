"""What was drawn here, as a delivery of the night: every commit in HOME/draw, places of revealed draws, and who was substituted.

They are copied into one file each, since a draw may be revealed at any moment, and count as delivered with the night's own, or
on the day of the last draw or substitution where that is later. The reason in words stays where it was written.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from models.draw.log import COMMIT_LOG, closings, commits
from models.draw.lot import read_drawn
from models.draw.substitution import SUBSTITUTIONS
from pipelines.draw_file import DELIVERED, DRAWN, REVEAL, SUBSTITUTION, DrawFailed, folders, json_of, text_of
from pipelines.draw_log import logged
from pipelines.draw_verify import verify
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

COMMIT_COLUMNS = (
    "draw_id",
    "task",
    "committed_at",
    "pool_sha256",
    "object_count",
    "revealed_at",
    "drawn_count",
    "closed_at",
    "is_differing",
)
TABLES = frozenset({"random_draw", "draw_substitution", "draw_commit"})
"""The tables that such a delivery has."""


def take_in_draws(places: Places, delivered_on: date) -> Delivery | None:
    """Take in what was drawn and what was only committed; None where nothing was. Raises DeliveryError or DrawFailed.

    A draw whose files do not agree is left out; its commit says so (is_differing), and the night names it.
    """
    lot: list[dict[str, str]] = []
    by_hand: list[dict[str, object]] = []
    log, _wrong = logged(places)
    closed = closings(log)
    rows = {
        each.draw_id: {
            "draw_id": each.draw_id,
            "task": each.task,
            "committed_at": each.logged_at,
            "pool_sha256": each.pool_sha256,
            "object_count": each.object_count,
            "closed_at": closed[each.draw_id].logged_at if each.draw_id in closed else "",
            "is_differing": "false",
        }
        for each in commits(log).values()
    }
    for folder in folders(places):
        draw_id, path = folder.name, folder / DELIVERED
        row = rows.setdefault(draw_id, {"draw_id": draw_id})
        if not _agrees(places, draw_id):
            row["is_differing"] = "true"
            continue
        if not (folder / REVEAL).exists():
            continue
        told = json_of(folder / REVEAL)
        row |= {"revealed_at": told["revealed_at"], "drawn_count": str(len(read_drawn(text_of(folder / DRAWN))))}
        with path.open(encoding="utf-8", newline="") as file:
            lot += [each | {"task": row["task"]} for each in csv.DictReader(file)]
        made, _wrong = SUBSTITUTIONS.read(text_of(folder / SUBSTITUTION), told["drawn_sha256"])
        by_hand += [
            {"draw_id": draw_id} | {name: getattr(each, own) for name, own in SUBSTITUTION_COLUMNS.items()}
            for each in made
        ]
    if not rows:
        return None
    moments = [str(each["substituted_at"]) for each in by_hand]
    moments += [row.get(name, "") for row in rows.values() for name in ("committed_at", "revealed_at", "closed_at")]
    try:
        days = [date.fromisoformat(moment[:10]) for moment in moments if moment]
    except ValueError as error:
        raise DrawFailed(
            f"{places.draw / COMMIT_LOG.file}: a moment in it is none ({error}); restore it from a copy"
        ) from error
    with tempfile.TemporaryDirectory(prefix="mingjian-") as made_in:
        _write(Path(made_in) / "draw_commit.csv", COMMIT_COLUMNS, rows.values())
        if lot:
            _write(Path(made_in) / DELIVERED, (*COLUMNS, "task"), lot)
        if by_hand:
            _write(Path(made_in) / "draw_substitution.csv", ("draw_id", *SUBSTITUTION_COLUMNS), by_hand)
        return intake(Path(made_in), places.raw, delivered_on=max([delivered_on, *days]))


def _agrees(places: Places, draw_id: str) -> bool:
    try:
        return not verify(places, draw_id)
    except DrawFailed:
        return False


def _write(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
