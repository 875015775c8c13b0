"""The ground of a world: its calendar, town, staff and what is planted, made once and read by every record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from tests.world.calendar import Calendar, make_calendar
from tests.world.planted import Planted, choose
from tests.world.staff import PATROL, Seats, Staff, make_seats, make_staff
from tests.world.stream import stream
from tests.world.town import Town, make_town

LONGEST_YEARS = 4
"""Postings are made so that nobody is due for rotation by chance; in a longer window that would not hold."""


@dataclass(frozen=True)
class Ground:
    """What every record refers to."""

    seed: int
    calendar: Calendar
    seats: Seats
    planted: Planted
    town: Town
    staff: Staff


def make_ground(
    seed: int,
    officers: int,
    merchants: int,
    years: int,
    until: date,
    planted: tuple[str, ...],
    confounders: bool,
    intensity: float,
) -> Ground:
    """The ground; ValueError where the world would be too small, too long, or a pattern is unknown."""
    if officers < 40 or merchants < 20 * officers // 10 or not 1 <= years <= LONGEST_YEARS:
        raise ValueError(
            f"world: at least 40 officers, 2 merchants an officer and 1 to {LONGEST_YEARS} years;"
            f" found {officers}, {merchants} and {years}"
        )
    calendar = make_calendar(until, years, stream(seed, "calendar"))
    seats = make_seats(officers, confounders, stream(seed, "seats"))
    town = make_town(merchants, seats.station_count, confounders, calendar, stream(seed, "town"))
    hardest_seat = int(np.flatnonzero((seats.station == 0) & (seats.role == PATROL))[0])
    chosen = choose(planted, confounders, intensity, seats, hardest_seat, calendar, stream(seed, "planted"))
    there = [chosen.lenient_station, chosen.small_station]
    kept = np.union1d(chosen.everyone, np.flatnonzero(np.isin(seats.station, [each for each in there if each >= 0])))
    staff = make_staff(seats, kept, town.grid_station, calendar, stream(seed, "staff"))
    return Ground(seed, calendar, seats, chosen, town, staff)
