"""The switch of language."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.i18n import set_language

from desk.access.gate import page


@page("language")
def language(request: HttpRequest) -> HttpResponse:
    """POST `language` and `next`: keep the language in a cookie and go back to where the reader was."""
    return set_language(request)
