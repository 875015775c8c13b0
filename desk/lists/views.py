"""Pages of the lists that management signs, and their workbooks. None of them reads a table of hints about persons."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render

from desk.access.area import institutions_of
from desk.access.directory import institution_names, reads_names, unit_names
from desk.access.gate import page
from desk.audit.log import append
from desk.listing.listed import Listing
from desk.listing.source import NightSource
from desk.listing.workbook import exported
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
    listing, source = _of_area(key_industry, request, night)
    by_unit = _named(key_industry.by_unit(night, seen), institution_names(night, seen))
    context = {"night": night, "listed": listing.listed(request, source), "by_unit": by_unit}
    return render(request, "lists/key_industry.html", context)


@page("key_industry_export")
def key_industry_export(request: HttpRequest) -> FileResponse:
    """The rows of the list as a workbook."""
    night = current()
    return exported(request, *_of_area(key_industry, request, night), night)


@page("hot_industry_list")
def hot_industry_list(request: HttpRequest) -> HttpResponse:
    """Hot industries together and by unit."""
    night = current()
    listing, source = _of_area(hot_industry, request, night)
    together = hot_industry.together(night, institutions_of(request.user, night))
    context = {"night": night, "listed": listing.listed(request, source), "together": together}
    return render(request, "lists/hot_industry.html", context)


@page("hot_industry_export")
def hot_industry_export(request: HttpRequest) -> FileResponse:
    """The rows of the list as a workbook."""
    night = current()
    return exported(request, *_of_area(hot_industry, request, night), night)


def _of_area(industry: ModuleType, request: HttpRequest, night: Night) -> tuple[Listing, NightSource]:
    """The list of key or of hot industries, and its rows of the institutions that the reader sees."""
    seen = institutions_of(request.user, night)
    return industry.listing(institution_names(night, seen)), industry.source(night, seen)


@page("unlicensed_list")
def unlicensed_list(request: HttpRequest) -> HttpResponse:
    """The register by stage, by unit and row by row; or the monthly bulletin. It names officers: the log says who looked."""
    night = current()
    seen = institutions_of(request.user, night)
    listing, source = _unlicensed(request, night)
    listed = listing.listed(request, source, kept=("show",))
    _looked(request, "unlicensed_register", night, listed.count)
    context = {
        "night": night,
        "listed": listed,
        "is_bulletin": _shows(request, "bulletin"),
        "reads_names": reads_names(request.user),
        "stages": drawn(unlicensed.by_stage(night, seen), STAGES),
        "by_unit": _named(unlicensed.by_unit(night, seen), institution_names(night, seen)),
        "terms": policy.on(night.as_of).unlicensed,
    }
    return render(request, "lists/unlicensed.html", context)


@page("unlicensed_export")
def unlicensed_export(request: HttpRequest) -> FileResponse:
    """The rows of the register, or of the bulletin, as a workbook."""
    night = current()
    return exported(request, *_unlicensed(request, night), night)


def _unlicensed(request: HttpRequest, night: Night) -> tuple[Listing, NightSource]:
    seen = institutions_of(request.user, night)
    names = institution_names(night, seen)
    if _shows(request, "bulletin"):
        return bulletin.listing(names, bulletin.months(night)), bulletin.source(night, seen)
    listing = unlicensed.listing(names, is_named=reads_names(request.user))
    return listing, unlicensed.source(night, seen, request.user)


@page("officer_task_list")
def officer_task_list(request: HttpRequest) -> HttpResponse:
    """What falls due in the coming days: by unit, by officer, and task by task."""
    night = current()
    listing, source = _tasks(request, night)
    listed = listing.listed(request, source, kept=("show",))
    _looked(request, "officer_task", night, listed.count)
    context = {
        "night": night,
        "listed": listed,
        "is_by_officer": _shows(request, "officers"),
        "by_unit": _named(task.by_unit(night), institution_names(night, None)),
        "horizon_days": policy.on(night.as_of).patrol.horizon_days,
    }
    return render(request, "lists/task.html", context)


@page("officer_task_export")
def officer_task_export(request: HttpRequest) -> FileResponse:
    """The tasks, or the counts by officer, as a workbook."""
    night = current()
    return exported(request, *_tasks(request, night), night)


def _tasks(request: HttpRequest, night: Night) -> tuple[Listing, NightSource]:
    if _shows(request, "officers"):
        return task.officer_listing(unit_names(night)), task.by_officer(night, request.user)
    return task.listing(institution_names(night, None)), task.source(night, request.user)


def _shows(request: HttpRequest, what: str) -> bool:
    return request.GET.get("show") == what


@page("officer_month_list")
def officer_month_list(request: HttpRequest) -> HttpResponse:
    """The monthly work of officers; the reader's view of these persons is written in the log."""
    night = current()
    listing, source = _months(request, night)
    listed = listing.listed(request, source)
    _looked(request, "officer_month", night, listed.count)
    in_force = policy.on(night.as_of)
    context = {
        "night": night,
        "listed": listed,
        "by_unit": _named(month.by_unit(night), unit_names(night)),
        "least": in_force.aggregate.min_denominator,
        "grace_days": in_force.work.recheck_grace_days,
    }
    return render(request, "lists/month.html", context)


@page("officer_month_export")
def officer_month_export(request: HttpRequest) -> FileResponse:
    """The rows of the list as a workbook."""
    night = current()
    return exported(request, *_months(request, night), night)


def _months(request: HttpRequest, night: Night) -> tuple[Listing, NightSource]:
    return month.listing(unit_names(night), month.periods(night)), month.source(night, request.user)


def _named(rows: list[dict[str, Any]], names: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{**row, "name": names.get(row["institution_id"], row["institution_id"])} for row in rows]


def _looked(request: HttpRequest, table: str, night: Night, row_count: int) -> None:
    detail = {"query": request.GET.urlencode(), "row_count": row_count}
    append(request.user, "view", table, night.as_of.isoformat(), detail)
