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
    """Merchants of one tier: where their part of the bar lies, how many they are, and what share (0..1)."""

    tier: str
    x: float
    width: float
    count: int
    share: float


@dataclass(frozen=True)
class Bar:
    """All merchants by one kind of tier; a part for every tier, also where nobody has it."""

    label: str
    y: int
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Row:
    """One tier in numbers: its parts in the order of the bars, and the share that policy gives it by model."""

    tier: str
    parts: tuple[Part, ...]
    target: float | None


@dataclass(frozen=True)
class Mix:
    """Both bars and the same as a table; lengths in the units of the viewBox."""

    bars: tuple[Bar, ...]
    rows: tuple[Row, ...]
    merchant_count: int
    width: int = WIDTH
    height: int = HEIGHT
    tall: int = TALL


def drawn(rows: list[dict[str, Any]], target: Mapping[str, float]) -> Mix:
    """The picture of coverage.tiers(); target : share of merchants that policy gives each tier by model."""
    counted = {(row["kind"], row["tier"]): row["merchant_count"] for row in rows}
    whole = sum(count for (kind, _tier), count in counted.items() if kind == "rule")
    if not whole:
        return Mix((), (), 0)
    bars = []
    for number, (kind, label) in enumerate(KINDS.items()):
        parts, before, across = [], 0, WIDTH - LEFT - RIGHT
        for tier in TIERS:
            count = counted.get((kind, tier), 0)
            x, width = round(LEFT + before / whole * across, 1), round(count / whole * across, 1)
            parts.append(Part(tier, x, width, count, count / whole))
            before += count
        bars.append(Bar(label, 8 + number * (TALL + 16), tuple(parts)))
    by_tier = zip(*(bar.parts for bar in bars), strict=True)
    told = [Row(parts[0].tier, parts, target.get(parts[0].tier)) for parts in by_tier]
    return Mix(tuple(bars), tuple(row for row in told if row.tier or any(part.count for part in row.parts)), whole)
