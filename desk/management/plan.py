"""The plan in figures: what a night's rotation_summary says, and what it leaves waiting, quarter by quarter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from desk.management.move import Move, State
from desk.published.night import Night


@dataclass(frozen=True)
class Quarter:
    """Moves of one quarter. begin_on : its first day."""

    begin_on: date
    move_count: int
    waiting_count: int

    @property
    def name(self) -> str:
        """As addresses name it: 2026-Q4."""
        return quarter_of(self.begin_on)


def summary(night: Night) -> dict[str, Any] | None:
    """The row of rotation_summary, with moved_count and due_count over due and overdue; None where the night has no plan."""
    if "rotation_summary" not in night.tables:
        return None
    row = night.row("select * from rotation_summary")
    if row is None:
        return None
    return row | {
        "moved_count": row["due_moved_count"] + row["overdue_moved_count"],
        "due_count": row["due_officer_count"] + row["overdue_officer_count"],
        "move_count": row["due_moved_count"] + row["overdue_moved_count"] + row["other_moved_count"],
    }


def quarters(moves: Iterable[Move]) -> list[Quarter]:
    """The quarters in which the night proposes moves, in order."""
    counted: dict[date, list[int]] = {}
    for move in moves:
        if move.is_planned:
            day = move.row["move_on"]
            of_quarter = counted.setdefault(date(day.year, 3 * ((day.month - 1) // 3) + 1, 1), [0, 0])
            of_quarter[0] += 1
            of_quarter[1] += move.state is State.WAITING
    return [Quarter(begin, *counts) for begin, counts in sorted(counted.items())]


def quarter_of(day: date) -> str:
    """The quarter of a day, as addresses name it: 2026-Q4."""
    return f"{day.year}-Q{(day.month + 2) // 3}"
