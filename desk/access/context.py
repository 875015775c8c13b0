"""What every template knows: which pages its reader may open."""

from __future__ import annotations

from django.http import HttpRequest

from desk.access.rules import RULES, scope_of


def pages(request: HttpRequest) -> dict:
    """`may`: the pages that the reader's role sees, for menus and links."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or getattr(request, "is_held", False):
        return {"may": frozenset()}
    return {"may": frozenset(name for name in RULES if scope_of(name, user.role))}
