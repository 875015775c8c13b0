"""Visits: who goes where on which day, and the visits that were only written down."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.world.calendar import month_end
from tests.world.ground import Ground
from tests.world.staff import BOTH, HANDLER, PATROL

KINDS = ("routine", "special", "targeted", "random", "complaint", "recheck")
KIND_SHARES = (0.52, 0.12, 0.08, 0.12, 0.09, 0.07)
VISITS_PER_OUTING = 3.2
OWN_GRID_SHARE, ELSEWHERE_SHARE = 0.55, 0.3
ON_LEAVE_SHARE = 0.02
"""Of the visits that would fall on a day of leave, those that are made all the same: a leave that was cut short."""


def led_visits(ground: Ground, random: np.random.Generator) -> pd.DataFrame:
    """Every visit with day, lead, co, merchant, station, kind and whether it was made up; in order of lead and day."""
    visits = pd.concat([_honest(ground, random), _made_up(ground, random)], ignore_index=True)
    merchant, day, lead = (visits[name].to_numpy() for name in ("merchant", "day", "lead"))
    visits["station"] = ground.staff.station_of(lead, day)
    visits = visits[ground.town.is_open(merchant, day)].reset_index(drop=True)
    lead, day, station = (visits[name].to_numpy() for name in ("lead", "day", "station"))
    co = ground.staff.colleague(station, (PATROL, BOTH, HANDLER), lead, day, random)
    visits["co"] = np.where(random.random(len(co)) < 0.015, -1, co)
    return visits.sort_values(["lead", "day", "is_made_up"], kind="stable", ignore_index=True)


def _honest(ground: Ground, random: np.random.Generator) -> pd.DataFrame:
    """Outings of each officer who leads visits, a few merchants each, mostly in his own grid."""
    staff, town, calendar = ground.staff, ground.town, ground.calendar
    outings = random.poisson(staff.visits_per_year * calendar.years / VISITS_PER_OUTING)
    lead = np.repeat(np.arange(staff.count), outings)
    day = calendar.working_days(len(lead), random)
    for _ in range(2):
        blocked = np.flatnonzero(staff.away(lead, day))
        day[blocked] = calendar.working_days(len(blocked), random)
    kept = ~staff.away(lead, day) | (random.random(len(lead)) < ON_LEAVE_SHARE)
    outing = pd.DataFrame({"lead": lead[kept], "day": day[kept]}).drop_duplicates()
    size = 1 + random.poisson(VISITS_PER_OUTING - 1, len(outing))
    lead, day = (np.repeat(outing[name].to_numpy(), size) for name in ("lead", "day"))
    count = len(lead)
    seat = staff.seat_of(lead, day)
    kind = random.choice(len(KINDS), count, p=KIND_SHARES)
    kind = np.where(calendar.is_campaign(day) & (kind == 0) & (random.random(count) < 0.4), 1, kind)
    merchant = np.where(
        random.random(count) < OWN_GRID_SHARE,
        town.merchants_in_grid(staff.grid[seat], random),
        town.merchants_in_station(staff.station[seat], random),
    )
    elsewhere = town.merchants_in_station(random.integers(0, town.station_count, count), random)
    merchant = np.where((kind == 3) & (random.random(count) < ELSEWHERE_SHARE), elsewhere, merchant)
    return pd.DataFrame({"lead": lead, "day": day, "merchant": merchant, "kind": kind, "is_made_up": False})


def _made_up(ground: Ground, random: np.random.Generator) -> pd.DataFrame:
    """A fifth to a third of the visits of an officer who pads: at the month's end, on leave, or on any day."""
    staff, calendar, planted = ground.staff, ground.calendar, ground.planted
    parts = [pd.DataFrame({"lead": [], "day": [], "merchant": [], "kind": []}, dtype=int).assign(is_made_up=False)]
    for officer in planted.officers("padding"):
        since = int(planted.since["padding"][officer])
        share = min(0.6, random.uniform(0.2, 1 / 3) * planted.intensity)
        real = staff.visits_per_year[officer] * (calendar.last - since) / 365.25
        count = int(real * share / (1 - share))
        days = np.arange(since, calendar.last + 1)
        away = days[staff.away(np.full(len(days), officer), days)]
        ends = calendar.working[(calendar.working >= since) & (month_end(calendar.working) - calendar.working < 4)]
        any_day = calendar.working[calendar.working >= since]
        draw = random.random(count // 8 + 1)
        sheet = np.select(
            [draw < 0.3, draw < 0.85],
            [random.choice(away if len(away) else ends, len(draw)), random.choice(ends, len(draw))],
            random.choice(any_day, len(draw)),
        )
        day = np.resize(sheet, count)
        station = staff.station[np.full(count, officer)]
        merchant = ground.town.merchants_in_station(station, random)
        parts.append(pd.DataFrame({"lead": officer, "day": day, "merchant": merchant, "kind": 0, "is_made_up": True}))
    return pd.concat(parts, ignore_index=True)
