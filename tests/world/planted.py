"""What is planted in a world, on whom, and since when: its truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from tests.world.calendar import Calendar
from tests.world.staff import BOTH, DESK, HANDLER, LEGAL, PATROL, Seats


class Pattern(NamedTuple):
    """A pattern: the flag family that should find it, who may have it, and what it is in words."""

    family: str
    roles: tuple[int, ...]
    note_zh: str
    note_en: str


PATTERNS = {
    "general_leniency": Pattern(
        "leniency", (HANDLER,), "处罚普遍偏低且无理由", "fines low in general, no ground on file"
    ),
    "leniency_to_a_few": Pattern("leniency", (HANDLER,), "只对三户从宽", "lets three merchants off"),
    "dropped_cases": Pattern("case_dropped", (HANDLER,), "案件多半撤销或终止", "many cases withdrawn or terminated"),
    "low_finding_rate": Pattern("low_finding_rate", (PATROL,), "检查很少发现问题", "hardly finds anything"),
    "complaint_burst": Pattern(
        "clustered_complaints", (PATROL, HANDLER), "一月内多人投诉", "many people complain within a month"
    ),
    "unfiled_visits": Pattern("unfiled_visit", (PATROL,), "检查多不报备", "most visits not filed"),
    "padding": Pattern("patrol_padding", (PATROL,), "编造的检查记录", "visits made up"),
    "tenure": Pattern("hot_post_tenure", (DESK,), "热点岗位任职逾期", "long on a hot post"),
}
LOOK_ALIKES = {
    "abusive_complainant": Pattern(
        "clustered_complaints", (PATROL,), "一人四十次投诉", "forty complaints by one person"
    ),
    "small_first_offences": Pattern("leniency", (HANDLER,), "只办轻微初次案件", "only small first offences"),
    "strict_officer": Pattern("clustered_complaints", (BOTH,), "执法严格", "a strict officer"),
}
"""Innocent officers of whom somebody might think otherwise; stations and the hardest market are chosen by place."""

TRUTH_COLUMNS = (
    "subject_kind", "subject_id", "family", "behaviour", "is_confounder", "started_on", "note_zh", "note_en",
)  # fmt: skip
OFFICERS_EACH = 2
HARDEST_MARKET = Pattern("clustered_complaints", (), "最难的市场网格", "the hardest market grid")
STATIONS = {
    "lenient_station": Pattern("leniency", (), "全所一贯从宽", "a station lenient as a whole"),
    "two_person_station": Pattern("duty_not_separated", (), "两人所", "a station of two"),
}
"""Look-alikes by place: the station, and all of its officers."""

NEVER = np.iinfo(np.int64).max // 4


@dataclass(frozen=True)
class Planted:
    """By pattern, the first day of every officer (NEVER where he has it not); the stations that look alike."""

    since: dict[str, np.ndarray]
    lenient_station: int
    small_station: int
    intensity: float

    def officers(self, name: str) -> np.ndarray:
        """Who has it."""
        return np.flatnonzero(self.since[name] < NEVER)

    def on(self, name: str, officer: np.ndarray, day: np.ndarray) -> np.ndarray:
        """True where that officer has it on that day."""
        return day >= self.since[name][officer]

    @property
    def everyone(self) -> np.ndarray:
        """Officers with anything planted or any look-alike."""
        return np.flatnonzero((np.stack(list(self.since.values())) < NEVER).any(axis=0))


def choose(
    names: tuple[str, ...],
    has_confounders: bool,
    intensity: float,
    seats: Seats,
    hardest_seat: int,
    calendar: Calendar,
    random: np.random.Generator,
) -> Planted:
    """Two officers for each pattern, no officer twice, as far from one another as there are stations."""
    unknown = sorted(set(names) - set(PATTERNS))
    if unknown:
        raise ValueError(f"world: there is no pattern {unknown[0]!r}; choose from {', '.join(PATTERNS)}")
    count = len(seats.role)
    lenient = 1 if has_confounders else -1
    spared = (seats.station == lenient) | (seats.station == seats.small_station) | (np.arange(count) == hardest_seat)
    free = [int(seat) for seat in random.permutation(np.flatnonzero(~spared))]
    burden = np.zeros(seats.station_count + 1)
    since = {name: np.full(count, NEVER) for name in (*PATTERNS, *LOOK_ALIKES, "hardest_market")}

    def take(roles: tuple[int, ...]) -> int:
        fitting = [seat for seat in free if seats.role[seat] in roles]
        if not fitting:
            raise ValueError("world: too few officers for all that is to be planted; ask for more officers or less")
        seat = min(fitting, key=lambda each: burden[seats.station[each]])
        free.remove(seat)
        burden[seats.station[seat]] += 1
        return seat

    latest = max(calendar.first, calendar.last - 540)
    for name in (name for name in PATTERNS if name in names):
        for _ in range(OFFICERS_EACH):
            since[name][take(PATTERNS[name].roles)] = random.integers(calendar.first, latest + 1)
    for officer in np.flatnonzero(since["complaint_burst"] < NEVER):
        since["complaint_burst"][officer] = calendar.last - random.integers(60, 300)
    for officer in np.flatnonzero(since["tenure"] < NEVER):
        since["tenure"][officer] = calendar.last - round((5 + random.uniform(2, 4) * intensity) * 365.25)
    if has_confounders:
        for name, pattern in LOOK_ALIKES.items():
            since[name][take(pattern.roles)] = calendar.first
        since["hardest_market"][hardest_seat] = calendar.first
    return Planted(since, lenient, seats.small_station, intensity)


def truth_frame(planted: Planted, seats: Seats, officer_ids: np.ndarray, institution_ids: np.ndarray, first: int):
    """One row per subject and pattern, with TRUTH_COLUMNS."""
    rows = []
    for name, since in planted.since.items():
        pattern = PATTERNS.get(name) or LOOK_ALIKES.get(name) or HARDEST_MARKET
        rows += [
            ("officer", officer_ids[officer], name, name not in PATTERNS, since[officer], pattern)
            for officer in planted.officers(name)
        ]
    for name, station in zip(STATIONS, (planted.lenient_station, planted.small_station), strict=True):
        if station >= 0:
            rows.append(("institution", institution_ids[station], name, True, first, STATIONS[name]))
            there = np.flatnonzero((seats.station == station) & (seats.role != LEGAL))
            rows += [("officer", officer_ids[officer], name, True, first, STATIONS[name]) for officer in there]
    frame = pd.DataFrame(
        [
            (kind, subject, pattern.family, name, is_alike, began, pattern.note_zh, pattern.note_en)
            for kind, subject, name, is_alike, began, pattern in rows
        ],
        columns=list(TRUTH_COLUMNS),
    )
    frame["started_on"] = pd.to_datetime(frame["started_on"].astype("int64"), unit="D").dt.date
    return frame.assign(is_confounder=frame["is_confounder"].astype(bool))
