"""The places of a bureau and who holds them, as numbers: what the rules and the solver work on.

A place is (unit, post, grid) as one officer holds it. Officer i holds place i; after these come the new places that relieve a
station: one for each station under more than the bureau's mean load and each post that may go along. Moving is a permutation of
officers over places.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from models.policy import RotationPolicy
from models.rotation.ground import DUE, STATION, RotationGround, move_days

SERVED = ("station", "team")
"""Kinds of unit that must keep certified officers and experienced handlers."""

EARTH_KILOMETRES = 6371.0


class Board:
    """The bureau of one night in arrays; officers are numbered in the order of officer_id, units in that of unit_id.

    place_unit, place_post, place_grid : numbers of shape (places,), −1 for no grid; the first `count` are held.
    size, load, distance : officers, relative load and kilometres of units, shapes (units,), (units,), (units, units).
    accepted : decisions that are open, is_late where their day has passed. is_wanted : who is to move: due by a clock, or by a
    decision of management. day : move days, shape (quarters,).
    """

    def __init__(self, ground: RotationGround, night: date, policy: RotationPolicy) -> None:
        self.ground, self.night, self.policy = ground, night, policy
        self.staff = staff = ground.staff.sort_values("officer_id", ignore_index=True)
        self.units = units = ground.unit.sort_values("unit_id", ignore_index=True)
        self.count = len(staff)
        self.day = move_days(ground, night, policy)
        told = [frame[["unit_id", "post", "grid_id"]] for frame in (staff, ground.held, ground.decided, ground.last)]
        named = pd.concat([frame.astype(object) for frame in told], ignore_index=True)
        self.officer, self.unit = pd.Index(staff["officer_id"]), pd.Index(units["unit_id"])
        self.post = pd.Index(sorted({*named["post"], *policy.movable_posts, *policy.post_risk}))
        self.grid = pd.Index(sorted(set(named["grid_id"].dropna())), dtype=object)
        unit, post, grid = self.numbers(staff)
        self.size = np.bincount(unit, minlength=len(self.unit))
        self.demand = units["demand"].to_numpy(dtype=float)
        self.is_served = units["kind"].isin(SERVED).to_numpy()
        self.is_loaded = (units["kind"] == STATION).to_numpy() & (self.demand > 0) & (self.size > 0)
        self.load = self.load_with(0)
        relieved, opened = self._new_places()
        self.place_unit = np.concatenate([unit, relieved])
        self.place_post = np.concatenate([post, opened])
        self.place_grid = np.concatenate([grid, np.full(len(relieved), -1)])
        self.can_lapse = self._can_lapse(unit, post)
        self.distance = self._distance()
        clock = ground.clock[ground.clock["status"].isin(DUE) & ground.clock["officer_id"].isin(self.officer)]
        self.due_clock = clock.reset_index(drop=True)
        self.is_due = np.isin(self.officer, self.due_clock["officer_id"])
        accepted = ground.decided[ground.decided["verdict"] != "declined"]
        accepted = accepted[accepted["officer_id"].isin(self.officer)].reset_index(drop=True)
        self.accepted = accepted.assign(is_late=pd.to_datetime(accepted["move_on"]) < pd.Timestamp(night))
        self.is_wanted = self.is_due | np.isin(self.officer, self.accepted["officer_id"])

    @property
    def unit_name(self) -> dict[str, str]:
        """What each unit is called, by unit_id."""
        return dict(zip(self.units["unit_id"], self.units["name"], strict=True))

    def numbers(self, rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Unit, post and grid of rows with unit_id, post and grid_id as numbers; −1 where a row has none."""
        indexes = ((self.unit, "unit_id"), (self.post, "post"), (self.grid, "grid_id"))
        return tuple(index.get_indexer(rows[column].astype(object)) for index, column in indexes)

    def days(self, column: str) -> np.ndarray:
        """A column of staff as datetime64[D], shape (officers,); NaT where it is empty."""
        return pd.to_datetime(self.staff[column]).to_numpy().astype("datetime64[D]")

    def years_before(self, years: float) -> np.ndarray:
        """The day so many years before each move day, datetime64[D] of shape (quarters,)."""
        return (self.day.astype("datetime64[M]") - round(12 * years)).astype("datetime64[D]")

    def load_with(self, change: int) -> np.ndarray:
        """Required visits per officer over the bureau's mean, were there so many officers more; NaN where not told."""
        told = self.is_loaded & (self.size + change > 0)
        mean = self.demand[self.is_loaded].sum() / max(self.size[self.is_loaded].sum(), 1)
        return np.where(told, self.demand / np.where(told, (self.size + change) * mean, 1), np.nan)

    def is_certified(self) -> np.ndarray:
        """Who may inspect and holds a valid certificate on which move day, booleans of shape (officers, quarters)."""
        valid = self.days("certificate_valid_to_on")[:, None] >= self.day[None, :]
        return self.staff["may_be_certified"].to_numpy(dtype=bool)[:, None] & valid

    def is_handler(self) -> np.ndarray:
        """Who is an experienced case handler, shape (officers,)."""
        years = self.staff["handling_years"].to_numpy(dtype=float) >= self.policy.handler_years
        return years | (self.staff["handled_case_count"].to_numpy(dtype=float) >= self.policy.handler_cases)

    def has_left(self) -> np.ndarray:
        """Who will have left by which move day, booleans of shape (officers, quarters)."""
        return self.days("leaves_on")[:, None] <= self.day[None, :]

    def _new_places(self) -> tuple[np.ndarray, np.ndarray]:
        stations = np.flatnonzero(self.load > 1)
        posts = self.post.get_indexer(list(self.policy.movable_posts))
        return np.repeat(stations, len(posts)), np.tile(posts, len(stations))

    def _can_lapse(self, unit: np.ndarray, post: np.ndarray) -> np.ndarray:
        """Whose place may lapse when he goes, shape (officers,)."""
        gives = (self.load_with(-1) <= 1) & (self.size > self.policy.min_station_officers)
        return gives[unit] & np.isin(post, self.post.get_indexer(list(self.policy.movable_posts)))

    def _distance(self) -> np.ndarray:
        latitude, longitude = (np.radians(self.units[name].to_numpy(dtype=float)) for name in ("latitude", "longitude"))
        north, east = np.subtract.outer(latitude, latitude), np.subtract.outer(longitude, longitude)
        chord = np.sin(north / 2) ** 2 + np.cos(latitude)[:, None] * np.cos(latitude) * np.sin(east / 2) ** 2
        return 2 * EARTH_KILOMETRES * np.arcsin(np.sqrt(np.clip(chord, 0, 1)))
