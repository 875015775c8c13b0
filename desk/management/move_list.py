"""The list of proposed moves, chain by chain: who goes where, whose place he takes, and what management made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from desk.access.area import institutions_of
from desk.access.directory import officer_names, reads_names
from desk.access.rules import scope_of
from desk.listing.column import Column, Filter, Kind
from desk.listing.listed import Listing
from desk.listing.source import NightSource
from desk.listing.templatetags.desk import said
from desk.management.move import STATES, TONES, Move, State
from desk.management.place import Known, Place, known
from desk.management.token import move_token
from desk.management.words import POSTS, ROLES
from desk.published.night import Night

PAGE_SIZE = 400
"""All moves of a bureau of 351 officers on one page, so that the plan prints whole and chains stay together."""

ORDER = {state: number for number, state in enumerate(STATES, start=1)}
"""States as numbers, so that the list sorts by what is most pressing."""

CALLED = "select unnest($officer_ids) as id, unnest($officers) as called"
QUARTER = "concat(year(move.move_on), ' Q', quarter(move.move_on))"
HERE = """($units is null or move.from_institution_id in (select unnest($units))
    or move.to_institution_id in (select unnest($units)))"""


def source(night: Night, user, moves: Sequence[Move]) -> NightSource:
    """Moves that this reader may see, from or to his units, with names as he may read them in place of identifiers."""
    told = [move for move in moves if move.row]
    people = {name for move in told for name in (move.officer_id, move.swap_with, move.row["succeeds_officer_id"])}
    called = officer_names(night, user, people - {None})
    seen = institutions_of(user, night)
    select = f"""
        select
            move.*, {QUARTER} as quarter, desk.step, desk.state, desk.decided,
            coalesce(person.called, move.officer_id) as officer, other.called as swap_with, former.called as succeeds
        from rotation_move as move
        join (
            select unnest($moved) as id, unnest($steps) as step, unnest($states) as state, unnest($decided) as decided
        ) as desk on desk.id = move.officer_id
        left join ({CALLED}) as person on person.id = move.officer_id
        left join ({CALLED}) as other on other.id = move.swap_with_officer_id
        left join ({CALLED}) as former on former.id = move.succeeds_officer_id
        where {HERE}
    """
    return NightSource(
        night,
        select,
        {
            "moved": [move.officer_id for move in told],
            "steps": [move.step for move in told],
            "states": [ORDER[move.state] for move in told],
            "decided": [_instead(known(night), move, is_named=reads_names(user)) for move in told],
            "officer_ids": list(called),
            "officers": list(called.values()),
            "units": None if seen is None else sorted(seen),
        },
    )


def listing(night: Night, user, moves: Sequence[Move], *, is_workbook: bool = False) -> Listing:
    """The list as this reader sees it; a workbook has unit, post and grid of either end apart.

    Management has identifiers, reasons and alternatives, which name people. Others have pseudonyms beside unit and kind of
    post: a grid has one publicly named person, and so has whoever stands in his chain, or at his distance.
    """
    is_named = reads_names(user)
    states = {ORDER[state]: words for state, words in STATES.items() if state is not State.RETURNED}
    tones = {ORDER[state]: tone for state, tone in TONES.items()}
    quarters = sorted({_quarter(move) for move in moves if move.row})
    chain = [Column("chain", _("Chain"), Kind.NUMBER, link=_chain if scope_of("rotation_accept", user.role) else None)]
    columns = [
        *(chain if is_named else ()),
        Column(
            "quarter",
            _("Quarter"),
            Kind.CHOICE,
            Filter.CHOICE,
            choices=dict(zip(quarters, quarters, strict=True)),
            is_shown=is_workbook,
        ),
        Column("move_on", _("Day"), Kind.DATE),
        Column(
            "state", _("State"), Kind.CHOICE, Filter.CHOICE, choices=states, tone=lambda row: tones.get(row["state"])
        ),
        Column(
            "officer", _("Officer"), is_searched=True, link=_page if scope_of("rotation_decide", user.role) else None
        ),
        Column("role", pgettext_lazy("move", "Why"), Kind.CHOICE, Filter.CHOICE, choices=ROLES),
        *_places(night, moves, is_workbook=is_workbook, is_named=is_named),
    ]
    if is_named:
        columns.insert(5, Column("officer_id", _("Officer number"), is_searched=True, is_shown=is_workbook))
        columns += [
            Column("succeeds", _("Takes the place of"), is_searched=True, value=None if is_workbook else _whose),
            Column("swap_with", _("Changing places with"), is_shown=is_workbook),
        ]
    if is_workbook or any(_instead(known(night), move, is_named=is_named) for move in moves if move.row):
        columns.append(Column("decided", _("As changed by management"), is_sortable=False))
    if is_named and any(move.row["distance_kilometres"] is not None for move in moves if move.row):
        columns.append(Column("distance_kilometres", _("Kilometres"), Kind.NUMBER, digits=1))
    if is_named and is_workbook:
        columns += [
            Column("reason", _("Reason"), is_bilingual=True, is_sortable=False),
            Column("alternative", _("Alternatives considered"), is_bilingual=True, is_sortable=False),
        ]
    elif is_named:
        columns.append(Column("why", _("Reason, and alternatives considered"), value=_why, is_sortable=False))
    return Listing(
        _("Proposed moves"),
        tuple(columns),
        # without a chain, no order may tell it either
        key=("chain", "step") if is_named else ("officer",),
        sort="move_on",
        empty=_("This night proposes no move."),
        page_size=PAGE_SIZE,
    )


def _places(night: Night, moves: Sequence[Move], *, is_workbook: bool, is_named: bool) -> list[Column]:
    """From and to: one column each on a page, three each in a workbook, two without names; filters are the same."""
    names, found = known(night), []
    for prefix, place, unit, post, grid in (
        ("from", pgettext_lazy("move", "From"), _("From unit"), _("From post"), _("From grid")),
        ("to", pgettext_lazy("move", "To"), _("To unit"), _("To post"), _("To grid")),
    ):
        units = sorted({move.row[f"{prefix}_institution_id"] for move in moves if move.row})
        if not is_workbook:
            found.append(
                Column(f"{prefix}_place", place, value=_in_words(names, prefix, is_named=is_named), is_sortable=False)
            )
        found += [
            Column(
                f"{prefix}_institution_id",
                unit,
                Kind.CHOICE,
                Filter.CHOICE,
                choices={one: names.units.get(one, one) for one in units},
                is_shown=is_workbook,
            ),
            Column(f"{prefix}_post", post, Kind.CHOICE, choices=POSTS, is_shown=is_workbook),
        ]
        if is_named:
            found.append(Column(f"{prefix}_grid_id", grid, is_shown=is_workbook))
    return found


def _in_words(names: Known, prefix: str, *, is_named: bool) -> Callable[[Mapping[str, Any]], str]:
    return lambda row: _called(names, Place.of(row, prefix), is_named=is_named)


def _called(names: Known, place: Place, *, is_named: bool) -> str:
    """A place in words, with its grid for readers of names alone."""
    return names.called(place if is_named else replace(place, grid_id=""))


def _whose(row: Mapping[str, Any]) -> str | None:
    """Whose place he takes, and whether that one takes his."""
    if row["swap_with"] is None:
        return row["succeeds"]
    return _("%(name)s (they change places)") % {"name": row["swap_with"]}


def _why(row: Mapping[str, Any]) -> str:
    told = {"reason": said(row, "reason"), "alternative": said(row, "alternative")}
    return _("%(reason)s (compared: %(alternative)s)") % told if told["alternative"] else told["reason"]


def _instead(names: Known, move: Move, *, is_named: bool) -> str | None:
    """Where and when management sends him in place of what the night proposes; None where that is the same."""
    if (move.there, move.move_on) == (move.proposed, move.row["move_on"]):
        return None
    return f"{_called(names, move.there, is_named=is_named)} · {move.move_on.isoformat()}"


def _quarter(move: Move) -> str:
    day = move.row["move_on"]
    return f"{day.year} Q{(day.month + 2) // 3}"


def _page(row: Mapping[str, Any]) -> str:
    return reverse("rotation_decide", args=[move_token(row["officer_id"])])


def _chain(row: Mapping[str, Any]) -> str:
    return f"{reverse('rotation_accept')}?chain={row['chain']}"
