"""The hours of a visit, the record that is made of it, and the patrol table."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from pipelines.sample.calendar import DAY_SECONDS
from pipelines.sample.columns import NONE, Columns, amounts, digests, identifiers, instants, length, rows, table, words
from pipelines.sample.findings import RESULTS
from pipelines.sample.ground import Ground
from pipelines.sample.places import grid_names
from pipelines.sample.visits import VISIT_KINDS

MORNING_MINUTES, AFTERNOON_MINUTES = (9 * 60, 190), (13 * 60 + 30, 230)
"""First minute of the half-day, and how many minutes visits may begin in."""

SAME_DAY_SHARE = 0.96
TEMPLATE_SHARE = 0.01
TEMPLATES = 25


def keep_hours(visits: Columns, ground: Ground, random: np.random.Generator) -> Columns:
    """Visits in order, with begin, end and entry: an officer leads in one half of the day and goes along in the other."""
    count = length(visits)
    half = (visits["is_second_half"] + visits["day"]) % 2
    # A round goes grid by grid and along the street, so that the ways are short.
    merchant = visits["merchant"]
    along = ground.merchants.latitude[merchant]
    order = np.lexsort([along, ground.merchants.grid[merchant], half, visits["day"], visits["lead"]])
    visits, half = rows(visits, order), half[order]
    is_new = np.ones(count, dtype=bool)
    for name in ("lead", "day"):
        is_new[1:] &= visits[name][1:] == visits[name][:-1]
    is_new[1:] = ~(is_new[1:] & (half[1:] == half[:-1]))
    start_row = np.flatnonzero(is_new)
    size = np.diff(np.append(start_row, count))
    number = np.arange(count) - np.repeat(start_row, size)
    size = np.repeat(size, size)

    begin = np.where(half == 0, MORNING_MINUTES[0], AFTERNOON_MINUTES[0])
    span = np.where(half == 0, MORNING_MINUTES[1], AFTERNOON_MINUTES[1])
    step = span / size
    minutes = begin + step * (number + 0.35 * random.random(count))
    stay = np.minimum(np.exp(random.normal(3.1, 0.45, count)), np.maximum(0.55 * step, 4))
    # A padded visit is over in three minutes and does not wait for the one before.
    padded = visits["is_padded"]
    minutes = np.where(padded, 9 * 60 + 480 * random.random(count), minutes)
    stay = np.where(padded, 1 + 2 * random.random(count), stay)
    started = visits["day"] * DAY_SECONDS + (minutes * 60).astype(np.int64)
    ended = started + (stay * 60).astype(np.int64)
    is_same_day = random.random(count) < np.where(padded, 0.5, SAME_DAY_SHARE)
    evening = np.maximum(ended + 300, visits["day"] * DAY_SECONDS + 17 * 3600 + random.integers(0, 5000, count))
    entry_day = ground.calendar.after(visits["day"] + 1, random.integers(0, 4, count))
    entered = np.where(is_same_day, evening, entry_day * DAY_SECONDS + 9 * 3600 + random.integers(0, 20_000, count))
    entered = np.where(entered >= (ground.calendar.last + 1) * DAY_SECONDS, evening, entered)
    by_partner = (random.random(count) < 0.08) & (visits["co"] != NONE)
    note = TEMPLATES + np.arange(count)
    note = np.where(random.random(count) < TEMPLATE_SHARE, random.integers(0, TEMPLATES, count), note)
    note = np.where(padded & (random.random(count) < 0.8), TEMPLATES - 1, note)
    timed = {
        **visits,
        "started": started,
        "ended": ended,
        "entered": entered,
        "entered_by": np.where(by_partner, visits["co"], visits["lead"]),
        "note": note,
    }
    return rows(timed, np.lexsort([timed["merchant"], timed["started"]]))


def patrol_table(visits: Columns, visit_filing: np.ndarray, ground: Ground, random: np.random.Generator) -> pa.Table:
    """The contract's patrol table; visit_filing is the filing's number by visit, NONE where there is none."""
    merchants, places, merchant = ground.merchants, ground.places, visits["merchant"]
    count = length(visits)
    return table(
        "patrol",
        {
            "patrol_id": identifiers("P", np.arange(count), 8),
            "merchant_id": identifiers("M", merchant, 7),
            "institution_id": words(list(places.institution_names), places.slot_station[visits["slot"]]),
            "grid_id": words(list(grid_names(places)), merchants.grid[merchant]),
            "lead_officer_id": identifiers("R", visits["lead"], 4),
            "co_officer_id": identifiers("R", visits["co"], 4),
            "visit_kind": words(VISIT_KINDS, visits["kind"]),
            "visit_filing_id": identifiers("F", visit_filing, 8),
            "started_at": instants(visits["started"]),
            "ended_at": instants(visits["ended"]),
            "entered_at": instants(visits["entered"]),
            "entered_by": identifiers("R", visits["entered_by"], 4),
            "result": words(RESULTS, visits["result"]),
            "finding_count": pa.array(visits["findings"]),
            "severe_finding_count": pa.array(visits["severe"]),
            "latitude": amounts((merchants.latitude[merchant] + random.normal(0, 0.00012, count)).round(6)),
            "longitude": amounts((merchants.longitude[merchant] + random.normal(0, 0.00012, count)).round(6)),
            "note_hash": digests(ground.seed, "note", visits["note"]),
        },
    )
