"""Complaints about merchants, and how any complaint runs its course: accepted, resolved, repeated, pending.

Belongs here: the course and the table of all complaints. Does not belong here: who complains of officers (grievances).
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from pipelines.sample.calendar import COMPLAINT_RULE_FROM, DAY_SECONDS, day_number
from pipelines.sample.columns import (
    NONE,
    Columns,
    amounts,
    digests,
    identifiers,
    instants,
    length,
    rows,
    table,
    words,
)  # fmt: skip
from pipelines.sample.ground import Ground

KINDS = ("consumer_complaint", "violation_report", "officer_feedback", "handling_complaint", "accusation")
CHANNELS = (
    "12315", "12345", "online", "visit", "letter", "integrity_card", "observer", "monitoring_station", "shuangshu", "12388",
)  # fmt: skip
MERCHANT_CHANNEL_SHARES = (0.62, 0.2, 0.12, 0.04, 0.02, 0, 0, 0, 0, 0)
CATEGORIES = (
    "food_safety", "product_quality", "price", "advertising", "contract", "after_sales",
    "attitude", "delay", "unfair_handling", "arbitrary_charge", "solicitation", "unclear_answer",
)  # fmt: skip
OUTCOMES = ("upheld", "partly_upheld", "not_upheld", "withdrawn", "duplicate", "pending")
UPHELD, PARTLY, NOT_UPHELD, WITHDRAWN, DUPLICATE, PENDING = range(6)

MERCHANT_RATE = 0.12
"""Complaints and reports per merchant and year."""

NEW_RULE_FACTOR = 1.25
"""More is registered from the day of the complaint rule of 2026, whoever is concerned."""


def with_rule_change(day: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Positions to keep, some twice: what comes after the rule change is registered more often."""
    changed = day_number(COMPLAINT_RULE_FROM)
    again = np.flatnonzero((day >= changed) & (random.random(len(day)) < NEW_RULE_FACTOR - 1))
    return np.concatenate([np.arange(len(day)), again])


def about_merchants(ground: Ground, random: np.random.Generator) -> Columns:
    """Complaints and reports about merchants, more about the risky ones and in hard grids."""
    merchants, places, staff, calendar = ground.merchants, ground.places, ground.staff, ground.calendar
    weight = np.exp(0.75 * merchants.risk.mean(axis=1)) * places.grid_hardness[merchants.grid]
    end = np.where(merchants.closed == NONE, calendar.last, merchants.closed)
    begin = np.maximum(merchants.registered, calendar.first)
    expected = MERCHANT_RATE / weight.mean() * weight * np.maximum(end - begin, 0) / 365.25
    counts = random.poisson(expected)
    merchant = np.repeat(np.arange(merchants.count), counts)
    day = begin[merchant] + (random.random(len(merchant)) * (end - begin)[merchant]).astype(np.int64)
    kept = with_rule_change(day, random)
    merchant, day = merchant[kept], day[kept]
    count = len(day)
    station = merchants.station[merchant]
    slot = np.where(
        random.random(count) < 0.6,
        places.grid_slot[merchants.grid[merchant]],
        places.field_slot(station, random.integers(0, 1000, count)),
    )
    upheld = 1 / (1 + np.exp(0.9 - 0.6 * merchants.risk_on(merchant, day)))
    draw = random.random(count)
    outcome = np.select(
        [draw < upheld * 0.7, draw < upheld, draw < upheld + 0.1, draw < upheld + 0.16], range(4), NOT_UPHELD
    )
    outcome = np.select([outcome == 2, outcome == 3], [WITHDRAWN, DUPLICATE], outcome)
    return {
        "day": day,
        "kind": (random.random(count) < 0.28).astype(int),
        "channel": random.choice(len(CHANNELS), count, p=MERCHANT_CHANNEL_SHARES),
        "merchant": merchant,
        "officer": np.full(count, NONE),
        "station": station,
        "category": random.integers(0, 6, count),
        "handler": staff.officer_at(slot, day),
        "outcome": outcome,
        "complainant": random.integers(0, max(1, int(count * 0.8)), count),
        "event": np.full(count, NONE),
    }


def run_course(complaints: Columns, ground: Ground, random: np.random.Generator) -> Columns:
    """All complaints in the order of their receipt, with their instants and outcomes as known on the last day."""
    calendar = ground.calendar
    count = length(complaints)
    complaints = dict(complaints)
    hour = np.clip(random.normal(13.5, 3.2, count), 7, 22.5)
    complaints["received"] = complaints["day"] * DAY_SECONDS + (hour * 3600).astype(np.int64)
    complaints = rows(complaints, np.argsort(complaints["received"], kind="stable"))
    complaints = _mark_duplicates(complaints)
    accepted = calendar.after(complaints["day"], random.integers(0, 7, count))
    resolved = calendar.after(accepted, 1 + random.gamma(2.2, 6.5, count).astype(np.int64))
    is_late = resolved > calendar.last
    moment = (8.5 + random.random(count) * 9) * 3600
    earliest = complaints["received"] + 600
    accepted_at = np.maximum(accepted * DAY_SECONDS + moment.astype(np.int64), earliest)
    resolved_at = np.maximum(resolved * DAY_SECONDS + moment.astype(np.int64), accepted_at + 600)
    complaints["accepted"] = np.where(accepted > calendar.last, NONE, accepted_at)
    complaints["resolved"] = np.where(is_late, NONE, resolved_at)
    complaints["outcome"] = np.where(is_late, PENDING, complaints["outcome"])
    complaints["duplicate_of"] = np.where(is_late, NONE, complaints["duplicate_of"])
    return complaints


def _mark_duplicates(complaints: Columns) -> Columns:
    """A duplicate repeats the one before it about the same subject, by the same person; without one it is none."""
    count = length(complaints)
    subject = np.where(complaints["officer"] >= 0, -2 - complaints["officer"], complaints["merchant"])
    order = np.lexsort([np.arange(count), subject])
    before = np.full(count, NONE)
    is_same = subject[order][1:] == subject[order][:-1]
    before[order[1:]] = np.where(is_same, order[:-1], NONE)
    is_duplicate = (complaints["outcome"] == DUPLICATE) & (before >= 0)
    # The first of a chain of duplicates is what all of them repeat.
    original = np.where(is_duplicate, before, np.arange(count))
    while (original[original] != original).any():
        original = original[original]
    complaints["duplicate_of"] = np.where(is_duplicate, original, NONE)
    complaints["complainant"] = complaints["complainant"][original]
    outcome = complaints["outcome"]
    complaints["outcome"] = np.where((outcome == DUPLICATE) & ~is_duplicate, NOT_UPHELD, outcome)
    return complaints


def complaint_table(complaints: Columns, ground: Ground) -> pa.Table:
    """The contract's complaint table."""
    merchants, places = ground.merchants, ground.places
    merchant = complaints["merchant"]
    return table(
        "complaint",
        {
            "complaint_id": identifiers("C", np.arange(length(complaints)), 7),
            "received_at": instants(complaints["received"]),
            "kind": words(KINDS, complaints["kind"]),
            "channel": words(CHANNELS, complaints["channel"]),
            "merchant_id": identifiers("M", merchant, 7),
            "officer_id": identifiers("R", complaints["officer"], 4),
            "institution_id": words(list(places.institution_names), complaints["station"]),
            "category": words(CATEGORIES, complaints["category"]),
            "handler_officer_id": identifiers("R", complaints["handler"], 4),
            "accepted_at": instants(complaints["accepted"]),
            "resolved_at": instants(complaints["resolved"]),
            "outcome": words(OUTCOMES, complaints["outcome"]),
            "complainant_hash": digests(ground.seed, "complainant", complaints["complainant"]),
            "duplicate_of": identifiers("C", complaints["duplicate_of"], 7),
            "event_ref": identifiers("E", complaints["event"], 6),
            "latitude": amounts(np.where(merchant >= 0, merchants.latitude[merchant], np.nan)),
            "longitude": amounts(np.where(merchant >= 0, merchants.longitude[merchant], np.nan)),
        },
    )
