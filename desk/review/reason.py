"""Why the model scores a hint's subject as it does: every feature with its value, its peers, its unit and what it adds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from desk.listing.templatetags.desk import said
from desk.published.night import Night
from desk.review.scale import over
from desk.review.words import PARTS, UNITS

LEFT, RIGHT, ROW, TOP = 250.0, 760.0, 26.0, 8.0
"""Place of the bars in the picture, height of a row, and the room above."""
SMALL = 0.005
"""What adds less than this to the score, in either direction, is folded away: it would round to 0.00."""

OTHER = "other"
"""The group of what belongs to no other, or adds nothing to see."""


@dataclass(frozen=True)
class Bar:
    """One feature. value, peer_median : in its unit, None where not known or withheld. contribution : added to the score."""

    label: str
    unit: str
    value: float | None
    peer_median: float | None
    peer_count: int | None
    is_withheld: bool
    contribution: float

    @property
    def is_small(self) -> bool:
        """Too little to see."""
        return abs(self.contribution) < SMALL


@dataclass(frozen=True)
class Group:
    """The features of one family or kind of record, what they add together, and where that stands in the picture.

    x, width : of the bar, which begins where the group before it ended. y : its row.
    """

    label: str
    bars: tuple[Bar, ...]
    contribution: float
    x: float
    width: float
    y: float

    @property
    def direction(self) -> str:
        """The class of its bar: up raises the score."""
        return "up" if self.contribution > 0 else "down"

    @property
    def only(self) -> Bar | None:
        """Its one feature, where it has no other: told in one row."""
        return self.bars[0] if len(self.bars) == 1 else None

    @property
    def shown(self) -> tuple[Bar, ...]:
        """The features that add anything to see."""
        return tuple(bar for bar in self.bars if not bar.is_small)

    @property
    def folded(self) -> tuple[Bar, ...]:
        """The others."""
        return tuple(bar for bar in self.bars if bar.is_small)

    @property
    def text_y(self) -> float:
        """Where its words stand."""
        return self.y + ROW * 0.6


@dataclass(frozen=True)
class Explanation:
    """The explanation of one score: base_value + the groups' contributions = raw_score (log-odds, or the unit of the model)."""

    model: str
    record_id: str
    base_value: float
    raw_score: float
    groups: tuple[Group, ...]
    ticks: tuple[tuple[float, str], ...]
    base_x: float
    score_x: float

    @property
    def height(self) -> float:
        """Of the picture."""
        return TOP + ROW * (len(self.groups) + 2) + 24

    @property
    def axis_y(self) -> float:
        """Where the axis stands."""
        return TOP + ROW * (len(self.groups) + 2)

    @property
    def score_y(self) -> float:
        """Where the score's words stand."""
        return TOP + ROW * (len(self.groups) + 1) + ROW * 0.6

    @property
    def is_officer(self) -> bool:
        """Whether the score is that of the officer model, in log-odds."""
        return self.model == "officer"

    @property
    def sentence(self) -> str:
        """The largest groups in words."""
        told = []
        for group in self.groups[:3]:
            if abs(group.contribution) < SMALL:
                continue
            words = _("%(what)s adds %(points)s") if group.contribution > 0 else _("%(what)s takes %(points)s away")
            times = f" (×{math.exp(abs(group.contribution)):.2f})" if self.is_officer else ""
            told.append(words % {"what": group.label, "points": f"{abs(group.contribution):.2f}{times}"})
        return "; ".join(told) if told else _("No feature moves the score.")


def explanations(night: Night, flag: dict[str, Any]) -> list[Explanation]:
    """The explanations of a hint, one for each model and record that was explained."""
    has_labels = "feature_label" in night.tables
    labels = "left join feature_label using (model, feature)" if has_labels else ""
    named = (
        "part, label_zh, label_en, unit, coalesce(is_confidential, false) as is_confidential, peer_median, peer_count"
        if has_labels
        else "null as part, feature as label_zh, feature as label_en, null as unit, false as is_confidential, "
        "null as peer_median, null as peer_count"
    )
    rows = night.rows(
        f"select model, record_id, feature, value, contribution, base_value, raw_score, {named} "
        f"from flag_reason {labels} where flag_id = $flag_id order by model, record_id, feature",
        {"flag_id": flag["flag_id"]},
    )
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault((row["model"], row["record_id"]), []).append(row)
    return [_explanation(model, record, own) for (model, record), own in found.items()]


def _explanation(model: str, record_id: str, rows: list[dict[str, Any]]) -> Explanation:
    base, score = rows[0]["base_value"], rows[0]["raw_score"]
    parts: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        parts.setdefault(row["part"] or OTHER, []).append(row)
    # families that together add nothing to see share one row at the end
    for part in [part for part, own in parts.items() if part != OTHER and all(_is_small(row) for row in own)]:
        parts.setdefault(OTHER, []).extend(parts.pop(part))
    added = {part: math.fsum(row["contribution"] for row in own) for part, own in parts.items()}
    order = sorted(parts, key=lambda part: (part == OTHER, -abs(added[part]), part))
    ends, at = [base], base
    for part in order:
        at += added[part]
        ends.append(at)
    scale = over([*ends, score], LEFT, RIGHT)
    groups = []
    for place, part in enumerate(order):
        begin, end = sorted((ends[place], ends[place + 1]))
        bars = sorted((_bar(row) for row in parts[part]), key=lambda bar: (-abs(bar.contribution), bar.label))
        x = scale.at(begin)
        groups.append(
            Group(
                str(PARTS.get(part, _("all other features"))),
                tuple(bars),
                added[part],
                x,
                round(max(scale.at(end) - x, 0.8), 1),
                TOP + ROW * (place + 1),
            )
        )
    return Explanation(
        model, record_id, base, score, tuple(groups), tuple(scale.ticks()), scale.at(base), scale.at(score)
    )


def _is_small(row: dict[str, Any]) -> bool:
    return abs(row["contribution"]) < SMALL


def _bar(row: dict[str, Any]) -> Bar:
    return Bar(
        said(row, "label") or row["feature"],
        str(UNITS.get(row["unit"], row["unit"] or "")),
        row["value"],
        row["peer_median"],
        row["peer_count"],
        row["is_confidential"],
        row["contribution"],
    )
