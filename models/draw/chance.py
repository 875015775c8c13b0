"""What chance alone does in a draw: simulated with fixed seeds, or exact where the counts are simple.

A simulated p-value is (1 + draws at least as far out) / (1 + SIMULATIONS), so it is never 0 and errs on the careful side.
Source: Davison and Hinkley, "Bootstrap Methods and their Application" (1997), 4.2.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

SIMULATIONS = 9_999
"""So that the smallest p-value, 0.0001, stays small where some hundred draws and units are tested together."""
SEED = 20_240_101
MOST_COUNTED = 2
"""Larger crews are dealt one by one: there are too many different ones to count each."""
TIE = 1e-9
"""Statistics that differ by less are equal: sums of the same terms in another order."""


@dataclass(frozen=True)
class Outcome:
    """observed and expected (mean under chance) in the same unit; statistic, larger is further from chance; p_value."""

    observed: float
    expected: float
    statistic: float
    p_value: float


def generator(*names: str) -> np.random.Generator:
    """The random numbers of one test: the same names give the same ones, whatever else is tested."""
    return np.random.default_rng([SEED, zlib.crc32("\x1f".join(names).encode())])


def spread(counts: np.ndarray, expected: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Chi-square, and how many would have to lie elsewhere to meet the expectation; over the last axis of `counts`."""
    held = expected > 0
    gap = counts[..., held] - expected[held]
    return (gap**2 / expected[held]).sum(axis=-1), np.abs(counts - expected).sum(axis=-1) / 2


def held_against(counts: np.ndarray, expected: np.ndarray, simulated: np.ndarray) -> Outcome:
    """Counts of cells against those that chance gives, shape (simulations, cells); observed is what lies elsewhere."""
    statistic, elsewhere = spread(counts, expected)
    statistics, moved = spread(simulated, expected)
    return Outcome(float(elsewhere), float(moved.mean()), float(statistic), upper_tail(float(statistic), statistics))


def upper_tail(statistic: float, simulated: np.ndarray) -> float:
    """The p-value of a statistic among simulated ones."""
    return (1 + int((simulated >= statistic - TIE).sum())) / (1 + len(simulated))


def strewn(numbers: Sequence[int], shares: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """So many of each stratum over cells at random, shape (SIMULATIONS, cells).

    shares : shape (strata, cells), rows adding up to 1. Real draws never take one twice, which spreads them more evenly
    than this: held against it they are judged with care.
    """
    found = np.zeros((SIMULATIONS, shares.shape[1]), dtype=np.int64)
    for number, share in zip(numbers, shares, strict=True):
        if number:
            found += random.multinomial(number, share, size=SIMULATIONS)
    return found


def crews_at_random(seats: int, crew: int, objects: int, random: np.random.Generator) -> np.ndarray:
    """How often each of `seats` officers is drawn where `crew` different ones go to each of `objects`; (SIMULATIONS, seats)."""
    if crew > MOST_COUNTED:
        chosen = np.argsort(random.random((SIMULATIONS, objects, seats)), axis=-1)[..., :crew]
        cell = np.arange(SIMULATIONS)[:, None] * seats + chosen.reshape(SIMULATIONS, -1)
        return np.bincount(cell.ravel(), minlength=SIMULATIONS * seats).reshape(SIMULATIONS, seats)
    crews = np.array(list(combinations(range(seats), crew)))
    is_in = np.zeros((len(crews), seats), dtype=np.int64)
    np.put_along_axis(is_in, crews, 1, axis=1)
    return random.multinomial(objects, np.full(len(crews), 1 / len(crews)), size=SIMULATIONS) @ is_in


def at_least(observed: int, chances: np.ndarray) -> Outcome:
    """Exact: how likely so many or more of independent events are, each with its own chance (Poisson-binomial)."""
    from scipy.stats import binom

    law = np.ones(1)
    for chance, number in zip(*np.unique(chances, return_counts=True), strict=True):
        law = np.convolve(law, binom.pmf(np.arange(number + 1), number, chance))
    tail = float(min(1.0, law[observed:].sum()))
    return Outcome(float(observed), float(chances.sum()), float(observed), tail)


def at_least_drawn(observed: int, whole: int, marked: int, taken: int) -> Outcome:
    """Exact: how likely so many marked or more are among `taken` of `whole`, of whom `marked` are (hypergeometric)."""
    from scipy.stats import hypergeom

    tail = float(hypergeom.sf(observed - 1, whole, marked, taken))
    return Outcome(float(observed), taken * marked / whole, float(observed), min(1.0, tail))
