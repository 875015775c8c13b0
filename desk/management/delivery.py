"""What management delivers to the next night: its decisions on moves, as `rotation_decision.csv`."""

from __future__ import annotations

from django.utils import timezone

from desk.delivery.sheet import sheet
from desk.management.models import RotationDecision

COLUMNS = (
    "decision_id", "officer_id", "verdict", "to_institution_id", "to_post", "to_grid_id", "move_on", "decided_at",
    "supersedes",
)  # fmt: skip
FILE = "rotation_decision.csv"
MOVE = "move"


def written() -> bytes:
    """The file as the database says it now, in UTF-8; no bytes where nothing was decided yet."""
    return sheet(COLUMNS, map(_row, RotationDecision.objects.order_by("decided_at", "decision_id")))


def _row(decision: RotationDecision) -> tuple[str, ...]:
    return (
        decision.decision_id,
        decision.officer_id,
        decision.verdict,
        decision.to_institution_id,
        decision.to_post,
        decision.to_grid_id,
        decision.move_on.isoformat(),
        timezone.localtime(decision.decided_at).strftime("%Y-%m-%d %H:%M:%S"),
        decision.supersedes_id or "",
    )
