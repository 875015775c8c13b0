"""The gate: every view names its page, and whoever has no rule for it is refused."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from desk.access.refusal import Refused
from desk.access.rules import OWN, PUBLIC, scope_of
from desk.audit.log import append


def page(name: str) -> Callable:
    """Mark a view as this page of desk/access/rules.py; a view without a mark is refused to everybody.

    The request then carries `page_name` and, for pages of RULES, `scope`.
    """

    def mark(view: Callable) -> Callable:
        view.page_name = name
        return view

    return mark


class AccessMiddleware:
    """Refuses what the rules do not allow, before any view runs, and says why."""

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer to this request."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args, kwargs) -> HttpResponse | None:
        """None where the view may run."""
        name = getattr(view, "page_name", None) or getattr(getattr(view, "view_class", None), "page_name", None)
        request.page_name = name
        if name in PUBLIC:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if request.user.must_change_password and name not in ("password", "sign_out", "language"):
            return redirect("password")
        if name in OWN:
            return None
        request.scope = scope_of(name, request.user.role) if name else None
        if request.scope is None:
            raise Refused("role", _("Your role does not see this page."))
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A refusal as a page of its own, and in the log."""
        if not isinstance(error, Refused):
            return None
        append(request.user, "refused", "page", request.page_name or request.path, {"code": error.code})
        return render(request, "access/refused.html", {"why": error.why}, status=403)
