"""What a reader sees where a night, or a table of it, is not there: what is missing, and what to do."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from desk.published.night import NoNight, NotPublished, Unreadable

PAGES = (
    (Unreadable, "published/unreadable.html"),
    (NoNight, "published/no_night.html"),
    (NotPublished, "published/not_published.html"),
)
"""What can be missing, and the page that tells it."""

TRY_AGAIN_SECONDS = 300
"""When a browser may ask again: a night takes minutes."""


class AbsenceMiddleware:
    """Turns a missing night into a page of its own with status 503, and writes what is wrong into the server's log."""

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as without it."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for a missing night; None for every other error."""
        for kind, template in PAGES:
            if isinstance(error, kind):
                logging.getLogger(__name__).error("%s: %s", request.path, error)
                response = render(request, template, status=503)
                response["Retry-After"] = str(TRY_AGAIN_SECONDS)
                return response
        return None
