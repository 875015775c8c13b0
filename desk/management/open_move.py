"""What management has to see to: moves that wait for a decision, that are late, and decisions that came back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from desk.access.directory import officer_names
from desk.management.move import Move, State, late
from desk.management.place import known
from desk.management.token import move_token
from desk.management.words import RULES
from desk.published.night import Night


@dataclass(frozen=True)
class Open:
    """What is open. late, returned : each with `move`, the officer's name, `there` and `rule` in words, and
    `token` of his page.

    returned : decided moves that the night could not keep: it has none for the officer, or proposes another one.
    """

    waiting_count: int
    late: tuple[dict[str, Any], ...]
    returned: tuple[dict[str, Any], ...]


def open_moves(night: Night, user, moves: Sequence[Move]) -> Open:
    """What is open of these moves, with names as the reader may read them."""
    return Open(
        sum(move.state is State.WAITING for move in moves),
        _named(night, user, late(moves)),
        _named(night, user, [move for move in moves if move.state is State.RETURNED]),
    )


def _named(night: Night, user, moves: Iterable[Move]) -> tuple[dict[str, Any], ...]:
    told = list(moves)
    called = officer_names(night, user, {move.officer_id for move in told})
    return tuple(
        {
            "move": move,
            "officer": called[move.officer_id],
            "there": known(night).called(move.there),
            "token": move_token(move.officer_id),
            "rule": RULES.get(move.rule, move.rule),
        }
        for move in told
    )
