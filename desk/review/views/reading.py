"""Reading: the list of hints, its export, and a dossier."""

from __future__ import annotations

from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from desk.access.area import refuse_stranger
from desk.access.gate import page
from desk.access.rules import scope_of
from desk.audit.log import append, append_hourly
from desk.listing.workbook import exported
from desk.published.night import current
from desk.review.deciding import may_decide
from desk.review.dossier import dossier_of, head_of
from desk.review.flag import flag_of
from desk.review.hint_list import HINTS, family_picture, hint_rows, source_of
from desk.review.token import token

DOING = ("unmask", "first_impression", "decide", "sign_lead", "dispose", "reply")
"""Pages that lead on from a dossier."""


@page("flag_list")
@require_safe
def flag_list(request: HttpRequest) -> HttpResponse:
    """The hints of tonight that the reader may see, with the names that he opened; that he looked stands in the log."""
    night = current()
    refuse_stranger(request.user, night)
    append_hourly(request.user, "view", "page", "flag_list")
    rows = hint_rows(request.user, night)
    listed = HINTS.listed(request, source_of(night, rows))
    families = family_picture(rows)
    told = {"listed": listed, "families": families, "family_height": 8 + 20 * len(families), "night": night}
    return render(request, "review/flag_list.html", told)


@page("flag_export")
@require_safe
def flag_export(request: HttpRequest) -> FileResponse:
    """The same rows as a workbook."""
    night = current()
    return exported(request, HINTS, source_of(night, hint_rows(request.user, night)), night)


@page("dossier")
@require_safe
def dossier(request: HttpRequest, flag_id: str) -> HttpResponse:
    """One hint, with all that is known of it; the view stands in the log."""
    flag = flag_of(request.user, flag_id)
    head = head_of(request.user, flag)
    made = dossier_of(request.user, head)
    with transaction.atomic():
        detail = {"hint": token(flag.key), "as_of": flag.night.as_of, "is_blind": head.is_blind}
        append(request.user, "view", "flag", token(flag.id), detail)
    may_do = {name for name in DOING if scope_of(name, request.user.role)}
    if not may_decide(request.user, head.standing):
        may_do.discard("decide")
    return render(request, "review/dossier.html", {"dossier": made, "head": head, "may_do": may_do})
