"""Who goes out with whom on which day: pairs that change over the month, everybody at his desk in turn.

Belongs here: days and partners. Does not belong here: where a pair goes (plan).
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

ROTATION_DAYS = 240
"""Working days after which the rotation begins anew."""


@dataclass(frozen=True)
class Crews:
    """One pair on one day per position: day and officers by their numbers in the unit, in order of day."""

    day: np.ndarray
    first: np.ndarray
    second: np.ndarray

    def __len__(self) -> int:
        return len(self.day)


def day_limits(is_fit: np.ndarray, share: float) -> np.ndarray:
    """The most days that each officer may patrol: that share of his fit days, rounded down, but one where he has any."""
    fit = is_fit.sum(axis=1)
    return np.maximum(np.floor(share * fit + 1e-9).astype(np.int64), np.minimum(fit, 1))


def make_crews(is_fit: np.ndarray, share: float, day_number: np.ndarray) -> Crews:
    """As many pairs as the officers' days allow, by the calendar: a date has the same pairs whenever it is planned.

    `is_fit` has shape (officers, days); `day_number` counts the working days from a fixed date. Nobody goes out twice on
    a day, or on more days than `day_limits`. A day follows the rotation of as many officers as are fit on it; what the
    limits then leave is used up from the last day backwards, so that the days about to be carried out keep to the
    rotation. Deterministic, ties by number.
    """
    officers, days = is_fit.shape
    limit = day_limits(is_fit, share)
    used = np.zeros(officers, dtype=np.int64)
    together = np.zeros((officers, officers), dtype=np.int64)
    made: list[tuple[int, int, int]] = []
    busy = np.zeros_like(is_fit)

    def send(day: int, one: int, other: int) -> None:
        made.append((day, min(one, other), max(one, other)))
        together[[one, other], [other, one]] += 1
        used[[one, other]] += 1
        busy[[one, other], day] = True

    for day in range(days):
        fit = np.flatnonzero(is_fit[:, day])
        for one, other in _rotation(len(fit), share)[day_number[day] % ROTATION_DAYS]:
            if (used[fit[[one, other]]] < limit[fit[[one, other]]]).all():
                send(day, fit[one], fit[other])
    for day in reversed(range(days)):
        free = np.flatnonzero(is_fit[:, day] & ~busy[:, day] & (used < limit))
        free = list(free[np.lexsort([free, -(limit - used)[free]])][: len(free) // 2 * 2])
        while free:
            one = free.pop(0)
            send(day, one, free.pop(int(np.argmin(together[one, free]))))
    day, first, second = np.array(sorted(made), dtype=np.int64).reshape(-1, 3).T
    return Crews(day, first, second)


@functools.cache
def _rotation(officers: int, share: float) -> tuple[tuple[tuple[int, int], ...], ...]:
    """The pairs of every working day where so many officers are always fit: days even, partners in turn."""
    rate = min(share * officers / 2, officers // 2)
    used = np.zeros(officers, dtype=np.int64)
    together = np.zeros((officers, officers), dtype=np.int64)
    since = np.full((officers, officers), -1, dtype=np.int64)
    # a hair above the product, which may come out below the whole number that it is
    count = np.diff(np.floor(np.arange(ROTATION_DAYS + 1) * rate + 1e-6).astype(np.int64))
    rotation = []
    for day, pairs in enumerate(count):
        free = np.lexsort([np.arange(officers), used])
        made = []
        for _ in range(pairs):
            one, rest = free[0], free[1:]
            is_ahead = used[rest] > used[one] + 1
            other = rest[np.lexsort([since[one, rest], together[one, rest], is_ahead])[0]]
            free = rest[rest != other]
            together[[one, other], [other, one]] += 1
            since[[one, other], [other, one]] = day
            made.append((int(min(one, other)), int(max(one, other))))
        for pair in made:
            used[list(pair)] += 1
        rotation.append(tuple(made))
    return tuple(rotation)
