"""Pages of merchants: the list, one merchant, the patrol plan, and their workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from desk.access.area import institutions_of
from desk.access.directory import institution_names, reads_names
from desk.access.gate import page
from desk.access.refusal import Refused
from desk.audit.log import append
from desk.listing.workbook import Sheet, answered, exported
from desk.merchants import plan, shelf
from desk.merchants.picture import strip, tier_mix
from desk.merchants.reason import waterfall
from desk.merchants.words import DIRECTIONS, TASK_KINDS, TASK_STATUSES, TIERS, UNPLACED
from desk.published.night import Night, current
from models import policy

MERCHANT = "select * from merchant_risk where merchant_id = $merchant_id"
DISAGREEMENT = "select * from tier_disagreement where merchant_id = $merchant_id"
TASKS = """
select * from due_task
where merchant_id = $merchant_id
qualify kind <> 'complaint_to_verify' or row_number() over (partition by kind order by due_on, record_id) = 1
order by due_on, kind, record_id
"""
"""Tasks of a merchant; of several complaints the one due first, so that nobody counts them."""
PLANNED = "select distinct visit_on from patrol_plan where merchant_id = $merchant_id order by visit_on"
NAMED = "select * from merchant where merchant_id = $merchant_id"
UNPLACED_VISIT = "select * from unplaced_visit where merchant_id = $merchant_id"


@page("merchant_list")
def merchant_list(request: HttpRequest) -> HttpResponse:
    """Merchants of the reader's area, with the mix of their tiers."""
    night = current()
    seen = institutions_of(request.user, night)
    names = institution_names(night, seen)
    listed = shelf.listing(names).listed(request, shelf.source(night, seen))
    context = {"listed": listed, "mix": tier_mix(night, seen), "has_names": _has_names(night)}
    return render(request, "merchants/merchant_list.html", context)


@page("merchant_export")
def merchant_export(request: HttpRequest) -> FileResponse:
    """The rows of the list as a workbook."""
    night = current()
    seen = institutions_of(request.user, night)
    return exported(request, shelf.listing(institution_names(night, seen)), shelf.source(night, seen), night)


@page("merchant")
def merchant(request: HttpRequest, merchant_id: str) -> HttpResponse:
    """One merchant: both tiers and what they rest on, its tasks and its visits."""
    night = current()
    seen, asked = institutions_of(request.user, night), {"merchant_id": merchant_id}
    row = night.row(MERCHANT, asked)
    if row is None:
        raise Http404
    if seen is not None and row["institution_id"] not in seen:
        raise Refused("area", _("This merchant does not lie in your area."))
    append(request.user, "view", "merchant", merchant_id, {"night": night.as_of.isoformat()})
    tasks = [
        {**task, "kind_words": TASK_KINDS[task["kind"]], "status_words": TASK_STATUSES[task["status"]]}
        for task in night.rows(TASKS, asked)
    ]
    disagreement = night.row(DISAGREEMENT, asked)
    unplaced = night.row(UNPLACED_VISIT, asked)
    context = {
        "row": row,
        "named": night.row(NAMED, asked) if _has_names(night) else None,
        "institution": institution_names(night, None).get(row["institution_id"]),
        "rule_tier": TIERS[row["patrol_tier"]],
        "model_tier": TIERS.get(row["model_risk_tier"]),
        "tonight_tier": TIERS.get(row["model_risk_tier_tonight"]),
        "disagreement": disagreement,
        "direction": disagreement and DIRECTIONS[disagreement["direction"]],
        "waterfall": waterfall(night, merchant_id),
        "strip": strip(night, row["institution_id"], row["percentile"]),
        "tasks": tasks,
        "planned": night.rows(PLANNED, asked),
        "unplaced": unplaced,
        "unplaced_words": unplaced and UNPLACED[unplaced["code"]],
        "policy": policy.on(night.as_of).tiers,
    }
    return render(request, "merchants/merchant.html", context)


@page("patrol_plan")
def patrol_plan(request: HttpRequest) -> HttpResponse:
    """The plan by institution; of one institution by officer and day; and the visits that found no place."""
    night = current()
    seen = institutions_of(request.user, night)
    names = institution_names(night, seen)
    chosen = request.GET.get("institution_id", "")
    is_left_out = request.GET.get("show") == "left_out"
    listing = plan.left_out_listing(names) if is_left_out else plan.visit_listing(names)
    source = plan.left_out(night, seen) if is_left_out else plan.visits(night, seen, plan.called(night, request.user))
    listed = listing.listed(request, source, kept=("show",))
    append(request.user, "view", "patrol_plan", night.as_of.isoformat(), {"institution": chosen})
    context = {
        "listed": listed,
        "is_left_out": is_left_out,
        "chosen": names.get(chosen),
        "roster": plan.roster(night, chosen, plan.called(night, request.user)) if chosen in names else None,
        "stations": _named(plan.stations(night, seen), names),
        "has_names": "name" in night.columns("officer"),
        "reads_names": reads_names(request.user),
        "planned_url": listed.address(show=None, page=None, sort=None),
        "left_out_url": listed.address(show="left_out", page=None, sort=None),
    }
    return render(request, "merchants/patrol_plan.html", context)


@page("patrol_plan_export")
def patrol_plan_export(request: HttpRequest) -> FileResponse:
    """The plan as a workbook: a sheet for each institution, and one for the visits that found no place."""
    night = current()
    seen = institutions_of(request.user, night)
    names = institution_names(night, seen)
    listing, left_out = plan.visit_listing(names), plan.left_out_listing(names)
    called = plan.called(night, request.user)
    sheets = [
        Sheet(f"{name} {institution_id}", listing.shown, listing.stream(plan.visits(night, [institution_id], called)))
        for institution_id, name in names.items()
    ]
    sheets.append(Sheet(str(left_out.title), left_out.shown, left_out.stream(plan.left_out(night, seen))))
    return answered(request, _("Patrol plan"), sheets, night)


def _named(rows: list[dict[str, Any]], names: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{**row, "name": names.get(row["institution_id"], row["institution_id"])} for row in rows]


def _has_names(night: Night) -> bool:
    return "name" in night.columns("merchant")
