"""What stations report of themselves: the monthly self-check and the rectification list."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from pipelines.sample.columns import NONE, Columns, days, identifiers, stack, table, words
from pipelines.sample.complaints import PARTLY
from pipelines.sample.ground import Ground

PROBLEMS = ("台账不全", "回访不及时", "文书不规范", "现场检查流于形式", "投诉答复超期", "涉企报备不全", "案卷装订不全")
MEASURES = ("补齐台账", "逐户回访", "集中培训", "交叉检查", "限时办结", "逐项核对", "案卷评查")
STATUSES = ("open", "done_at_once", "done", "overdue", "reopened")
OPEN, AT_ONCE, DONE, OVERDUE, REOPENED = range(5)
ITEMS_PER_YEAR = 9
DISCLOSED_SHARE = 0.92
"""Of the months with an upheld complaint, those in which an honest station reports a problem."""


def self_check_table(complaints: Columns, ground: Ground, random: np.random.Generator) -> pa.Table:
    """The contract's monthly reports, early in the following month; a few are late, none is missing before the last."""
    places, calendar, stations = ground.places, ground.calendar, ground.places.station_count
    months = np.unique(np.arange(calendar.first, calendar.last + 1).astype("datetime64[D]").astype("datetime64[M]"))
    ends = (months + 1).astype("datetime64[D]").astype(np.int64)
    station, month = (axis.ravel() for axis in np.indices((stations, len(months))))
    upheld = (complaints["outcome"] <= PARTLY) & (complaints["officer"] >= 0)
    received = complaints["day"][upheld].astype("datetime64[D]").astype("datetime64[M]")
    known = np.zeros((stations, len(months)), dtype=np.int64)
    np.add.at(known, (complaints["station"][upheld], np.searchsorted(months, received)), 1)
    known = known[station, month]
    problems = random.poisson(0.5, len(station)) + known * (random.random(len(station)) < DISCLOSED_SHARE)
    problems = np.where(ground.planted.on_station("zero_report_contradiction", station), 0, problems)
    late = np.where(random.random(len(station)) < 0.03, random.integers(5, 15, len(station)), 0)
    reported = ends[month] + random.integers(0, 5, len(station)) + late
    kept = reported <= calendar.last
    station, month, reported = station[kept], month[kept], reported[kept]
    return table(
        "self_check",
        {
            "institution_id": words(list(places.institution_names), station),
            "month": pa.array(np.datetime_as_string(months[month]).astype("U7"), pa.string()),
            "reported_on": days(reported),
            "problem_count": pa.array(problems[kept]),
            "signatory_officer_id": identifiers("R", ground.staff.officer_at(places.first_slot[station], reported), 4),
        },
    )


def rectification_table(ground: Ground, random: np.random.Generator) -> pa.Table:
    """The contract's rectification list as it stands on the last day; found problems are due within two months."""
    places, calendar = ground.places, ground.calendar
    count = random.poisson(ITEMS_PER_YEAR * calendar.years * places.station_count)
    items = {
        "station": random.integers(0, places.station_count, count),
        "problem": random.integers(0, len(PROBLEMS), count),
        "found": random.integers(calendar.first, calendar.last + 1, count),
        "is_again": np.zeros(count, dtype=bool),
    }
    # On paper only: the same problem is there again within ninety days.
    on_paper = ground.planted.on_station("rectification_on_paper", items["station"]) & (random.random(count) < 0.5)
    again = {name: values[on_paper] for name, values in items.items()}
    again["found"] = again["found"] + random.integers(25, 80, len(again["found"]))
    again["is_again"] = np.ones(len(again["found"]), dtype=bool)
    items = stack(items, again)
    items = {name: values[items["found"] <= calendar.last] for name, values in items.items()}
    order = np.lexsort([items["station"], items["found"]])
    station, problem, found, is_again = (values[order] for values in items.values())
    count = len(station)
    paper = ground.planted.on_station("rectification_on_paper", station)
    owner = ground.staff.officer_at(places.field_slot(station, random.integers(0, 1 << 30, count)), found)
    head = ground.staff.officer_at(places.first_slot[station], found)
    due = found + random.integers(20, 60, count)
    at_once = random.random(count) < np.where(paper, 0.6, 0.2)
    took = np.where(at_once, random.integers(0, 3, count), random.gamma(4, 8, count).astype(np.int64) + 2)
    closed = np.where(found + took > calendar.last, NONE, found + took)
    is_closed = closed != NONE
    status = np.select([is_closed & at_once, is_closed, due < calendar.last], [AT_ONCE, DONE, OVERDUE], OPEN)
    status = np.where(is_again & ~is_closed, REOPENED, status)
    has_evidence = is_closed & (random.random(count) < np.where(paper, 0.1, 0.96))
    by_owner = paper & (random.random(count) < 0.9)
    return table(
        "rectification",
        {
            "item_id": identifiers("Z", np.arange(count), 5),
            "institution_id": words(list(places.institution_names), station),
            "problem": words(PROBLEMS, problem),
            "measure": words(MEASURES, problem),
            "owner_officer_id": identifiers("R", owner, 4),
            "due_on": days(due),
            "status": words(STATUSES, status),
            "closed_on": days(closed),
            "closed_by": identifiers("R", np.where(is_closed, np.where(by_owner, owner, head), NONE), 4),
            "evidence_ref": identifiers("佐证", np.where(has_evidence, np.arange(count), NONE), 5),
        },
    )
