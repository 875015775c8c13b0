"""Pages of the auditor: the log, and whether its chain is whole."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from desk.access.gate import page
from desk.audit import book
from desk.audit.heads import kept
from desk.audit.log import append, append_hourly, breaks, head
from desk.audit.models import Entry
from desk.audit.words import BREAKS
from desk.listing.workbook import exported

RECENT = 1_000
"""Entries whose chain is checked at every look: enough for some days, and done in a moment."""


TOLD = 20
"""Breaks of the chain that the page names: the first say where to look."""


@page("audit_log")
def audit_log(request: HttpRequest) -> HttpResponse:
    """The log; the chain of the latest entries is checked at every look, the whole of it where `check=all` asks so."""
    is_whole = request.GET.get("check") == "all"
    spoilt = []
    if is_whole:
        try:
            told = kept()
        except ValueError:
            told, spoilt = [], [_("The file of hashes that nights told (heads.csv) is not as it was written.")]
        found = breaks(heads=told)
        append(request.user, "check", "page", "audit_log", {"faults": len(found) + len(spoilt), "entries": head()[0]})
    else:
        append_hourly(request.user, "view", "page", "audit_log")
        after = Entry.objects.filter(number=head()[0] - RECENT).first()
        later = Entry.objects.filter(number__gt=after.number if after else 0).order_by("number")
        found = breaks(later.iterator(), after)
    number, last_hash = head()
    return render(
        request,
        "audit/audit_log.html",
        {
            "listed": book.listing().listed(request, book.source()),
            "number": number,
            "head": last_hash,
            "faults": [*spoilt, *(BREAKS[at.code] % {"number": at.number} for at in found[:TOLD])],
            "is_whole": is_whole or number <= RECENT,
            "recent": RECENT,
        },
    )


@page("audit_export")
def audit_export(request: HttpRequest) -> FileResponse:
    """What the filters leave of the log, as a workbook; that it was taken out is an entry of its own."""
    return exported(request, book.listing("hash"), book.source(), None)
