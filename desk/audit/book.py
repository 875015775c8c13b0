"""The log as a list for the auditor."""

from __future__ import annotations

from django.db.models import CharField, Value
from django.db.models.functions import Replace, Substr
from django.utils.translation import gettext_lazy as _

from desk.audit.models import Entry
from desk.audit.words import ACTIONS
from desk.listing.column import Column, Filter, Kind
from desk.listing.listed import Listing
from desk.listing.source import QuerySetSource

SECONDS = 19
"""Characters of an instant up to its seconds: 2026-06-30T08:30:00."""
DAY = 10
"""Characters of its day."""
SEAL = 12
"""First characters of a hash, by which eyes tell entries apart; a workbook has the whole of it."""


def source() -> QuerySetSource:
    """Entries with `at`, the local time to the second, `day`, its day, and `seal`, the beginning of the hash."""
    at = Replace(Substr("happened_at", 1, SECONDS), Value("T"), Value(" "), output_field=CharField())
    return QuerySetSource(
        Entry.objects.annotate(at=at, day=Substr("happened_at", 1, DAY), seal=Substr("hash", 1, SEAL))
    )


def listing(hash_name: str = "seal") -> Listing:
    """The list: who, what, when, to what, and its `seal` or whole `hash`; the latest first."""
    found = Entry.objects.order_by("action").values_list("action", flat=True).distinct()
    actions = {action: ACTIONS.get(action, action) for action in found}
    return Listing(
        _("Log of who did and saw what"),
        (
            Column("number", _("Entry"), Kind.NUMBER),
            Column("at", _("Time"), is_sortable=False),
            Column("day", _("Day"), Kind.DATE, Filter.RANGE, is_shown=False, is_sortable=False),
            Column("actor", _("User"), filter=Filter.TEXT),
            Column("action", _("Action"), Kind.CHOICE, Filter.CHOICE, choices=actions),
            Column("subject_kind", _("Kind of subject"), is_sortable=False),
            Column("subject", _("Subject"), filter=Filter.TEXT, is_sortable=False),
            Column("detail", _("Details"), is_sortable=False),
            Column(hash_name, _("Hash"), is_sortable=False),
        ),
        key=("number",),
        sort="-number",
        empty=_("Nobody has done anything on this desk yet."),
    )
