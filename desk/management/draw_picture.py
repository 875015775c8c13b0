"""The picture of draws by class: how much of each was drawn, as a bar, and what the policy asks, as a line across it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

WIDTH, LEFT, RIGHT, TALL, GAP = 640, 60, 70, 22, 12


@dataclass(frozen=True)
class Bar:
    """One class: length of its bar and place of its line (empty: no merchant of it), and its figures."""

    name: str
    y: int
    width: float | None
    target_x: float | None
    row: dict[str, Any]


@dataclass(frozen=True)
class Picture:
    """All classes on one scale that begins at 0; lengths in the units of the viewBox."""

    bars: tuple[Bar, ...]
    width: int
    height: int
    left: int = LEFT
    tall: int = TALL


def drawn(rows: list[dict[str, Any]]) -> Picture | None:
    """The picture of draw.classes(); None where no class can be told."""
    told = [share for row in rows for share in (row["share"], row["target"]) if share is not None]
    if not told:
        return None
    longest, across = max(told) or 1, WIDTH - LEFT - RIGHT

    def along(share: float | None) -> float | None:
        return None if share is None else round(share / longest * across, 1)

    bars = []
    for number, row in enumerate(rows):
        target = along(row["target"])
        bars.append(
            Bar(
                row["draw_class"],
                GAP + number * (TALL + GAP),
                along(row["share"]),
                None if target is None else LEFT + target,
                row,
            )
        )
    return Picture(tuple(bars), WIDTH, GAP + len(rows) * (TALL + GAP))
