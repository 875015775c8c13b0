"""Pictures of merchants: how many stand in each tier, and where one lies among the others."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from desk.merchants.words import TIERS
from desk.published.night import Night

WIDTH = 600
"""Width of a picture, in its own units."""
BINS = 20
"""Bars of the strip: five percentiles each."""
HEIGHT = 60
"""Height of the strip's longest bar."""

MIX = """
select patrol_tier as rule, model_risk_tier as model, count(*) as merchant_count
from merchant_risk
where $sees_all or list_contains(cast($institution_ids as varchar[]), institution_id)
group by all
"""

STRIP = """
select least(cast(floor(percentile * $bins) as integer), $bins - 1) as bin, count(*) as merchant_count
from merchant_risk
where percentile is not null and institution_id = $institution_id
group by bin
order by bin
"""


@dataclass(frozen=True)
class Part:
    """One tier's part of a bar. share : of the merchants that have a tier of this kind, 0..1."""

    tier: str
    label: object
    count: int
    share: float
    x: float
    width: float

    @property
    def css(self) -> str:
        """The class that gives it its colour."""
        return f"tier-{self.tier.lower()}"


@dataclass(frozen=True)
class Mix:
    """One bar: all merchants by tier of one kind (rule, model)."""

    kind: str
    label: object
    parts: list[Part]


def tier_mix(night: Night, seen: Collection[str] | None) -> list[Mix]:
    """The bars by rule and by model; a bar without a merchant is left out."""
    rows = night.rows(MIX, {"sees_all": seen is None, "institution_ids": sorted(seen or ())})
    bars = []
    for kind, label in (("rule", _("Tier by rule")), ("model", _("Tier by model"))):
        counts = dict.fromkeys(TIERS, 0)
        for row in rows:
            if row[kind] is not None:
                counts[row[kind]] += row["merchant_count"]
        if sum(counts.values()):
            bars.append(Mix(kind, label, _parts(counts)))
    return bars


def _parts(counts: Mapping[str, int]) -> list[Part]:
    total, x, parts = sum(counts.values()), 0.0, []
    for tier, count in counts.items():
        width = WIDTH * count / total
        parts.append(Part(tier, TIERS[tier], count, count / total, x, width))
        x += width
    return parts


@dataclass(frozen=True)
class Bar:
    """Merchants between two percentiles. low, high : 0..1."""

    low: float
    high: float
    count: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Strip:
    """The merchants of one institution by percentile, and where one of them lies (x of the mark)."""

    bars: list[Bar]
    percentile: float
    x: float
    width: int = WIDTH
    height: int = HEIGHT


def strip(night: Night, institution_id: str, percentile: float | None) -> Strip | None:
    """Where a merchant lies among those of its institution; None where it has no percentile."""
    if percentile is None:
        return None
    rows = night.rows(STRIP, {"bins": BINS, "institution_id": institution_id})
    counts = {row["bin"]: row["merchant_count"] for row in rows}
    most, width = max(counts.values()), WIDTH / BINS
    bars = []
    for number in range(BINS):
        count = counts.get(number, 0)
        height = HEIGHT * count / most
        bars.append(Bar(number / BINS, (number + 1) / BINS, count, number * width, HEIGHT - height, width - 1, height))
    return Strip(bars, percentile, percentile * WIDTH)
