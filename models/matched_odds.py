"""Odds of a group's records against like records of the same officer: Mantel-Haenszel, with the exact conditional law.

Within a stratum of like records, dealing the hits anew among all of its records is a hypergeometric draw; over several
strata the sum of such draws is their convolution. That is the permutation law itself, and needs no draws. An odds ratio
other than 1 only tilts it.

Sources: Mantel and Haenszel, JNCI 22 (1959); Gart, "Point and interval estimation of the common odds ratio in the
combination of 2 x 2 tables with fixed marginals", Biometrika 57 (1970), for the exact law.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

INTERVAL_TAIL = 0.025
WIDEST_ODDS = 1000.0
"""Odds ratios are sought from one over this to this; what lies beyond is told as 'or more'."""
HALF_PAIR = 0.5
"""Added to both sums of the ratio: a group of hits only has high odds, and not infinite ones."""


def strata_tables(
    records: pd.DataFrame,
    place: np.ndarray,
    group: np.ndarray,
    levels: Sequence[Sequence[str]],
    least_group: int = 1,
    least_others: int = 1,
) -> pd.DataFrame:
    """Two-by-two tables: one row per officer, group and stratum in which the group has company.

    records : officer_id, is_hit and the columns of levels, n rows. place, group : shape (m,), each membership as a
    position in records and the name of a group. levels : numeric columns that make records alike, the finest first; a
    group is matched by the first level at which at least half of its records have company, and no fewer than least_group
    and least_others stand in its strata, or else by the last.
    Columns: officer_id, group, level (its number), group_count, group_hit, other_count, other_hit, whole_count (all
    records of the group, matched or not); the rows of one officer's group stand together.
    """
    hit = records["is_hit"].to_numpy(dtype=float)
    officer, officers = pd.factorize(records["officer_id"], sort=True)
    label, labels = pd.factorize(group, sort=True)
    pairs, pair = np.unique(officer[place].astype(np.int64) * len(labels) + label, return_inverse=True)
    whole = np.bincount(pair, minlength=len(pairs))
    is_open = np.ones(len(pairs), dtype=bool)
    found = []
    for level, columns in enumerate(levels):
        stratum, count, hits = _strata(officer, records[list(columns)], hit)
        cells, cell = np.unique(pair * np.int64(len(count)) + stratum[place], return_inverse=True)
        own, where = np.divmod(cells, max(1, len(count)))
        size, own_hit = np.bincount(cell, minlength=len(cells)), np.bincount(cell, hit[place], minlength=len(cells))
        has_company = count[where] > size
        matched, beside = (
            np.bincount(own[has_company], weights=number[has_company], minlength=len(pairs))
            for number in (size, count[where] - size)
        )
        is_last = level == len(levels) - 1
        chosen = is_open & (is_last | ((2 * matched >= whole) & (matched >= least_group) & (beside >= least_others)))
        is_open &= ~chosen
        kept = has_company & chosen[own]
        own, where, size, own_hit = own[kept], where[kept], size[kept], own_hit[kept]
        found.append(
            pd.DataFrame(
                {
                    "pair": own,
                    "level": level,
                    "group_count": size,
                    "group_hit": own_hit,
                    "other_count": count[where] - size,
                    "other_hit": hits[where] - own_hit,
                    "whole_count": whole[own],
                }
            )
        )
    tables = pd.concat(found, ignore_index=True).sort_values("pair", kind="stable", ignore_index=True)
    code = pairs[tables["pair"].to_numpy(dtype=np.int64)]
    return tables.drop(columns="pair").assign(
        officer_id=np.asarray(officers, dtype=object)[code // max(1, len(labels))],
        group=np.asarray(labels, dtype=object)[code % max(1, len(labels))],
    )


def _strata(officer: np.ndarray, facts: pd.DataFrame, hit: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The stratum of each record (officer and like facts; a gap is a value of its own), and its records and hits."""
    code = officer.astype(np.int64)
    for name in facts:
        part, values = pd.factorize(facts[name].to_numpy(dtype=float), use_na_sentinel=False)
        code = code * len(values) + part
    code = np.unique(code, return_inverse=True)[1]
    return code, np.bincount(code), np.bincount(code, weights=hit)


def odds(tables: pd.DataFrame) -> pd.DataFrame:
    """Per officer_id and group of `strata_tables`: matched sums, odds_ratio (Mantel-Haenszel) and a normal deviate.

    observed, expected : hits of the group, and those that its strata lead to expect. deviate : how far apart they are,
    in standard deviations (nan where nothing can vary). concordant, discordant : the two sums of the ratio, which add
    up over groups. group_count, other_count, level, whole_count as there.
    """
    size = tables["group_count"] + tables["other_count"]
    hits = tables["group_hit"] + tables["other_hit"]
    mean = tables["group_count"] * hits / size
    work = tables.assign(
        observed=tables["group_hit"],
        expected=mean,
        variance=mean * (tables["other_count"] / size) * (size - hits) / (size - 1),
        concordant=tables["group_hit"] * (tables["other_count"] - tables["other_hit"]) / size,
        discordant=tables["other_hit"] * (tables["group_count"] - tables["group_hit"]) / size,
    )
    sums = ["observed", "expected", "variance", "concordant", "discordant", "group_count", "other_count"]
    found = work.groupby(["officer_id", "group"]).agg(
        **{name: (name, "sum") for name in sums}, level=("level", "first"), whole_count=("whole_count", "first")
    )
    variance = found["variance"].where(found["variance"] > 0)
    return found.assign(
        odds_ratio=(found["concordant"] + HALF_PAIR) / (found["discordant"] + HALF_PAIR),
        deviate=(found["observed"] - found["expected"]) / np.sqrt(variance),
    )


def exact_law(tables: pd.DataFrame) -> np.ndarray:
    """Log-weights, shape (m + 1,), of 0..m hits of one group at even odds; -inf where its margins allow no such number."""
    from scipy.special import gammaln

    law = np.ones(1)
    for group, other, hits in zip(
        tables["group_count"], tables["other_count"], tables["group_hit"] + tables["other_hit"], strict=True
    ):
        inside = np.arange(int(min(group, hits)) + 1)
        outside = hits - inside
        is_possible = outside <= other
        outside = np.minimum(outside, other)
        weight = (
            -gammaln(inside + 1) - gammaln(group - inside + 1) - gammaln(outside + 1) - gammaln(other - outside + 1)
        )
        weight = np.where(is_possible, np.exp(weight - weight[is_possible].max()), 0.0)
        law = np.convolve(law, weight)
        law = law / law.max()
    with np.errstate(divide="ignore"):
        return np.log(law)


def upper_tail(law: np.ndarray, observed: float, odds_ratio: float) -> float:
    """Exact chance of at least so many hits of the group where its true odds are odds_ratio times those of the others."""
    weight = _tilted(law, odds_ratio)
    return float(min(1.0, weight[round(observed) :].sum() / weight.sum()))


def median_odds(law: np.ndarray, observed: float) -> float:
    """The odds ratio at which so many hits are as likely exceeded as not (median-unbiased); it lies within `interval`.

    1 where the margins leave no other number: all like records were treated alike.
    """
    if np.isfinite(law).sum() == 1:
        return 1.0
    return _solved(lambda ratio: (upper_tail(law, observed, ratio) + 1 - _lower_tail(law, observed, ratio)) / 2 - 0.5)


def interval(law: np.ndarray, observed: float) -> tuple[float, float | None]:
    """Exact 95 % bounds of the odds ratio; the upper one is None where it has no end."""
    low = _solved(lambda ratio: upper_tail(law, observed, ratio) - INTERVAL_TAIL)
    has_end = observed < np.flatnonzero(np.isfinite(law)).max()
    high = _solved(lambda ratio: INTERVAL_TAIL - _lower_tail(law, observed, ratio)) if has_end else None
    return low, high


def _lower_tail(law: np.ndarray, observed: float, odds_ratio: float) -> float:
    weight = _tilted(law, odds_ratio)
    return float(weight[: round(observed) + 1].sum() / weight.sum())


def _tilted(law: np.ndarray, odds_ratio: float) -> np.ndarray:
    tilted = law + np.arange(len(law)) * np.log(odds_ratio)
    return np.exp(tilted - tilted.max())


def _solved(rising) -> float:
    low, high = -np.log(WIDEST_ODDS), np.log(WIDEST_ODDS)
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if rising(np.exp(middle)) > 0 else (middle, high)
    return float(np.exp((low + high) / 2))


def odds_words(ratio: float | None) -> tuple[str, str]:
    """An odds ratio in Chinese and English; None and what lies at the end of what is sought are 'or more'."""
    if ratio is None or ratio >= 0.99 * WIDEST_ODDS:
        return f"{WIDEST_ODDS:.0f}以上", f"{WIDEST_ODDS:.0f} or more"
    return f"{ratio:.1f}", f"{ratio:.1f}"
