"""Aggregates of units over time, as a night publishes them: what rests on too few people is empty there already."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from desk.published.night import Night

LEAST_UNITS = 5
"""A median is told of so many units or more: of fewer it would tell one unit's figure to another."""


@dataclass(frozen=True)
class Measure:
    """A column of unit_aggregate: its name, what it is called, and whether it is a share, a number, a count or days."""

    name: str
    label: str
    kind: str


MEASURES = (
    Measure("officer_count", _("Officers"), "count"),
    Measure("visit_count", _("Visits"), "count"),
    Measure("visits_per_officer", _("Visits per officer"), "number"),
    Measure("finding_share", _("Visits that found something"), "share"),
    Measure("severe_share", _("Visits with a severe finding"), "share"),
    Measure("referred_share", _("Visits referred for a case"), "share"),
    Measure("filed_visit_share", _("Visits filed beforehand"), "share"),
    Measure("case_count", _("Cases filed"), "count"),
    Measure("decided_count", _("Cases ended"), "count"),
    Measure("fined_share", _("Cases fined"), "share"),
    Measure("no_penalty_share", _("Cases without penalty"), "share"),
    Measure("dropped_share", _("Cases withdrawn or terminated"), "share"),
    Measure("median_days_to_decision", _("Median days to a decision"), "days"),
    Measure("complaint_count_per_officer", _("Complaints per officer"), "number"),
    Measure("rotation_overdue_share", _("Officers overdue for rotation"), "share"),
)
SCOPES = {"own": _("the unit itself"), "small_units": _("its small units together")}

BUREAU = "all"
"""unit_id of the bureau as a whole in hint_aggregate."""

HERE = "($units is null or institution_id in (select unnest($units)))"


def published(night: Night) -> tuple[Measure, ...]:
    """The measures that this night publishes, in the order of MEASURES; none where it has no table of aggregates."""
    columns = night.columns("unit_aggregate")
    return tuple(measure for measure in MEASURES if measure.name in columns)


def quarters(night: Night) -> list[date]:
    """First days of the quarters that are published, the latest first."""
    found = night.rows("select distinct quarter_start_on from unit_aggregate order by quarter_start_on desc")
    return [row["quarter_start_on"] for row in found]


def latest(night: Night) -> date:
    """First day of the latest quarter that is complete, else of the latest there is."""
    return night.value(
        "select coalesce(max(quarter_start_on) filter (is_complete), max(quarter_start_on)) from unit_aggregate"
    )


def units(night: Night, seen: Collection[str] | None, quarter: date, order: str) -> list[dict[str, Any]]:
    """Rows of unit_aggregate of one quarter for the institutions that are `seen` (None: all).

    order : a measure, the highest first and what is not told last; anything else means the order of the identifiers.
    """
    known = {measure.name for measure in published(night)}
    by = f"{order} desc nulls last, " if order in known else ""
    return night.rows(
        f"""
        select * from unit_aggregate where quarter_start_on = $quarter and {HERE}
        order by {by}institution_id, scope
        """,
        {"quarter": quarter, "units": _listed(seen)},
    )


def history(night: Night, institution_id: str) -> dict[str, list[dict[str, Any]]]:
    """Rows of one institution by scope, in the order of time; empty where it is told in no row."""
    rows = night.rows(
        "select * from unit_aggregate where institution_id = $unit order by scope, quarter_start_on",
        {"unit": institution_id},
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["scope"], []).append(row)
    return found


def medians(night: Night) -> dict[date, dict[str, float | None]]:
    """Median over all units by quarter and measure; None where fewer than LEAST_UNITS are told."""
    of_each = ", ".join(
        f"case when count({measure.name}) >= {LEAST_UNITS} then median({measure.name}) end as {measure.name}"
        for measure in published(night)
    )
    rows = night.rows(f"select quarter_start_on, {of_each} from unit_aggregate group by 1 order by 1")
    return {row.pop("quarter_start_on"): row for row in rows}


def hints(night: Night, unit_id: str) -> list[dict[str, Any]]:
    """hint_aggregate of one institution, or of BUREAU: a row per family with `judged`, the officers whom it can measure,
    and `counts` by strength.

    A count is None where the night does not tell it, because it would point at persons; nothing is worked out here.
    """
    if "hint_aggregate" not in night.tables:
        return []
    rows = night.rows(
        """
        select family, strength, evaluable_officer_count, hint_count from hint_aggregate where unit_id = $unit
        order by family, strength
        """,
        {"unit": unit_id},
    )
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        of_family = found.setdefault(row["family"], {"family": row["family"], "judged": 0, "counts": {}})
        of_family["judged"] = row["evaluable_officer_count"]
        of_family["counts"][row["strength"]] = row["hint_count"]
    return list(found.values())


def _listed(seen: Collection[str] | None) -> list[str] | None:
    return None if seen is None else sorted(seen)
