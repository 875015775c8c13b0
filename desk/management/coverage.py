"""Tiers, coverage and overdue visits of a night, for the units that a reader sees. No person is in any of it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from desk.management.words import COVERAGE
from desk.published.night import Night

BUREAU = "all"
"""unit_id of the bureau as a whole in the published table."""

HERE = "($units is null or institution_id in (select unnest($units)))"


def tiers(night: Night, units: Collection[str] | None) -> list[dict[str, Any]]:
    """Merchants by tier, by rule and by model: kind, tier (empty where the model gives none), merchant_count."""
    return night.rows(
        f"""
        select 'rule' as kind, patrol_tier as tier, count(*) as merchant_count
        from merchant_risk where {HERE} group by all
        union all
        select 'model', coalesce(model_risk_tier, ''), count(*)
        from merchant_risk where {HERE} group by all
        order by all
        """,
        {"units": _listed(units)},
    )


def measures(night: Night, units: Collection[str] | None) -> list[dict[str, Any]]:
    """Each measure for all that the reader sees: the bureau's own row, or the sum over his units.

    numerator, denominator, share (empty where no unit's is computable), target, is_met, reason_zh, reason_en.
    """
    if units is None:
        rows = night.rows("select * from coverage where unit_id = $bureau", {"bureau": BUREAU})
    else:
        rows = night.rows(
            """
            select
                measure,
                sum(numerator) as numerator,
                sum(denominator) filter (numerator is not null) as denominator,
                sum(numerator) / nullif(sum(denominator) filter (numerator is not null), 0) as share,
                max(target) as target,
                sum(numerator) / nullif(sum(denominator) filter (numerator is not null), 0) >= max(target) as is_met,
                arg_min(reason_zh, unit_id) filter (numerator is null) as reason_zh,
                arg_min(reason_en, unit_id) filter (numerator is null) as reason_en
            from coverage
            where unit_kind = 'institution' and unit_id in (select unnest($units))
            group by measure
            """,
            {"units": _listed(units)},
        )
    found = {row["measure"]: row for row in rows}
    return [found[measure] for measure in COVERAGE if measure in found]


def by_unit(night: Night, units: Collection[str] | None) -> list[dict[str, Any]]:
    """One row per institution in charge: its measures by name, its merchants, how many are overdue and for how long.

    overdue_share (0..1) and median_overdue_days: higher is worse; the latter is empty where none is overdue.
    """
    merchants = night.rows(
        f"""
        select
            institution_id,
            count(*) as merchant_count,
            count(*) filter (is_overdue) as overdue_count,
            count(*) filter (is_overdue) / count(*) as overdue_share,
            median(overdue_days) filter (is_overdue) as median_overdue_days,
            sum(required_visits_per_year) as required_visit_count,
            sum(capped_visits_per_year) as capped_visit_count
        from merchant_risk where {HERE}
        group by institution_id order by institution_id
        """,
        {"units": _listed(units)},
    )
    shares = night.rows(
        """
        select unit_id, measure, share, is_met, target, reason_zh, reason_en from coverage
        where unit_kind = 'institution' order by unit_id, measure
        """
    )
    found = {(row["unit_id"], row["measure"]): row for row in shares}
    return [
        row | {"measures": [found.get((row["institution_id"], measure), {}) for measure in COVERAGE]}
        for row in merchants
    ]


def _listed(units: Collection[str] | None) -> list[str] | None:
    return None if units is None else sorted(units)
