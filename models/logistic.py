"""Ridge logistic regression on a frame of numbers with gaps, from a given start, its signs held where declared.

scikit-learn's own takes neither a start (offset) per row nor a sign per coefficient; both are needed to learn of
merchants apart from who visited them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from models.calibration import sigmoid

CLIP = 4.0
LONG_TAIL = 20.0
RIDGE = 200.0


@dataclass(frozen=True)
class RidgeLogistic:
    """A fitted regression. Of each column: whether its logarithm is taken, its centre and scale, and two coefficients.

    A value counts as (value - centre) / scale, clipped at 4; a gap counts as the centre, plus what `gap_coefficient`
    says of not being known. `mean` and `gap_share` are what the rows learned from had on average.
    """

    columns: tuple[str, ...]
    takes_log: np.ndarray
    centre: np.ndarray
    scale: np.ndarray
    coefficient: np.ndarray
    gap_coefficient: np.ndarray
    mean: np.ndarray
    gap_share: np.ndarray
    intercept: float

    @property
    def base_value(self) -> float:
        """The raw score of the average row learned from, in log-odds."""
        return float(self.intercept + self.coefficient @ self.mean + self.gap_coefficient @ self.gap_share)

    def contribution(self, frame: pd.DataFrame) -> np.ndarray:
        """What each column adds to `base_value`, shape (n_rows, n_columns), in log-odds: the Shapley values exactly."""
        value, gap = _scaled(frame[list(self.columns)], self.takes_log, self.centre, self.scale)
        return (value - self.mean) * self.coefficient + (gap - self.gap_share) * self.gap_coefficient

    def raw_score(self, frame: pd.DataFrame) -> np.ndarray:
        """Raw scores of shape (n_rows,), in log-odds, as if every row's start were 0."""
        # rows lie together, so that each is summed in the order in which it is summed alone: the same last digit
        return self.base_value + np.ascontiguousarray(self.contribution(frame)).sum(axis=1)

    def to_state(self) -> dict[str, Any]:
        """Plain values that JSON keeps exactly."""
        return {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in vars(self).items()}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> RidgeLogistic:
        """The regression that `to_state` describes."""
        kept = {name: np.asarray(value) if isinstance(value, list) else value for name, value in state.items()}
        return cls(**{**kept, "columns": tuple(state["columns"])})


def fit_logistic(
    frame: pd.DataFrame,
    label: Sequence[float],
    *,
    start: np.ndarray | None = None,
    direction: Mapping[str, int] | None = None,
    ridge: float = RIDGE,
) -> RidgeLogistic:
    """Learn from `frame` of shape (n_rows, n_columns) and `label`, 0/1 or a share between them.

    start : log-odds of shape (n_rows,) that a row has before any column counts. direction : column -> 1 (its
    coefficient is 0 or more) or -1. ridge : penalty on half the squared coefficients of scaled columns.
    """
    from scipy.optimize import minimize
    from threadpoolctl import threadpool_limits

    label = np.asarray(label, dtype=float)
    start = np.zeros(len(label)) if start is None else start
    numbers = frame.to_numpy(dtype=float)
    takes_log, centre, scale = _scale(numbers)
    value, gap = _scaled(frame, takes_log, centre, scale)
    # a column that is empty in every row says nothing that the intercept does not
    has_gaps = gap.any(axis=0) & ~gap.all(axis=0)
    design = np.hstack([value, gap[:, has_gaps]])
    lean = [(direction or {}).get(column, 0) for column in frame.columns] + [0] * int(has_gaps.sum())
    bounds = [(None, None), *((0, None) if sign > 0 else (None, 0) if sign < 0 else (None, None) for sign in lean)]

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        odds = start + weights[0] + design @ weights[1:]
        error = label - sigmoid(odds)
        value = (np.logaddexp(0, odds) - label * odds).sum() + ridge / 2 * (weights[1:] @ weights[1:])
        return value, np.concatenate([[-error.sum()], ridge * weights[1:] - design.T @ error])

    share = np.clip(label.mean(), 1e-6, 1 - 1e-6)
    first = np.zeros(design.shape[1] + 1)
    first[0] = np.log(share / (1 - share))
    # sums in another order differ in their last digit, and a model must be the same on every machine
    with threadpool_limits(1, user_api="blas"):
        weights = minimize(loss, first, jac=True, method="L-BFGS-B", bounds=bounds).x
    columns = frame.shape[1]
    gap_coefficient = np.zeros(columns)
    gap_coefficient[has_gaps] = weights[1 + columns :]
    return RidgeLogistic(
        tuple(frame.columns),
        takes_log,
        centre,
        scale,
        weights[1 : 1 + columns],
        gap_coefficient,
        value.mean(axis=0),
        gap.mean(axis=0),
        float(weights[0]),
    )


def _scale(numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    known = ~np.isnan(numbers)
    low = np.where(known, numbers, np.inf).min(axis=0)
    high = np.where(known, numbers, -np.inf).max(axis=0)
    takes_log = (low >= 0) & (high > LONG_TAIL)
    numbers = np.where(takes_log, np.log1p(np.where(takes_log, numbers, 0)), numbers)
    count = np.maximum(known.sum(axis=0), 1)
    centre = np.where(known, numbers, 0).sum(axis=0) / count
    spread = np.sqrt((np.where(known, numbers - centre, 0) ** 2).sum(axis=0) / count)
    return takes_log, centre, np.where(spread > 1e-12, spread, 1.0)


def _scaled(
    frame: pd.DataFrame, takes_log: np.ndarray, centre: np.ndarray, scale: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    numbers = frame.to_numpy(dtype=float)
    # below 0 the logarithm's line goes straight on, so that a value never seen in learning still counts the right way
    logged = np.where(numbers >= 0, np.log1p(np.maximum(numbers, 0)), numbers)
    value = (np.where(takes_log, logged, numbers) - centre) / scale
    gap = np.isnan(numbers)
    return np.clip(np.where(gap, 0.0, value), -CLIP, CLIP), gap.astype(float)
