"""Whether the officer score falls on one kind of officer more than on another: looked at, never an input of the score.

A difference is not yet unfair: an auxiliary on patrol meets more people than a clerk. It is a question to the bureau, told with
its interval, so that a few officers are not taken for a pattern.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from models.bootstrap import DRAWS, SEED, interval, weight_chunks

ATTRIBUTES = ("employment_kind", "rank", "station_kind")
"""Held against the score (DOMAIN.md 3.0): kind of employment, rank, and kind of station."""

TOP_SHARE = 0.10
FEWEST_TOLD = 5
"""A group of fewer officers is counted and nothing else is told of it: it would be told of a person."""


def fairness(scored: pd.DataFrame, officers: pd.DataFrame, draws: int = DRAWS) -> list[dict[str, Any]]:
    """One entry per attribute and group: attribute, group, officer_count, top_share and score_ratio.

    scored : `OfficerModel.score` of a night; who is not evaluable is left out. officers : officer_id and ATTRIBUTES; an
    empty value is a group of its own ('-'). top_share : share of the group among the tenth of officers scored highest (a
    tenth is as all; equal scores share their places). score_ratio : the group's mean score over the mean of all (1 is as all).
    Both with a 95 % interval by drawing officers; None where there are fewer than FEWEST_TOLD.
    """
    rows = scored[scored["is_evaluable"]].merge(officers, on="officer_id", how="left", validate="one_to_one")
    rows = rows.sort_values("officer_id", ignore_index=True)
    if rows.empty:
        return []
    score = rows["integrity_score"].to_numpy(dtype=float)
    in_top = _part_in_top(score)
    groups = [
        (attribute, str(name), (rows[attribute].fillna("-") == name).to_numpy(dtype=float))
        for attribute in ATTRIBUTES
        for name in sorted(rows[attribute].fillna("-").unique())
    ]
    member = np.array([inside for _, _, inside in groups])
    weights = (np.ones((1, len(rows))), *weight_chunks(rows["officer_id"], draws, SEED))
    shares, ratios = (np.concatenate(part) for part in zip(*_drawn(weights, member, score, in_top), strict=True))
    return [
        {
            "attribute": attribute,
            "group": name,
            "officer_count": int(inside.sum()),
            "top_share": _told(shares[:, place], inside),
            "score_ratio": _told(ratios[:, place], inside),
        }
        for place, (attribute, name, inside) in enumerate(groups)
    ]


def _drawn(
    weights: Sequence[np.ndarray], member: np.ndarray, score: np.ndarray, in_top: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Of each chunk of draws, the share in the top and the ratio of the score by group: shape (n_draws, n_groups)."""
    for weight in weights:
        size = weight @ member.T
        known = size > 0
        share = np.divide((weight * in_top) @ member.T, size, out=np.full(size.shape, np.nan), where=known)
        mean = np.divide((weight * score) @ member.T, size, out=np.full(size.shape, np.nan), where=known)
        yield share, mean / ((weight @ score) / weight.sum(axis=1))[:, None]


def _part_in_top(score: np.ndarray) -> np.ndarray:
    """How much of each officer lies in the top tenth, 0..1: equal scores share the places that they take."""
    length = max(1.0, TOP_SHARE * len(score))
    ordered = np.sort(-score)
    before = np.searchsorted(ordered, -score, side="left")
    alike = np.searchsorted(ordered, -score, side="right") - before
    return np.clip((length - before) / alike, 0, 1)


def _told(drawn: np.ndarray, inside: np.ndarray) -> dict[str, float] | None:
    if inside.sum() < FEWEST_TOLD:
        return None
    low, high = interval(drawn[1:])
    return {"value": float(drawn[0]), "interval_low": low, "interval_high": high}
