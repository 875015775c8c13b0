"""The staff: seats in stations, who sits in them when, how each officer works, and his days of leave."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.world.calendar import Calendar

HEAD, PATROL, HANDLER, BOTH, DESK, LEGAL = range(6)
SEATS = (HEAD, PATROL, PATROL, HANDLER, HANDLER, DESK, PATROL, BOTH, PATROL, HANDLER, DESK, PATROL)
DESK_POSTS = ("registration", "permit", "sampling", "key_enterprise_supervision", "general_office")
OFFICER_SD, STATION_SD = 0.25, 0.15
"""How far honest officers, and stations, differ in strictness: standard deviations of a logarithm."""

MOVED_SHARE = 0.3
LEAVE_SPELLS = 3
STATION_SIZE = 9.2


@dataclass(frozen=True)
class Staff:
    """Seats and officers share their numbers: seat n is where officer n sits at the end.

    Two officers may have changed seats once, on `moved`; before it each sat where his `partner` sits now.
    """

    station: np.ndarray
    role: np.ndarray
    grid: np.ndarray
    post: np.ndarray
    first_seat: np.ndarray
    partner: np.ndarray
    moved: np.ndarray
    strictness: np.ndarray
    station_style: np.ndarray
    temper: np.ndarray
    visits_per_year: np.ndarray
    cases_per_year: np.ndarray
    unfiled_share: np.ndarray
    dropped_share: np.ndarray
    leave: dict[str, np.ndarray]
    is_away: np.ndarray
    first_day: int

    @property
    def count(self) -> int:
        """Number of officers."""
        return len(self.role)

    def seat_of(self, officer: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Where the officer sits on that day; and, as exchanges are mutual, who sits in that seat on that day."""
        return np.where(day >= self.moved[officer], officer, self.partner[officer])

    def station_of(self, officer: np.ndarray, day: np.ndarray) -> np.ndarray:
        """The officer's station on that day."""
        return self.station[self.seat_of(officer, day)]

    def away(self, officer: np.ndarray, day: np.ndarray) -> np.ndarray:
        """True where the officer is on leave on that day."""
        return self.is_away[officer, np.clip(day - self.first_day, 0, self.is_away.shape[1] - 1)]

    def colleague(
        self, station: np.ndarray, roles: tuple[int, ...], not_this: np.ndarray, day: np.ndarray, random
    ) -> np.ndarray:
        """An officer of the station in one of the roles who is there on that day and is another one; -1 where none is."""
        chosen = np.full(len(station), -1)
        order = np.flatnonzero(np.isin(self.role, roles))
        order = order[np.argsort(self.station[order], kind="stable")]
        first = np.searchsorted(self.station[order], station)
        size = np.searchsorted(self.station[order], station, side="right") - first
        for _ in range(8):
            open_rows = np.flatnonzero((chosen < 0) & (size > 0))
            drawn = first[open_rows] + (random.random(len(open_rows)) * size[open_rows]).astype(int)
            officer = self.seat_of(order[drawn], day[open_rows])
            is_good = (officer != not_this[open_rows]) & ~self.away(officer, day[open_rows])
            chosen[open_rows[is_good]] = officer[is_good]
        return chosen


@dataclass(frozen=True)
class Seats:
    """The seats alone, from which the planted officers are chosen before anybody moves."""

    station: np.ndarray
    role: np.ndarray
    station_count: int
    small_station: int


def make_seats(officers: int, has_small_station: bool, random: np.random.Generator) -> Seats:
    """Stations of 6 to 12 and a legal office (the last number); the last station has two where that is wanted."""
    legal = max(2, round(officers * 0.03))
    stations = max(3, round((officers - legal) / STATION_SIZE))
    sizes = np.full(stations, 6)
    if has_small_station:
        sizes[-1] = 2
    while sizes.sum() < officers - legal:
        growing = np.flatnonzero((sizes < len(SEATS)) & (sizes > 2))
        sizes[random.choice(growing)] += 1
    station = np.concatenate([np.repeat(np.arange(stations), sizes), np.full(legal, stations)])
    number = np.arange(len(station)) - np.searchsorted(station, station)
    role = np.where(station == stations, LEGAL, np.array(SEATS)[np.minimum(number, len(SEATS) - 1)])
    if has_small_station:
        role[station == stations - 1] = BOTH
    return Seats(station, role, stations, stations - 1 if has_small_station else -1)


def make_staff(
    seats: Seats, kept: np.ndarray, grid_station: np.ndarray, calendar: Calendar, random: np.random.Generator
) -> Staff:
    """Officers on their seats; `kept` never move. A third of the others changes seats with one of the same role."""
    count = len(seats.role)
    partner, moved = np.arange(count), np.full(count, calendar.first)
    free = random.permutation(np.setdiff1d(np.flatnonzero(seats.role != LEGAL), kept))
    for role in (HEAD, PATROL, HANDLER, BOTH, DESK):
        movers = free[seats.role[free] == role]
        movers = movers[: int(len(movers) * MOVED_SHARE) // 2 * 2]
        half = len(movers) // 2
        partner[movers[:half]], partner[movers[half:]] = movers[half:], movers[:half]
        day = random.integers(calendar.first + 60, calendar.last - 60, half)
        moved[movers[:half]] = moved[movers[half:]] = day
    role = seats.role
    grid = np.full(count, -1)
    for station in range(seats.station_count):
        grids = np.flatnonzero(grid_station == station)
        seat = np.flatnonzero((seats.station == station) & np.isin(role, (PATROL, BOTH)))
        grid[seat] = grids[np.arange(len(seat)) % len(grids)]
    posts = np.array(["station_head", "patrol", "case_handling", "patrol", "", "legal_review"])[role]
    post = np.where(role == DESK, np.array(DESK_POSTS)[random.integers(0, len(DESK_POSTS), count)], posts)
    visits = np.select(
        [role == PATROL, role == BOTH], [random.uniform(150, 300, count), random.uniform(80, 160, count)]
    )
    cases = np.select([role == HANDLER, role == BOTH], [random.uniform(25, 60, count), random.uniform(12, 25, count)])
    spells = max(1, round(LEAVE_SPELLS * calendar.years))
    width = (calendar.last - calendar.first) // spells
    begin = calendar.first + np.arange(spells) * width + random.integers(0, width - 13, (count, spells))
    end = np.minimum(begin + random.integers(1, 11, (count, spells)), calendar.last)
    is_away = np.zeros((count, calendar.last - calendar.first + 2), dtype=int)
    rows = np.arange(count)[:, None]
    np.add.at(is_away, (rows, begin - calendar.first), 1)
    np.add.at(is_away, (rows, end - calendar.first + 1), -1)
    return Staff(
        station=seats.station,
        role=role,
        grid=grid,
        post=post,
        first_seat=np.searchsorted(seats.station, np.arange(seats.station_count + 1)),
        partner=partner,
        moved=moved,
        strictness=np.exp(random.normal(0, OFFICER_SD, count)),
        station_style=np.exp(random.normal(0, STATION_SD, seats.station_count + 1)),
        temper=random.gamma(5, 1 / 5, count),
        visits_per_year=visits,
        cases_per_year=cases,
        unfiled_share=random.uniform(0.02, 0.08, count),
        dropped_share=random.uniform(0.03, 0.05, count),
        leave={"officer": np.repeat(np.arange(count), spells), "begin": begin.ravel(), "end": end.ravel()},
        is_away=np.cumsum(is_away, axis=1) > 0,
        first_day=calendar.first,
    )
