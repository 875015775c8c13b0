"""The picture of the tiers: how many merchants each has, by rule and by model, as two bars of the same length."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

WIDTH, HEIGHT, LEFT, RIGHT, TALL = 640, 96, 110, 10, 26
KINDS = {"rule": _("by rule"), "model": _("by model")}
TIERS = ("A", "B", "C", "D", "")
"""The tiers, and empty for merchants to whom the model gives none."""


@dataclass(frozen=True)
class Part:
    """Merchants of one tier: where their part of the bar lies, how many they are and what share; `target` of the model's."""

    tier: str
    x: float
    width: float
    count: int
    share: float
    target: float | None


@dataclass(frozen=True)
class Bar:
    """All merchants by one kind of tier."""

    label: str
    y: int
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Mix:
    """Both bars; lengths in the units of the viewBox."""

    bars: tuple[Bar, ...]
    merchant_count: int
    width: int = WIDTH
    height: int = HEIGHT
    tall: int = TALL


def drawn(rows: list[dict[str, Any]], target: Mapping[str, float]) -> Mix:
    """The picture of coverage.tiers(); target : share of merchants that policy gives each tier by model."""
    counted = {(row["kind"], row["tier"]): row["merchant_count"] for row in rows}
    whole = sum(count for (kind, _tier), count in counted.items() if kind == "rule")
    bars = []
    for number, (kind, label) in enumerate(KINDS.items()):
        parts, before = [], 0
        for tier in TIERS:
            count = counted.get((kind, tier), 0)
            if count:
                across = WIDTH - LEFT - RIGHT
                parts.append(
                    Part(
                        tier=tier,
                        x=round(LEFT + before / whole * across, 1),
                        width=round(count / whole * across, 1),
                        count=count,
                        share=count / whole,
                        target=target.get(tier) if kind == "model" else None,
                    )
                )
                before += count
        bars.append(Bar(label, 8 + number * (TALL + 16), tuple(parts)))
    return Mix(tuple(bars), whole)
