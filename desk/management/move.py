"""Moves: what a night proposes, or still waits for, and what management has decided on it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.translation import pgettext_lazy

from desk.audit.log import canonical
from desk.management.models import RotationDecision, Verdict
from desk.management.place import Place
from desk.management.standing import Standing, has_lapsed, is_read, place_of, standings
from desk.published.night import Night, once_a_night


class State(StrEnum):
    """How a move stands between the night and management."""

    LATE = "late"
    RETURNED = "returned"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    CHANGED = "changed"
    DECLINED = "declined"


STATES = {
    State.LATE: pgettext_lazy("move", "accepted, not carried out"),
    State.RETURNED: pgettext_lazy("move", "came back"),
    State.WAITING: pgettext_lazy("move", "waits for a decision"),
    State.ACCEPTED: pgettext_lazy("move", "accepted"),
    State.CHANGED: pgettext_lazy("move", "changed"),
    State.DECLINED: pgettext_lazy("move", "declined"),
}
TONES = {
    State.LATE: "bad",
    State.RETURNED: "bad",
    State.WAITING: "watch",
    State.ACCEPTED: "good",
    State.CHANGED: "good",
    State.DECLINED: "quiet",
}


@dataclass(frozen=True)
class Move:
    """One officer's move. row : of rotation_move.

    step : place in its chain, from 1. decision : the decision that the state rests on. days_late : days from its day to the
    night; None unless LATE. chain_ids : officers of its chain, himself among them.
    """

    officer_id: str
    row: dict[str, Any]
    step: int
    standing: Standing
    state: State
    decision: RotationDecision | None
    days_late: int | None = None
    chain_ids: frozenset[str] = frozenset()

    @property
    def there(self) -> Place:
        """Where he goes as things stand: as decided, else as proposed."""
        if self.decision and self.state is not State.DECLINED:
            return place_of(self.decision)
        return self.proposed

    @property
    def proposed(self) -> Place:
        """The night's own place for him; of one that came back, the place that was decided."""
        return Place.of(self.row, "to")

    @property
    def move_on(self) -> date:
        """The day, as decided, else as proposed."""
        if self.decision and self.state is not State.DECLINED:
            return self.decision.move_on
        return self.row["move_on"]

    @property
    def rule(self) -> str | None:
        """The rule that stands in the way of what was decided, as the night names it."""
        return self.row["barring_rule"]

    @property
    def is_planned(self) -> bool:
        """Whether the night's plan holds the move; what was decided and breaks a rule stands beside the plan."""
        return self.rule is None

    @property
    def swap_with(self) -> str | None:
        """The officer with whom he changes places."""
        return self.row["swap_with_officer_id"]

    @property
    def can_be_accepted(self) -> bool:
        """Whether there is a proposal of the night that is not yet accepted as it is, and that no rule stands in the way of."""
        if not self.is_planned:
            return False
        going = self.standing.going
        if going is None or self.state is State.WAITING:
            return self.row["status"] == "proposed"
        return (place_of(going), going.move_on) != (self.proposed, self.row["move_on"])

    @property
    def seen(self) -> str:
        """What a form hands back, so that nobody decides on another move than the one he read, nor after somebody else."""
        told = [self.officer_id, self.standing.number, self.proposed.__dict__, self.row["move_on"]]
        return hashlib.sha256(canonical({"seen": told}).encode()).hexdigest()[:32]


def moves_of(night: Night) -> list[Move]:
    """Every move that the night proposes or waits for, by day and chain.

    A decision that the night has read and waits for no more was carried out: it says so of every one that is open.
    """
    stands = standings()
    chains: dict[int, set[str]] = {}
    for _step, row in _rows(night):
        chains.setdefault(row["chain"], set()).add(row["officer_id"])
    return [
        replace(
            _move(night, row, step, stands.get(row["officer_id"], Standing())),
            chain_ids=frozenset(chains[row["chain"]]),
        )
        for step, row in _rows(night)
    ]


def move_of(night: Night, officer_id: str) -> Move | None:
    """The move of one officer; None where the night has none for him and nothing that was decided came back."""
    return next((move for move in moves_of(night) if move.officer_id == officer_id), None)


def late(moves: Iterable[Move]) -> list[Move]:
    """Those accepted and not carried out by their day, the longest late first."""
    return sorted(
        (move for move in moves if move.state is State.LATE), key=lambda move: (-(move.days_late or 0), move.officer_id)
    )


def _move(night: Night, row: dict[str, Any], step: int, standing: Standing) -> Move:
    proposed, going = Place.of(row, "to"), standing.going
    if going is not None and is_read(going, night) and row["status"] == "proposed":
        # the night waits for it no more
        going = None
    declined = standing.on(proposed)
    if declined and has_lapsed(declined, night):
        declined = None
    is_last_word = declined and (going is None or going.number < declined.number)
    if declined and declined.verdict == Verdict.DECLINED and is_last_word:
        return Move(row["officer_id"], row, step, standing, State.DECLINED, declined)
    if going is not None and not is_read(going, night):
        return Move(row["officer_id"], row, step, standing, State(going.verdict), going)
    # what the night knows of a decision, whether or not it was taken on this desk
    day = going.move_on if going else row["move_on"]
    if row["status"] == "late" and day < night.as_of:
        return Move(row["officer_id"], row, step, standing, State.LATE, going, (night.as_of - day).days)
    if row["barring_rule"]:
        state = State.RETURNED
    elif going is not None:
        state = State(going.verdict)
    else:
        state = State.WAITING if row["status"] == "proposed" else State.ACCEPTED
    return Move(row["officer_id"], row, step, standing, state, going)


@once_a_night
def _rows(night: Night) -> list[tuple[int, dict[str, Any]]]:
    """Rows of rotation_move by day and chain, each with its step: whoever takes a place stands behind who leaves it."""
    if "rotation_move" not in night.tables:
        return []
    rows = night.rows("select * from rotation_move order by move_on, chain, role <> 'due', officer_id")
    successor = {row["succeeds_officer_id"]: row for row in rows if row["succeeds_officer_id"]}
    chains: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        chains.setdefault(row["chain"], []).append(row)
    told = []
    for chain in chains.values():
        ordered: list[dict[str, Any]] = []
        for begin in chain:
            at: dict[str, Any] | None = begin
            while at is not None and at not in ordered and at in chain:
                ordered.append(at)
                at = successor.get(at["officer_id"])
        told += list(enumerate(ordered, start=1))
    return told
