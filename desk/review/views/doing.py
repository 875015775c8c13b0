"""Doing: names, first impressions, decisions, signatures, dispositions and replies; each a page of its own."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from desk.access.gate import page
from desk.audit.kept import Overtaken
from desk.audit.log import append
from desk.review import deciding
from desk.review.dossier import Head, dossier_of, head_of
from desk.review.flag import flag_of
from desk.review.forms import (
    DecisionForm,
    DispositionForm,
    ImpressionForm,
    ReplyForm,
    SignatureForm,
    UnmaskForm,
)
from desk.review.models import Outcome
from desk.review.token import token

CONFIRMED = "is_confirmed"
GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


def _acted(request: HttpRequest, head: Head, form: Form, template: str, act: Callable[[], str], **more) -> HttpResponse:
    """The form again with its errors, or what `act` did and back to the dossier."""
    if not (request.method == "POST" and form.is_valid()):
        status = 200 if request.method != "POST" else 422
        detail = {"hint": token(head.flag.key), "page": request.page_name, "is_blind": head.is_blind}
        append(request.user, "view", "flag", token(head.flag.id), detail)
        return render(request, template, {"head": head, "form": form, **more}, status=status)
    try:
        messages.success(request, act())
    except Overtaken:
        messages.error(request, _("Somebody else acted on this hint in the meantime. Read it again, then decide."))
    return _back(head)


def _back(head: Head) -> HttpResponseRedirect:
    return redirect("dossier", flag_id=head.flag.id)


def _head(request: HttpRequest, flag_id: str) -> Head:
    return head_of(request.user, flag_of(request.user, flag_id))


def _shut(request: HttpRequest, head: Head) -> HttpResponseRedirect | None:
    """To the first impression, where one is wanted before anything else."""
    if not head.is_blind:
        return None
    messages.info(request, _("Note your first impression from the records first; then the rest opens."))
    return redirect("first_impression", flag_id=head.flag.id)


@page("unmask")
@GET_OR_POST
def unmask(request: HttpRequest, flag_id: str) -> HttpResponse:
    """Ask for the name behind a pseudonym."""
    head = _head(request, flag_id)
    if shut := _shut(request, head):
        return shut
    if not head.can_unmask:
        return _back(head)
    form = UnmaskForm(request.POST or None)

    def act() -> str:
        deciding.unmask(request.user, head.flag.row, head.flag.officer_id, form.cleaned_data["reason"])
        return _("The name is open to you now. This stands in the log.")

    return _acted(request, head, form, "review/unmask.html", act)


@page("first_impression")
@GET_OR_POST
def first_impression(request: HttpRequest, flag_id: str) -> HttpResponse:
    """Note a first impression, from the records alone."""
    head = _head(request, flag_id)
    if not head.is_blind:
        return _back(head)
    form = ImpressionForm(request.POST or None)

    def act() -> str:
        said = form.cleaned_data
        deciding.note_impression(request.user, head.flag.row, said["sight"], said["reason"])
        return _("Your first impression is noted. Counter-evidence, reasons and strength are open now.")

    return _acted(request, head, form, "review/first_impression.html", act, dossier=dossier_of(request.user, head))


@page("decide")
@GET_OR_POST
def decide(request: HttpRequest, flag_id: str) -> HttpResponse:
    """Decide, in two steps: what will follow is told before it is done."""
    head = _head(request, flag_id)
    if shut := _shut(request, head):
        return shut
    standing = head.standing
    if request.method != "POST":
        deciding.refuse_decision(request.user, standing)
    form = DecisionForm(
        request.POST or None, initial={"number": standing.number}, has_earlier=standing.latest is not None
    )
    if request.method == "POST" and form.is_valid() and CONFIRMED not in request.POST:
        deciding.refuse_decision(request.user, standing)
        outcome = Outcome(form.cleaned_data["outcome"])
        return render(request, "review/confirm.html", {"head": head, "form": form, "outcome": outcome})

    def act() -> str:
        said = form.cleaned_data
        is_correction = said.get("is_correction", False)
        outcome = Outcome(said["outcome"])
        deciding.decide(
            request.user,
            head.flag.row,
            outcome,
            said["reason"],
            number=said["number"],
            is_correction=is_correction,
        )
        if outcome == Outcome.TRANSFERRED:
            return _("The transfer is entered. It takes effect when another officer signs it.")
        return _("The decision is entered, and the next night reads it.")

    return _acted(request, head, form, "review/decide.html", act)


@page("sign_lead")
@GET_OR_POST
def sign_lead(request: HttpRequest, flag_id: str) -> HttpResponse:
    """Sign a transfer as the second, or refuse to."""
    head = _head(request, flag_id)
    if shut := _shut(request, head):
        return shut
    if request.method != "POST":
        deciding.refuse_signature(request.user, head.standing)
    pending = head.standing.pending
    form = SignatureForm(request.POST or None, initial={"decision_id": pending.pk if pending else ""})

    def act() -> str:
        said = form.cleaned_data
        deciding.sign(request.user, head.flag.row, said["decision_id"], said["reason"], is_agreed=said["is_agreed"])
        return _("Signed: it is a lead now.") if said["is_agreed"] else _("Not signed: it stays a hint.")

    return _acted(request, head, form, "review/sign_lead.html", act)


@page("dispose")
@GET_OR_POST
def dispose(request: HttpRequest, flag_id: str) -> HttpResponse:
    """Say what becomes of a lead."""
    head = _head(request, flag_id)
    if shut := _shut(request, head):
        return shut
    made, lead = head.standing.disposition, head.standing.decision
    if request.method != "POST":
        deciding.refuse_disposition(head.standing)
    seen = {"decision_id": lead.pk if lead else "", "number": made.number if made else 0}
    form = DispositionForm(request.POST or None, initial=seen)

    def act() -> str:
        said = form.cleaned_data
        deciding.dispose(
            request.user,
            head.flag.row,
            said["decision_id"],
            said["disposal"],
            said["reason"],
            number=said["number"],
        )
        return _("The disposition is entered.")

    return _acted(request, head, form, "review/dispose.html", act)


@page("reply")
@GET_OR_POST
def reply(request: HttpRequest, flag_id: str) -> HttpResponse:
    """Enter what the person concerned said."""
    head = _head(request, flag_id)
    if shut := _shut(request, head):
        return shut
    last = head.standing.reply
    form = ReplyForm(request.POST or None, initial={"last": last.pk if last else 0}, has_earlier=last is not None)

    def act() -> str:
        said = form.cleaned_data
        deciding.enter_reply(
            request.user,
            head.flag.row,
            said["text"],
            said["received_on"],
            last=said["last"],
            is_correction=said.get("is_correction", False),
        )
        return _("The reply is entered and stands beside the claim.")

    return _acted(request, head, form, "review/reply.html", act)
