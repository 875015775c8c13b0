"""What templates of the review need: words of a family, attributes by language, and what people wrote."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import get_language

from desk.review.words import FAMILIES

register = template.Library()


@register.filter
def family_words(family: str):
    """The family in words."""
    return FAMILIES.get(family, family)


@register.filter
def worded(thing: Any, name: str) -> str:
    """The attribute `<name>_zh` or `<name>_en`, by the reader's language."""
    return getattr(thing, f"{name}_{'en' if (get_language() or 'zh').startswith('en') else 'zh'}")


@register.filter
def written(text: str, head: Any) -> str:
    """What somebody wrote about a hint, as its reader may read it. head : desk.review.dossier.Head."""
    return head.written(text)
