"""Where every officer has served: his seat, the one before an exchange, and earlier years in other stations."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.world.ground import Ground

EARLIER_POSTS = ("patrol", "general_office", "legal_review")
"""Posts of earlier years: none is a hot one, so that only what is planted is long."""

LONGEST_BEFORE_DAYS = 480


def make_postings(ground: Ground, random: np.random.Generator) -> pd.DataFrame:
    """officer, station, grid (-1), post, start, end (-1 while it lasts), in order of officer and start.

    Nobody is longer than four and a half years on a post, but who is planted.
    """
    staff, calendar = ground.staff, ground.calendar
    officer = np.arange(staff.count)
    room = min(LONGEST_BEFORE_DAYS, int((4.4 - calendar.years) * 365))
    began = calendar.first - random.integers(0, max(room, 1), staff.count)
    has_moved = staff.partner != officer
    tenure = ground.planted.since["tenure"]
    is_long = tenure < calendar.last
    began = np.where(is_long, tenure, began)
    post = np.where(is_long & (staff.post == "general_office"), "registration", staff.post)
    now = _frame(officer, staff.station, staff.grid, post, np.where(has_moved, staff.moved, began), -1)
    seat = staff.partner[has_moved]
    before = _frame(
        officer[has_moved],
        staff.station[seat],
        staff.grid[seat],
        staff.post[seat],
        began[has_moved],
        staff.moved[has_moved] - 1,
    )
    parts, end = [now, before], began - 1
    station = np.where(has_moved, staff.station[staff.partner], staff.station)
    for number in range(3):
        station = (station + random.integers(1, ground.town.station_count, staff.count)) % ground.town.station_count
        start = end - random.integers(700, 1500, staff.count)
        held = np.array(EARLIER_POSTS)[(officer + number) % len(EARLIER_POSTS)]
        parts.append(_frame(officer, station, -1, held, start, end))
        end = start - 1
    return pd.concat(parts, ignore_index=True).sort_values(["officer", "start"], ignore_index=True)


def _frame(officer, station, grid, post, start, end) -> pd.DataFrame:
    return pd.DataFrame(
        {"officer": officer, "station": station, "grid": grid, "post": post, "start": start, "end": end}
    )
