"""Filings: of visits before they happen, annual reports, permits, meals and conflicts."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from pipelines.sample.calendar import DAY_SECONDS, calendar_parts, day_in_year
from pipelines.sample.columns import NONE, Columns, days, identifiers, instants, length, stack, table, words
from pipelines.sample.ground import Ground
from pipelines.sample.merchants import UNLICENSED
from pipelines.sample.places import DESK
from pipelines.sample.visits import COMPLAINT, RANDOM, TARGETED

KINDS = ("visit", "meal_activity", "annual_report", "permit", "conflict_declaration")
VISIT, MEAL, ANNUAL_REPORT, PERMIT, CONFLICT = range(5)
STATUSES = ("approved", "rejected", "on_time", "late", "missing")
APPROVED, REJECTED, ON_TIME, LATE, MISSING = range(5)
UNFILED_SHARE, OFTEN_UNFILED_SHARE = 0.025, 0.45
"""Visits without a filing, of honest officers and of the planted one."""

PERMIT_DAYS = 5 * 365


def _filings(kind: int, count: int, **columns: np.ndarray) -> Columns:
    none = np.full(count, NONE)
    names = ("officer", "merchant", "filed", "event", "due", "status", "valid_to")
    return {"kind": np.full(count, kind), **{name: columns.get(name, none) for name in names}}


def file_visits(visits: Columns, ground: Ground, random: np.random.Generator) -> tuple[Columns, np.ndarray]:
    """The filings of visits, and by visit the number of its filing, NONE where there is none."""
    count, day, kind, started = length(visits), visits["day"], visits["kind"], visits["started"]
    often = ground.planted.on("unfiled_visit", visits["lead"], day) | visits["is_padded"]
    is_filed = random.random(count) >= np.where(often, OFTEN_UNFILED_SHARE, UNFILED_SHARE)
    # Unannounced visits are approved the same morning, urgent ones are supplemented; the others days before.
    same_morning = day * DAY_SECONDS + 8 * 3600 + random.integers(0, 3400, count)
    before = (day - random.integers(1, 6, count)) * DAY_SECONDS + 9 * 3600 + random.integers(0, 28_000, count)
    later = visits["ended"] + random.integers(2 * 3600, 30 * 3600, count)
    is_urgent = (kind == COMPLAINT) & (random.random(count) < 0.25) & (later < (ground.calendar.last + 1) * DAY_SECONDS)
    is_unannounced = np.isin(kind, (COMPLAINT, RANDOM, TARGETED))
    filed = np.where(is_urgent, later, np.where(is_unannounced, same_morning, before))[is_filed]
    officer, merchant = visits["lead"][is_filed], visits["merchant"][is_filed]
    made = _filings(
        VISIT,
        len(filed),
        officer=officer,
        merchant=merchant,
        filed=filed,
        event=started[is_filed],
        status=np.full(len(filed), APPROVED),
    )
    number = np.full(count, NONE)
    number[is_filed] = np.arange(len(filed))
    return stack(made, _not_carried_out(made, random)), number


def _not_carried_out(made: Columns, random: np.random.Generator) -> Columns:
    """One in a hundred again: filed for the same merchant, and rejected or never carried out."""
    chosen = np.flatnonzero(random.random(length(made)) < 0.012)
    shift = random.integers(5, 20, len(chosen)) * DAY_SECONDS
    return _filings(
        VISIT,
        len(chosen),
        officer=made["officer"][chosen],
        merchant=made["merchant"][chosen],
        filed=made["filed"][chosen] - shift,
        event=made["event"][chosen] - shift,
        status=np.where(random.random(len(chosen)) < 0.7, REJECTED, APPROVED),
    )


def annual_reports(ground: Ground, random: np.random.Generator) -> Columns:
    """Each licensed merchant's report of each year, due at the end of June; the risky ones are late or silent more often."""
    merchants, calendar = ground.merchants, ground.calendar
    first_year, last_year = (int(calendar_parts(np.array([day]))[0][0]) for day in (calendar.first, calendar.last))
    parts = []
    for year in range(first_year, last_year + 1):
        due = int(day_in_year(np.array([year]), 6, 30)[0])
        opened = int(day_in_year(np.array([year]), 1, 1)[0])
        is_due = (merchants.registered < opened) & (merchants.kind != UNLICENSED)
        is_due &= (merchants.closed == NONE) | (merchants.closed > due)
        merchant = np.flatnonzero(is_due)
        count = len(merchant)
        fails = random.random(count) < 1 / (1 + np.exp(3.15 - 0.6 * merchants.risk_on(merchant, np.full(count, due))))
        after = due + 1 + (random.gamma(1.2, 60, count)).astype(np.int64)
        on_time = due - random.integers(0, 175, count)
        filed_day = np.where(fails, np.where(random.random(count) < 0.6, after, calendar.last + 1), on_time)
        filed = filed_day * DAY_SECONDS + 9 * 3600 + random.integers(0, 30_000, count)
        is_known = filed_day <= calendar.last
        status = np.where(~is_known, MISSING, np.where(fails, LATE, ON_TIME))
        reported = _filings(
            ANNUAL_REPORT,
            count,
            merchant=merchant,
            filed=np.where(is_known, filed, NONE),
            due=np.full(count, due),
            status=status,
        )
        # Before the due day a report that has not come is no fact yet.
        kept = is_known | (due < calendar.last)
        parts.append({name: values[kept] for name, values in reported.items()})
    return stack(*parts)


def permits(ground: Ground, random: np.random.Generator) -> Columns:
    """The current permit of each key-industry merchant, five years long; a few have run out."""
    merchants, calendar = ground.merchants, ground.calendar
    merchant = np.flatnonzero(merchants.is_key & (merchants.kind != UNLICENSED))
    count = len(merchant)
    cycle = np.maximum(calendar.last - merchants.registered[merchant], 0) // PERMIT_DAYS
    cycle = np.maximum(cycle - (random.random(count) < 0.03), 0)
    day = merchants.registered[merchant] + cycle * PERMIT_DAYS
    desk = np.flatnonzero(ground.places.slot_role == DESK)
    at_station = np.searchsorted(ground.places.slot_station[desk], merchants.station[merchant])
    slot = desk[np.minimum(at_station, len(desk) - 1)]
    officer = np.where(day >= calendar.first, ground.staff.officer_at(slot, day), NONE)
    filed = day * DAY_SECONDS + 9 * 3600 + random.integers(0, 28_000, count)
    return _filings(
        PERMIT,
        count,
        officer=officer,
        merchant=merchant,
        filed=filed,
        status=np.full(count, APPROVED),
        valid_to=day + PERMIT_DAYS,
    )


def meals_and_conflicts(ground: Ground, random: np.random.Generator) -> Columns:
    """What officers declare: a meal or activity every other year, a conflict of interest every tenth."""
    calendar, parts = ground.calendar, []
    for kind, rate in ((MEAL, 0.5), (CONFLICT, 0.1)):
        count = random.poisson(rate * calendar.years * len(ground.places.slot_role))
        slot = random.integers(0, len(ground.places.slot_role), count)
        day = calendar.working_day(random.random(count))
        event = day * DAY_SECONDS + 18 * 3600
        parts.append(
            _filings(
                kind,
                count,
                officer=ground.staff.officer_at(slot, day),
                merchant=random.integers(0, ground.merchants.count, count),
                filed=event - random.integers(2 * 3600, 60 * 3600, count),
                event=event,
                status=np.full(count, APPROVED),
            )
        )
    return stack(*parts)


def filing_table(filings: Columns) -> pa.Table:
    """The contract's filing table; a filing's number is its row."""
    return table(
        "filing",
        {
            "filing_id": identifiers("F", np.arange(length(filings)), 8),
            "kind": words(KINDS, filings["kind"]),
            "officer_id": identifiers("R", filings["officer"], 4),
            "merchant_id": identifiers("M", filings["merchant"], 7),
            "filed_at": instants(filings["filed"]),
            "event_at": instants(filings["event"]),
            "due_on": days(filings["due"]),
            "status": words(STATUSES, filings["status"]),
            "valid_to_on": days(filings["valid_to"]),
        },
    )
