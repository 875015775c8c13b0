"""Pages for what went wrong: each says what to do next, and none says more than its reader may know."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from desk.access.refusal import Refused


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return render(request, "access/bad_request.html", status=400)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403, with the reason where there is one."""
    why = exception.why if isinstance(exception, Refused) else _("You may not see this.")
    return render(request, "access/refused.html", {"why": why}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the same page for what does not exist and what nobody should learn of."""
    return render(request, "access/not_found.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """500: made without database, session or night, any of which may be what failed."""
    return HttpResponse(render_to_string("access/failed.html"), status=500)


def not_from_here(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 where a form did not come from a page of the desk, or its page is too old."""
    return render(request, "access/not_from_here.html", status=403)
