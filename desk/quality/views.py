"""Pages for whoever runs the nights: what came in, what did not, what has moved, and how long it took."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from desk.access.gate import page
from desk.audit.log import append
from desk.listing.column import Column, Filter, Kind
from desk.listing.listed import Listing
from desk.listing.source import NightSource
from desk.published.night import current
from desk.quality import state
from desk.quality.raw_row import shown
from desk.quality.words import STATUSES

ROWS = """
select "table" as table_name, source_file, row_number, delivery_number, raw,
    regexp_extract(reasons, '^([a-z_]+):', 1) as rule,
    split_part(reasons, ' (found: ', 1) as sentence
from quarantine
"""

LISTING = Listing(
    title=_("Rows in quarantine"),
    columns=(
        Column("table_name", _("Table"), filter=Filter.TEXT),
        Column("rule", _("Rule"), filter=Filter.TEXT),
        Column("source_file", _("File"), is_searched=True),
        Column("row_number", _("Row"), Kind.NUMBER),
        Column("delivery_number", _("Delivery"), Kind.NUMBER),
        Column("sentence", _("What is wrong"), is_searched=True, is_sortable=False),
        Column("raw", _("The row, without persons"), value=shown, is_sortable=False),
    ),
    key=("table_name", "source_file", "row_number", "delivery_number"),
    sort="table_name",
    empty=_("No row is in quarantine: everything that was delivered was taken in."),
)


@page("quality")
def quality(request: HttpRequest) -> HttpResponse:
    """The state of the night: deliveries, quarantine, drift, checks, models and seconds."""
    night = current()
    moved = [{**row, "status_words": STATUSES[row["status"]]} for row in night.rows(state.MOVED)]
    context = {
        "night": night,
        "manifest": night.manifest,
        "warnings": state.warnings(night),
        "deliveries": state.deliveries(night),
        "tables": state.tables(night),
        "quarantined": night.rows(state.QUARANTINED),
        "moved": moved,
        "drift_counts": [(STATUSES[name], count) for name, count in night.manifest["drift"]["features"].items()],
        "not_computable": night.rows(state.NOT_COMPUTABLE),
        "steps": state.steps(night),
        "models": state.models(night),
    }
    return render(request, "quality/quality.html", context)


@page("quarantine")
def quarantine(request: HttpRequest) -> HttpResponse:
    """Rows that were not taken in, and why; values that may hold a person are hidden."""
    night = current()
    append(request.user, "view", "quarantine", night.as_of.isoformat())
    return render(request, "quality/quarantine.html", {"listed": LISTING.listed(request, NightSource(night, ROWS))})
