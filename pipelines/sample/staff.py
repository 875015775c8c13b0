"""Officers, where each of them served and since when, and their days of leave."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from pipelines.sample.calendar import Calendar, calendar_parts, day_in_year
from pipelines.sample.columns import NONE, days, identifiers, table, words
from pipelines.sample.places import HEAD, REVIEWER, Places
from pipelines.sample.planted import LONGEST_DAYS, Planted

POSTS = (
    "patrol", "case_handling", "registration", "key_enterprise_supervision", "permit", "sampling", "procurement",
    "seized_property", "legal_review", "general_office", "station_head", "team_head",
)  # fmt: skip
EARLIER_POSTS = ("patrol", "general_office", "procurement", "seized_property", "sampling", "permit", "patrol")
ROTATED_SHARE = 0.2
"""Share of the officers that the yearly rotation moves."""

HISTORY_YEARS = 9


@dataclass(frozen=True)
class Staff:
    """Who sits in which slot in which era; an officer's number is the slot that he ends in, leavers come after."""

    officer_count: int
    era_first: np.ndarray
    occupant: np.ndarray
    """Officer by era and slot."""
    slot_of: np.ndarray
    """Slot by era and officer, NONE where he has none."""
    is_away: np.ndarray
    """On leave, by officer and day of the window."""
    leave: dict[str, np.ndarray]
    first_day: int

    def era(self, day: np.ndarray) -> np.ndarray:
        """The era of each day."""
        return np.maximum(np.searchsorted(self.era_first, day, side="right") - 1, 0)

    def officer_at(self, slot: np.ndarray, day: np.ndarray) -> np.ndarray:
        """The officer who sits in the slot on that day."""
        return self.occupant[self.era(day), slot]

    def away(self, officer: np.ndarray, day: np.ndarray) -> np.ndarray:
        """True where the officer is on leave on that day of the window."""
        return self.is_away[officer, day - self.first_day]


def leaver_count(places: Places) -> int:
    """Officers who retire during the window, and are replaced."""
    return round(0.02 * len(places.slot_role))


def make_staff(places: Places, calendar: Calendar, planted: Planted, random: np.random.Generator) -> Staff:
    """Let the officers rotate once a year, those with planted behaviours and the heads stay where they are."""
    slots = len(places.slot_role)
    last_year = int(calendar_parts(np.array([calendar.last]))[0][0])
    rotation = day_in_year(np.arange(last_year - 40, last_year + 1), 3, 1) + random.integers(0, 30, 41)
    is_inside = (rotation > calendar.first + 20) & (rotation < calendar.last - 60)
    eras = np.concatenate([[calendar.first], rotation[is_inside]])
    # Every four years, counted back from the end, everybody moves: no tenure is long unless it is planted.
    general = np.flatnonzero(eras[1:] <= calendar.last - LONGEST_DAYS)[::-1][::4] + 1
    held = np.isin(places.slot_role, (HEAD, REVIEWER)) | (places.slot_station == places.two_person_station)
    held[np.concatenate([numbers for numbers in planted.officers.values()])] = True
    held |= planted.on_station("fine_driven", places.slot_station)

    stays = np.zeros(slots, dtype=bool)
    stays[np.concatenate([planted.officers["overdue_hot_post"], planted.officers["approved_extension"]])] = True
    occupant = np.tile(np.arange(slots), (len(eras), 1))
    post_number = np.searchsorted(np.sort(np.unique(places.slot_post)), places.slot_post)
    next_leaver = slots
    for era in range(len(eras) - 2, -1, -1):
        occupant[era] = occupant[era + 1]
        is_general = era + 1 in general
        movers = _movers(post_number, stays | (held & (not is_general)), 1.0 if is_general else ROTATED_SHARE, random)
        if len(movers) > 1:
            shift = np.unique(post_number[movers], return_counts=True)[1].max()
            occupant[era, movers] = occupant[era, np.roll(movers, shift)]
        leaving = (leaver_count(places) - (next_leaver - slots)) if era == 0 else leaver_count(places) // len(eras)
        free = random.permutation(np.flatnonzero(~held))[:leaving]
        occupant[era, free] = next_leaver + np.arange(len(free))
        next_leaver += len(free)
    slot_of = np.full((len(eras), next_leaver), NONE)
    np.put_along_axis(slot_of, occupant, np.arange(slots)[None, :], axis=1)
    leave = _make_leave(places, calendar, next_leaver, random)
    is_away = np.zeros((next_leaver + 1, calendar.day_count + 1), dtype=np.int8)
    np.add.at(is_away, (leave["officer"], leave["from_day"] - calendar.first), 1)
    np.add.at(is_away, (leave["officer"], leave["to_day"] + 1 - calendar.first), -1)
    return Staff(next_leaver, eras, occupant, slot_of, np.cumsum(is_away, axis=1) > 0, leave, calendar.first)


def _movers(post_number: np.ndarray, held: np.ndarray, share: float, random: np.random.Generator) -> np.ndarray:
    """Slots to exchange, sorted by post, no post more than half of them: shifted, nobody keeps his post."""
    free = random.permutation(np.flatnonzero(~held))
    movers = free[: round(len(free) * share)]
    while len(movers) > 1:
        posts, counts = np.unique(post_number[movers], return_counts=True)
        if counts.max() * 2 <= len(movers):
            break
        movers = np.delete(movers, np.flatnonzero(post_number[movers] == posts[counts.argmax()])[0])
    return movers[np.argsort(post_number[movers], kind="stable")]


def _make_leave(
    places: Places, calendar: Calendar, officers: int, random: np.random.Generator
) -> dict[str, np.ndarray]:
    """Three spells of leave or training a year for each officer, none overlapping another of his own."""
    spells = max(1, round(3 * calendar.years))
    width = calendar.day_count // spells
    start = calendar.first + np.arange(spells) * width + random.integers(0, max(1, width - 12), (officers, spells))
    end = np.minimum(start + random.integers(2, 8, (officers, spells)), calendar.last)
    return {
        "officer": np.repeat(np.arange(officers), spells),
        "from_day": start.ravel(),
        "to_day": end.ravel(),
        "kind": (random.random(officers * spells) < 0.3).astype(int),
    }


def leave_table(staff: Staff) -> pa.Table:
    """The contract's leave table."""
    return table(
        "leave",
        {
            "officer_id": identifiers("R", staff.leave["officer"], 4),
            "from_on": days(staff.leave["from_day"]),
            "to_on": days(staff.leave["to_day"]),
            "kind": words(("annual_leave", "training"), staff.leave["kind"]),
        },
    )


def officer_table(staff: Staff, places: Places, calendar: Calendar, random: np.random.Generator) -> pa.Table:
    """The contract's officer table, as known on the last day."""
    count, slots = staff.officer_count, len(places.slot_role)
    is_leaver = np.arange(count) >= slots
    last_era = np.array([np.flatnonzero(staff.slot_of[:, officer] >= 0)[-1] for officer in range(count)])
    slot = staff.slot_of[last_era, np.arange(count)]
    left = np.where(is_leaver, staff.era_first[np.minimum(last_era + 1, len(staff.era_first) - 1)] - 1, NONE)
    joined = _joined(staff, calendar) - random.integers(0, 6 * 365, count) * (staff.slot_of[0] >= 0)
    rank = np.where(places.slot_role[slot] == HEAD, 2, (random.random(count) < 0.12).astype(int))
    certificate = calendar.last + random.integers(60, 5 * 365, count)
    return table(
        "officer",
        {
            "officer_id": identifiers("R", np.arange(count), 4),
            "name": identifiers("人员", np.arange(count), 4),
            "institution_id": pa.array(places.institution_names[places.slot_station[slot]]),
            "employment_kind": words(
                ("civil_servant", "public_institution"), (random.random(count) < 0.22).astype(int)
            ),
            "rank": words(("staff", "deputy_head", "head"), rank),
            "certificate_valid_to_on": days(certificate),
            "joined_on": days(joined),
            "left_on": days(left),
        },
    )


def _joined(staff: Staff, calendar: Calendar) -> np.ndarray:
    """The first day of every officer: nine years back, or the first day of the era in which he came."""
    is_new = staff.slot_of[0] < 0
    first_era = (staff.slot_of >= 0).argmax(axis=0)
    return np.where(is_new, staff.era_first[first_era], calendar.last - HISTORY_YEARS * 365)
