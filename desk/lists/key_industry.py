"""Key industries: every open merchant of them, and whether it has been checked on site this year."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from desk.listing.column import Column, Filter, Kind
from desk.listing.listed import Listing
from desk.listing.source import NightSource
from desk.lists.scoped import seen_values, seen_where, with_names
from desk.published.night import Night

SELECT = """
select held.*, named.name
from key_industry_coverage as held
left join ({names}) as named on named.merchant_id = held.merchant_id
"""

BY_UNIT = f"""
select
    institution_id,
    count(*) as merchant_count,
    count(is_visited) as told_count,
    count(*) filter (is_visited) as visited_count,
    count(*) filter (is_visited) / nullif(count(is_visited), 0) as share,
    count(*) filter (not is_visited and planned_visit_on is not null) as planned_count,
    count(*) filter (not is_visited and planned_visit_on is null) as left_count
from key_industry_coverage
where {seen_where()}
group by institution_id
order by institution_id
"""


def source(night: Night, seen: Collection[str] | None) -> NightSource:
    """Merchants of key industries of the institutions `seen` (None: all)."""
    table = night.kept("key_industry_listed", with_names(SELECT, night))
    return NightSource(night, f"select * from {table} where {seen_where()}", seen_values(seen))


def by_unit(night: Night, seen: Collection[str] | None) -> list[dict[str, Any]]:
    """By institution in charge: merchants, those visited with their share (0..1), those planned, and those left over.

    share is empty where no visit was delivered.
    """
    return night.rows(BY_UNIT, seen_values(seen))


def listing(institutions: Mapping[str, str]) -> Listing:
    """The list; `institutions` are those the reader sees, by id."""
    return Listing(
        title=_("Key industries, on site once a year"),
        columns=(
            Column("merchant_id", _("Number"), is_searched=True, link=_address),
            Column("name", _("Name of the merchant"), is_searched=True),
            Column("institution_id", _("In charge"), Kind.CHOICE, Filter.CHOICE, institutions),
            Column("grid_id", _("Grid"), is_searched=True),
            Column("industry_code", _("Industry"), is_searched=True),
            Column(
                "is_visited",
                _("Checked this year"),
                Kind.BOOLEAN,
                Filter.CHOICE,
                may_be_empty=True,
                help=_("somebody was met and checked as often as policy asks; a closed door does not count"),
            ),
            Column("on_site_count_year", _("Checks on site this year"), Kind.NUMBER),
            Column("last_on_site_on", _("Last checked on site"), Kind.DATE, Filter.RANGE),
            Column("planned_visit_on", _("Visit planned for"), Kind.DATE, Filter.RANGE),
            Column("days_left_in_year", _("Days left in the year"), Kind.NUMBER),
        ),
        key=("institution_id", "merchant_id"),
        sort="is_visited",
        empty=_("No merchant of a key industry lies in your units."),
    )


def _address(row: Mapping[str, Any]) -> str:
    return reverse("merchant", args=[row["merchant_id"]])
