"""Pages of random draws: their tests, past draws and what was drawn of each class, without any person; and substitutions."""

from __future__ import annotations

from collections.abc import Collection

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from desk.access.area import institutions_of
from desk.access.directory import unit_names
from desk.access.gate import page
from desk.audit.log import append
from desk.listing.workbook import Sheet, answered
from desk.management import draw, draw_picture
from desk.management import draw_substitution as by_hand
from desk.published.night import Night, current
from models import policy


@page("draw_list")
def draw_list(request: HttpRequest) -> HttpResponse:
    """Whether past draws were random, as far as the records tell, and what they drew."""
    night = current()
    units = institutions_of(request.user, night)
    context = {"night": night, "is_published": draw.is_published(night), "is_whole_bureau": units is None}
    if draw.is_published(night):
        listing = draw.test_listing(_names(night, units))
        past = draw.draw_listing()
        context |= {
            "listed": listing.listed(request, draw.tests(night, units)),
            "past": past,
            "past_rows": [[column.cell(row) for column in past.shown] for row in past.stream(draw.draws(night, units))],
            "picture": draw_picture.drawn(draw.classes(night)),
            "class_days": policy.on(night.as_of).draws.class_days,
        }
    return render(request, "management/draw_list.html", context)


@page("draw_export")
def draw_export(request: HttpRequest) -> FileResponse:
    """Tests and past draws as a workbook of two sheets."""
    night = current()
    units = institutions_of(request.user, night)
    listing, past = draw.test_listing(_names(night, units)), draw.draw_listing()
    sheets = []
    if draw.is_published(night):
        sheets = [
            Sheet(str(listing.title), listing.shown, listing.stream(draw.tests(night, units), request.GET)),
            Sheet(str(past.title), past.shown, past.stream(draw.draws(night, units))),
        ]
    return answered(request, _("Random draws"), sheets, night)


@page("draw_substitution")
def draw_substitution(request: HttpRequest) -> HttpResponse:
    """Who was sent instead of whom and by whose word; the reader's view is written in the log."""
    night = current()
    units = institutions_of(request.user, night)
    context = {"night": night, "is_published": "draw_substitution" in night.tables}
    if context["is_published"]:
        listed = by_hand.listing(_names(night, units)).listed(request, by_hand.source(night, request.user, units))
        detail = {"query": request.GET.urlencode(), "row_count": listed.count}
        append(request.user, "view", "draw_substitution", night.as_of.isoformat(), detail)
        context |= {"listed": listed, "deciders": by_hand.deciders(night, request.user, units)}
    return render(request, "management/draw_substitution.html", context)


def _names(night: Night, units: Collection[str] | None) -> dict[str, str]:
    """What the units that the reader sees are called."""
    return {key: name for key, name in unit_names(night).items() if units is None or key in units}
