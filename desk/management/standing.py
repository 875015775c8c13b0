"""How what management decided on an officer's moves stands: which decision holds, and which was replaced."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from desk.management.models import RotationDecision, Verdict
from desk.management.place import Place
from desk.published.night import Night
from models import policy


@dataclass(frozen=True)
class Standing:
    """All decisions on one officer, in the order in which they were taken."""

    decisions: tuple[RotationDecision, ...] = ()

    @property
    def number(self) -> int:
        """The number of the last one; 0 where there is none."""
        return self.decisions[-1].number if self.decisions else 0

    @property
    def in_force(self) -> tuple[RotationDecision, ...]:
        """Those that no later one replaces: one that sends him somewhere at most, and the posts he is not to have."""
        return tuple(
            decision
            for place, decision in enumerate(self.decisions)
            if not any(replaces(later, decision) for later in self.decisions[place + 1 :])
        )

    @property
    def going(self) -> RotationDecision | None:
        """The one in force that sends him somewhere."""
        return next((decision for decision in self.in_force if decision.verdict != Verdict.DECLINED), None)

    def on(self, place: Place) -> RotationDecision | None:
        """The one in force about this post of this institution."""
        return next((decision for decision in self.in_force if place_of(decision).is_post_of(place)), None)


def place_of(decision: RotationDecision) -> Place:
    """The place that a decision is about."""
    return Place(decision.to_institution_id, decision.to_post, decision.to_grid_id)


def replaces(later: RotationDecision, earlier: RotationDecision) -> bool:
    """Whether the later decision on the same officer takes the place of the earlier one: it says so, or nobody goes to two
    places, or it is the last word on the same post. sql/core/rotation_decision.sql says the same."""
    return (
        later.supersedes_id == earlier.pk
        or Verdict.DECLINED not in (later.verdict, earlier.verdict)
        or place_of(later).is_post_of(place_of(earlier))
    )


def is_read(decision: RotationDecision, night: Night) -> bool:
    """Whether the night knew the decision: it was taken by its day."""
    return timezone.localdate(decision.decided_at) <= night.as_of


def has_lapsed(decision: RotationDecision, night: Night) -> bool:
    """Whether it declined a move so long before the night that the plan may propose it again, by the policy's declined_days."""
    last_on = night.as_of - timedelta(days=policy.on(night.as_of).rotation.declined_days)
    return decision.verdict == Verdict.DECLINED and timezone.localdate(decision.decided_at) <= last_on


def standings(officer_ids: Iterable[str] | None = None) -> dict[str, Standing]:
    """How moves of officers stand, by officer_id; who was never decided about is not named. None asks for all."""
    decisions = RotationDecision.objects.select_related("decider").order_by("officer_id", "number")
    if officer_ids is not None:
        decisions = decisions.filter(officer_id__in=list(officer_ids))
    found: dict[str, list[RotationDecision]] = {}
    for decision in decisions:
        found.setdefault(decision.officer_id, []).append(decision)
    return {officer_id: Standing(tuple(taken)) for officer_id, taken in found.items()}
