"""Pages of the lists that management signs, and their workbooks. None of them reads a table of hints about persons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from desk.access.area import institutions_of
from desk.access.directory import institution_names, reads_names, unit_names
from desk.access.gate import page
from desk.audit.log import append
from desk.listing.workbook import Sheet, answered, exported
from desk.lists import bulletin, hot_industry, key_industry, month, task, unlicensed
from desk.lists.picture import drawn
from desk.lists.words import STAGES
from desk.published.night import Night, current
from models import policy


@page("lists")
def lists(request: HttpRequest) -> HttpResponse:
    """Which lists there are, and what each tells."""
    return render(request, "lists/lists.html", {"night": current()})


@page("key_industry_list")
def key_industry_list(request: HttpRequest) -> HttpResponse:
    """Merchants of key industries, and by unit how many have been checked this year."""
    night = current()
    seen = institutions_of(request.user, night)
    names = institution_names(night, seen)
    listed = key_industry.listing(names).listed(request, key_industry.source(night, seen))
    context = {"night": night, "listed": listed, "by_unit": _named(key_industry.by_unit(night, seen), names)}
    return render(request, "lists/key_industry.html", context)


@page("key_industry_export")
def key_industry_export(request: HttpRequest) -> FileResponse:
    """The rows of the list as a workbook."""
    night = current()
    seen = institutions_of(request.user, night)
    listing = key_industry.listing(institution_names(night, seen))
    return exported(request, listing, key_industry.source(night, seen), night)


@page("hot_industry_list")
def hot_industry_list(request: HttpRequest) -> HttpResponse:
    """Hot industries together and by unit."""
    night = current()
    seen = institutions_of(request.user, night)
    listed = hot_industry.listing(institution_names(night, seen)).listed(request, hot_industry.source(night, seen))
    context = {"night": night, "listed": listed, "together": hot_industry.together(night, seen)}
    return render(request, "lists/hot_industry.html", context)


@page("hot_industry_export")
def hot_industry_export(request: HttpRequest) -> FileResponse:
    """The rows of the list as a workbook."""
    night = current()
    seen = institutions_of(request.user, night)
    listing = hot_industry.listing(institution_names(night, seen))
    return exported(request, listing, hot_industry.source(night, seen), night)


@page("unlicensed_list")
def unlicensed_list(request: HttpRequest) -> HttpResponse:
    """The register by stage, by unit and row by row; or the monthly bulletin. It names officers: the log says who looked."""
    night = current()
    seen = institutions_of(request.user, night)
    names = institution_names(night, seen)
    is_bulletin = request.GET.get("show") == "bulletin"
    if is_bulletin:
        listing, source = bulletin.listing(names, bulletin.months(night)), bulletin.source(night, seen)
    else:
        listing, source = unlicensed.listing(names), unlicensed.source(night, seen, request.user)
    listed = listing.listed(request, source, kept=("show",))
    _looked(request, "unlicensed_register", night, listed.count)
    context = {
        "night": night,
        "listed": listed,
        "is_bulletin": is_bulletin,
        "reads_names": reads_names(request.user),
        "stages": drawn(unlicensed.by_stage(night, seen), STAGES),
        "by_unit": _named(unlicensed.by_unit(night, seen), names),
        "terms": policy.on(night.as_of).unlicensed,
    }
    return render(request, "lists/unlicensed.html", context)


@page("unlicensed_export")
def unlicensed_export(request: HttpRequest) -> FileResponse:
    """The register, as the request narrows it, and the whole bulletin, as two sheets of a workbook."""
    night = current()
    seen = institutions_of(request.user, night)
    names = institution_names(night, seen)
    register, monthly = unlicensed.listing(names), bulletin.listing(names, bulletin.months(night))
    sheets = [
        Sheet(str(register.title), register.shown, register.stream(unlicensed.source(night, seen, request.user))),
        Sheet(str(monthly.title), monthly.shown, monthly.stream(bulletin.source(night, seen))),
    ]
    return answered(request, str(register.title), sheets, night)


@page("officer_task_list")
def officer_task_list(request: HttpRequest) -> HttpResponse:
    """What falls due in the coming days: by unit, by officer, and task by task."""
    night = current()
    names = institution_names(night, None)
    is_by_officer = request.GET.get("show") == "officers"
    if is_by_officer:
        listing, source = task.officer_listing(unit_names(night)), task.by_officer(night, request.user)
    else:
        listing, source = task.listing(names), task.source(night, request.user)
    listed = listing.listed(request, source, kept=("show",))
    _looked(request, "officer_task", night, listed.count)
    context = {
        "night": night,
        "listed": listed,
        "is_by_officer": is_by_officer,
        "by_unit": _named(task.by_unit(night), names),
        "horizon_days": policy.on(night.as_of).patrol.horizon_days,
    }
    return render(request, "lists/task.html", context)


@page("officer_task_export")
def officer_task_export(request: HttpRequest) -> FileResponse:
    """Tasks and the counts by officer as two sheets of a workbook."""
    night = current()
    tasks, officers = task.listing(institution_names(night, None)), task.officer_listing(unit_names(night))
    sheets = [
        Sheet(str(officers.title), officers.shown, officers.stream(task.by_officer(night, request.user))),
        Sheet(str(tasks.title), tasks.shown, tasks.stream(task.source(night, request.user))),
    ]
    return answered(request, _("Tasks of the coming days"), sheets, night)


@page("officer_month_list")
def officer_month_list(request: HttpRequest) -> HttpResponse:
    """The monthly work of officers; the reader's view of these persons is written in the log."""
    night = current()
    names = unit_names(night)
    listed = month.listing(names, month.periods(night)).listed(request, month.source(night, request.user))
    _looked(request, "officer_month", night, listed.count)
    in_force = policy.on(night.as_of)
    context = {
        "night": night,
        "listed": listed,
        "by_unit": _named(month.by_unit(night), names),
        "least": in_force.aggregate.min_denominator,
        "grace_days": in_force.work.recheck_grace_days,
    }
    return render(request, "lists/month.html", context)


@page("officer_month_export")
def officer_month_export(request: HttpRequest) -> FileResponse:
    """The rows of the list as a workbook."""
    night = current()
    listing = month.listing(unit_names(night), month.periods(night))
    return exported(request, listing, month.source(night, request.user), night)


def _named(rows: list[dict[str, Any]], names: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{**row, "name": names.get(row["institution_id"], row["institution_id"])} for row in rows]


def _looked(request: HttpRequest, table: str, night: Night, row_count: int) -> None:
    detail = {"query": request.GET.urlencode(), "row_count": row_count}
    append(request.user, "view", table, night.as_of.isoformat(), detail)
