"""Who visits whom, on which day and why: the plan, the visits that complaints cause, and the planted extra ones.

Belongs here: merchant, day, kind, officers. Does not belong here: what was found (findings) and the hours (hours).
"""

from __future__ import annotations

import numpy as np

from pipelines.sample.calendar import calendar_parts
from pipelines.sample.columns import NONE, Columns, rows, stack
from pipelines.sample.ground import Ground
from pipelines.sample.merchants import VISITS_PER_YEAR

VISIT_KINDS = ("routine", "special", "targeted", "random", "complaint", "recheck")
ROUTINE, SPECIAL, TARGETED, RANDOM, COMPLAINT, RECHECK = range(6)
PLANNED_SHARES = (0.66, 0.15, 0.08, 0.11)
CAMPAIGN_MONTHS = (3, 9)
"""Months in which special checks take the place of routine ones."""

OWN_GRID_SHARES = np.array([0.65, 0.45, 0.65, 0.0, 0.45, 0.65])
"""Share of the visits of each kind that the grid's own officer leads."""

CROSS_STATION_SHARE = 0.4
"""Share of the random visits that officers of another station lead."""

COMPLAINT_VISIT_SHARE = 0.55
RECHECKED_SHARE = 0.55
ATTEMPTS = 12


def _visits(merchant: np.ndarray, day: np.ndarray, kind: np.ndarray, slot: np.ndarray | None = None) -> Columns:
    """Visits whose lead slot is given, or NONE where it is still to be found."""
    return {
        "merchant": np.asarray(merchant, dtype=np.int64),
        "day": np.asarray(day, dtype=np.int64),
        "kind": np.asarray(kind, dtype=np.int64),
        "slot": np.full(len(merchant), NONE) if slot is None else np.asarray(slot, dtype=np.int64),
        "is_padded": np.zeros(len(merchant), dtype=bool),
    }


def planned_visits(ground: Ground, random: np.random.Generator) -> Columns:
    """Visits spread evenly over each merchant's time, as many as its credit risk class asks for."""
    merchants, places, calendar, planted = ground.merchants, ground.places, ground.calendar, ground.planted
    begin, end = merchants.alive_share(calendar)
    rate = np.array(VISITS_PER_YEAR)[merchants.risk_class] * np.where(merchants.is_key, 1.15, 0.95)
    counts = np.floor(rate * calendar.years * (end - begin) + random.random(merchants.count)).astype(np.int64)
    merchant = np.repeat(np.arange(merchants.count), counts)
    number = np.arange(len(merchant)) - np.repeat(np.cumsum(counts) - counts, counts)
    share = begin[merchant] + (end - begin)[merchant] * (number + random.random(len(merchant))) / counts[merchant]
    day = calendar.working_day(share)
    kind = random.choice(4, len(merchant), p=PLANNED_SHARES)
    in_campaign = np.isin(calendar_parts(day)[1], CAMPAIGN_MONTHS)
    kind = np.where((kind == SPECIAL) & ~in_campaign & (random.random(len(merchant)) < 0.5), ROUTINE, kind)
    kind = np.where((kind == ROUTINE) & in_campaign & (random.random(len(merchant)) < 0.3), SPECIAL, kind)
    # Where an officer warns before announced visits, unannounced ones are what shows it: there are enough of them.
    is_warned = np.isin(merchants.grid[merchant], places.slot_grid[planted.officers["tip_off"]])
    kind = np.where(is_warned & (kind == ROUTINE) & (random.random(len(merchant)) < 0.2), RANDOM, kind)
    return _visits(merchant, day, kind)


def complaint_visits(complaints: Columns, ground: Ground, random: np.random.Generator) -> Columns:
    """Visits within twelve working days of more than half the complaints about merchants."""
    merchants, calendar = ground.merchants, ground.calendar
    chosen = np.flatnonzero(random.random(len(complaints["day"])) < COMPLAINT_VISIT_SHARE)
    merchant = complaints["merchant"][chosen]
    day = calendar.after(complaints["day"][chosen], random.integers(1, 13, len(chosen)))
    is_open = (merchants.closed[merchant] == NONE) | (day < merchants.closed[merchant])
    kept = (day <= calendar.last) & is_open
    return _visits(merchant[kept], day[kept], np.full(int(kept.sum()), COMPLAINT))


def retaliatory_visits(grievances: Columns, ground: Ground, random: np.random.Generator) -> Columns:
    """Four visits within 75 days to each merchant that complained about the officer who retaliates."""
    merchants, calendar, planted = ground.merchants, ground.calendar, ground.planted
    is_his = planted.on("retaliation", grievances["officer"], grievances["day"]) & (grievances["merchant"] >= 0)
    chosen = np.repeat(np.flatnonzero(is_his), 4)
    merchant = grievances["merchant"][chosen]
    day = calendar.after(grievances["day"][chosen], random.integers(3, 50, len(chosen)))
    is_open = (merchants.closed[merchant] == NONE) & (merchants.registered[merchant] < day)
    kept = (day <= calendar.last) & is_open
    kind = np.where(random.random(len(chosen)) < 0.6, TARGETED, SPECIAL)
    return _visits(merchant[kept], day[kept], kind[kept], grievances["officer"][chosen][kept])


def padded_visits(ground: Ground, random: np.random.Generator) -> Columns:
    """A dozen and more extra visits on some days, at month's end and on days of leave too, all over the station."""
    merchants, places, staff, calendar, planted = (
        ground.merchants,
        ground.places,
        ground.staff,
        ground.calendar,
        ground.planted,
    )
    parts = []
    for officer in planted.officers["patrol_padding"]:
        since = planted.started["patrol_padding", int(officer)]
        working = calendar.working[(calendar.working >= since) & (calendar.working <= calendar.last)]
        on_leave = working[staff.away(np.full(len(working), officer), working)]
        chosen = np.union1d(random.choice(working, max(1, len(working) // 10), replace=False), on_leave[::2])
        day = np.repeat(chosen, random.integers(12, 20, len(chosen)))
        inside = np.flatnonzero((merchants.station == places.slot_station[officer]) & (merchants.closed == NONE))
        merchant = random.choice(inside, len(day))
        is_known = merchants.registered[merchant] < day
        padded = _visits(
            merchant[is_known],
            day[is_known],
            np.full(int(is_known.sum()), ROUTINE),
            np.full(int(is_known.sum()), officer),
        )
        parts.append({**padded, "is_padded": np.ones(len(padded["day"]), dtype=bool)})
    return stack(*parts) if parts else _visits(*[np.zeros(0, dtype=np.int64)] * 3)


def rechecks(visits: Columns, ground: Ground, random: np.random.Generator) -> Columns:
    """Visits ten to thirty-five days after more than half the findings."""
    merchants, calendar = ground.merchants, ground.calendar
    chosen = np.flatnonzero((visits["findings"] > 0) & (random.random(len(visits["day"])) < RECHECKED_SHARE))
    merchant = visits["merchant"][chosen]
    day = calendar.after(visits["day"][chosen] + random.integers(10, 36, len(chosen)), np.zeros(len(chosen)))
    is_open = (merchants.closed[merchant] == NONE) | (day < merchants.closed[merchant])
    kept = (day <= calendar.last) & is_open
    return _visits(merchant[kept], day[kept], np.full(int(kept.sum()), RECHECK))


def send_officers(visits: Columns, ground: Ground, random: np.random.Generator) -> Columns:
    """Give every visit its lead and second officer: nobody on leave, nobody recused, except where a visit is padded.

    Visits for which no officer of the station is free are dropped; the second officer is NONE where only one is free.
    """
    merchants, places, staff, relations = ground.merchants, ground.places, ground.staff, ground.relations
    count = len(visits["day"])
    merchant, day, kind = visits["merchant"], visits["day"], visits["kind"]
    station = merchants.station[merchant]
    is_cross = (kind == RANDOM) & (random.random(count) < CROSS_STATION_SHARE)
    station = np.where(is_cross, random.integers(0, places.station_count - 1, count), station)
    slot = places.field_slot(station, random.integers(0, 1 << 30, count))
    is_own = random.random(count) < OWN_GRID_SHARES[kind]
    slot = np.where(is_own, places.grid_slot[merchants.grid[merchant]], slot)
    is_kin = np.isin(merchant, relations.kin_merchant)
    slot = np.where(is_kin & (kind != RANDOM), places.grid_slot[merchants.grid[merchant]], slot)
    is_given = visits["slot"] != NONE
    slot = np.where(is_given, visits["slot"], slot)

    def is_kept_away(officer: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        return staff.away(officer, day[chosen]) | relations.is_recused(officer, merchant[chosen])

    everyone = np.arange(count)
    lead = staff.officer_at(slot, day)
    blocked = everyone[is_kept_away(lead, everyone) & ~visits["is_padded"]]
    for _ in range(ATTEMPTS):
        slot[blocked] = places.field_slot(station[blocked], random.integers(0, 1 << 30, len(blocked)))
        lead[blocked] = staff.officer_at(slot[blocked], day[blocked])
        blocked = blocked[is_kept_away(lead[blocked], blocked)]

    home = places.slot_station[slot]
    number = slot - places.first_slot[home] - (places.field_count[home] > 2)
    pair = np.where(places.field_count[home] > 2, number ^ (1 + day % 7), 1 - number)
    co_slot = places.field_slot(home, pair)
    co = staff.officer_at(co_slot, day)
    alone = everyone[is_kept_away(co, everyone)]
    for _ in range(ATTEMPTS):
        tried = places.field_slot(home[alone], random.integers(0, 1 << 30, len(alone)))
        co[alone] = staff.officer_at(tried, day[alone])
        alone = alone[is_kept_away(co[alone], alone) | (co[alone] == lead[alone])]
    co[alone] = NONE
    sent = {**visits, "slot": slot, "lead": lead, "co": co, "is_second_half": number > pair}
    return rows(sent, np.setdiff1d(everyone, blocked))
