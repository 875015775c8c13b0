"""What the officer model is worth on what really came: lists of officers made each year, held against later findings.

At each as-of date every officer who serves is ranked from what was known that night. What counts is a matter opened
within the following year and known in the end to be substantiated. A list of k officers has a precision (share of the
list that counts) and a recall (share of those who count that it names). Intervals draw officers with all their years: an
officer's years are no independent evidence. Scores that are equal share the places that they take: a row's part in the
first k is the expected one under any order of its equals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.bootstrap import DRAWS, SEED, interval, weight_chunks

DEPTHS: Mapping[str, float] = {"50": 50, "100": 100, "200": 200, "1%": 0.01, "5%": 0.05}
"""How long the lists are: officers, or a share of all who serve. The one home of these numbers."""

MODEL = "model"
SCORERS = ("model", "logistic", "complaints_12m", "complaints_all")
PERFECT = "perfect"
"""The list that knew what would come: what no list can pass."""

MEASURES = ("precision", "recall")


@dataclass(frozen=True)
class Year:
    """One as-of date: `officers` has officer_id, is_found (whether it counts) and a score by each of SCORERS (empty where
    it cannot be given: such an officer comes last). `label_source`, `learned_rows` and `not_evaluable_count` are the
    model's; `known_share` is the share of the year's findings that the last date can know, as estimated from delays."""

    as_of: pd.Timestamp
    officers: pd.DataFrame
    label_source: str
    learned_rows: int
    not_evaluable_count: int
    known_share: float


@dataclass(frozen=True)
class OfficerEvaluation:
    """`figures`: year (or `all`), scorer, measure, depth, value, low, high (95 %). `differences`: the same for the model
    less each other scorer, paired. `years` as they were judged; `left_out`: date and why (Chinese, English)."""

    years: tuple[Year, ...]
    figures: pd.DataFrame
    differences: pd.DataFrame
    left_out: tuple[tuple[pd.Timestamp, str, str], ...] = ()


def found_within(
    officers: Sequence[str], outcomes: pd.DataFrame, as_of: pd.Timestamp, horizon_days: int, known_on: pd.Timestamp
) -> np.ndarray:
    """Of each officer, whether a matter opened within the horizon after `as_of` is known on `known_on` to be substantiated."""
    opened, closed = pd.to_datetime(outcomes["opened_on"]), pd.to_datetime(outcomes["closed_on"])
    as_of = pd.Timestamp(as_of)
    counts = (outcomes["result"] == "substantiated") & (closed <= pd.Timestamp(known_on))
    counts &= (opened > as_of) & (opened <= as_of + pd.Timedelta(days=horizon_days))
    return np.isin(np.asarray(officers, dtype=object), outcomes.loc[counts, "officer_id"].unique())


def evaluated(years: Sequence[Year], left_out: Sequence[tuple[pd.Timestamp, str, str]] = ()) -> OfficerEvaluation:
    """The figures of every year and of all together, with intervals over officers. Raises ValueError without a year."""
    if not years:
        raise ValueError("no year can be evaluated")
    parts = [(str(year.as_of.date()), [year]) for year in years]
    if len(years) > 1:
        parts.append(("all", list(years)))
    figures, differences = [], []
    for name, judged in parts:
        drawn = _drawn(judged)
        for (scorer, measure, depth), values in drawn.items():
            figures.append((name, scorer, measure, depth, *_spread(values)))
            if scorer not in (MODEL, PERFECT):
                gap = drawn[(MODEL, measure, depth)] - values
                differences.append((name, scorer, measure, depth, *_spread(gap)))
    columns = ["year", "scorer", "measure", "depth", "value", "low", "high"]
    return OfficerEvaluation(
        tuple(years),
        pd.DataFrame(figures, columns=columns),
        pd.DataFrame(differences, columns=columns),
        tuple(left_out),
    )


def _spread(values: np.ndarray) -> tuple[float, float, float]:
    """The figure itself (the first value), and the middle 95 % of those of the draws; NaN where it cannot be computed."""
    if np.isnan(values[0]):
        return (np.nan, np.nan, np.nan)
    return (float(values[0]), *interval(values[1:]))


def _drawn(years: Sequence[Year]) -> dict[tuple[str, str, str], np.ndarray]:
    """Precision and recall by scorer and depth, pooled over the years: as they are, then one value per draw of officers."""
    names = pd.Index(sorted(set().union(*(year.officers["officer_id"] for year in years))))
    places = [names.get_indexer(year.officers["officer_id"]) for year in years]
    values: dict[tuple[str, str, str], list[np.ndarray]] = {}
    for weight in (np.ones((1, len(names))), *weight_chunks(names, DRAWS, SEED)):
        hit: dict[tuple[str, str], np.ndarray] = {}
        length: dict[str, np.ndarray] = {}
        total = np.zeros(len(weight))
        for year, place in zip(years, places, strict=True):
            drawn = weight[:, place]
            found = year.officers["is_found"].to_numpy(dtype=float)
            total = total + drawn @ found
            ends = {name: _depth(depth, drawn.sum(axis=1)) for name, depth in DEPTHS.items()}
            for name, end in ends.items():
                length[name] = length.get(name, 0) + end
            for scorer in (*SCORERS, PERFECT):
                score = found if scorer == PERFECT else year.officers[scorer].to_numpy(dtype=float)
                for name, count in hits_at(score, found, drawn, ends).items():
                    hit[(scorer, name)] = hit.get((scorer, name), 0) + count
        for (scorer, name), count in hit.items():
            values.setdefault((scorer, "precision", name), []).append(count / length[name])
            recall = np.divide(count, total, out=np.full(len(count), np.nan), where=total > 0)
            values.setdefault((scorer, "recall", name), []).append(recall)
    return {key: np.concatenate(parts) for key, parts in values.items()}


def _depth(depth: float, officer_count: np.ndarray) -> np.ndarray:
    """Officers on the list, one per draw: at least one, at most all."""
    length = np.round(depth * officer_count) if depth < 1 else np.full(len(officer_count), depth)
    return np.minimum(np.maximum(length, 1), officer_count)


def hits_at(
    score: np.ndarray, found: np.ndarray, weight: np.ndarray, ends: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """How many who count stand among the first `ends` of each draw, by name of the depth; shape (n_draws,).

    weight : how often each row counts, (n_draws, n_rows). A row without a score (NaN) comes after all others.
    """
    score = np.where(np.isnan(score), -np.inf, score)
    order = np.argsort(-score, kind="stable")
    ordered = score[order]
    # rows of one score are one step: a list that ends within it takes its share of it
    last = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True))
    seen = np.cumsum(weight[:, order], axis=1)[:, last]
    gained = np.cumsum(weight[:, order] * found[order], axis=1)[:, last]
    start = np.zeros((len(weight), 1))
    seen, gained = np.hstack([start, seen]), np.hstack([start, gained])
    return {
        name: np.array([np.interp(end[row], seen[row], gained[row]) for row in range(len(weight))])
        for name, end in ends.items()
    }
