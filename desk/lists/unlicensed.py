"""The register of unlicensed operation: where each matter stands, what is late or stuck, and who keeps coming back.

What was copied to other departments waits for them, and is late by no term of an officer's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from desk.listing.column import Column, Filter, Kind
from desk.listing.listed import Listing
from desk.listing.source import NightSource
from desk.lists.scoped import CALLED, names_of, seen_values, seen_where
from desk.lists.words import CLOSED_BY, STAGES
from desk.published.night import Night

IS_LATE = "(is_late and (is_closed or stage is distinct from 'copied'))"
"""A condition: late, and not for others to answer."""

LATE = {"yes": _("yes"), "no": _("no"), "others": _("waits for other departments")}

BY_UNIT = f"""
select
    institution_id,
    count(*) filter (not is_closed) as open_count,
    count(*) filter (not is_closed and stage is null) as unstaged_count,
    count(*) filter ({IS_LATE}) as late_count,
    count(*) filter (is_stuck) as stuck_count,
    count(*) filter (not is_closed and is_repeat_refuser) as repeat_count,
    count(*) filter (is_closed) as closed_count
from unlicensed_register
where {seen_where()}
group by institution_id
order by institution_id
"""

BY_STAGE = f"""
select stage, count(*) as open_count, count(*) filter ({IS_LATE}) as late_count
from unlicensed_register
where not is_closed and stage is not null and {seen_where()}
group by stage
"""


def source(night: Night, seen: Collection[str] | None, user) -> NightSource:
    """The register of the institutions `seen` (None: all), with officers as this reader is told of them."""
    select = f"""
        select
            held.* replace (
                case when is_late then if({IS_LATE}, 'yes', 'others') when not is_late then 'no' end as is_late
            ),
            person.called as officer
        from unlicensed_register as held
        left join {CALLED} as person on person.id = held.officer_id
        where {seen_where("held.institution_id")}
    """
    return NightSource(night, select, seen_values(seen) | names_of(night, user, "unlicensed_register"))


def by_unit(night: Night, seen: Collection[str] | None) -> list[dict[str, Any]]:
    """By institution in charge: what is open (of it without a stage, late, stuck, coming back) and what is closed."""
    return night.rows(BY_UNIT, seen_values(seen))


def by_stage(night: Night, seen: Collection[str] | None) -> list[dict[str, Any]]:
    """Open matters by the stage they are in: stage, open_count, late_count, in the order of the stages."""
    found = {row["stage"]: row for row in night.rows(BY_STAGE, seen_values(seen))}
    return [found.get(stage, {"stage": stage, "open_count": 0, "late_count": 0}) for stage in STAGES]


def listing(institutions: Mapping[str, str], *, is_named: bool) -> Listing:
    """The list; `institutions` are those the reader sees, by id.

    is_named : whether he reads names. To others no officer is shown: one person is publicly named for each grid, and beside
    it the pseudonym would name him on every other page.
    """
    officer = (Column("officer", _("Answers for it"), is_searched=True),) if is_named else ()
    return Listing(
        title=_("Register of unlicensed operation"),
        columns=(
            Column("merchant_id", _("Number"), is_searched=True),
            Column("institution_id", _("In charge"), Kind.CHOICE, Filter.CHOICE, institutions),
            Column("grid_id", _("Grid"), is_searched=True),
            Column("industry_code", _("Industry"), is_searched=True),
            Column("opened_on", _("On record from"), Kind.DATE),
            Column("found_on", _("First found"), Kind.DATE, Filter.RANGE),
            Column("stage", _("Stage"), Kind.CHOICE, Filter.CHOICE, STAGES, may_be_empty=True),
            Column("stage_since_on", _("In this stage since"), Kind.DATE),
            Column("days_in_stage", _("Days in this stage"), Kind.NUMBER, Filter.RANGE),
            Column("stage_due_on", _("Next stage due"), Kind.DATE),
            Column(
                "is_late", _("Late by provisional terms (assumed)"), Kind.CHOICE, Filter.CHOICE, LATE, may_be_empty=True
            ),
            Column("is_stuck", _("Stuck"), Kind.BOOLEAN, Filter.CHOICE, may_be_empty=True),
            Column("found_again_count", _("Found again after a disposal"), Kind.NUMBER),
            Column("is_repeat_refuser", _("Keeps coming back"), Kind.BOOLEAN, Filter.CHOICE, may_be_empty=True),
            Column("disposal", _("Last disposal"), is_searched=True),
            *officer,
            Column("is_closed", _("Done with"), Kind.BOOLEAN, Filter.CHOICE),
            Column("closed_by", _("How"), Kind.CHOICE, choices=CLOSED_BY),
        ),
        key=("institution_id", "merchant_id"),
        sort="-days_in_stage",
        empty=_("No merchant without a licence is on record in your units."),
    )
