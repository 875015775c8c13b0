"""Cases: which findings become one, who handles, reviews and approves it, and what came before.

Belongs here: subject, origin, people, priors. Does not belong here: the fine (fines) and the stages (stages).
"""

from __future__ import annotations

import numpy as np

from pipelines.sample.columns import NONE, Columns, length, rows, stack
from pipelines.sample.findings import REFERRED
from pipelines.sample.ground import Ground
from pipelines.sample.places import REVIEWER
from pipelines.sample.visits import COMPLAINT, RANDOM

SOURCES = ("patrol", "complaint", "report", "transfer", "random", "other")
FROM_PATROL, FROM_COMPLAINT, FROM_REPORT, FROM_TRANSFER, FROM_RANDOM, FROM_OTHER = range(6)

CASES_PER_MERCHANT_YEAR = 218 * 39 / 110_000
"""218 cases per station and year, at 110,000 merchants in 39 stations (DOMAIN.md 3.24)."""

CASES_PER_STATION, MOST_PER_MERCHANT_YEAR = 105, 0.14
"""A small bureau has more cases per merchant, so that its handlers have enough of them to be compared."""

FROM_VISITS_SHARE = 0.85
FILED_SHARE = 0.93
"""Of the referred findings; the others are not filed after verification."""

HANDLER_SHARE = 0.95
SIMPLE_SHARE = 0.25
"""Of the cases against legal persons; fines of natural persons are seldom within the 200 yuan of that procedure."""

PRIOR_DAYS = 730
FAVOURED_MERCHANTS, FAVOURS = 3, 6
"""Merchants that the officer favours, and cases of each."""

ATTEMPTS = 12


def case_target(ground: Ground) -> int:
    """Cases that a bureau of that size files in the window."""
    wished = CASES_PER_STATION * ground.places.station_count / ground.merchants.count
    rate = min(max(CASES_PER_MERCHANT_YEAR, wished), MOST_PER_MERCHANT_YEAR)
    return round(rate * ground.merchants.count * ground.calendar.years)


def referrals_needed(ground: Ground) -> int:
    """Referred findings from which that many cases come."""
    return round(case_target(ground) * FROM_VISITS_SHARE / FILED_SHARE)


def _from_visits(visits: Columns, random: np.random.Generator) -> Columns:
    referred = np.flatnonzero(visits["result"] == REFERRED)
    visit = referred[random.random(len(referred)) < FILED_SHARE]
    kind = visits["kind"][visit]
    return {
        "merchant": visits["merchant"][visit],
        "visit": visit,
        "visit_lead": visits["lead"][visit],
        "discovered": visits["day"][visit],
        "source": np.select([kind == COMPLAINT, kind == RANDOM], [FROM_COMPLAINT, FROM_RANDOM], FROM_PATROL),
        "favoured_by": np.full(len(visit), NONE),
    }


def _without_visit(
    merchant: np.ndarray, day: np.ndarray, source: np.ndarray, officer: np.ndarray | None = None
) -> Columns:
    none = np.full(len(merchant), NONE)
    return {
        "merchant": merchant,
        "visit": none,
        "visit_lead": none,
        "discovered": day,
        "source": source,
        "favoured_by": none if officer is None else officer,
    }


def _from_elsewhere(ground: Ground, random: np.random.Generator) -> Columns:
    """Cases from reports, transfers and other sources, more of the risky merchants."""
    merchants, calendar = ground.merchants, ground.calendar
    count = round(case_target(ground) * (1 - FROM_VISITS_SHARE))
    weight = np.exp(merchants.risk.mean(axis=1)) * (merchants.closed == NONE)
    merchant = random.choice(merchants.count, count, p=weight / weight.sum())
    begin, _ = merchants.alive_share(calendar)
    share = begin[merchant] + random.random(count) * (1 - begin[merchant])
    source = random.choice([FROM_REPORT, FROM_TRANSFER, FROM_OTHER], count, p=(0.55, 0.3, 0.15))
    return _without_visit(merchant, calendar.working_day(share), source)


def _favours(ground: Ground, random: np.random.Generator) -> Columns:
    """Cases of three merchants each, all handled by the officer who is lenient to them only."""
    merchants, places, calendar, planted = ground.merchants, ground.places, ground.calendar, ground.planted
    parts = []
    for officer in planted.officers["pair_leniency"]:
        since = planted.started["pair_leniency", int(officer)]
        inside = (merchants.station == places.slot_station[officer]) & (merchants.closed == NONE)
        inside &= merchants.registered < since
        favoured = random.choice(np.flatnonzero(inside), FAVOURED_MERCHANTS, replace=False)
        merchant = np.repeat(favoured, FAVOURS)
        room = max(1, (calendar.last - 100 - since) // FAVOURS)
        day = since + np.tile(np.arange(FAVOURS), FAVOURED_MERCHANTS) * room + random.integers(0, room, len(merchant))
        day = calendar.after(day, np.zeros(len(day)))
        parts.append(_without_visit(merchant, day, np.full(len(day), FROM_REPORT), np.full(len(day), officer)))
    return stack(*parts) if parts else _without_visit(*[np.zeros(0, dtype=np.int64)] * 3)


def open_cases(visits: Columns, ground: Ground, random: np.random.Generator) -> Columns:
    """All cases filed in the window, in order of filing, with their people and the merchant's earlier cases."""
    merchants, calendar = ground.merchants, ground.calendar
    cases = stack(_from_visits(visits, random), _from_elsewhere(ground, random), _favours(ground, random))
    verified = np.minimum(random.gamma(2.5, 2.6, length(cases)).astype(np.int64), 15)
    cases["is_legal"] = merchants.is_legal[cases["merchant"]]
    cases["is_simple"] = (
        cases["is_legal"] & (random.random(length(cases)) < SIMPLE_SHARE) & (cases["favoured_by"] == NONE)
    )
    cases["filed"] = calendar.after(cases["discovered"], np.where(cases["is_simple"], 0, verified))
    cases = rows(cases, cases["filed"] <= calendar.last)
    cases = rows(cases, np.lexsort([cases["merchant"], cases["filed"]]))
    cases["station"] = merchants.station[cases["merchant"]]
    cases["priors"] = count_priors(cases)
    return _assign_people(cases, ground, random)


def count_priors(cases: Columns) -> np.ndarray:
    """Cases of the same merchant filed within the 24 months before each case, at most four."""
    order = np.lexsort([cases["filed"], cases["merchant"]])
    merchant, filed = cases["merchant"][order], cases["filed"][order]
    found = np.zeros(len(order), dtype=np.int64)
    for back in range(1, 5):
        is_prior = (merchant[back:] == merchant[:-back]) & (filed[back:] - filed[:-back] <= PRIOR_DAYS)
        found[back:] += is_prior & (filed[back:] > filed[:-back])
    priors = np.empty_like(found)
    priors[order] = found
    return priors


def _assign_people(cases: Columns, ground: Ground, random: np.random.Generator) -> Columns:
    """Lead, second handler, reviewer and approver; who found it does not handle it, save in simple cases and when planted."""
    places, staff, planted = ground.places, ground.staff, ground.planted
    count, station, filed = length(cases), cases["station"], cases["filed"]

    def draw_lead(chosen: np.ndarray) -> np.ndarray:
        # The first three of a station's field officers are its handlers.
        by_handler = random.random(len(chosen)) < HANDLER_SHARE
        number = np.where(by_handler, random.integers(0, 3, len(chosen)), random.integers(0, 1 << 30, len(chosen)))
        return staff.officer_at(places.field_slot(station[chosen], number), filed[chosen])

    everyone = np.arange(count)
    lead = draw_lead(everyone)
    again = everyone[lead == cases["visit_lead"]]
    for _ in range(ATTEMPTS):
        lead[again] = draw_lead(again)
        again = again[lead[again] == cases["visit_lead"][again]]
    on_the_spot = cases["is_simple"] & (cases["visit_lead"] != NONE)
    keeps = planted.on("duty_not_separated", cases["visit_lead"], cases["discovered"])
    keeps &= places.slot_station[staff.slot_of[staff.era(filed), cases["visit_lead"]]] == station
    lead = np.where(on_the_spot | keeps, cases["visit_lead"], lead)
    lead = np.where(cases["favoured_by"] != NONE, cases["favoured_by"], lead)

    co = lead.copy()
    again = everyone
    for _ in range(ATTEMPTS):
        slot = places.field_slot(station[again], random.integers(0, 1 << 30, len(again)))
        co[again] = staff.officer_at(slot, filed[again])
        again = again[co[again] == lead[again]]
    co[again] = NONE
    reviewers = np.flatnonzero(places.slot_role == REVIEWER)
    reviewer = random.choice(reviewers, count)
    reviews_own = planted.on("duty_not_separated", lead, filed) & (random.random(count) < 0.6)
    reviewer = np.where(cases["is_simple"], NONE, np.where(reviews_own, lead, reviewer))
    approver = staff.officer_at(places.first_slot[station], filed)
    return {**cases, "lead": lead, "co": co, "reviewer": reviewer, "approver": approver}
