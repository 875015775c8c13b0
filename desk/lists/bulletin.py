"""The monthly bulletin of unlicensed operation: what each unit did in a month, and what it found of what it checked."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.utils.translation import gettext_lazy as _

from desk.listing.column import Column, Filter, Kind
from desk.listing.listed import Listing
from desk.listing.source import NightSource
from desk.lists.scoped import seen_values, seen_where
from desk.lists.words import STAGES
from desk.published.night import Night


def source(night: Night, seen: Collection[str] | None) -> NightSource:
    """The bulletin of the institutions `seen` (None: all)."""
    return NightSource(night, f"select * from unlicensed_bulletin where {seen_where()}", seen_values(seen))


def months(night: Night) -> list[str]:
    """Months that the night tells, latest first."""
    return [row["month"] for row in night.rows("select distinct month from unlicensed_bulletin order by 1 desc")]


def listing(institutions: Mapping[str, str], told: Collection[str]) -> Listing:
    """The list; `institutions` are those the reader sees, `told` the months of the night."""
    return Listing(
        title=_("Monthly bulletin"),
        columns=(
            Column("month", _("Month"), Kind.CHOICE, Filter.CHOICE, {month: month for month in told}),
            Column("institution_id", _("In charge"), Kind.CHOICE, Filter.CHOICE, institutions),
            *(Column(f"{stage}_count", words, Kind.NUMBER) for stage, words in STAGES.items()),
            Column("checked_merchant_count", _("Merchants checked"), Kind.NUMBER),
            Column("found_checked_count", _("Of these found without a licence"), Kind.NUMBER),
            Column(
                "detection_share",
                _("Rate of detection"),
                Kind.SHARE,
                help=_("of the merchants checked in the month; not told where fewer were checked than policy asks"),
            ),
            Column("is_complete", _("Month has ended"), Kind.BOOLEAN),
        ),
        key=("institution_id",),
        sort="-month",
        empty=_("This night has no stages of unlicensed operation: they were not delivered."),
    )
