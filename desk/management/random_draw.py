"""What random draws teach, as the night publishes it: shares by class with their intervals. No person is in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from desk.management.words import ARM_CLASSES
from desk.published.night import Night

WIDTH = 200
"""Width of the picture of one class, in its own units."""

ROWS = """
select * from random_arm
where drawn_count + chosen_count > 0
order by list_position(['all', 'patrol_tier', 'credit_risk_class', 'model_risk_tier'], class_kind), class_value
"""
CORRECTION = "merchant_card.json"


@dataclass(frozen=True)
class Told:
    """One class: its row, its words, and where its interval and the chosen visits' share lie along the picture."""

    row: dict[str, Any]
    label: str
    low: float
    span: float
    middle: float
    chosen: float | None


@dataclass(frozen=True)
class Arm:
    """All classes, the whole of merchants first; `correction` is what the model card says of it, None without a card."""

    whole: dict[str, Any]
    classes: tuple[Told, ...]
    correction: dict[str, Any] | None
    width: int = WIDTH


def arm(night: Night) -> Arm | None:
    """What the night publishes of random draws; None where it publishes nothing of them."""
    rows = night.rows(ROWS) if "random_arm" in night.tables else []
    if not rows:
        return None
    ends = [row[name] or 0.0 for row in rows for name in ("population_high", "chosen_share")]
    scale = WIDTH / max(*ends, 0.01)
    card = night.paper(CORRECTION)
    return Arm(
        next(row for row in rows if row["class_kind"] == "all"),
        tuple(_told(row, scale) for row in rows),
        card.get("random_arm") if card else None,
    )


def _told(row: dict[str, Any], scale: float) -> Told:
    kind = ARM_CLASSES[row["class_kind"]]
    label = kind if row["class_kind"] == "all" else f"{kind} {row['class_value']}"
    low, high, middle = (scale * (row[f"population_{end}"] or 0.0) for end in ("low", "high", "share"))
    chosen = None if row["chosen_share"] is None else scale * row["chosen_share"]
    return Told(row, str(label), low, high - low, middle, chosen)
