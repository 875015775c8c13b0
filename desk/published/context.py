"""What every page tells of the night it shows: its day, its rows, and whether it is stale or missing."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.published.night import STALE_DAYS, Night, NoNight, Unreadable, current


def health(request: HttpRequest) -> dict:
    """`health`: `line`, a sentence about the current night, and `is_stale`; nothing for whoever is not let in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or getattr(request, "is_held", False):
        return {}
    try:
        night = current()
    except Unreadable:
        told = _("The published night cannot be read: run `mingjian verify`, then `mingjian night` again.")
        return {"health": {"line": told, "is_stale": True}}
    except NoNight:
        return {"health": {"line": _("No night is published yet: run `mingjian night`."), "is_stale": True}}
    days = night.days_old(timezone.localdate())
    return {"health": {"line": line_of(night, days), "is_stale": days > STALE_DAYS, "days": days}}


def line_of(night: Night, days: int) -> str:
    """The night's health in one line: its day, rows in and quarantined, warnings of drift, and what to do if it is old."""
    counts = [table for delivery in night.manifest["deliveries"] for table in delivery["tables"].values()]
    told = _(
        "Night of %(as_of)s: %(rows)s rows in, %(quarantined)s in quarantine; %(warnings)s warnings of checks, "
        "%(shifted)s of drift."
    ) % {
        "as_of": night.as_of.isoformat(),
        "rows": f"{sum(count['rows_in'] for count in counts):,}",
        "quarantined": f"{sum(night.manifest['quarantined'].values()):,}",
        "warnings": f"{len(night.manifest['checks']['warnings']):,}",
        "shifted": f"{night.manifest['drift']['features'].get('shifted', 0):,}",
    }
    if days > STALE_DAYS:
        old = ngettext(
            "It is %(days)d day old: run `mingjian night`.", "It is %(days)d days old: run `mingjian night`.", days
        )
        return told + " " + old % {"days": days}
    return told
