"""Permutation within strata: how often chance alone gives a member of a stratum a sum as low as his.

Source: Phipson and Smyth, "Permutation p-values should never be zero", Statistical Applications in Genetics and
Molecular Biology 9 (2010): p = (b + 1) / (m + 1). Where no draw is as low, the normal tail of the deals (their mean and
variance are known exactly) says how far below 1 / (m + 1) it lies; it never raises p.
"""

from __future__ import annotations

import zlib

import numpy as np

SCREENING_DRAWS = 1_999
FINE_DRAWS = 20_000
CANDIDATE_P = 0.10
"""Where the screening tail of any member is below this, his whole stratum is drawn again, finely."""

SMALLEST_SAID = 0.0001
SMALLEST_TOLD = 1e-9
"""No tail is told to be smaller: a normal one is only an approximation."""

_CELLS_AT_ONCE = 4_000_000
_TOLERANCE = 1e-9


def low_tail(value: np.ndarray, member: np.ndarray, stratum: np.ndarray, order: np.ndarray) -> dict[str, float]:
    """P-value by member: the share of draws in which a stratum dealt out anew leaves him a sum as low as his own.

    value : shape (n,). member, stratum : labels of shape (n,); a member may have rows in several strata, and his sums
    are then added; nan for one who has nobody beside him in any of his strata, where every deal is the same. order :
    shape (n,), a label that is unique within a member, so that the order of rows is immaterial. The result does not
    depend on the order of the rows, and drawing is seeded by the stratum's own label.
    """
    members = np.unique(member)
    observed = _sums(value, np.searchsorted(members, member), len(members))
    ranked = np.lexsort((order, member))
    value, member, stratum = value[ranked], np.searchsorted(members, member[ranked]), stratum[ranked]
    screened = _tail(value, member, stratum, observed, np.unique(stratum), SCREENING_DRAWS)
    candidate = screened <= CANDIDATE_P
    if candidate.any():
        # a member's strata are drawn together, for his sums are added
        near = np.unique(stratum[candidate[member]])
        fine = _tail(value, member, stratum, observed, near, FINE_DRAWS)
        is_beyond = fine <= 1 / (FINE_DRAWS + 1)
        fine = np.where(is_beyond, np.minimum(fine, _normal_tail(value, member, stratum, observed)), fine)
        screened = np.where(candidate, fine, screened)
    has_company = np.zeros(len(members), dtype=bool)
    for label in np.unique(stratum):
        inside = np.unique(member[stratum == label])
        has_company[inside] |= len(inside) > 1
    return dict(zip(members.tolist(), np.where(has_company, screened, np.nan).tolist(), strict=True))


def said(name: str, value: float, p_value: float) -> str:
    """A p- or q-value in words, such as `q = 0.0123`; `≤` where its p-value is the smallest that the draws can give."""
    if value < SMALLEST_SAID:
        return f"{name} < {SMALLEST_SAID}"
    return f"{name} {'≤' if p_value <= 1 / (FINE_DRAWS + 1) else '='} {value:.4f}"


def _sums(value: np.ndarray, member: np.ndarray, count: int) -> np.ndarray:
    return np.bincount(member, weights=value, minlength=count)


def _normal_tail(value: np.ndarray, member: np.ndarray, stratum: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Normal tail, shape (n_members,), of a sum as low under dealing within strata; at least SMALLEST_TOLD."""
    from scipy.special import ndtr

    label = np.unique(stratum, return_inverse=True)[1]
    size = np.bincount(label)
    centre = np.bincount(label, weights=value) / size
    spread = np.bincount(label, weights=(value - centre[label]) ** 2) / np.maximum(size - 1, 1)
    held = np.zeros((len(observed), len(size)))
    np.add.at(held, (member, label), 1.0)
    mean = held @ centre
    variance = (held * (1 - held / size)) @ spread
    with np.errstate(divide="ignore", invalid="ignore"):
        deviation = np.where(variance > 0, (observed - mean) / np.sqrt(variance), 0.0)
    return np.maximum(ndtr(deviation), SMALLEST_TOLD)


def _tail(
    value: np.ndarray, member: np.ndarray, stratum: np.ndarray, observed: np.ndarray, chosen: np.ndarray, draws: int
) -> np.ndarray:
    blocks = []
    for label in chosen:
        inside = stratum == label
        seat, start = np.unique(member[inside], return_index=True)
        blocks.append((value[inside], seat, start, np.random.default_rng([draws, zlib.crc32(str(label).encode())])))
    widest = max(len(block[0]) for block in blocks)
    batch = max(1, min(draws, _CELLS_AT_ONCE // max(widest, len(observed))))
    low = np.zeros(len(observed), dtype=np.int64)
    done = 0
    while done < draws:
        size = min(batch, draws - done)
        drawn = np.zeros((size, len(observed)))
        for values, seat, start, random in blocks:
            dealt = random.permuted(np.broadcast_to(values, (size, len(values))), axis=1)
            drawn[:, seat] += np.add.reduceat(dealt, start, axis=1)
        low += (drawn <= observed + _TOLERANCE).sum(axis=0)
        done += size
    return (low + 1) / (draws + 1)
