"""How a hint stands: what was decided last, what it waits for, and for whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from desk.review.models import Decision, Disposal, Disposition, Outcome, Reply


class State(StrEnum):
    """Where a hint is on its way."""

    OPEN = "open"
    NEEDS_INFORMATION = "needs_information"
    AWAITS_SIGNATURE = "awaits_signature"
    AWAITS_DISPOSAL = "awaits_disposal"
    TALK_OR_LETTER = "talk_or_letter"
    PRELIMINARY_VERIFICATION = "preliminary_verification"
    HELD = "held"
    CLOSED = "closed"
    EXPLAINED = "explained"
    PROCESS_CORRECTION = "process_correction"
    EXONERATED = "exonerated"


STATE_WORDS = {
    State.OPEN: _("not looked at"),
    State.NEEDS_INFORMATION: _("needs information"),
    State.AWAITS_SIGNATURE: _("awaits the second signature"),
    State.AWAITS_DISPOSAL: _("lead, awaits its disposition"),
    State.TALK_OR_LETTER: _("lead: talk or letter of inquiry"),
    State.PRELIMINARY_VERIFICATION: _("lead: preliminary verification"),
    State.HELD: _("lead: held for later"),
    State.CLOSED: _("lead: closed"),
    State.EXPLAINED: _("explained"),
    State.PROCESS_CORRECTION: _("process correction"),
    State.EXONERATED: _("exonerated"),
}

SETTLED = frozenset({State.CLOSED, State.EXPLAINED, State.PROCESS_CORRECTION, State.EXONERATED, State.HELD})
"""States in which nothing is awaited from anybody."""

OF_DISPOSAL = {disposal.value: State(disposal.value) for disposal in Disposal}


@dataclass(frozen=True)
class Standing:
    """How one hint stands. since : when it came to stand so; None while open. decision : the one that stands. pending : a
    transfer without its second signature. latest : the last decision, whether it stands or not."""

    state: State = State.OPEN
    since: datetime | None = None
    decision: Decision | None = None
    pending: Decision | None = None
    latest: Decision | None = None
    disposition: Disposition | None = None
    replies: tuple[Reply, ...] = field(default=())

    @property
    def number(self) -> int:
        """The number of the last decision; 0 where there is none."""
        return self.latest.number if self.latest else 0

    @property
    def words(self):
        """The state in words."""
        return STATE_WORDS[self.state]

    @property
    def reply(self) -> Reply | None:
        """The last reply that no other corrects."""
        return self.replies[-1] if self.replies else None


def has_effect(decision: Decision) -> bool:
    """Whether a decision took effect: at once, or with the second signature. Its signature is fetched with it."""
    signature = getattr(decision, "signature", None)
    return decision.outcome != Outcome.TRANSFERRED or (signature is not None and signature.is_agreed)


def effective_at(decision: Decision) -> datetime:
    """When a decision that took effect did so."""
    return decision.signature.signed_at if decision.outcome == Outcome.TRANSFERRED else decision.decided_at


def standings(flag_keys: Iterable[str] | None = None) -> dict[str, Standing]:
    """How hints stand, by flag_key; a key about which nobody did anything is not named. None asks for all keys."""
    decisions = Decision.objects.select_related("signature", "signature__signer", "reviewer", "superseded_by")
    decisions = decisions.prefetch_related("dispositions", "dispositions__officer").order_by("flag_key", "number")
    replies = Reply.objects.filter(superseded_by=None).select_related("entered_by").order_by("entered_at", "pk")
    if flag_keys is not None:
        keys = list(flag_keys)
        decisions, replies = decisions.filter(flag_key__in=keys), replies.filter(flag_key__in=keys)
    told: dict[str, list[Decision]] = {}
    for decision in decisions:
        told.setdefault(decision.flag_key, []).append(decision)
    said: dict[str, list[Reply]] = {}
    for reply in replies:
        said.setdefault(reply.flag_key, []).append(reply)
    return {key: _standing(told.get(key, []), tuple(said.get(key, ()))) for key in sorted({*told, *said})}


def standing_of(flag_key: str) -> Standing:
    """How one hint stands."""
    return standings([flag_key]).get(flag_key, Standing())


def _standing(decisions: list[Decision], replies: tuple[Reply, ...]) -> Standing:
    if not decisions:
        return Standing(replies=replies)
    latest = decisions[-1]
    pending = latest if getattr(latest, "signature", None) is None and not has_effect(latest) else None
    corrected = {decision.supersedes_id for decision in decisions if has_effect(decision)}
    valid = [decision for decision in decisions if has_effect(decision) and decision.pk not in corrected]
    decision = valid[-1] if valid else None
    if pending:
        return Standing(State.AWAITS_SIGNATURE, pending.decided_at, decision, pending, latest, None, replies)
    if decision is None:
        return Standing(latest=latest, replies=replies)
    since, disposition = effective_at(decision), None
    state = State.AWAITS_DISPOSAL if decision.outcome == Outcome.TRANSFERRED else State(decision.outcome)
    made = list(decision.dispositions.all())
    if made:
        disposition = made[-1]
        state, since = OF_DISPOSAL[disposition.disposal], disposition.disposed_at
    return Standing(state, since, decision, None, latest, disposition, replies)
