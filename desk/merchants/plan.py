"""This month's patrol plan: who goes where on which day, and what found no place."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from desk.access.directory import merchant_name_select, officer_names
from desk.listing.column import Column, Filter, Kind
from desk.listing.listed import Listing
from desk.listing.source import NightSource
from desk.merchants.words import SHOWN_KINDS, UNPLACED
from desk.published.night import Night

SEEN = "($sees_all or list_contains(cast($institution_ids as varchar[]), institution_id))"

VISITS = """
select
    plan.merchant_id,
    any_value(named.name) as name,
    any_value(plan.institution_id) as institution_id,
    any_value(plan.visit_on) as visit_on,
    any_value(plan.round_id) as round_id,
    any_value(plan.round_order) as round_order,
    any_value(case plan.visit_kind when 'complaint' then 'targeted' else plan.visit_kind end) as visit_kind,
    any_value(plan.due_on) as due_on,
    any_value(plan.officer_id) filter (where plan.role = 'lead') as lead_id,
    any_value(plan.officer_id) filter (where plan.role = 'co') as co_id,
    any_value(plan.reason) as reason_zh,
    any_value(plan.reason_en) as reason_en
from patrol_plan as plan
left join ({names}) as named on named.merchant_id = plan.merchant_id
group by plan.merchant_id
"""

LEFT_OUT = """
select
    unplaced.* replace (case visit_kind when 'complaint' then 'targeted' else visit_kind end as visit_kind), named.name
from unplaced_visit as unplaced
left join ({names}) as named on named.merchant_id = unplaced.merchant_id
"""

STATIONS = """
select institution_id, sum(visit_count)::bigint as visit_count, sum(officer_count)::bigint as officer_count,
    min(first_on) as first_on, max(last_on) as last_on, sum(unplaced_count)::bigint as unplaced_count
from (
    select institution_id, count(distinct merchant_id) as visit_count, count(distinct officer_id) as officer_count,
        min(visit_on) as first_on, max(visit_on) as last_on, 0 as unplaced_count
    from patrol_plan group by institution_id
    union all
    select institution_id, 0, 0, null, null, count(*) from unplaced_visit group by institution_id
) as told
group by institution_id
"""

ROSTER = """
select visit_on, officer_id, count(*) as visit_count
from patrol_plan
where institution_id = $institution_id
group by visit_on, officer_id
order by visit_on, officer_id
"""


def called(night: Night, user) -> dict[str, str]:
    """What the reader is told of each officer of the plan, by officer_id: a name to management, else a pseudonym."""
    rows = night.rows("select distinct officer_id from patrol_plan order by 1")
    return officer_names(night, user, [row["officer_id"] for row in rows])


def visits(night: Night, seen: Collection[str] | None, called: Mapping[str, str]) -> NightSource:
    """Planned visits, one row each, with both officers as `called`."""
    select = f"""
        select visit.* exclude (lead_id, co_id), lead.name as lead_name, co.name as co_name
        from {night.kept("visit_listed", _text(VISITS, night))} as visit
        left join (select unnest($officer_ids) as id, unnest($officers) as name) as lead on lead.id = visit.lead_id
        left join (select unnest($officer_ids) as id, unnest($officers) as name) as co on co.id = visit.co_id
        where {SEEN}
    """
    return NightSource(night, select, _values(seen) | {"officer_ids": list(called), "officers": list(called.values())})


def left_out(night: Night, seen: Collection[str] | None) -> NightSource:
    """Visits wanted that the plan does not hold."""
    table = night.kept("left_out_listed", _text(LEFT_OUT, night))
    return NightSource(night, f"select * from {table} where {SEEN}", _values(seen))


def stations(night: Night, seen: Collection[str] | None) -> list[dict[str, Any]]:
    """Visits, officers, first and last day, and visits left out, by institution in charge of the merchants."""
    return night.rows(f"select * from {night.kept('station_listed', STATIONS)} where {SEEN} order by 1", _values(seen))


def _text(text: str, night: Night) -> str:
    return text.replace("{names}", merchant_name_select(night))


def _values(seen: Collection[str] | None) -> dict[str, Any]:
    return {"sees_all": seen is None, "institution_ids": sorted(seen or ())}


@dataclass(frozen=True)
class Roster:
    """Visits by day (rows) and officer (columns): what officers are called, and (day, visits by officer, all of them) in order."""

    officers: list[str]
    days: list[tuple[date, list[int], int]]


def roster(night: Night, institution_id: str, called: Mapping[str, str]) -> Roster | None:
    """The plan of one institution by officer and day; None where it plans nothing."""
    rows = night.rows(ROSTER, {"institution_id": institution_id})
    if not rows:
        return None
    # in the order of what is read: that of the numbers would tell whose pseudonym is whose
    officers = sorted({row["officer_id"] for row in rows}, key=lambda officer: (called[officer], officer))
    counts: dict[date, dict[str, int]] = {}
    for row in rows:
        counts.setdefault(row["visit_on"], {})[row["officer_id"]] = row["visit_count"]
    days = []
    for day, by_officer in counts.items():
        visits_of = [by_officer.get(officer, 0) for officer in officers]
        # two officers make one visit
        days.append((day, visits_of, sum(visits_of) // 2))
    return Roster([called[officer] for officer in officers], days)


def visit_listing(institutions: Mapping[str, str]) -> Listing:
    """The list of planned visits."""
    return Listing(
        title=_("Planned visits"),
        columns=(
            Column("visit_on", _("Day"), Kind.DATE, Filter.RANGE),
            Column("round_id", _("Round"), is_searched=True),
            Column("round_order", _("Place in the round"), Kind.NUMBER),
            Column("merchant_id", _("Merchant"), is_searched=True, link=_address),
            Column("name", _("Name of the merchant"), is_searched=True),
            Column("institution_id", _("In charge"), Kind.CHOICE, Filter.CHOICE, institutions),
            Column("lead_name", _("Leads"), is_searched=True),
            Column("co_name", _("With"), is_searched=True),
            Column("visit_kind", _("Kind of visit"), Kind.CHOICE, Filter.CHOICE, SHOWN_KINDS),
            Column("due_on", _("Due on"), Kind.DATE),
            Column("reason", _("Why"), is_bilingual=True, is_sortable=False),
        ),
        key=("round_id", "round_order", "merchant_id"),
        sort="visit_on",
        empty=_("The plan of this night holds no visit here; the visits left out say why."),
    )


def left_out_listing(institutions: Mapping[str, str]) -> Listing:
    """The list of visits that found no place."""
    return Listing(
        title=_("Visits left out"),
        columns=(
            Column("merchant_id", _("Merchant"), is_searched=True, link=_address),
            Column("name", _("Name of the merchant"), is_searched=True),
            Column("institution_id", _("In charge"), Kind.CHOICE, Filter.CHOICE, institutions),
            Column("due_on", _("Due on"), Kind.DATE, Filter.RANGE),
            Column("visit_kind", _("Kind of visit"), Kind.CHOICE, Filter.CHOICE, SHOWN_KINDS),
            Column("code", _("Left out because"), Kind.CHOICE, Filter.CHOICE, UNPLACED),
            Column("reason", _("Why"), is_bilingual=True, is_sortable=False),
        ),
        key=("merchant_id",),
        sort="due_on",
        empty=_("Every visit that is wanted has a place in the plan."),
    )


def _address(row: Mapping[str, Any]) -> str:
    return reverse("merchant", args=[row["merchant_id"]])
