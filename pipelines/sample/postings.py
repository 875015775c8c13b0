"""The posting history of nine years: the eras of the window, and free-form stints before it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from pipelines.sample.calendar import Calendar
from pipelines.sample.columns import NONE, Columns, days, identifiers, length, rows, stack, table, words
from pipelines.sample.places import Places, grid_names
from pipelines.sample.planted import Planted
from pipelines.sample.staff import EARLIER_POSTS, HISTORY_YEARS, POSTS, Staff

RENAMED_YEARS_AGO = 5
YEAR = 365


def renamed_station(places: Places, planted: Planted) -> int:
    """The station that bore another name five years ago: that of the first overdue officer, else the first."""
    overdue = planted.officers["overdue_hot_post"]
    return int(places.slot_station[overdue[0]]) if len(overdue) else 0


def _window_stints(staff: Staff, places: Places) -> Columns:
    """One row per officer and unbroken run in a slot during the window."""
    before = np.vstack([np.full((1, staff.officer_count), NONE), staff.slot_of[:-1]])
    after = np.vstack([staff.slot_of[1:], np.full((1, staff.officer_count), NONE)])
    officer, start_era = np.nonzero(((staff.slot_of != before) & (staff.slot_of >= 0)).T)
    _, end_era = np.nonzero(((staff.slot_of != after) & (staff.slot_of >= 0)).T)
    slot = staff.slot_of[start_era, officer]
    era_end = np.concatenate([staff.era_first[1:] - 1, [NONE]])
    return {
        "officer": officer,
        "institution": places.slot_station[slot],
        "grid": places.slot_grid[slot],
        "post": np.array([POSTS.index(post) for post in places.slot_post[slot]]),
        "start": staff.era_first[start_era],
        "end": era_end[end_era],
        "is_extended": np.zeros(len(slot), dtype=np.int64),
    }


def _earlier_stints(current: Columns, places: Places, calendar: Calendar, random: np.random.Generator) -> Columns:
    """Stints before the given first ones, backwards to the start of the history, each on another post."""
    horizon = calendar.last - HISTORY_YEARS * YEAR
    parts = []
    later = current
    for _ in range(4):
        later = rows(later, later["start"] > horizon + 200)
        count = length(later)
        end = later["start"] - 1 - np.where(random.random(count) < 0.25, random.integers(1, 60, count), 0)
        choice = np.array([POSTS.index(post) for post in EARLIER_POSTS])[random.integers(0, 6, (count, 2))]
        post = np.where(choice[:, 0] == later["post"], choice[:, 1], choice[:, 0])
        post = np.where(post == later["post"], POSTS.index("general_office"), post)
        post = np.where(post == later["post"], POSTS.index("patrol"), post)
        later = {
            "officer": later["officer"],
            "institution": random.integers(0, places.station_count, count),
            "grid": np.full(count, NONE),
            "post": post,
            "start": np.maximum(end - random.integers(2 * YEAR, 4 * YEAR, count), horizon),
            "end": end,
            "is_extended": np.zeros(count, dtype=np.int64),
        }
        parts.append(later)
    return stack(*parts)


def make_postings(
    staff: Staff, places: Places, calendar: Calendar, planted: Planted, random: np.random.Generator
) -> Columns:
    """All postings: officer, institution, grid, post, first and last day (NONE while it lasts), extension."""
    window = _window_stints(staff, places)
    reached_back = window["start"] == calendar.first
    room = max(0, min(540, int((4.6 - calendar.years) * YEAR)))
    back = random.integers(0, room + 1, len(reached_back))
    window["start"] = np.where(reached_back, window["start"] - back, window["start"])
    overdue = np.concatenate([planted.officers["overdue_hot_post"], planted.officers["approved_extension"]])
    years = random.uniform(6.3, 8.6, len(reached_back))
    is_overdue = np.isin(window["officer"], overdue)
    window["start"] = np.where(is_overdue, calendar.last - (years * YEAR).astype(np.int64), window["start"])
    window["is_extended"] = np.isin(window["officer"], planted.officers["approved_extension"]).astype(np.int64)
    is_new = staff.slot_of[0][window["officer"]] < 0
    earliest = rows(window, reached_back & ~is_new)
    postings = stack(window, _earlier_stints(earliest, places, calendar, random))

    # A unit that only changed its name, and a gap of a few weeks: neither starts a new clock.
    renamed_on = min(calendar.last - RENAMED_YEARS_AGO * YEAR, calendar.first - 60)
    station = renamed_station(places, planted)
    postings = _split(postings, postings["institution"] == station, renamed_on, renamed_on)
    is_former = (postings["institution"] == station) & (postings["end"] >= 0) & (postings["end"] < renamed_on)
    former_name = places.station_count + 2
    postings["institution"] = np.where(is_former, former_name, postings["institution"])
    gap_on = min(calendar.last - 4 * YEAR - 200, calendar.first - 120)
    postings = _split(
        postings, np.isin(postings["officer"], planted.officers["overdue_hot_post"][1:2]), gap_on, gap_on + 40
    )
    return rows(postings, np.lexsort([postings["start"], postings["officer"]]))


def _split(postings: Columns, chosen: np.ndarray, until: int, again: int) -> Columns:
    """Cut the chosen postings that span those days into one that ends before the first and one from the second."""
    last = np.where(postings["end"] < 0, np.iinfo(np.int64).max, postings["end"])
    is_cut = chosen & (postings["start"] < until) & (last > again)
    second = rows(postings, is_cut)
    second["start"] = np.full(int(is_cut.sum()), again)
    first = dict(postings)
    first["end"] = np.where(is_cut, until - 1, postings["end"])
    first["is_extended"] = np.where(is_cut, 0, postings["is_extended"])
    return stack(first, second)


def posting_table(postings: Columns, places: Places) -> pa.Table:
    """The contract's posting table."""
    numbers = np.arange(length(postings))
    return table(
        "posting",
        {
            "posting_id": identifiers("T", numbers, 6),
            "officer_id": identifiers("R", postings["officer"], 4),
            "institution_id": pa.array(places.institution_names[postings["institution"]]),
            "grid_id": words(list(grid_names(places)), postings["grid"]),
            "post": words(POSTS, postings["post"]),
            "started_on": days(postings["start"]),
            "ended_on": days(postings["end"]),
            "extension_ref": identifiers("人任延", np.where(postings["is_extended"] == 1, numbers, NONE), 6),
        },
    )
