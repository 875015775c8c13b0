"""Today, for each role what concerns it; and the report on first impressions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from desk.access.gate import page
from desk.access.menu import menu
from desk.access.rules import Role, scope_of
from desk.audit.log import append_hourly, head
from desk.delivery.writer import waiting_count
from desk.management.move import moves_of
from desk.management.open_move import open_moves
from desk.published.night import Night, current
from desk.review.impression import report
from desk.review.today import today_of


@page("today")
@require_http_methods(["GET", "HEAD", "POST"])
def today(request: HttpRequest) -> HttpResponse:
    """The first page. POST `read_until` marks what is new as read up to the moment at which it was shown."""
    user = request.user
    if request.method == "POST":
        shown = _moment(request.POST.get("read_until", ""))
        if shown and (user.seen_until is None or shown > user.seen_until):
            user.seen_until = min(shown, timezone.now())
            user.save(update_fields=["seen_until"])
        return redirect("today")
    night = current()
    pages = {entry["name"]: entry for entry in menu(request)["menu"]}
    told: dict[str, Any] = {"night": night, "pages": pages, "now": timezone.now(), "health_facts": _health(night)}
    if scope_of("flag_list", user.role):
        append_hourly(user, "view", "page", "today")
        told["today"] = today_of(user, night)
        told["undelivered"] = waiting_count()
    elif user.role == Role.MANAGEMENT:
        told["figures"] = _management(night)
        told["moves"] = open_moves(night, user, moves_of(night))
        told["undelivered"] = waiting_count()
        if told["moves"].late or told["moves"].returned:
            append_hourly(user, "view", "rotation", night.as_of.isoformat())
    elif user.role == Role.AUDITOR:
        number, last = head()
        told["log"] = {"number": number, "hash": last}
    return render(request, "review/today.html", told)


@page("impression_report")
@require_safe
def impression_report(request: HttpRequest) -> HttpResponse:
    """Whether reasons change what reviewers conclude: numbers of all reviewers together, nobody's own."""
    return render(request, "review/impression_report.html", {"report": report(timezone.localdate())})


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if timezone.is_aware(moment) else None


def _health(night: Night) -> dict[str, Any]:
    manifest = night.manifest
    return {
        "shifted": manifest["drift"]["features"].get("shifted", 0),
        "watch": manifest["drift"]["features"].get("watch", 0),
        "not_computable": night.value("select count(*) from not_computable"),
        "is_hindsight": manifest["is_hindsight"],
        "quarantined": sum(manifest["quarantined"].values()),
        "warnings": len(manifest["checks"]["warnings"]),
        "notes": len(manifest["intake_notes"]),
    }


def _management(night: Night) -> dict[str, Any]:
    """Figures of the whole bureau that name nobody."""
    rotation = night.rows("select status, count(*) as count from rotation_plan group by status order by status")
    plan = night.row(
        "select count(*) filter (where role = 'lead') as planned from patrol_plan",
    )
    return {
        "rotation": {row["status"]: row["count"] for row in rotation},
        "merchants": night.value("select count(*) from merchant_risk"),
        "overdue_visits": night.value("select count(*) from merchant_risk where is_overdue"),
        "high": night.value("select count(*) from merchant_risk where patrol_tier in ('C', 'D')"),
        "planned": plan["planned"],
        "unplaced": night.value("select count(*) from unplaced_visit"),
    }
