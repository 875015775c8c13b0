"""A list of shops by hand, over a night and over a queryset."""

from __future__ import annotations

from django.test import RequestFactory

from desk.listing.column import Column, Filter, Kind
from desk.listing.listed import Listed, Listing
from desk.listing.source import NightSource
from desk.published.night import Night

TIERS = {"A": "tier A", "D": "tier D"}

LISTING = Listing(
    title="Shops",
    columns=(
        Column("merchant_id", "number", is_searched=True, filter=Filter.TEXT),
        Column("grid_id", "name", is_searched=True),
        Column("patrol_tier", "tier", Kind.CHOICE, Filter.CHOICE, TIERS),
        Column("percentile", "risk", Kind.SHARE, Filter.RANGE),
        Column("overdue_days", "days", Kind.NUMBER, Filter.RANGE, unit="d"),
        Column("next_due_on", "due", Kind.DATE, Filter.RANGE),
        Column("is_overdue", "late", Kind.BOOLEAN, Filter.CHOICE),
        Column("patrol_tier_reason", "why", is_bilingual=True),
    ),
    key=("merchant_id",),
    sort="-percentile",
    empty="Deliver shops first.",
)

SELECT = "select * from merchant_risk where institution_id = $institution_id"


def shop(number: int, **more) -> dict:
    """A shop of the station S1, tier A, with nothing else known."""
    said = {"institution_id": "S1", "patrol_tier": "A", "grid_id": "甲店", "is_overdue": False}
    return {**said, "merchant_id": f"M{number:03d}", **more}


def asked(night: Night, query: str = "") -> Listed:
    """The list as a reader of this query string sees it."""
    source = NightSource(night, SELECT, {"institution_id": "S1"})
    return LISTING.listed(RequestFactory().get(f"/?{query}"), source)


def numbers(listed: Listed) -> list[str]:
    """Which shops stand on the page, in order."""
    return [row["merchant_id"] for row in listed.found]
