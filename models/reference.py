"""What later nights are compared with: how the features of a population were spread at a training.

Kept in the state of a model. Bins are tenths of the reference, so that a few far values do not decide where they lie.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from models.policy import DriftPolicy

BINS = 10
SMOOTHING = 0.5
SLICE_DAYS = 30
LOOK_BACK_DAYS = 730
"""How far back most features count: described from younger records they are low for want of records, and rise by themselves."""
MARGIN = 0.05
"""How far beyond the range of the training window, in parts of it, a value of the night is not yet new."""


@dataclass(frozen=True)
class Distribution:
    """One feature of the reference: rows in each bin (lower edge excluded, upper included), rows missing, middle values.

    `edges` lie between the bins: one more bin than edges, the first and the last open. Without a known value there is
    no bin. `usual_psi` and `usual_missing_share`: how far like samples of the training window usually lay apart at most
    (`usual_quantile` of the policy); None where the window is too short for two such comparisons.
    """

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    missing_count: int
    mean: float | None
    median: float | None
    usual_psi: float | None = None
    usual_missing_share: float | None = None


@dataclass(frozen=True)
class Reference:
    """What later nights are compared with: a population, its days (inclusive), its rows, and each feature's values."""

    population: str
    start_on: date
    end_on: date
    row_count: int
    features: Mapping[str, Distribution]

    def to_state(self) -> dict[str, Any]:
        """Plain values that JSON keeps exactly."""
        return asdict(self) | {"start_on": self.start_on.isoformat(), "end_on": self.end_on.isoformat()}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Reference:
        """The reference that `to_state` describes."""
        features = {
            name: Distribution(**{**kept, "edges": tuple(kept["edges"]), "counts": tuple(kept["counts"])})
            for name, kept in state["features"].items()
        }
        days = {name: date.fromisoformat(state[name]) for name in ("start_on", "end_on")}
        return cls(**{**state, **days, "features": features})


def psi(reference: np.ndarray, current: np.ndarray) -> float:
    """The population stability index of two rows of counts over the same bins; 0 or more, higher is worse."""
    p, q = (
        (np.asarray(counts) + SMOOTHING) / (np.sum(counts) + SMOOTHING * len(counts)) for counts in (reference, current)
    )
    return float(np.sum((p - q) * np.log(p / q)))


def log_odds(probability: np.ndarray) -> np.ndarray:
    """The score behind a probability; it spreads out what lies near 0 and 1, and ends at one in a thousand million."""
    bounded = np.clip(probability, 1e-9, 1 - 1e-9)
    return np.log(bounded / (1 - bounded))


def taken(
    population: str,
    features: pd.DataFrame,
    start_on: date,
    end_on: date,
    edges: Mapping[str, tuple[float, ...]] | None = None,
) -> Reference:
    """The reference that rows of `features` (floats, NaN where not known) make, in their own bins or within `edges`."""
    kept = {name: _distribution(features[name], (edges or {}).get(name, ())) for name in features.columns}
    return Reference(population, start_on, end_on, len(features), kept)


def taken_visited(
    features: pd.DataFrame, visited_on: np.ndarray, as_of: date, policy: DriftPolicy, general: Collection[str] = ()
) -> Reference:
    """The reference of the visits older than the recent days, and how far its own quarters lay from all others.

    `visited_on` holds one datetime64[D] per row. A quarter is a span of `recent_days` with at least `min_rows` visits; of
    fewer than two the reference has no rows.
    Columns that are one value a night (`general`) have three bins: below, within and above what the window held.
    """
    last = np.datetime64(as_of - timedelta(days=policy.recent_days))
    older = visited_on <= last
    features, visited_on = features[older], visited_on[older]
    first = visited_on.min() if len(visited_on) else last
    wide = {name: _range(_known(features[name])) for name in general}
    age = (last - visited_on).astype(int) // policy.recent_days
    quarters = [
        age == quarter
        for quarter in range(int((last - first).astype(int) + 1) // policy.recent_days)
        if (age == quarter).sum() >= policy.min_rows
    ]
    rows = features if len(quarters) >= 2 else features[:0]
    reference = taken("visited", rows, first.astype(object), last.astype(object), wide)
    # as the recent visits, each against those that it is no part of
    return _with_usual(reference, [(features[~quarter], features[quarter]) for quarter in quarters], policy)


def taken_merchants(
    features: pd.DataFrame, learning: pd.DataFrame, visited_on: np.ndarray, as_of: date, policy: DriftPolicy
) -> Reference:
    """The reference of the merchants of the night `as_of`, and how far two nights so lie apart by themselves.

    The latter is read off the visits of the training window (`learning`), months of them, `recent_days` or more
    apart, against each other, each with at least `min_rows` visits. The bins are the window's too: the merchants of one night
    share the figures of a few industries and grids, and such narrow bins would make a leap of every small step.
    """
    age = (np.datetime64(as_of) - visited_on).astype(int)
    months = [
        learning[is_in]
        for start in range(0, int(age.max(initial=0)) + 1, policy.recent_days)
        if (is_in := (age >= start) & (age < start + SLICE_DAYS)).sum() >= policy.min_rows
    ]
    edges = {name: _edges(_known(learning[name])) for name in features.columns}
    reference = taken("all_merchants", features, as_of, as_of, edges)
    return _with_usual(reference, list(itertools.combinations(months, 2)), policy)


def of_the_night(features: pd.DataFrame, night: np.ndarray) -> tuple[str, ...]:
    """Columns that tell nights apart and not merchants: one value for all rows of a night, another on another night.

    Compared over the merchants of two nights such a column has always 'shifted', which says nothing.
    """
    if not len(features):
        return ()
    order = np.argsort(night, kind="stable")
    starts = np.flatnonzero(np.r_[True, night[order][1:] != night[order][:-1]])
    values = features.to_numpy(dtype=float)[order]
    low, high = np.fmin.reduceat(values, starts), np.fmax.reduceat(values, starts)
    is_one = np.all((low == high) | (np.isnan(low) & np.isnan(high)), axis=0)
    differs = np.any((low != low[0]) & ~(np.isnan(low) & np.isnan(low[0])), axis=0)
    return tuple(features.columns[is_one & differs])


def references(
    learning: pd.DataFrame,
    visited_on: np.ndarray,
    tonight: pd.DataFrame,
    score: np.ndarray,
    as_of: date,
    policy: DriftPolicy,
    before: Mapping[str, Any],
    records_from: date,
) -> dict[str, Any]:
    """The references of a model trained on the night `as_of`, as its state keeps them.

    Parameters
    ----------
    learning, visited_on : features of the visits of the training window, and their days (datetime64[D]).
    tonight, score : features of tonight's merchants, and the log-odds that the new model gives them.
    before : what this function gave for the model in use until now, empty without one.
    records_from : the day from which visits are recorded. Who is described less than LOOK_BACK_DAYS later is no reference.

    Returns
    -------
    visited : the older visits of the training window.
    all_merchants : tonight's merchants, but those of `before` as long as they are recent: a new model every week would
        else compare each night with the week before it, and a slow drift would never be seen.
    score : the new model's scores of tonight's merchants; another model's scores are no reference for them.
    """
    night = np.r_[visited_on - np.timedelta64(1, "D"), np.full(len(tonight), np.datetime64(as_of))]
    general = of_the_night(pd.concat([learning, tonight], ignore_index=True), night)
    full_from = np.datetime64(records_from + timedelta(days=LOOK_BACK_DAYS))
    learning, visited_on = learning[visited_on > full_from], visited_on[visited_on > full_from]
    kept = before.get("all_merchants")
    is_recent = kept is not None and date.fromisoformat(kept["end_on"]) > as_of - timedelta(days=policy.recent_days)
    if not is_recent or not kept["row_count"]:
        own = tonight.drop(columns=list(general))[: len(tonight) if np.datetime64(as_of) >= full_from else 0]
        kept = taken_merchants(own, learning, visited_on, as_of, policy).to_state()
    return {
        "visited": taken_visited(learning, visited_on, as_of, policy, general).to_state(),
        "all_merchants": kept,
        "score": taken("all_merchants", pd.DataFrame({"score": score}), as_of, as_of).to_state(),
    }


def _distribution(values: pd.Series, edges: tuple[float, ...] = ()) -> Distribution:
    known = _known(values)
    missing = len(values) - len(known)
    if not len(known):
        return Distribution((), (), missing, None, None)
    edges = edges or _edges(known)
    counts = tuple(int(count) for count in counted(edges, known))
    return Distribution(edges, counts, missing, float(known.mean()), float(np.median(known)))


def _known(values: pd.Series | np.ndarray) -> np.ndarray:
    numbers = np.asarray(values, dtype=float)
    return numbers[~np.isnan(numbers)]


def _range(known: np.ndarray) -> tuple[float, ...]:
    if not len(known):
        return ()
    # a little outside of all that is known
    low, high = known.min(), known.max()
    return float(low - MARGIN * (high - low)), float(high + MARGIN * (high - low))


def _edges(known: np.ndarray) -> tuple[float, ...]:
    """Tenths of the values; of few distinct values one bin each; of one value, a bin below it and one above it too."""
    distinct = np.unique(known)
    if not len(distinct):
        return ()
    if len(distinct) == 1:
        return float(np.nextafter(distinct[0], -np.inf)), float(distinct[0])
    if len(distinct) <= BINS:
        return tuple(distinct[:-1].tolist())
    tenths = np.quantile(known, np.arange(1, BINS) / BINS, method="inverted_cdf")
    # nothing lies above the greatest value: the edge below it keeps it in a bin of its own
    return tuple(np.unique(np.minimum(tenths, distinct[-2])).tolist())


def counted(edges: tuple[float, ...], known: np.ndarray) -> np.ndarray:
    """Known values in each bin."""
    return np.bincount(np.searchsorted(edges, known, side="left"), minlength=len(edges) + 1)


def _with_usual(
    reference: Reference, pairs: Sequence[tuple[pd.DataFrame, pd.DataFrame]], policy: DriftPolicy
) -> Reference:
    if len(pairs) < 2:
        return reference

    def with_usual(name: str, whole: Distribution) -> Distribution:
        known = [[_known(frame[name]) for frame in pair] for pair in pairs]
        moved = [psi(*(counted(whole.edges, values) for values in both)) for both in known if all(map(len, both))]
        missing = [[frame[name].isna().mean() for frame in pair] for pair in pairs]
        apart = [abs(then - now) for then, now in missing]
        return replace(
            whole,
            usual_psi=float(np.quantile(moved, policy.usual_quantile)) if whole.counts and moved else None,
            usual_missing_share=float(np.quantile(apart, policy.usual_quantile)),
        )

    return replace(reference, features={name: with_usual(name, whole) for name, whole in reference.features.items()})
