"""What the plan leaves undone: officers whose time has run out and for whom it has no move, with the rule in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from desk.access.area import institutions_of
from desk.access.directory import officer_names, reads_names
from desk.listing.column import Column, Filter, Kind
from desk.listing.listed import Listing
from desk.listing.source import NightSource
from desk.management.place import known
from desk.management.words import ASKED_RULES, CLOCKS, CONTROLS, OF_SUCCESSORS, OUTCOMES, POSTS, STATUSES, UNSUITABLE
from desk.published.night import Night

PAGE_SIZE = 400
"""Everybody who is left on one page, so that it prints whole."""

URGENCY = {number: STATUSES[status] for number, status in enumerate(("overdue", "due"), start=1)}
TONES = {1: "bad", 2: "watch"}
LEFT = {outcome: OUTCOMES[outcome] for outcome in ("barred", "later")}


def source(night: Night, user) -> NightSource:
    """One row for each officer whom the plan leaves where he is, by the clock of his that has run furthest beyond its limit."""
    rows = night.rows("select distinct officer_id from rotation_plan where outcome in ('barred', 'later')")
    called = officer_names(night, user, {row["officer_id"] for row in rows})
    seen = institutions_of(user, night)
    # beside a pseudonym, the exact time on a post would be looked up in a list of staff
    years = "years" if reads_names(user) else "floor(years)"
    select = f"""
        select plan.* replace (
                {years} as years,
                concat(
                    if(is_of_successors, '{OF_SUCCESSORS}', ''), if(barring_rule = 'interest', '{UNSUITABLE}', barring_rule)
                ) as barring_rule
            ),
            person.called as officer,
            if(status = 'overdue', 1, 2) as urgency, -{years} as furthest
        from rotation_plan as plan
        join (select unnest($officer_ids) as id, unnest($officers) as called) as person on person.id = plan.officer_id
        where outcome in ('barred', 'later') and status in ('due', 'overdue')
            and ($units is null or from_institution_id in (select unnest($units)))
        qualify row_number() over (partition by plan.officer_id order by status = 'overdue' desc, plan.years desc, clock) = 1
    """
    values: dict[str, Any] = {"officer_ids": list(called), "officers": list(called.values())}
    return NightSource(night, select, values | {"units": None if seen is None else sorted(seen)})


def listing(night: Night, user) -> Listing:
    """The list as this reader sees it. A rule is told in words and no more is said of it; `interest` is folded away."""
    names, is_named = known(night), reads_names(user)
    rows = night.rows("select distinct from_institution_id as unit from rotation_plan order by 1")
    columns = [
        Column(
            "urgency", _("State"), Kind.CHOICE, Filter.CHOICE, choices=URGENCY, tone=lambda row: TONES[row["urgency"]]
        ),
        Column("officer", _("Officer"), is_searched=True),
        Column(
            "from_institution_id",
            _("Unit"),
            Kind.CHOICE,
            Filter.CHOICE,
            choices={row["unit"]: names.units.get(row["unit"], row["unit"]) for row in rows},
        ),
        Column("from_post", _("Post"), Kind.CHOICE, Filter.CHOICE, choices=POSTS),
        Column("clock", _("Clock"), Kind.CHOICE, Filter.CHOICE, choices=CLOCKS),
        Column("years", _("Years"), Kind.NUMBER, digits=1 if is_named else 0),
        Column("outcome", _("What the plan makes of it"), Kind.CHOICE, Filter.CHOICE, choices=LEFT),
        Column("barring_rule", _("Rule that stands in the way"), Kind.CHOICE, Filter.CHOICE, choices=ASKED_RULES),
        Column("compensating_control", _("In place of a move"), Kind.CHOICE, choices=CONTROLS),
    ]
    if is_named:
        columns.insert(2, Column("officer_id", _("Officer number"), is_searched=True))
    return Listing(
        _("Left by the plan"),
        tuple(columns),
        key=("furthest", "officer_id" if is_named else "officer"),
        sort="urgency",
        empty=_("The plan leaves nobody whose time has run out."),
        page_size=PAGE_SIZE,
    )
