"""What falls due in the coming days, and who answers for it.

Matters stand in no row: the row of one would tell the day on which somebody came to the bureau, and rows can be counted. They
are counted by officer, where they are as many as may be told. What a merchant owes, a report or a permit, is nobody's
overdue task.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from desk.listing.column import Column, Filter, Kind
from desk.listing.listed import Listing
from desk.listing.source import NightSource
from desk.lists.scoped import CALLED, names_of, with_names
from desk.lists.words import CHARGES, MATTER, OWED_BY_MERCHANT, TASK_KINDS
from desk.merchants.words import TASK_STATUSES
from desk.published.night import Night
from models.policy import SMALL_CELL

IS_OWED = f"kind in {OWED_BY_MERCHANT}"
"""A condition: what the merchant owes."""

IS_PLANNED = "held.kind = 'planned_visit'"

SELECT = f"""
select
    held.* replace (
        if({IS_OWED}, 'merchant', held.charge) as charge,
        -- a planned visit may be owed to a matter, and its day and reason would tell it; they stand in the patrol plan
        if({IS_PLANNED}, null, held.due_on) as due_on,
        if({IS_PLANNED}, null, held.reason_zh) as reason_zh,
        if({IS_PLANNED}, null, held.reason_en) as reason_en
    ),
    if({IS_OWED}, 4, array_position(['overdue', 'due', 'upcoming'], held.status)) as urgency,
    named.name
from officer_task as held
left join ({{names}}) as named on named.merchant_id = held.merchant_id
where held.kind <> '{MATTER}'
"""

IS_TASK = f"kind not in ('planned_visit', '{MATTER}') and not {IS_OWED}"

COUNTS = f"""
count(*) filter ({IS_TASK} and status = 'overdue') as overdue_count,
count(*) filter ({IS_TASK} and status = 'due') as due_count,
count(*) filter ({IS_TASK} and status = 'upcoming') as upcoming_count,
count(*) filter ({IS_OWED}) as owed_count,
count(*) filter (kind = 'planned_visit' and charge = 'lead') as led_count,
count(*) filter (kind = 'planned_visit' and charge = 'co') as joined_count
"""
"""Tasks by state; apart from them what merchants owe, and planned visits: a visit may be what a task calls for, and is not
counted twice. No matter is among them, so that none is found by subtraction."""

MATTERS = f"count(*) filter (kind = '{MATTER}')"

URGENCY = {**dict(enumerate(TASK_STATUSES.values(), start=1)), 4: _("due at the merchant")}
TONES = {1: "watch", 2: "quiet", 3: "quiet", 4: "quiet"}


def source(night: Night, user) -> NightSource:
    """Every task but matters, with officers as this reader is told of them."""
    table = night.kept("task_listed", with_names(SELECT, night))
    select = f"""
        select held.*, person.called as officer
        from {table} as held left join {CALLED} as person on person.id = held.officer_id
    """
    return NightSource(night, select, names_of(night, user, "officer_task"))


def by_officer(night: Night, user) -> NightSource:
    """COUNTS by officer, with his unit, and matter_count, empty below SMALL_CELL; tasks of nobody are in no row of it.

    Who has so few matters and nothing else has no row: it would tell that he has one.
    """
    select = f"""
        select told.*, person.called as officer, officer.unit_id
        from (
            select officer_id, {COUNTS}, if({MATTERS} >= {SMALL_CELL}, {MATTERS}, null) as matter_count
            from officer_task where officer_id is not null group by officer_id
            having {MATTERS} >= {SMALL_CELL} or count(*) > {MATTERS}
        ) as told
        left join {CALLED} as person on person.id = told.officer_id
        left join officer on officer.officer_id = told.officer_id
    """
    return NightSource(night, select, names_of(night, user, "officer_task"))


def by_unit(night: Night) -> list[dict[str, Any]]:
    """COUNTS by institution in charge of the merchants, and `nobody_count`: tasks that nobody answers for.

    No matter is counted here: beside the counts of its officers, that of a unit would tell those that are not told.
    """
    return night.rows(
        f"""
        select institution_id, {COUNTS}, count(*) filter ({IS_TASK} and officer_id is null) as nobody_count
        from officer_task where kind <> '{MATTER}' group by institution_id order by institution_id
        """
    )


def listing(institutions: Mapping[str, str]) -> Listing:
    """The list of tasks; `institutions` by id."""
    return Listing(
        title=_("Tasks of the coming days"),
        columns=(
            Column("urgency", _("State"), Kind.CHOICE, Filter.CHOICE, URGENCY, tone=lambda row: TONES[row["urgency"]]),
            Column("officer", _("Officer"), is_searched=True),
            Column("officer_id", _("Officer number"), is_searched=True),
            Column("institution_id", _("In charge"), Kind.CHOICE, Filter.CHOICE, institutions),
            Column("kind", _("Task"), Kind.CHOICE, Filter.CHOICE, TASK_KINDS),
            Column("merchant_id", _("Merchant"), is_searched=True, link=_address),
            Column("name", _("Name of the merchant"), is_searched=True),
            Column("due_on", _("Due on"), Kind.DATE, Filter.RANGE),
            Column("visit_on", _("Visit planned for"), Kind.DATE, Filter.RANGE),
            Column("charge", _("Why it is his"), Kind.CHOICE, Filter.CHOICE, CHARGES),
            Column("reason", _("Why"), is_bilingual=True, is_sortable=False),
        ),
        key=("due_on", "officer_id", "merchant_id", "kind", "record_id", "charge"),
        sort="urgency",
        empty=_("Nothing falls due in the coming days, and no visit is planned."),
    )


def officer_listing(units: Mapping[str, str]) -> Listing:
    """The counts by officer; `units` by id."""
    return Listing(
        title=_("Tasks by officer"),
        columns=(
            Column("officer", _("Officer"), is_searched=True),
            Column("officer_id", _("Officer number"), is_searched=True),
            Column("unit_id", _("Unit"), Kind.CHOICE, Filter.CHOICE, units),
            Column("overdue_count", _("Tasks overdue"), Kind.NUMBER),
            Column("due_count", _("Tasks due soon"), Kind.NUMBER),
            Column("upcoming_count", _("Tasks not due yet"), Kind.NUMBER),
            Column("owed_count", _("Due at merchants"), Kind.NUMBER),
            Column(
                "matter_count",
                _("Matters"),
                Kind.NUMBER,
                is_sortable=False,
                help=_("fewer than five are not told"),
            ),
            Column("led_count", _("Planned visits led"), Kind.NUMBER),
            Column("joined_count", _("Planned visits joined"), Kind.NUMBER),
        ),
        key=("unit_id", "officer", "officer_id"),
        sort="unit_id",
        empty=_("Nothing falls due in the coming days, and no visit is planned."),
    )


def _address(row: Mapping[str, Any]) -> str:
    return reverse("merchant", args=[row["merchant_id"]])
