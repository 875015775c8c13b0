"""First impressions: whose reasons stay shut until one is noted, and whether reasons change what reviewers conclude."""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Q

from desk.published.night import Night
from desk.review.models import Decision, Impression, Outcome, Sight
from desk.review.standing import has_effect
from models import policy

CONCERN = frozenset({Outcome.PROCESS_CORRECTION, Outcome.TRANSFERRED})
"""Outcomes that say something was amiss."""
CLEAR = frozenset({Outcome.EXPLAINED, Outcome.EXONERATED})
"""Outcomes that say nothing was."""
Z = 1.959964
"""Of a two-sided interval of 95 %."""


def is_chosen(flag_key: str) -> bool:
    """Whether a hint is one of the desk_blind_share that are first read blind; the same for every reader and night."""
    mark = hmac.new(settings.SECRET_KEY.encode(), f"blind|{flag_key}".encode(), hashlib.sha256).digest()
    return int.from_bytes(mark[:8]) < settings.DEPLOYMENT.desk_blind_share * 2**64


def has_records(night: Night) -> frozenset[str]:
    """The hints of a night whose records can be read: the others cannot be judged from records alone."""
    if "flag_record" not in night.tables:
        return frozenset()
    return frozenset(row["flag_id"] for row in night.rows("select distinct flag_id from flag_record"))


def blind_keys(user, night: Night, flags: Iterable[dict[str, Any]]) -> frozenset[str]:
    """Of these rows of red_flag the keys whose reasons are still shut to somebody: chosen, readable from records, no mere
    reminder of rotation, and neither impression nor decision of his is noted."""
    told = has_records(night)
    chosen = {
        flag["flag_key"]
        for flag in flags
        if flag["flag_id"] in told and flag["strength"] != "reminder" and is_chosen(flag["flag_key"])
    }
    if not chosen:
        return frozenset()
    noted = set(Impression.objects.filter(reviewer=user, flag_key__in=chosen).values_list("flag_key", flat=True))
    own = Q(reviewer=user) | Q(signature__signer=user)
    decided = set(Decision.objects.filter(own, flag_key__in=chosen).values_list("flag_key", flat=True))
    return frozenset(chosen - noted - decided)


@dataclass(frozen=True)
class Share:
    """A share with its Wilson interval (all 0..1); None where it rests on fewer than the policy's least number."""

    count: int
    whole: int
    value: float | None
    low: float | None
    high: float | None


def share(count: int, whole: int, least: int) -> Share:
    """count / whole with the Wilson interval of 95 % (Wilson 1927), where whole is at least `least`."""
    if whole < least or whole == 0:
        return Share(count, whole, None, None, None)
    part, square = count / whole, Z * Z / whole
    middle = (part + square / 2) / (1 + square)
    half = Z / (1 + square) * math.sqrt(part * (1 - part) / whole + square / (4 * whole))
    # at the ends the bounds are 0 and 1 but for rounding
    return Share(count, whole, part, min(part, max(0.0, middle - half)), max(part, min(1.0, middle + half)))


@dataclass(frozen=True)
class Line:
    """What became of one kind of impression. counts : by outcome. open_count : without a conclusion of that reviewer.

    concern : share of conclusions that something was amiss. changed : share that went the other way than the impression;
    None for who was unsure."""

    sight: Sight
    count: int
    open_count: int
    counts: tuple[tuple[Outcome, int], ...]
    concern: Share
    changed: Share | None


@dataclass(frozen=True)
class Report:
    """Impressions against conclusions. with_concern : of hints read blind first, and of all others, the conclusions that
    something was amiss, by whoever concluded."""

    lines: tuple[Line, ...]
    changed: Share
    blind_concern: Share
    other_concern: Share
    least: int

    @property
    def count(self) -> int:
        """Impressions in all."""
        return sum(line.count for line in self.lines)


def report(today: date) -> Report:
    """Every impression against the first conclusion of the same reviewer about the same hint that came after it."""
    least = policy.on(today).desk.smallest_share
    decisions = [
        decision
        for decision in Decision.objects.select_related("signature").order_by("decided_at", "decision_id")
        if has_effect(decision) and decision.outcome in CONCERN | CLEAR
    ]
    first: dict[tuple[int, str], Decision] = {}
    impressions = list(Impression.objects.order_by("noted_at", "pk"))
    noted = {(one.reviewer_id, one.flag_key): one.noted_at for one in impressions}
    for decision in decisions:
        key = (decision.reviewer_id, decision.flag_key)
        if key in noted and decision.decided_at >= noted[key]:
            first.setdefault(key, decision)
    lines, changes, settled = [], 0, 0
    for sight in Sight:
        own = [one for one in impressions if one.sight == sight]
        ended = [first[key] for one in own if (key := (one.reviewer_id, one.flag_key)) in first]
        concerned = sum(decision.outcome in CONCERN for decision in ended)
        turned = {Sight.NEEDS_LOOK: len(ended) - concerned, Sight.NOTHING: concerned}.get(sight)
        if turned is not None:
            changes, settled = changes + turned, settled + len(ended)
        counts = tuple((outcome, sum(one.outcome == outcome for one in ended)) for outcome in Outcome)
        lines.append(
            Line(
                sight,
                len(own),
                len(own) - len(ended),
                tuple((outcome, count) for outcome, count in counts if outcome in CONCERN | CLEAR),
                share(concerned, len(ended), least),
                None if turned is None else share(turned, len(ended), least),
            )
        )
    blind_keys_noted = {flag_key for _reviewer, flag_key in noted}
    blind = [decision for decision in decisions if decision.flag_key in blind_keys_noted]
    others = [decision for decision in decisions if decision.flag_key not in blind_keys_noted]
    return Report(
        tuple(lines),
        share(changes, settled, least),
        share(sum(one.outcome in CONCERN for one in blind), len(blind), least),
        share(sum(one.outcome in CONCERN for one in others), len(others), least),
        least,
    )
