"""Figures of units and coverage. None of these pages reads a table of hints about persons."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from desk.access.area import institutions_of
from desk.access.directory import unit_names
from desk.access.gate import page
from desk.access.refusal import Refused
from desk.management import aggregate, coverage, line, mix, random_draw
from desk.management.words import COVERAGE
from desk.published.night import Night, current
from desk.review.words import FAMILIES, STRENGTHS
from models import policy


@page("unit_list")
def unit_list(request: HttpRequest) -> HttpResponse:
    """Every unit in one quarter."""
    night = current()
    measures = aggregate.published(night)
    quarters = aggregate.quarters(night) if measures else []
    asked = request.GET.get("quarter", "")
    quarter = next((day for day in quarters if day.isoformat() == asked), aggregate.latest(night) if quarters else None)
    order = request.GET.get("order", "")
    names = unit_names(night)
    units = institutions_of(request.user, night)
    rows = aggregate.units(night, units, quarter, order) if quarters else []
    beside = aggregate.medians(night).get(quarter, {}) if quarters else {}
    return render(
        request,
        "management/unit_list.html",
        {
            "night": night,
            "measures": measures,
            "quarters": quarters,
            "quarter": quarter,
            "order": order,
            "is_whole_bureau": units is None,
            "has_hints": "hint_aggregate" in night.tables,
            "hints": _hints(night, aggregate.BUREAU),
            "strengths": list(STRENGTHS.values()),
            "medians": [(measure, beside.get(measure.name)) for measure in measures],
            "rows": [
                row
                | {
                    "name": names.get(row["institution_id"], row["institution_id"]),
                    "scope_label": aggregate.SCOPES[row["scope"]],
                    "figures": [(measure, row[measure.name]) for measure in measures],
                }
                for row in rows
            ],
        },
    )


@page("unit")
def unit(request: HttpRequest, institution_id: str) -> HttpResponse:
    """One unit over the quarters, the median of all units beside it, and its counts of hints as published."""
    night = current()
    units = institutions_of(request.user, night)
    if units is not None and institution_id not in units:
        raise Refused("area", _("This unit lies outside your area."))
    names = unit_names(night)
    measures = aggregate.published(night)
    told_of = aggregate.history(night, institution_id) if measures else {}
    if institution_id not in names and not told_of:
        raise Http404
    beside = aggregate.medians(night) if measures else {}
    return render(
        request,
        "management/unit.html",
        {
            "night": night,
            "unit_id": institution_id,
            "name": names.get(institution_id, institution_id),
            "is_published": bool(measures),
            "has_hints": "hint_aggregate" in night.tables,
            "hints": _hints(night, institution_id),
            "strengths": list(STRENGTHS.values()),
            "least_units": aggregate.LEAST_UNITS,
            "sections": [
                (aggregate.SCOPES[scope], [_line(measure, rows, beside) for measure in measures])
                for scope, rows in told_of.items()
            ],
        },
    )


def _hints(night: Night, unit_id: str) -> list[dict]:
    """The counts with their words; `cells` follow STRENGTHS: whether the family has that strength, and its count."""
    return [
        {
            "label": FAMILIES[row["family"]],
            "judged": row["judged"],
            "cells": [(strength in row["counts"], row["counts"].get(strength)) for strength in STRENGTHS],
        }
        for row in aggregate.hints(night, unit_id)
    ]


def _line(measure: aggregate.Measure, rows: list[dict], beside: dict[date, dict]) -> line.Line:
    """One measure over every quarter that the bureau tells, whether or not this unit is told in it."""
    own = {row["quarter_start_on"]: row[measure.name] for row in rows}
    quarters = sorted(beside)
    return line.drawn(
        measure,
        quarters,
        [own.get(quarter) for quarter in quarters],
        [beside[quarter][measure.name] for quarter in quarters],
    )


@page("coverage")
def coverage_page(request: HttpRequest) -> HttpResponse:
    """Tiers, coverage and its cap, effort on the highest risk, overdue visits."""
    night = current()
    units = institutions_of(request.user, night)
    names = unit_names(night)
    target = policy.on(night.as_of)
    return render(
        request,
        "management/coverage.html",
        {
            "night": night,
            "is_whole_bureau": units is None,
            "mix": mix.drawn(coverage.tiers(night, units), target.tiers.model_tier_mix),
            "measures": [row | {"label": COVERAGE[row["measure"]]} for row in coverage.measures(night, units)],
            "labels": list(COVERAGE.values()),
            "cap": target.tiers.visit_cap_per_year,
            "arm": random_draw.arm(night),
            "by_unit": [
                row | {"name": names.get(row["institution_id"], row["institution_id"])}
                for row in coverage.by_unit(night, units)
            ],
        },
    )
