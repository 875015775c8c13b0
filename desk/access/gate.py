"""The gate: every view names its page, and whoever has no rule for it is refused."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from desk.access.refusal import Refused
from desk.access.rules import OWN, PUBLIC, scope_of
from desk.access.session import has_outlived, held_at, is_left_over
from desk.audit.log import append


def page(name: str) -> Callable:
    """Mark a view as this page of desk/access/rules.py; a view without a mark is refused to everybody.

    The request then carries `page_name`, `is_held` (he has signed in, and something comes before all pages) and, for pages
    of RULES, `scope`.
    """

    def mark(view: Callable) -> Callable:
        view.page_name = name
        return view

    return mark


def page_of(view: Callable) -> str | None:
    """The page that a view, or the class behind it, is marked as."""
    return getattr(view, "page_name", None) or getattr(getattr(view, "view_class", None), "page_name", None)


class AccessMiddleware:
    """Refuses what the rules do not allow, before any view runs, and says why."""

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer to this request."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args, kwargs) -> HttpResponse | None:
        """None where the view may run."""
        request.page_name = name = page_of(view)
        held = held_at(request)
        request.is_held = held is not None
        if name in PUBLIC:
            return None
        if request.user.is_authenticated and has_outlived(request):
            logout(request)
            return _sign_in(request, ended=True)
        if not request.user.is_authenticated:
            return _sign_in(request, ended=is_left_over(request))
        if held and name not in (held, "sign_out"):
            return _first(request, held)
        if name in OWN:
            return None
        request.scope = scope_of(name, request.user.role) if name else None
        if request.scope is None:
            return self.process_exception(request, Refused("role", _("Your role does not see this page.")))
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A refusal as a page of its own, and in the log."""
        if not isinstance(error, Refused):
            return None
        append(request.user, "refused", "page", request.path, {"page": request.page_name, "code": error.code})
        return render(request, "access/refused.html", {"why": error.why}, status=403)


def _sign_in(request: HttpRequest, *, ended: bool) -> HttpResponse:
    """To the sign-in page and, from there, back; a form that was sent without a session is not sent again."""
    asked = {"next": request.get_full_path()} if request.method == "GET" and request.path != "/" else {}
    if ended:
        asked["ended"] = "1"
    return redirect(reverse("sign_in") + (f"?{urlencode(asked)}" if asked else ""))


def _first(request: HttpRequest, name: str) -> HttpResponse:
    """To a page that comes before all others and, from there, back."""
    asked = (
        f"?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" and request.path != "/" else ""
    )
    return redirect(reverse(name) + asked)
