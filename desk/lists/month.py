"""The monthly work of officers: how much and how well, side by side with what it is to be held against.

It is a statistic of the bureau's own staff, by name. No fine is in it, nobody is ranked: figures cannot be sorted by, and
no colour says who is last.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from desk.listing.column import Column, Filter, Kind
from desk.listing.listed import Listing
from desk.listing.source import NightSource
from desk.lists.scoped import CALLED, names_of
from desk.lists.words import YEAR
from desk.published.night import Night

COUNTS = (
    ("service_day_count", _("Days of service")),
    ("leave_day_count", _("Days of leave")),
    ("led_visit_count", _("Visits led")),
    ("assisted_visit_count", _("Visits joined")),
    ("visit_day_count", _("Days with visits")),
    ("merchant_count", _("Merchants met")),
    ("finding_count", _("Findings")),
    ("case_count", _("Cases filed")),
    ("resolved_matter_count", _("Matters resolved")),
)
"""Work done."""

SHARES = (
    ("entered_visit_count", _("Visits with a day of entry"), "same_day_share", _("Entered the same day")),
    ("filed_visit_count", _("Visits to be approved"), "approved_before_share", _("Approved before")),
    ("ended_order_count", _("Orders whose term ended"), "recheck_share", _("Rechecked in time")),
    ("ended_matter_count", _("Matters that fell due"), "matter_in_time_share", _("Matters in time")),
    ("ended_case_count", _("Cases whose term ended"), "case_in_time_share", _("Cases in time")),
    ("reviewed_case_count", _("Cases reviewed"), "returned_share", _("Not agreed with by review")),
)
"""How well: what a share rests on, and the share."""

BY_UNIT = """
select
    institution_id,
    count(*) as officer_count,
    sum(service_day_count)::bigint as service_day_count,
    sum(led_visit_count)::bigint as led_visit_count,
    sum(finding_count)::bigint as finding_count,
    sum(ended_order_count)::bigint as ended_order_count,
    sum(case_count)::bigint as case_count
from officer_month
where period = $year
group by institution_id
order by institution_id
"""


def source(night: Night, user) -> NightSource:
    """Every officer and period, with officers as this reader is told of them."""
    select = f"""
        select told.*, person.called as officer
        from officer_month as told left join {CALLED} as person on person.id = told.officer_id
    """
    return NightSource(night, select, names_of(night, user, "officer_month"))


def periods(night: Night) -> dict[str, Any]:
    """The periods that the night tells, all months together first, with what they are called."""
    rows = night.rows("select distinct period from officer_month order by period desc")
    return {row["period"]: _("twelve months") if row["period"] == YEAR else row["period"] for row in rows}


def by_unit(night: Night) -> list[dict[str, Any]]:
    """Counts of the twelve months by the unit in which each officer served last."""
    return night.rows(BY_UNIT, {"year": YEAR})


def listing(units: Mapping[str, str], told: Mapping[str, Any]) -> Listing:
    """The list; `units` by id, `told` the periods of the night."""
    columns: Collection[Column] = (
        Column("period", _("Period"), Kind.CHOICE, Filter.CHOICE, told),
        Column("institution_id", _("Unit"), Kind.CHOICE, Filter.CHOICE, units, may_be_empty=True),
        Column("officer", _("Officer"), is_searched=True),
        Column("officer_id", _("Officer number"), is_searched=True),
        *(Column(name, label, Kind.NUMBER, is_sortable=False) for name, label in COUNTS),
        *(
            column
            for count, label, share, words in SHARES
            for column in (
                Column(count, label, Kind.NUMBER, is_sortable=False),
                Column(share, words, Kind.SHARE, is_sortable=False),
            )
        ),
        Column("reason", _("Why a figure is empty"), is_bilingual=True, is_sortable=False),
    )
    return Listing(
        title=_("Monthly work of officers"),
        columns=tuple(columns),
        key=("institution_id", "officer", "officer_id"),
        sort="-period",
        empty=_("No officer served in the months that this night tells."),
    )
