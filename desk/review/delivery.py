"""What the review delivers to the next night: the decisions about hints that took effect, as `decision.csv`."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings
from django.utils import timezone

from desk.delivery.sheet import sheet
from desk.review.models import Decision, Reply
from desk.review.standing import effective_at, has_effect

COLUMNS = (
    "decision_id", "flag_key", "subject_kind", "subject_id", "family", "outcome", "decided_at", "reviewer_hash",
    "supersedes", "disposition", "replied_on",
)  # fmt: skip
FILE = "decision.csv"
DECIDED = "decision"


def reviewer_hash(username: str) -> str:
    """The digest by which nights know a reviewer: the same for the same name, and nobody's name."""
    return hmac.new(settings.SECRET_KEY.encode(), f"reviewer|{username}".encode(), hashlib.sha256).hexdigest()[:32]


def written() -> bytes:
    """The file as the database says it now, in UTF-8; no bytes where nothing took effect yet."""
    decisions = Decision.objects.select_related("signature", "reviewer").prefetch_related("dispositions")
    all_of_them = list(decisions.order_by("decided_at", "decision_id"))
    by_id = {decision.pk: decision for decision in all_of_them}
    replied: dict[str, list] = {}
    for reply in Reply.objects.filter(superseded_by=None).order_by("received_on", "pk"):
        replied.setdefault(reply.flag_key, []).append(reply.received_on)
    rows = [
        _row(decision, by_id, replied.get(decision.flag_key, [])) for decision in all_of_them if has_effect(decision)
    ]
    return sheet(COLUMNS, rows)


def _row(decision: Decision, by_id: dict[str, Decision], replied: list) -> tuple:
    corrected = decision.supersedes_id
    # what never took effect was never delivered: what it would have corrected is corrected by this one
    while corrected and not has_effect(by_id[corrected]):
        corrected = by_id[corrected].supersedes_id
    made = list(decision.dispositions.all())
    return (
        decision.decision_id,
        decision.flag_key,
        decision.subject_kind,
        decision.subject_id,
        decision.family,
        decision.outcome,
        timezone.localtime(effective_at(decision)).strftime("%Y-%m-%d %H:%M:%S"),
        reviewer_hash(decision.reviewer.get_username()),
        corrected or "",
        made[-1].disposal if made else "",
        replied[-1].isoformat() if replied else "",
    )
