"""What every template may use: words by language, numbers as people write them."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import get_language

register = template.Library()


@register.filter
def said(row: dict[str, Any], name: str) -> str:
    """The `<name>_zh` or `<name>_en` of a published row, by the reader's language."""
    language = "en" if (get_language() or "zh").startswith("en") else "zh"
    return row.get(f"{name}_{language}") or ""


@register.filter
def percent(value: float | None) -> str:
    """A share in percent, one decimal; a dash where there is none."""
    return "–" if value is None else f"{100 * value:.1f} %"


@register.filter
def grouped(value: float | None) -> str:
    """A whole number with its thousands apart; a dash where there is none."""
    return "–" if value is None else f"{value:,.0f}"


@register.filter
def plain(value: float) -> str:
    """A coordinate of a picture: two decimals and a point, whatever the language."""
    return f"{value:.2f}"


@register.filter
def signed(value: float | None) -> str:
    """A number with its sign and two decimals; a dash where there is none."""
    return "–" if value is None else f"{value:+.2f}"


@register.filter
def hundredths(value: float) -> str:
    """A share as so many hundredths, for the width of a bar."""
    return f"{100 * value:.2f}"


@register.filter
def chance(value: float | None, name: str) -> str:
    """A chance by its name, four decimals: `p = 0.0045`, and `p < 0.0001` below them, never a flat nought."""
    if value is None:
        return "–"
    return f"{name} < 0.0001" if value < 1e-4 else f"{name} = {value:.4f}"
