"""Figures of units as people write them."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()


@register.filter
def figure(value: float | None, kind: str) -> str:
    """A figure by its kind (share, number, count, days), or that it is not told."""
    if value is None:
        return _("not told")
    if kind == "share":
        return f"{100 * value:.1f} %"
    if kind == "count":
        return f"{int(value):,}"
    if kind == "days":
        return ngettext("%(count)s day", "%(count)s days", round(value)) % {"count": f"{value:g}"}
    return f"{value:.2f}"


@register.filter
def years_of(value: float) -> str:
    """Years with one decimal, as the reminders round them."""
    return f"{value:.1f}"


@register.filter
def quarter(day) -> str:
    """A quarter by its first day: 2026 Q2."""
    return f"{day.year} Q{(day.month + 2) // 3}"


@register.filter
def along(share: float, length: int) -> str:
    """How far a share reaches along a picture of this length, for an SVG attribute."""
    return f"{max(0.0, min(1.0, share)) * length:.1f}"
