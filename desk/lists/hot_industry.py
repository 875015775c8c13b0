"""Hot industries: how many of their merchants campaigns have reached, by unit, against the target."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from desk.listing.column import Column, Filter, Kind
from desk.listing.listed import Listing
from desk.listing.source import NightSource
from desk.lists.scoped import seen_values, seen_where
from desk.published.night import Night


def source(night: Night, seen: Collection[str] | None) -> NightSource:
    """The rows of the institutions `seen` (None: all)."""
    select = f"select * from hot_industry_coverage where unit_kind = 'institution' and {seen_where('unit_id')}"
    return NightSource(night, select, seen_values(seen))


def together(night: Night, seen: Collection[str] | None) -> list[dict[str, Any]]:
    """Each hot industry for all that the reader sees: merchant_count, both counts and shares (0..1), target, is_met."""
    return night.rows(
        f"""
        select
            hot_industry,
            any_value(industry_zh) as industry_zh,
            any_value(industry_en) as industry_en,
            sum(merchant_count)::bigint as merchant_count,
            sum(visited_count_365)::bigint as visited_count_365,
            sum(visited_count_365) / sum(merchant_count) as share_365,
            sum(visited_count_half_year)::bigint as visited_count_half_year,
            sum(visited_count_half_year) / sum(merchant_count) as share_half_year,
            max(target) as target,
            sum(visited_count_365) / sum(merchant_count) >= max(target) as is_met,
            max(window_start_on) as window_start_on,
            max(half_year_start_on) as half_year_start_on
        from hot_industry_coverage
        where unit_kind = 'institution' and {seen_where("unit_id")}
        group by hot_industry
        order by hot_industry
        """,
        seen_values(seen),
    )


def listing(institutions: Mapping[str, str]) -> Listing:
    """The list; `institutions` are those the reader sees, by id."""
    return Listing(
        title=_("Hot industries by unit"),
        columns=(
            Column("unit_id", _("In charge"), Kind.CHOICE, Filter.CHOICE, institutions),
            Column("industry", _("Industry"), is_bilingual=True, is_searched=True),
            Column("hot_industry", _("Codes that begin with")),
            Column("merchant_count", _("Merchants"), Kind.NUMBER),
            Column("visited_count_365", _("Reached in a year"), Kind.NUMBER),
            Column("share_365", _("Share in a year"), Kind.SHARE, Filter.RANGE),
            Column("target", _("Target"), Kind.SHARE),
            Column("is_met", _("Target reached"), Kind.BOOLEAN, Filter.CHOICE, may_be_empty=True),
            Column("visited_count_half_year", _("Reached this half-year"), Kind.NUMBER),
            Column("share_half_year", _("Share this half-year"), Kind.SHARE),
        ),
        key=("unit_id", "hot_industry"),
        sort="unit_id",
        empty=_("No merchant of a hot industry lies in your units. Which these are stands in the bureau's policy."),
    )
