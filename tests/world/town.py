"""The town: stations, their grids, and the merchants in them, numbered in the order of the grids."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.world.calendar import Calendar

GRID_KINDS = ("street", "market", "village", "mall", "industrial_park", "street", "village")
HARDEST = 2.8
"""Complaints per visit in the hardest grid; an ordinary one has 1."""

OPEN = np.iinfo(np.int64).max // 4
INDUSTRIES = ("5211", "5225", "5219", "6210", "6220", "5251", "8040", "1491", "7251", "8111", "9013", "2710", "5162")
INDUSTRY_SHARES = np.array([21, 12, 15, 18, 9, 5, 8, 2, 3, 3, 1, 1, 2]) / 100


@dataclass(frozen=True)
class Town:
    """Grids by number with station, kind and hardness; merchants by number, those of one grid side by side."""

    station_count: int
    grid_station: np.ndarray
    grid_kind: np.ndarray
    grid_hardness: np.ndarray
    hardest_grid: int
    station_place: np.ndarray
    first_merchant: np.ndarray
    """Of every grid, and last the number of merchants."""
    merchant_grid: np.ndarray
    merchant_place: np.ndarray
    industry: np.ndarray
    kind: np.ndarray
    risk: np.ndarray
    registered: np.ndarray
    closed: np.ndarray

    @property
    def merchant_station(self) -> np.ndarray:
        """Station of every merchant."""
        return self.grid_station[self.merchant_grid]

    def grids_of(self, station: int) -> np.ndarray:
        """Numbers of a station's grids."""
        return np.flatnonzero(self.grid_station == station)

    def merchants_in_grid(self, grid: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """A merchant of each grid."""
        return self._between(self.first_merchant[grid], self.first_merchant[grid + 1], random)

    def merchants_in_station(self, station: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """A merchant of each station."""
        first = np.searchsorted(self.grid_station, station)
        last = np.searchsorted(self.grid_station, station, side="right")
        return self._between(self.first_merchant[first], self.first_merchant[last], random)

    def _between(self, first: np.ndarray, last: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """Of two drawn, the riskier one in half the cases: that is how visits are aimed."""
        drawn = first + (random.random((2, len(first))) * (last - first)).astype(int)
        drawn = np.minimum(drawn, len(self.merchant_grid) - 1)
        is_riskier = self.risk[drawn[1]] > self.risk[drawn[0]]
        return np.where(is_riskier & (random.random(len(first)) < 0.5), drawn[1], drawn[0])

    def is_open(self, merchant: np.ndarray, day: np.ndarray) -> np.ndarray:
        """True where the merchant exists on that day."""
        return (self.registered[merchant] <= day) & (self.closed[merchant] > day)


def make_town(
    merchants: int, stations: int, has_hardest: bool, calendar: Calendar, random: np.random.Generator
) -> Town:
    """Four to six grids a station; the hardest market lies in the first station, if there is one."""
    grid_station = np.repeat(np.arange(stations), random.integers(4, 7, stations))
    grids = len(grid_station)
    kind = np.array(GRID_KINDS)[random.integers(0, len(GRID_KINDS), grids)]
    kind[0] = "market"
    hardness = np.exp(random.normal(0, 0.2, grids)) * np.where(kind == "market", 1.25, 1.0)
    if has_hardest:
        hardness[0] = HARDEST
    share = random.gamma(6, 1, grids)
    grid = np.sort(random.choice(grids, merchants, p=share / share.sum()))
    side = int(np.ceil(np.sqrt(stations)))
    place = np.stack([31.2 + 0.06 * (np.arange(stations) // side), 123.9 + 0.07 * (np.arange(stations) % side)], axis=1)
    grid_place = place[grid_station] + random.uniform(-0.025, 0.025, (grids, 2))
    registered = calendar.last - (random.exponential(2600, merchants) + 20).astype(int).clip(max=12_000)
    is_closed = (random.random(merchants) < 0.06) & (registered < calendar.last - 300)
    closing = calendar.last - random.integers(1, calendar.last - calendar.first, merchants)
    closed = np.where(is_closed, np.maximum(closing, registered + 100), OPEN)
    return Town(
        station_count=stations,
        grid_station=grid_station,
        grid_kind=kind,
        grid_hardness=hardness,
        hardest_grid=0 if has_hardest else -1,
        station_place=place,
        first_merchant=np.searchsorted(grid, np.arange(grids + 1)),
        merchant_grid=grid,
        merchant_place=grid_place[grid] + random.normal(0, 0.004, (merchants, 2)),
        industry=random.choice(len(INDUSTRIES), merchants, p=INDUSTRY_SHARES / INDUSTRY_SHARES.sum()),
        kind=random.choice(4, merchants, p=(0.7, 0.25, 0.02, 0.03)),
        risk=np.exp(random.normal(0, 0.6, merchants) + 0.25 * np.log(hardness[grid])),
        registered=registered,
        closed=closed,
    )
