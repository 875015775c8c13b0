"""The list of merchants: its columns, and the select behind it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from desk.access.directory import merchant_name_select
from desk.listing.column import Column, Filter, Kind
from desk.listing.listed import Listing
from desk.listing.source import NightSource
from desk.merchants.words import DIRECTIONS, TIERS
from desk.published.night import Night

TABLES = ("merchant_risk", "tier_disagreement", "due_task")
"""What the list is read from."""

SELECT = """
select
    risk.merchant_id,
    named.name,
    risk.institution_id,
    risk.industry_code,
    risk.patrol_tier,
    risk.model_risk_tier,
    risk.percentile,
    risk.probability,
    coalesce(disagreed.direction, 'close') as direction,
    risk.last_visit_on,
    risk.next_due_on,
    risk.is_overdue,
    risk.overdue_days,
    coalesce(task.open_count, 0) as open_task_count
from merchant_risk as risk
left join ({names}) as named on named.merchant_id = risk.merchant_id
left join tier_disagreement as disagreed on disagreed.merchant_id = risk.merchant_id
left join (
    select merchant_id, count(distinct (kind, case when kind <> 'complaint_to_verify' then record_id end)) as open_count
    from due_task where status in ('due', 'overdue') group by merchant_id
) as task on task.merchant_id = risk.merchant_id
"""

SEEN = "select * from {table} where $sees_all or list_contains(cast($institution_ids as varchar[]), institution_id)"


def source(night: Night, seen: Collection[str] | None) -> NightSource:
    """The merchants of the institutions `seen` (None: all)."""
    values = {"sees_all": seen is None, "institution_ids": sorted(seen or ())}
    table = night.kept("merchant_listed", SELECT.replace("{names}", merchant_name_select(night)))
    return NightSource(night, SEEN.replace("{table}", table), values)


def listing(institutions: Mapping[str, str]) -> Listing:
    """The list; `institutions` are those the reader sees, by id."""
    return Listing(
        title=_("Merchants"),
        columns=(
            Column("merchant_id", _("Number"), is_searched=True, link=_address),
            Column("name", _("Name of the merchant"), is_searched=True),
            Column("institution_id", _("In charge"), Kind.CHOICE, Filter.CHOICE, institutions),
            Column("industry_code", _("Industry"), help=_("code of GB/T 4754-2017")),
            Column("patrol_tier", _("Tier by rule"), Kind.CHOICE, Filter.CHOICE, TIERS, tone=_tone_of("patrol_tier")),
            Column(
                "model_risk_tier",
                _("Tier by model"),
                Kind.CHOICE,
                Filter.CHOICE,
                TIERS,
                may_be_empty=True,
                tone=_tone_of("model_risk_tier"),
            ),
            Column("percentile", _("Risk percentile"), Kind.SHARE, Filter.RANGE, help=_("higher is worse")),
            Column("direction", _("Rule and model apart"), Kind.CHOICE, Filter.CHOICE, DIRECTIONS),
            Column("last_visit_on", _("Last visit"), Kind.DATE),
            Column("next_due_on", _("Next due"), Kind.DATE),
            Column("is_overdue", _("Visit overdue"), Kind.BOOLEAN, Filter.CHOICE, is_shown=False),
            Column("overdue_days", _("Days overdue"), Kind.NUMBER),
            Column("open_task_count", _("Tasks due"), Kind.NUMBER),
        ),
        key=("merchant_id",),
        sort="-percentile",
        empty=_(
            "No merchant lies in your area. If this is wrong, ask whoever runs the desk to check your area, and whether "
            "the last delivery held merchants."
        ),
    )


def _address(row: Mapping[str, Any]) -> str:
    return reverse("merchant", args=[row["merchant_id"]])


def _tone_of(name: str):
    # worst first to the eye, the letter says the same
    tones = {"D": "bad", "C": "watch", "B": "quiet", "A": "quiet"}
    return lambda row: tones.get(row[name], "")
