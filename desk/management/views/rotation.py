"""Rotation: the plan of a night, what it leaves undone, and the reminders that it is made from."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from desk.access.area import institutions_of
from desk.access.directory import reads_names, unit_names
from desk.access.gate import page
from desk.access.rules import scope_of
from desk.audit.log import append
from desk.delivery.writer import waiting_count
from desk.listing.listed import Listing
from desk.listing.source import NightSource
from desk.listing.workbook import exported
from desk.management import flow, left_list, move_list, plan, years
from desk.management import rotation as reminder
from desk.management.move import Move, moves_of
from desk.management.open_move import open_moves
from desk.management.words import CLOCKS, STATUSES
from desk.published.night import Night, current
from models import policy

MOVES, LEFT, REMINDERS = "moves", "left", "reminders"


@page("rotation")
@require_safe
def rotation(request: HttpRequest) -> HttpResponse:
    """The plan, or the reminders where the night has none; the reader's view of these persons is written in the log."""
    night, user = current(), request.user
    moves = moves_of(night)
    figures = plan.summary(night)
    shown = _shown(request, figures)
    listing, source = _list(request, night, moves, shown)
    listed = listing.listed(request, source, kept=("show",))
    append(
        user,
        "view",
        "rotation",
        night.as_of.isoformat(),
        {"query": request.GET.urlencode(), "row_count": listed.count},
    )
    told = {
        "night": night,
        "listed": listed,
        "show": shown,
        "reads_names": reads_names(user),
        "has_plan": figures is not None,
        # figures of the whole bureau are for who sees the whole bureau
        "summary": figures if institutions_of(user, night) is None else None,
        "decides": scope_of("rotation_decide", user.role) is not None,
        "undelivered": waiting_count(),
        "open": open_moves(night, user, moves),
    }
    more = _clocks(request, night) if shown == REMINDERS else {}
    if shown == MOVES and figures:
        seen = institutions_of(user, night)
        drawn = [move for move in moves if seen is None or _ends(move) & seen]
        more = {"flow": flow.drawn(drawn, unit_names(night)), "quarters": plan.quarters(moves)}
    return render(request, "management/rotation.html", {**told, **more})


@page("rotation_export")
@require_safe
def rotation_export(request: HttpRequest) -> FileResponse:
    """The same list as a workbook."""
    night = current()
    shown = _shown(request, plan.summary(night))
    listing, source = _list(request, night, moves_of(night) if shown == MOVES else [], shown, is_workbook=True)
    return exported(request, listing, source, night)


def _shown(request: HttpRequest, figures: dict[str, Any] | None) -> str:
    """Which of the three lists is asked for; a night without a plan has reminders alone."""
    if figures is None:
        return REMINDERS
    asked = request.GET.get("show")
    return asked if asked in (MOVES, LEFT, REMINDERS) else MOVES


def _list(
    request: HttpRequest, night: Night, moves: list[Move], shown: str, *, is_workbook: bool = False
) -> tuple[Listing, NightSource]:
    user = request.user
    if shown == MOVES:
        return move_list.listing(night, user, moves, is_workbook=is_workbook), move_list.source(night, user, moves)
    if shown == LEFT:
        return left_list.listing(night, user), left_list.source(night, user)
    counted = reminder.counts(night, institutions_of(user, night))
    return reminder.listing(night, user, counted), reminder.source(night, user)


def _clocks(request: HttpRequest, night: Night) -> dict[str, Any]:
    """Pictures of the clocks, and reminders counted by unit."""
    units = institutions_of(request.user, night)
    counted = reminder.counts(night, units)
    everything = reminder.reminders(night, units)
    limits = policy.on(night.as_of).rotation.limits()
    step = years.STEP if reads_names(request.user) else years.WHOLE
    clocks = reminder.clocks(counted)
    return {
        "has_moves": reminder.has_moves(night),
        "by_unit": reminder.by_unit(counted, unit_names(night)),
        "clocks": [CLOCKS[clock] for clock in clocks],
        "statuses": list(STATUSES.values()),
        "pictures": [
            years.drawn(clock, [row for row in everything if row["clock"] == clock], limits[clock], step)
            for clock in clocks
            if clock in limits
        ],
    }


def _ends(move: Move) -> set[str]:
    return {move.row["from_institution_id"], move.row["to_institution_id"]}
