"""Who goes out with whom on which day: pairs that change over the month, everybody at his desk in turn.

Belongs here: days and partners. Does not belong here: where a pair goes (plan).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


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


def make_crews(is_fit: np.ndarray, share: float) -> Crews:
    """As many pairs as the officers' days allow, spread over the horizon.

    `is_fit` has shape (officers, days). Nobody goes out twice on a day, or on more days than `day_limits`. Desk days
    fall to two at a time, in turn; partners are those who went together least. Deterministic, ties by number.
    """
    officers, days = is_fit.shape
    limit = day_limits(is_fit, share)
    # two officers share a phase: who rests alone leaves another one without a partner
    phase = ((np.arange(officers) // 2) + 0.5) / max(1, (officers + 1) // 2)
    rhythm = limit / np.maximum(is_fit.sum(axis=1), 1)
    used, seen = np.zeros(officers, dtype=np.int64), np.zeros(officers, dtype=np.int64)
    together = np.zeros((officers, officers), dtype=np.int64)
    made: list[tuple[int, int, int]] = []
    busy = np.zeros_like(is_fit)

    def send(day: int, allowance: np.ndarray) -> None:
        free = np.flatnonzero(is_fit[:, day] & ~busy[:, day] & (used < allowance))
        free = free[np.lexsort([free, used[free], -(allowance - used)[free]])]
        left = list(free[: len(free) // 2 * 2])
        while left:
            one = left.pop(0)
            other = left.pop(int(np.argmin(together[one, left])))
            made.append((day, min(one, other), max(one, other)))
            together[one, other] += 1
            together[other, one] += 1
            used[[one, other]] += 1
            busy[[one, other], day] = True

    for day in range(days):
        seen += is_fit[:, day]
        send(day, np.minimum(limit, np.floor(rhythm * seen + phase).astype(np.int64)))
    for day in range(days):
        send(day, limit)
    day, first, second = np.array(sorted(made), dtype=np.int64).reshape(-1, 3).T
    return Crews(day, first, second)
