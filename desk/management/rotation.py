"""Rotation reminders of a night: who has been how long where, as a matter of staffing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from desk.access.area import institutions_of
from desk.access.directory import officer_names, reads_names, unit_names
from desk.listing.column import Column, Filter, Kind
from desk.listing.listed import Listing
from desk.listing.source import NightSource
from desk.management.words import CLOCKS, OUTCOMES, POSTS, STATUSES
from desk.published.night import Night

PAGE_SIZE = 400
"""The list of a bureau of 351 officers on one page, so that it prints whole: about one in three clocks runs so far."""

URGENCY = dict(enumerate(STATUSES.values(), start=1))
TONES = {1: "bad", 2: "watch", 3: "quiet"}

HERE = "($units is null or from_institution_id in (select unnest($units)))"


def reminders(night: Night, units: Collection[str] | None) -> list[dict[str, Any]]:
    """officer_id, clock, status and years of every reminder in `units` (None: everywhere), in the order of its key."""
    return night.rows(
        f"select officer_id, clock, status, years from rotation_plan where {HERE} order by officer_id, clock",
        {"units": _listed(units)},
    )


def has_moves(night: Night) -> bool:
    """Whether this night proposes where to, or only says for whom a move is due."""
    return night.value("select count(*) from rotation_plan where to_post is not null") > 0


def has_outcomes(night: Night) -> bool:
    """Whether this night has a plan, and so says of every clock what the plan makes of it."""
    return "rotation_summary" in night.tables and night.value("select count(*) from rotation_summary") > 0


def source(night: Night, user) -> NightSource:
    """Reminders that this reader may see, with names as he may read them in place of identifiers."""
    people = {row["officer_id"] for row in night.rows("select distinct officer_id from rotation_plan")}
    swapped = night.rows("select distinct swap_with_officer_id as officer_id from rotation_plan")
    called = officer_names(night, user, people | {row["officer_id"] for row in swapped} - {None})
    units = unit_names(night)
    # beside a pseudonym, the exact time on a post would be looked up in a list of staff
    years = "plan.years" if reads_names(user) else "floor(plan.years)"
    outcome = ", plan.outcome" if has_outcomes(night) else ""
    select = f"""
        select
            array_position(['overdue', 'due', 'watch'], plan.status) as urgency,
            plan.officer_id,
            coalesce(person.called, plan.officer_id) as officer,
            plan.from_institution_id as unit_id,
            plan.from_post, plan.clock, {years} as years, -{years} as furthest, plan.reason_zh, plan.reason_en,
            plan.to_post, coalesce(place.called, plan.to_institution_id) as to_unit, plan.move_on, other.called as swap_with{outcome}
        from rotation_plan as plan
        left join (select unnest($officer_ids) as id, unnest($officers) as called) as person on person.id = plan.officer_id
        left join (select unnest($officer_ids) as id, unnest($officers) as called) as other
            on other.id = plan.swap_with_officer_id
        left join (select unnest($unit_ids) as id, unnest($unit_names) as called) as place
            on place.id = plan.to_institution_id
        where {HERE}
    """
    return NightSource(
        night,
        select,
        {
            "officer_ids": list(called),
            "officers": list(called.values()),
            "unit_ids": list(units),
            "unit_names": list(units.values()),
            "units": _listed(institutions_of(user, night)),
        },
    )


def listing(night: Night, user, counted: list[dict[str, Any]]) -> Listing:
    """The list as this reader sees it, and proposed moves only where the night has any.

    Management has identifiers, exact years and the reason that tells them; others whole years beside pseudonyms.
    """
    is_named = reads_names(user)
    names = unit_names(night)
    places = {
        row["from_institution_id"]: names.get(row["from_institution_id"], row["from_institution_id"]) for row in counted
    }
    columns = [
        Column(
            "urgency",
            _("State"),
            Kind.CHOICE,
            Filter.CHOICE,
            choices=URGENCY,
            tone=lambda row: TONES[row["urgency"]],
        ),
        Column("officer", _("Officer"), is_searched=True),
        Column("unit_id", _("Unit"), Kind.CHOICE, Filter.CHOICE, choices=places),
        Column("from_post", _("Post"), Kind.CHOICE, Filter.CHOICE, choices=POSTS),
        Column("clock", _("Clock"), Kind.CHOICE, Filter.CHOICE, choices=CLOCKS),
        Column("years", _("Years"), Kind.NUMBER, digits=1 if is_named else 0),
    ]
    if is_named:
        columns.insert(2, Column("officer_id", _("Officer number"), is_searched=True))
        columns.append(Column("reason", _("Why, and what stands against a move"), is_bilingual=True, is_sortable=False))
    if has_outcomes(night):
        columns.append(Column("outcome", _("What the plan makes of it"), Kind.CHOICE, Filter.CHOICE, choices=OUTCOMES))
    if has_moves(night):
        columns += [
            Column("to_post", _("Proposed post"), Kind.CHOICE, choices=POSTS),
            Column("to_unit", _("Proposed unit")),
            Column("move_on", _("Proposed for"), Kind.DATE),
        ]
    if has_moves(night) and is_named:
        columns.append(Column("swap_with", _("Changing places with")))
    return Listing(
        _("Rotation reminders"),
        tuple(columns),
        key=("furthest", "officer_id" if is_named else "officer", "clock"),
        sort="urgency",
        empty=_("Nobody has reached the years from which a clock is watched. The limits stand in the bureau's policy."),
        page_size=PAGE_SIZE,
    )


def counts(night: Night, units: Collection[str] | None) -> list[dict[str, Any]]:
    """Reminders by institution, clock and status: from_institution_id, clock, status, reminder_count."""
    return night.rows(
        f"""
        select from_institution_id, clock, status, count(*) as reminder_count from rotation_plan where {HERE}
        group by all order by all
        """,
        {"units": _listed(units)},
    )


def by_unit(counted: list[dict[str, Any]], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The counts as a table: one row per institution, in the order of its identifier, with a cell per clock and status.

    `cells` follow the clocks that occur and, within each, the statuses from the furthest on; 0 is a count here, for every
    clock is judged for everybody who serves.
    """
    columns = [(clock, status) for clock in clocks(counted) for status in STATUSES]
    found = {(row["from_institution_id"], row["clock"], row["status"]): row["reminder_count"] for row in counted}
    return [
        {
            "unit": unit,
            "name": names.get(unit, unit),
            "cells": [found.get((unit, clock, status), 0) for clock, status in columns],
        }
        for unit in sorted({row["from_institution_id"] for row in counted})
    ]


def clocks(rows: list[dict[str, Any]]) -> list[str]:
    """Clocks that occur in the rows, in the order of words.CLOCKS."""
    there = {row["clock"] for row in rows}
    return [clock for clock in CLOCKS if clock in there]


def _listed(units: Collection[str] | None) -> list[str] | None:
    return None if units is None else sorted(units)
