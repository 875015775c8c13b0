"""Who has which planted behaviour, since when: the truth of a synthetic bureau.

Belongs here: the choice of officers and stations. Does not belong here: what is planted (behaviours) and the trace that
it leaves in the records (visits, findings, cases, complaints and the other nouns).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from pipelines.sample.behaviours import BEHAVIOURS, SMALL_STATION, STATION
from pipelines.sample.calendar import Calendar
from pipelines.sample.columns import NONE, answers, days, identifiers
from pipelines.sample.places import DESK, HANDLER, PATROL, Places

SHARE = 0.012
"""Share of the officers that each behaviour is planted on."""

PLANTED_AT_MOST = 0.8
"""Share of a role's officers that may have a behaviour: the others are their honest peers."""

LONGEST_DAYS = 4 * 365
"""No behaviour lasts longer: in a longer window everybody has moved before."""

NEVER = np.iinfo(np.int64).max // 2
SHORTEST_DAYS = 450
"""A behaviour lasts at least so long before the records end, so that a year's window shows it whole."""


@dataclass(frozen=True)
class Planted:
    """The chosen officers (by slot, which is also the officer's number) and stations, with their first days."""

    officers: dict[str, np.ndarray]
    stations: dict[str, np.ndarray]
    started: dict[tuple[str, int], int]
    officer_count: int
    _since: dict[str, np.ndarray] = field(default_factory=dict, compare=False, repr=False)

    def since(self, behaviour: str) -> np.ndarray:
        """By officer number, and last for NONE: the first day of the behaviour, NEVER where it is not planted."""
        if behaviour not in self._since:
            first = np.full(self.officer_count + 1, NEVER)
            for officer in self.officers[behaviour]:
                first[officer] = self.started[behaviour, int(officer)]
            self._since[behaviour] = first
        return self._since[behaviour]

    def on(self, behaviour: str, officer: np.ndarray, day: np.ndarray) -> np.ndarray:
        """True where that officer has the behaviour on that day."""
        return day >= self.since(behaviour)[officer]

    def on_station(self, behaviour: str, station: np.ndarray) -> np.ndarray:
        """True where the behaviour is planted on that station."""
        return np.isin(station, self.stations[behaviour])


def choose(
    places: Places, calendar: Calendar, officer_count: int, wanted: Collection[str], random: np.random.Generator
) -> Planted:
    """Choose officers and stations for every wanted behaviour, in its order of priority, as far as there are any."""
    stations = places.station_count
    smallest = [places.two_person_station] if places.two_person_station != NONE else []
    free_stations = [int(number) for number in random.permutation(np.arange(1, stations - len(smallest)))]
    chosen_stations = _choose_stations(free_stations, places, wanted)
    kept = np.concatenate([chosen_stations["lenient_station"], chosen_stations["fine_driven"], smallest])
    hardest = int(places.grid_slot[places.hardest_grid]) if places.hardest_grid != NONE else NONE
    pools = {}
    for role in (HANDLER, PATROL, DESK):
        spared = kept if role != DESK else kept[:0]
        slots = np.flatnonzero((places.slot_role == role) & ~np.isin(places.slot_station, spared))
        pools[role] = _one_station_after_another(slots[slots != hardest], places, random)

    count = round(SHARE * len(places.slot_role))
    chosen = {}
    for behaviour in BEHAVIOURS:
        if behaviour.name not in wanted:
            chosen[behaviour.name] = np.zeros(0, dtype=np.int64)
        elif behaviour.role in (STATION, SMALL_STATION):
            numbers = np.flatnonzero(np.isin(places.slot_station, chosen_stations[behaviour.name]))
            is_officers_too = behaviour.is_confounder
            chosen[behaviour.name] = numbers if is_officers_too else numbers[:0]
        elif behaviour.name == "hardest_market":
            chosen[behaviour.name] = np.array([hardest])
        else:
            pool = pools[behaviour.role]
            taken = [pool.pop() for _ in range(min(len(pool), max(behaviour.at_least, count)))]
            chosen[behaviour.name] = np.sort(np.array(taken, dtype=np.int64))
    latest = max(calendar.first, calendar.last - SHORTEST_DAYS)
    earliest = max(calendar.first, calendar.last - LONGEST_DAYS)
    started = {}
    for behaviour in BEHAVIOURS:
        for number in chosen[behaviour.name]:
            lasting = behaviour.is_confounder or behaviour.role == DESK
            started[behaviour.name, int(number)] = earliest if lasting else int(random.integers(earliest, latest + 1))
    if calendar.last - calendar.first > SHORTEST_DAYS:
        bursts = random.integers(calendar.last - 330, calendar.last - 60, len(chosen["complaint_burst"]))
        started |= {
            ("complaint_burst", int(number)): int(day)
            for number, day in zip(chosen["complaint_burst"], bursts, strict=True)
        }
    return Planted(chosen, chosen_stations, started, officer_count)


def _choose_stations(free: list[int], places: Places, wanted: Collection[str]) -> dict[str, np.ndarray]:
    count = max(1, round(len(free) / 18))
    smallest = [places.two_person_station] if places.two_person_station != NONE else []
    chosen = {"two_person_station": np.array(smallest, dtype=np.int64)}
    for name in ("lenient_station", "fine_driven", "zero_report_contradiction", "rectification_on_paper"):
        # The first two change how cases end, so a bureau keeps at least one ordinary station beside them.
        needed = 3 if name == "lenient_station" else 2 if name == "fine_driven" else 0
        has_room = name in wanted and len(free) > count and len(free) >= needed
        taken = [free.pop() for _ in range(count)] if has_room else []
        chosen[name] = np.sort(np.array(taken, dtype=np.int64))
    return chosen


def _one_station_after_another(slots: np.ndarray, places: Places, random: np.random.Generator) -> list[int]:
    """Slots to plant on, last first: one of every station before a second of any, some never."""
    slots = random.permutation(slots)
    station = places.slot_station[slots]
    order = np.argsort(station, kind="stable")
    turn = np.empty(len(slots), dtype=np.int64)
    turn[order] = np.arange(len(slots)) - np.searchsorted(station[order], station[order])
    slots = slots[np.argsort(turn, kind="stable")]
    return [int(slot) for slot in slots[: max(1, int(len(slots) * PLANTED_AT_MOST))][::-1]]


def truth_table(planted: Planted, places: Places, calendar: Calendar) -> pa.Table:
    """One row per planted subject and family: whether it is an innocent look-alike, and since when."""
    columns = {
        name: [] for name in ("subject_kind", "subject_id", "family", "behaviour", "is_confounder", "started_on")
    }
    columns |= {"note_zh": [], "note_en": []}
    for behaviour in BEHAVIOURS:
        stations, officers = planted.stations.get(behaviour.name, ()), planted.officers[behaviour.name]
        subjects = [("institution", str(places.institution_names[station]), calendar.first) for station in stations]
        names = identifiers("R", officers, 4).to_pylist()
        starts = [planted.started[behaviour.name, int(officer)] for officer in officers]
        subjects += [("officer", name, start) for name, start in zip(names, starts, strict=True)]
        for family in filter(None, (behaviour.family, behaviour.second_family)):
            for kind, subject, start in subjects:
                row = (kind, subject, family, behaviour.name, int(behaviour.is_confounder), start)
                for values, value in zip(columns.values(), (*row, behaviour.note_zh, behaviour.note_en), strict=True):
                    values.append(value)
    typed = {"is_confounder": answers(np.array(columns["is_confounder"])), "started_on": days(columns["started_on"])}
    return pa.table(
        {name: typed[name] if name in typed else pa.array(values, pa.string()) for name, values in columns.items()}
    )
