"""The bureau's units: stations, their grids, and the slots in which officers serve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from pipelines.sample.columns import NONE, answers, table

GRID_KINDS = ("street", "street", "market", "village", "village", "mall", "industrial_park")
GRID_HARDNESS = {"street": 1.0, "market": 1.7, "village": 0.7, "mall": 1.3, "industrial_park": 0.8}
HARDEST_MARKET = 3.8
"""Complaints per merchant in the hardest market grid, where 1 is an ordinary street."""

HEAD, HANDLER, PATROL, DESK, REVIEWER = range(5)
"""What a slot is for."""

STATION_SLOTS = (HEAD, HANDLER, HANDLER, HANDLER, PATROL, PATROL, PATROL, PATROL, DESK)
DESK_POSTS = ("registration", "key_enterprise_supervision", "permit", "sampling")
CENTRE_LATITUDE, CENTRE_LONGITUDE = 28.6, 124.2
"""A place in the open sea: no real street is meant."""


@dataclass(frozen=True)
class Places:
    """Stations are numbered from 0, grids and slots run through the stations; the last slots are the legal office's."""

    station_count: int
    station_rural: np.ndarray
    station_latitude: np.ndarray
    station_longitude: np.ndarray
    station_weight: np.ndarray
    grid_station: np.ndarray
    grid_kind: np.ndarray
    grid_hardness: np.ndarray
    grid_slot: np.ndarray
    slot_station: np.ndarray
    slot_role: np.ndarray
    slot_post: np.ndarray
    slot_grid: np.ndarray
    first_slot: np.ndarray
    field_count: np.ndarray
    """Officers of a station who go out: all but the head, and both in the station of two."""
    hardest_grid: int
    """The hardest market grid, NONE where there is none."""
    two_person_station: int
    """The station with only two officers, NONE where there is none."""

    @property
    def office(self) -> int:
        """The institution number of the legal office, after the stations."""
        return self.station_count

    @property
    def institution_names(self) -> np.ndarray:
        """Identifiers by institution number: stations, legal office, bureau, and a unit's former name."""
        stations = [f"S{number + 1:02d}" for number in range(self.station_count)]
        return np.array([*stations, "L01", "B00", "S00X"])

    def field_slot(self, station: np.ndarray, number: np.ndarray) -> np.ndarray:
        """The slot of the station's field officer of that number, counted round."""
        skip = self.field_count[station] > 2
        return self.first_slot[station] + skip + number % self.field_count[station]


def station_count_for(merchants: int) -> int:
    """39 stations for 110,000 merchants, at least 8, and at least 3 below a thousand merchants."""
    if merchants < 1000:
        return max(3, min(8, merchants // 125))
    return max(8, round(merchants / 2820))


def station_count_with(officers: int, has_two_person_station: bool) -> int:
    """So many stations that the bureau has nearest to that many officers; at least 3."""
    counts = np.arange(3, max(4, officers))
    sizes = len(STATION_SLOTS) * counts - (len(STATION_SLOTS) - 2) * has_two_person_station + _office_size(counts)
    return int(counts[np.abs(sizes - officers).argmin()])


def _office_size(stations: np.ndarray) -> np.ndarray:
    """Officers of the legal office."""
    return np.where(stations >= 20, 7, 2)


def make_places(
    stations: int, has_two_person_station: bool, has_hardest_market: bool, random: np.random.Generator
) -> Places:
    """Stations of nine officers and six or seven grids, and a legal office of seven, or two in a small bureau.

    Where wanted, the last station has two officers, and a market grid of the first is the hardest.
    """
    seventh = round(stations * 10 / 39)
    grid_station = np.sort(np.concatenate([np.repeat(np.arange(stations), 6), np.arange(seventh)]))
    grid_number = np.arange(len(grid_station)) - np.searchsorted(grid_station, grid_station)
    grid_kind = np.array(GRID_KINDS)[grid_number]
    hardness = np.vectorize(GRID_HARDNESS.get)(grid_kind) * np.exp(random.normal(0, 0.12, len(grid_kind)))
    hardest = int(np.flatnonzero((grid_kind == "market") & (grid_station == 0))[0]) if has_hardest_market else NONE
    if has_hardest_market:
        hardness[hardest] = HARDEST_MARKET
    smallest = stations - 1 if has_two_person_station else NONE

    sizes = np.full(stations, len(STATION_SLOTS))
    if has_two_person_station:
        sizes[smallest] = 2
    first_slot = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    office_size = int(_office_size(np.array(stations)))
    last_slots = (HEAD, HANDLER) if has_two_person_station else STATION_SLOTS
    role = np.array([*STATION_SLOTS * (stations - 1), *last_slots, *[REVIEWER] * office_size])
    slot_station = np.concatenate([np.repeat(np.arange(stations), sizes), np.full(office_size, stations)])
    desk = np.array(DESK_POSTS)[slot_station % len(DESK_POSTS)]
    posts = np.array(["station_head", "case_handling", "patrol", "", "legal_review"])[role]
    post = np.where(role == DESK, desk, posts)
    grid_slot = first_slot[grid_station] + np.where(grid_station == smallest, grid_number % 2, 4 + grid_number % 4)
    slot_grid = np.full(len(role), -1)
    main_slot, main_grid = np.unique(grid_slot, return_index=True)
    slot_grid[main_slot] = main_grid

    side = int(np.ceil(np.sqrt(stations)))
    weight = np.exp(random.normal(0, 0.08, stations))
    if has_two_person_station:
        weight[smallest] = 0.35
    return Places(
        station_count=stations,
        station_rural=(np.arange(stations) % 3 == 2).astype(int),
        station_latitude=CENTRE_LATITUDE + 0.08 * (np.arange(stations) // side),
        station_longitude=CENTRE_LONGITUDE + 0.08 * (np.arange(stations) % side),
        station_weight=weight / weight.sum(),
        grid_station=grid_station,
        grid_kind=grid_kind,
        grid_hardness=hardness,
        grid_slot=grid_slot,
        slot_station=slot_station,
        slot_role=role,
        slot_post=post,
        slot_grid=slot_grid,
        first_slot=first_slot,
        field_count=np.where(sizes == 2, 2, sizes - 1),
        hardest_grid=hardest,
        two_person_station=smallest,
    )


def institution_table(places: Places, renamed_station: int) -> pa.Table:
    """The contract's institution table; the former name of the renamed station lies under its new one."""
    stations = places.station_count
    return table(
        "institution",
        {
            "institution_id": pa.array(places.institution_names),
            "name": pa.array(
                [*(f"第{number + 1:02d}市场监管所" for number in range(stations)), "法制股", "市场监管局"]
                + [f"第{renamed_station + 1:02d}工商所(更名前)"]
            ),
            "kind": pa.array(["station"] * stations + ["office", "bureau", "station"]),
            "parent_id": pa.array(["B00"] * (stations + 1) + [None, str(places.institution_names[renamed_station])]),
            "is_rural": answers(np.concatenate([places.station_rural, [0, 0, places.station_rural[renamed_station]]])),
        },
    )


def grid_names(places: Places) -> np.ndarray:
    """Identifiers by grid number, such as S03G2."""
    number = np.arange(len(places.grid_station)) - np.searchsorted(places.grid_station, places.grid_station) + 1
    stations = places.institution_names[places.grid_station]
    return np.array([f"{station}G{n}" for station, n in zip(stations, number, strict=True)])


def grid_table(places: Places) -> pa.Table:
    """The contract's grid table."""
    names = grid_names(places)
    return table(
        "grid",
        {
            "grid_id": pa.array(names),
            "institution_id": pa.array(places.institution_names[places.grid_station]),
            "name": pa.array([f"{name.replace('S', '第').replace('G', '所第')}网格" for name in names]),
            "kind": pa.array(places.grid_kind),
        },
    )
