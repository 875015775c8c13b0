"""The menu: the pages that somebody may open from anywhere."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from desk.access.rules import scope_of

MENU = (
    ("today", _("Today")),
    ("flag_list", _("Hints")),
    ("rotation", _("Rotation")),
    ("unit_list", _("Units")),
    ("coverage", _("Coverage")),
    ("draw_list", _("Random draws")),
    ("merchant_list", _("Merchants")),
    ("patrol_plan", _("Patrol plan")),
    ("lists", _("Lists")),
    ("impression_report", _("First impressions")),
    ("quality", _("Data quality")),
    ("audit_log", _("Audit log")),
)
"""Page and its name, in the order of the menu."""


def menu(request: HttpRequest) -> dict:
    """`menu`: name, label, url and is_here of each page the reader may open; and the addresses of his own pages."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"menu": []}
    if getattr(request, "is_held", False):
        return {"menu": [], "sign_out_url": reverse("sign_out")}
    here = getattr(request, "page_name", None)
    entries = [
        {"name": name, "label": label, "url": reverse(name), "is_here": name == here}
        for name, label in MENU
        if scope_of(name, user.role)
    ]
    return {"menu": entries, "account_url": reverse("account"), "sign_out_url": reverse("sign_out")}
