"""Why the model says what it says of one merchant: a waterfall in words and numbers, from the base to the raw score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from desk.merchants.words import UNITS
from desk.published.night import Night
from models import policy

SHOWN = 12
"""Reasons told one by one: those that add most, either way; the rest stand together in one row."""

WIDTH = 240
"""Width of a bar's picture, in its own units."""

SMALL_CELL = policy.SMALL_CELL
"""Counts of complaints below this single out who complained; they are not told, nor that there is none (DOMAIN.md 2.11)."""

REASONS = """
select reason.feature, reason.value, reason.contribution, reason.base_value, reason.raw_score, usual.current_median
from merchant_reason as reason
left join drift as usual
    on usual.feature = reason.feature and usual.population = 'all_merchants' and usual.measure = 'psi'
where reason.merchant_id = $merchant_id
order by abs(reason.contribution) desc, reason.feature
"""


@dataclass(frozen=True)
class Step:
    """One row of the waterfall. contribution, start, end : in log-odds, positive is worse. x, width : of its bar."""

    label: str
    value: str
    usual: str
    contribution: float
    start: float
    end: float
    x: float
    width: float

    @property
    def odds(self) -> float:
        """What it multiplies the odds of a severe finding by."""
        return exp(self.contribution)

    @property
    def is_up(self) -> bool:
        """It makes the risk worse."""
        return self.contribution > 0


@dataclass(frozen=True)
class Waterfall:
    """From base_value over the steps to raw_score, both in log-odds; base_x and score_x are where they lie."""

    base_value: float
    raw_score: float
    base_x: float
    score_x: float
    steps: tuple[Step, ...]
    width: int = WIDTH


def waterfall(night: Night, merchant_id: str) -> Waterfall | None:
    """The reasons of one merchant, largest first; None where the night publishes none for it."""
    if not {"merchant_reason", "drift"} <= night.tables:
        return None
    rows = night.rows(REASONS, {"merchant_id": merchant_id})
    if not rows:
        return None
    return drawn(rows, labels(night))


def labels(night: Night) -> dict[str, dict[str, str]]:
    """Unit and words of each feature, from the model card that the night publishes; empty where it publishes none."""
    card = night.paper("merchant_card.json")
    return {feature["name"]: feature for feature in card["features"]} if card else {}


def drawn(rows: Sequence[Mapping[str, Any]], named: Mapping[str, Mapping[str, str]]) -> Waterfall:
    """The waterfall of rows that are ordered by size."""
    base, score = rows[0]["base_value"], rows[0]["raw_score"]
    told = [
        (_label(row["feature"], named), _value(row, named), _usual(row, named), row["contribution"]) for row in rows
    ]
    rest = told[SHOWN:]
    if rest:
        words = _("%(count)d further features together") % {"count": len(rest)}
        told = [*told[:SHOWN], (words, "", "", sum(row[3] for row in rest))]
    ends = [base]
    for row in told:
        ends.append(ends[-1] + row[3])
    low, high = min(*ends, score), max(*ends, score)
    scale = WIDTH / (high - low) if high > low else 0.0
    steps = tuple(
        Step(label, value, usual, adds, start, end, (min(start, end) - low) * scale, max(abs(adds) * scale, 1.0))
        for (label, value, usual, adds), start, end in zip(told, ends, ends[1:], strict=False)
    )
    return Waterfall(base, score, (base - low) * scale, (score - low) * scale, steps)


def _label(feature: str, named: Mapping[str, Mapping[str, str]]) -> str:
    language = "en" if (get_language() or "zh").startswith("en") else "zh"
    return named[feature][language] if feature in named else feature


def _value(row: Mapping[str, Any], named: Mapping[str, Mapping[str, str]]) -> str:
    if row["value"] is None:
        return _("not on record")
    unit = named.get(row["feature"], {}).get("unit", "number")
    if "complain" in row["feature"]:
        if unit != "count":
            return _("not told, to protect who complained")
        if row["value"] < SMALL_CELL:
            return _("fewer than %(count)d") % {"count": SMALL_CELL}
    return _written(row["value"], unit)


def _usual(row: Mapping[str, Any], named: Mapping[str, Mapping[str, str]]) -> str:
    if row["current_median"] is None:
        return ""
    return _written(row["current_median"], named.get(row["feature"], {}).get("unit", "number"))


def _written(value: float, unit: str) -> str:
    if unit == "boolean":
        return _("yes") if value else _("no")
    if unit == "share":
        return f"{value:.1%}"
    number = f"{value:,.0f}" if unit in ("count", "days", "yuan") else f"{value:,.2f}".rstrip("0").rstrip(".")
    return f"{number} {UNITS[unit]}".strip()
