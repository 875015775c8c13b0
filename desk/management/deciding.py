"""Deciding on moves: each row in one transaction with its entry in the log and what is to leave the desk."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from desk.access.pseudonym import mark
from desk.access.refusal import Refused
from desk.audit.kept import Overtaken, keep, one_at_a_time
from desk.delivery.writer import to_leave
from desk.management.delivery import MOVE
from desk.management.models import RotationDecision, Verdict
from desk.management.move import Move, State, move_of, moves_of
from desk.management.place import Place
from desk.management.standing import place_of
from desk.management.token import move_token
from desk.published.night import Night

OWN = "own_move"
"""Code of the refusal of one's own move."""


def decide(
    user, night: Night, read: Move, verdict: Verdict, place: Place, move_on: date, reason: str, *, seen: str
) -> RotationDecision:
    """Decide on one officer's move: to this place on this day, or, declined, not to it.

    read : the move as the request finds it; seen : of the move that its reader read. Raises Overtaken where it is no longer
    that one, Refused as `refuse_own`.
    """
    refuse_own(user, read)
    with one_at_a_time():
        move = move_of(night, read.officer_id)
        if move is None or move.seen != seen:
            raise Overtaken
        decision = _kept(user, night, move, verdict, place, move_on, reason)
        to_leave(f"{MOVE}:{decision.pk}")
    return decision


def accept_all(user, night: Night, seen: Collection[str], reason: str) -> list[RotationDecision]:
    """Accept several moves as they are proposed, with one reason; each is a decision of its own, and all stand or none does.

    seen : of every move that was chosen. Raises Overtaken where one of them is no longer waiting as it was read, Refused as
    `refuse_own`.
    """
    with one_at_a_time():
        waiting = {move.seen: move for move in moves_of(night) if move.state is State.WAITING}
        if not seen or not set(seen) <= set(waiting):
            raise Overtaken
        chosen: Sequence[Move] = [move for mark_of, move in waiting.items() if mark_of in set(seen)]
        for move in chosen:
            refuse_own(user, move)
        taken = [
            _kept(user, night, move, Verdict.ACCEPTED, move.proposed, move.row["move_on"], reason) for move in chosen
        ]
        to_leave(*(f"{MOVE}:{decision.pk}" for decision in taken))
    return taken


def is_own(user, move: Move) -> bool:
    """Whether the move is that of the person himself, of him with whom he would change places, or of a chain with his own."""
    return bool(user.officer_id) and user.officer_id in {move.officer_id, move.swap_with, *move.chain_ids}


def refuse_own(user, move: Move) -> None:
    """Raise Refused where somebody would read or decide on his own move, or on one of the same chain."""
    if is_own(user, move):
        raise Refused(OWN, _why_own())


def refuse_self(user, officer_id: str) -> None:
    """Raise Refused where somebody would read what was decided on himself."""
    if user.officer_id and user.officer_id == officer_id:
        raise Refused(OWN, _why_own())


def _why_own() -> str:
    return _("This move is your own, or your own stands in the same chain: somebody else decides on it.")


def _kept(
    user, night: Night, move: Move, verdict: Verdict, place: Place, move_on: date, reason: str
) -> RotationDecision:
    number = move.standing.number + 1
    decision = RotationDecision(
        decision_id=f"{number:06d}{uuid.uuid4().hex}"[: RotationDecision._meta.pk.max_length],
        number=number,
        officer_id=move.officer_id,
        as_of=night.as_of,
        verdict=verdict,
        to_institution_id=place.institution_id,
        to_post=place.post,
        to_grid_id=place.grid_id,
        move_on=move_on,
        reason=reason,
        decider=user,
        decided_at=timezone.now(),
        supersedes=_replaced(move, verdict, place),
    )
    detail = {"officer": mark(move.officer_id, night), "decision_id": decision.pk, "verdict": str(verdict)}
    keep(decision, user, "decided_move", MOVE, move_token(move.officer_id), detail)
    return decision


def _replaced(move: Move, verdict: Verdict, place: Place) -> RotationDecision | None:
    """The decision in force that the new one takes the place of, as `replaces` says."""
    going = move.standing.going
    if going and (verdict != Verdict.DECLINED or place_of(going).is_post_of(place)):
        return going
    return move.standing.on(place)
