"""Complaints about officers: feedback on service, complaints about handling, accusations."""

from __future__ import annotations

import numpy as np

from pipelines.sample.columns import NONE, Columns, stack
from pipelines.sample.complaints import (
    CHANNELS,
    DUPLICATE,
    NOT_UPHELD,
    PARTLY,
    UPHELD,
    WITHDRAWN,
    with_rule_change,
)  # fmt: skip
from pipelines.sample.ground import Ground
from pipelines.sample.places import DESK, HEAD

FEEDBACK, HANDLING, ACCUSATION = 2, 3, 4
OFFICER_CHANNEL_SHARES = (0.1, 0.36, 0.12, 0.08, 0.07, 0.14, 0.04, 0.05, 0.04, 0)
CATEGORY_SHARES = (0.3, 0.25, 0.18, 0.07, 0.05, 0.15)

OFFICER_RATE = 3.2
"""Complaints per field officer and year."""

TEMPER_SHAPE = 9
"""Shape of the gamma by which honest officers differ."""

TIMES = {"clustered_complaints": 4.0, "lenient_and_complained": 16.0, "retaliation": 1.6}
"""How many times the usual complaints, by what is planted."""

CLUSTERED = ("clustered_complaints", "lenient_and_complained", "complaint_burst")
BURST, BURST_DAYS = 18, 21
ZERO_REPORT_EXTRA = 12
SHARED_SHARE = 0.06
"""Of the complaints, those that concern both officers of the visit: one event, two rows."""

ABUSIVE_RATE = 320
"""Complaints a year by one abusive person (DOMAIN.md 3.24 cites 735 and 1,520)."""

SHARE_WITH_MERCHANT = 0.75


def _from_visits(visits: Columns, ground: Ground, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Visit and officer of every complaint that a visit leads to: by the grid's hardness and the officer's temper.

    Where it is planted, four times as many; in the station that reports zero, a dozen a year more.
    """
    places, planted, count = ground.places, ground.planted, len(visits["day"])
    temper = random.gamma(TEMPER_SHAPE, 1 / TEMPER_SHAPE, ground.staff.officer_count)
    weight = places.grid_hardness[ground.merchants.grid[visits["merchant"]]] * temper[visits["lead"]]
    weight = np.where(visits["is_padded"], 0.0, weight)
    expected = OFFICER_RATE * ground.calendar.years * int(places.field_count.sum()) * weight / weight.sum()
    usual = expected.sum() / max(1, np.count_nonzero(weight))
    for behaviour, times in TIMES.items():
        is_on = planted.on(behaviour, visits["lead"], visits["day"]) & (weight > 0)
        expected = np.where(is_on, times * usual, expected)
    inside = planted.on_station("zero_report_contradiction", places.slot_station[visits["slot"]])
    expected += inside * ZERO_REPORT_EXTRA * ground.calendar.years / max(1, np.count_nonzero(inside))
    visit = np.repeat(np.arange(count), random.poisson(expected))
    officer = visits["lead"][visit]
    is_about_partner = (random.random(len(visit)) < 0.2) & (visits["co"][visit] != NONE) & (expected[visit] < 2 * usual)
    return visit, np.where(is_about_partner, visits["co"][visit], officer)


def _at_the_counter(ground: Ground, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Day and officer of complaints that no visit led to: about desks and heads, and the planted bursts."""
    places, calendar, planted = ground.places, ground.calendar, ground.planted
    rate = np.select([places.slot_role == DESK, places.slot_role == HEAD], [0.5, 0.3], 0.0) * OFFICER_RATE
    slot = np.repeat(np.arange(len(rate)), random.poisson(rate * calendar.years))
    day = calendar.first + random.integers(0, calendar.day_count, len(slot))
    officers, bursts = planted.officers["complaint_burst"], []
    for officer in officers:
        since = planted.started["complaint_burst", int(officer)]
        bursts.append(np.minimum(since + random.integers(0, BURST_DAYS, BURST), calendar.last))
    return np.concatenate([day, *bursts]), np.concatenate(
        [ground.staff.officer_at(slot, day), np.repeat(officers, BURST)]
    )


def about_officers(visits: Columns, ground: Ground, random: np.random.Generator) -> Columns:
    """Feedback, complaints about handling and accusations, with the merchant where the complainant said it."""
    places, staff, calendar, planted = ground.places, ground.staff, ground.calendar, ground.planted
    visit, officer = _from_visits(visits, ground, random)
    counter_day, counter_officer = _at_the_counter(ground, random)
    day = np.concatenate([visits["day"][visit] + random.integers(0, 8, len(visit)), counter_day])
    officer = np.concatenate([officer, counter_officer])
    counter_slot = staff.slot_of[staff.era(counter_day), counter_officer]
    counter_station = np.minimum(places.slot_station[counter_slot], places.station_count - 1)
    nearby = nearby_merchants(counter_slot, counter_station, ground, random)
    merchant = np.concatenate([visits["merchant"][visit], nearby])
    station = np.concatenate([places.slot_station[visits["slot"][visit]], counter_station])
    event = np.arange(len(day))
    partner = np.concatenate([visits["co"][visit], np.full(len(counter_day), NONE)])

    kept = with_rule_change(day, random)
    kept = kept[day[kept] <= calendar.last]
    both = kept[(random.random(len(kept)) < SHARED_SHARE) & (partner[kept] != NONE) & (partner[kept] != officer[kept])]
    officer = np.concatenate([officer[kept], partner[both]])
    complainant = np.concatenate([np.arange(len(kept)), np.searchsorted(kept[: len(event)], both)])
    kept = np.concatenate([kept, both])
    day, merchant, station, event = day[kept], merchant[kept], station[kept], event[kept]
    count = len(kept)

    is_head = np.isin(officer, np.flatnonzero(places.slot_role == HEAD))
    draw = random.random(count)
    kind = np.select([draw < 0.52, (draw < 0.96) | is_head], [FEEDBACK, HANDLING], ACCUSATION)
    channel = random.choice(len(CHANNELS), count, p=OFFICER_CHANNEL_SHARES)
    is_clustered = planted.on_station("zero_report_contradiction", station)
    for behaviour in CLUSTERED:
        is_clustered = is_clustered | planted.on(behaviour, officer, day)
    upheld, verdict = np.where(is_clustered, 0.45, 0.2), random.random(count)
    outcome = np.select(
        [verdict < upheld * 0.6, verdict < upheld, verdict < upheld + 0.08, verdict < upheld + 0.14],
        [UPHELD, PARTLY, WITHDRAWN, DUPLICATE],
        NOT_UPHELD,
    )
    has_merchant = (random.random(count) < SHARE_WITH_MERCHANT) | planted.on("retaliation", officer, day)
    return {
        "day": day,
        "kind": kind,
        "channel": np.where(kind == ACCUSATION, len(CHANNELS) - 1, channel),
        "merchant": np.where(has_merchant, merchant, NONE),
        "officer": officer,
        "station": station,
        "category": 6 + random.choice(6, count, p=CATEGORY_SHARES),
        "handler": staff.officer_at(places.first_slot[station], day),
        "outcome": outcome,
        "complainant": complainant,
        "event": event,
    }


def nearby_merchants(slot: np.ndarray, station: np.ndarray, ground: Ground, random: np.random.Generator) -> np.ndarray:
    """For each slot a merchant of its own grid, or of any grid of the station where it has none."""
    merchants, places = ground.merchants, ground.places
    order = np.argsort(merchants.grid, kind="stable")
    start = np.searchsorted(merchants.grid[order], np.arange(len(places.grid_station) + 1))
    first, last = np.searchsorted(places.grid_station, station), np.searchsorted(places.grid_station, station, "right")
    any_grid = first + (random.random(len(slot)) * (last - first)).astype(np.int64)
    grid = np.where(places.slot_grid[slot] >= 0, places.slot_grid[slot], any_grid)
    chosen = start[grid] + (random.random(len(slot)) * (start[grid + 1] - start[grid])).astype(np.int64)
    return order[np.minimum(chosen, merchants.count - 1)]


def from_one_abusive_person(ground: Ground, random: np.random.Generator) -> Columns:
    """Hundreds of complaints a year by one person about one officer, none of them upheld."""
    places, calendar, planted = ground.places, ground.calendar, ground.planted
    officer = np.repeat(planted.officers["abusive_complainant"], int(ABUSIVE_RATE * min(calendar.years, 2.0)))
    count = len(officer)
    day = calendar.last - random.integers(0, min(730, calendar.day_count), count)
    station = places.slot_station[officer]
    return {
        "day": day,
        "kind": np.where(random.random(count) < 0.3, FEEDBACK, HANDLING),
        "channel": random.choice(3, count, p=(0.2, 0.5, 0.3)),
        "merchant": np.full(count, NONE),
        "officer": officer,
        "station": station,
        "category": np.full(count, 11),
        "handler": places.first_slot[station],
        "outcome": np.where(random.random(count) < 0.55, DUPLICATE, NOT_UPHELD),
        "complainant": officer,
        "event": np.full(count, NONE),
    }


def from_the_fined(cases: Columns, ground: Ground, random: np.random.Generator) -> Columns:
    """Complaints about the strict officer, by merchants that he fined, soon after; none is upheld."""
    places, calendar, planted = ground.places, ground.calendar, ground.planted
    is_his = np.isin(cases["lead"], planted.officers["strict_officer"]) & (cases["fine"] > 0)
    chosen = np.flatnonzero(is_his & (random.random(len(is_his)) < 0.5))
    day = cases["decided"][chosen] + random.integers(1, 40, len(chosen))
    chosen, day = chosen[day <= calendar.last], day[day <= calendar.last]
    count, station = len(day), cases["station"][chosen]
    return {
        "day": day,
        "kind": np.full(count, HANDLING),
        "channel": random.choice(3, count, p=(0.2, 0.6, 0.2)),
        "merchant": cases["merchant"][chosen],
        "officer": cases["lead"][chosen],
        "station": station,
        "category": np.full(count, 8),
        "handler": places.first_slot[station],
        "outcome": np.full(count, NOT_UPHELD),
        "complainant": np.arange(count),
        "event": np.full(count, NONE),
    }


def together(*parts: Columns) -> Columns:
    """All parts in one, the people of one part distinct from those of the others."""
    people = 0
    numbered = []
    for part in parts:
        numbered.append({**part, "complainant": part["complainant"] + people})
        people += int(part["complainant"].max(initial=-1)) + 1
    return stack(*numbered)
