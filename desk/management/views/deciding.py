"""Deciding on moves: one officer's, with its chain and history, or all of a chain or quarter at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods

from desk.access.directory import officer_names
from desk.access.gate import page
from desk.audit.kept import Overtaken
from desk.audit.log import append
from desk.management import deciding
from desk.management.forms import AcceptForm, MoveForm, last_day
from desk.management.models import Verdict
from desk.management.move import STATES, TONES, Move, State, moves_of
from desk.management.place import Place, known
from desk.management.plan import quarter_of
from desk.management.standing import Standing, has_lapsed, place_of, standings
from desk.management.token import move_token, officer_of
from desk.management.words import ASKED_RULES, CONTROLS, OF_SUCCESSORS, OUTCOMES, ROLES, RULES
from desk.published.night import Night, current
from models import policy

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@page("rotation_decide")
@GET_OR_POST
def rotation_decide(request: HttpRequest, token: str) -> HttpResponse:
    """One officer's move: what is proposed and why, the whole chain, what was decided so far, and the form to decide."""
    night, user = current(), request.user
    moves = moves_of(night)
    decided = standings()
    officer_id = officer_of(token, {move.officer_id for move in moves} | set(decided))
    if officer_id is None:
        raise Http404
    move = next((move for move in moves if move.officer_id == officer_id), None)
    if move is None:
        deciding.refuse_self(user, officer_id)
        return _page(request, night, moves, None, officer_id, decided[officer_id], None)
    deciding.refuse_own(user, move)
    form = MoveForm(move, known(night), _last_day(night), request.POST or None)
    if not (request.method == "POST" and form.is_valid()):
        return _page(request, night, moves, move, officer_id, move.standing, form)
    said = form.cleaned_data
    try:
        deciding.decide(
            user,
            night,
            move,
            Verdict(said["verdict"]),
            form.place,
            form.day,
            said["reason"],
            seen=said["seen"],
        )
        messages.success(request, pgettext("move", "The decision is entered, and the next night reads it."))
    except Overtaken:
        messages.error(request, _overtaken())
    return redirect("rotation_decide", token=token)


@page("rotation_accept")
@GET_OR_POST
def rotation_accept(request: HttpRequest) -> HttpResponse:
    """All waiting moves of a chain or of a quarter, accepted with one reason; `?chain=` and `?quarter=` say which."""
    night, user = current(), request.user
    asked = _asked(request, moves_of(night))
    waiting = [move for move in asked if move.state is State.WAITING]
    for move in waiting:
        if move.seen in request.POST.getlist("moves"):
            deciding.refuse_own(user, move)
    open_ones = [move for move in waiting if not deciding.is_own(user, move)]
    told = _told(night, user, asked)
    form = AcceptForm(
        [(row["move"].seen, row["sentence"]) for row in told if row["move"] in open_ones], request.POST or None
    )
    if request.method == "POST" and form.is_valid():
        try:
            taken = deciding.accept_all(user, night, form.cleaned_data["moves"], form.cleaned_data["reason"])
            said = ngettext("%(count)s move is accepted.", "%(count)s moves are accepted.", len(taken))
            messages.success(request, said % {"count": len(taken)})
        except Overtaken:
            messages.error(request, _overtaken())
        return redirect("rotation")
    detail = {"query": request.GET.urlencode(), "row_count": len(asked)}
    append(user, "view", "rotation", night.as_of.isoformat(), detail)
    return render(
        request,
        "management/rotation_accept.html",
        {
            "night": night,
            "form": form,
            "chain": request.GET.get("chain", ""),
            "quarter": request.GET.get("quarter", ""),
            "others": [row for row in told if row["move"] not in open_ones],
            "has_open": bool(open_ones),
        },
        status=422 if request.method == "POST" else 200,
    )


def _asked(request: HttpRequest, moves: list[Move]) -> list[Move]:
    """The moves of the chain or quarter that is asked for; Http404 where there is none."""
    chain, quarter = request.GET.get("chain"), request.GET.get("quarter")
    found = [
        move
        for move in moves
        if (chain is None or str(move.row["chain"]) == chain)
        and (quarter is None or quarter_of(move.row["move_on"]) == quarter)
    ]
    if not found or (chain is None and quarter is None):
        raise Http404
    return found


def _page(
    request: HttpRequest,
    night: Night,
    moves: list[Move],
    move: Move | None,
    officer_id: str,
    standing: Standing,
    form: MoveForm | None,
) -> HttpResponse:
    append(request.user, "view", "move", move_token(officer_id), {"as_of": night.as_of})
    chain = [other for other in moves if move and other.row["chain"] == move.row["chain"]]
    names = known(night)
    told = {
        "night": night,
        "move": move,
        "token": move_token(officer_id),
        "officer": officer_names(night, request.user, {officer_id})[officer_id],
        "officer_id": officer_id,
        "state": STATES[move.state] if move else None,
        "tone": TONES[move.state] if move else "",
        "role": ROLES[move.row["role"]] if move else None,
        "here": names.called(Place.of(move.row, "from")) if move else None,
        "proposed": names.called(move.proposed) if move else None,
        "there": names.called(move.there) if move else None,
        "is_elsewhere": bool(move and (move.there, move.move_on) != (move.proposed, move.row["move_on"])),
        "rule": RULES.get(move.rule, move.rule) if move else None,
        "plan": _outcome(night, officer_id),
        "chain": _told(night, request.user, chain),
        "waiting_count": sum(other.state is State.WAITING for other in chain),
        "history": [(decision, names.called(place_of(decision))) for decision in reversed(standing.decisions)],
        "in_force": {decision.pk for decision in standing.in_force},
        "lapsed": {decision.pk for decision in standing.in_force if has_lapsed(decision, night)},
        "form": form,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "management/rotation_move.html", told, status=status)


def _outcome(night: Night, officer_id: str) -> dict[str, Any] | None:
    """What the plan makes of his clocks, where it has no move for him: the rule in words, and nothing behind it."""
    row = night.row(
        "select * from rotation_plan where officer_id = $officer and outcome in ('barred', 'later') order by status, clock",
        {"officer": officer_id},
    )
    return row and {
        "outcome": OUTCOMES[row["outcome"]],
        "rule": ASKED_RULES.get(f"{OF_SUCCESSORS if row['is_of_successors'] else ''}{row['barring_rule']}"),
        "control": CONTROLS.get(row["compensating_control"]),
    }


def _told(night: Night, user, moves: list[Move]) -> list[dict[str, Any]]:
    """Each move with its people and places in words, and as one sentence."""
    people = {
        name for move in moves for name in (move.officer_id, move.swap_with, move.row["succeeds_officer_id"]) if name
    }
    called, names = officer_names(night, user, people), known(night)
    found = []
    for move in moves:
        row = {
            "move": move,
            "officer": called[move.officer_id],
            "token": move_token(move.officer_id),
            "here": names.called(Place.of(move.row, "from")),
            "there": names.called(move.there),
            "succeeds": called.get(move.row["succeeds_officer_id"]),
            "swap_with": called.get(move.swap_with),
            "role": ROLES[move.row["role"]],
            "state": STATES[move.state],
            "tone": TONES[move.state],
            "is_own": deciding.is_own(user, move),
        }
        sentence = _("%(day)s · %(officer)s: %(here)s → %(there)s") % {
            "day": move.move_on.isoformat(),
            **{name: row[name] for name in ("officer", "here", "there")},
        }
        found.append(row | {"sentence": sentence})
    return found


def _last_day(night: Night):
    return last_day(night.as_of, policy.on(night.as_of).rotation)


def _overtaken() -> str:
    return _(
        "This move is no longer as you read it: somebody decided, or a new night is there. Read it again, then decide."
    )
