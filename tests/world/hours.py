"""When a visit began and ended, when and by whom it was entered, where the device was, and its written note."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.world.calendar import DAY_SECONDS
from tests.world.ground import Ground

NO_POSITION_SHARE, LOST_POSITION_SHARE = 0.06, 0.02
TEMPLATE_SHARE = 0.04
"""Of the visits without a finding, those whose note is the station's template, word for word."""

SAME_DAY_SHARE, SOON_SHARE = 0.86, 0.97
"""Entered on the same day; within three days; the rest within two weeks."""


def keep_hours(visits: pd.DataFrame, ground: Ground, random: np.random.Generator) -> pd.DataFrame:
    """The visits with started, ended, entered (seconds), enterer, latitude, longitude, note (a number); those entered by
    the last day only."""
    count = len(visits)
    is_made_up = visits["is_made_up"].to_numpy()
    lead, day, merchant = (visits[name].to_numpy() for name in ("lead", "day", "merchant"))
    lasting = np.exp(random.normal(np.log(24 * 60), 0.5, count)).clip(240, 3 * 3600)
    lasting *= 1 + 0.5 * (visits["finding_count"].to_numpy() > 0)
    lasting = np.where(is_made_up, random.uniform(60, 120, count), lasting).astype(int)
    travel = np.where(is_made_up, random.uniform(0, 60, count), random.uniform(240, 1500, count)).astype(int)
    spent = pd.Series(lasting + travel)
    keys = [visits["lead"], visits["day"], visits["is_made_up"]]
    before = spent.groupby(keys).cumsum().to_numpy() - spent.to_numpy()
    first = pd.Series(random.uniform(8.6, 10.2, count)).groupby(keys).transform("first").to_numpy() * 3600
    sheet = pd.Series(random.uniform(14, 16.5, count)).groupby(keys).transform("first").to_numpy() * 3600
    clock = np.where(is_made_up, sheet, first) + before
    clock += np.where(~is_made_up & (clock > 11.8 * 3600), 5400, 0)
    started = day * DAY_SECONDS + np.minimum(clock, 20 * 3600).astype(int)
    ended = started + lasting
    draw = random.random(count)
    later = np.select([draw < SAME_DAY_SHARE, draw < SOON_SHARE], [0, random.integers(1, 4, count)], 4 + draw * 10)
    same_day = np.minimum(ended + random.exponential(5400, count).astype(int) + 120, (day + 1) * DAY_SECONDS - 60)
    office = (day + later.astype(int)) * DAY_SECONDS + random.integers(9 * 3600, 17 * 3600, count)
    entered = np.where(is_made_up | (later < 1), np.maximum(same_day, ended), office)
    town = ground.town
    place = town.merchant_place[merchant] + random.normal(0, 0.00015, (count, 2))
    lost = random.random(count)
    is_lost = ~is_made_up & (lost < LOST_POSITION_SHARE)
    place = np.where(is_lost[:, None], place + random.normal(0, 0.02, (count, 2)), place)
    at_desk = is_made_up & (lost < 0.5)
    place = np.where(at_desk[:, None], town.station_place[visits["station"]], place)
    place[~is_made_up & (lost > 1 - NO_POSITION_SHARE)] = np.nan
    note = np.arange(count) + 2 * ground.staff.count + 100
    is_template = (visits["finding_count"].to_numpy() == 0) & (random.random(count) < TEMPLATE_SHARE)
    note = np.where(is_template, visits["station"], note)
    note = np.where(is_made_up, 100 + 2 * lead + (lost < 0.3), note)
    has_co = visits["co"].to_numpy() >= 0
    enterer = np.where(has_co & ~is_made_up & (random.random(count) < 0.4), visits["co"], lead)
    timed = visits.assign(
        started=started,
        ended=ended,
        entered=entered,
        enterer=enterer,
        latitude=place[:, 0],
        longitude=place[:, 1],
        note=note,
    )
    known = timed["entered"] < (ground.calendar.last + 1) * DAY_SECONDS
    return timed[known].sort_values(["started", "lead"], kind="stable", ignore_index=True)
