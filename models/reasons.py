"""Reasons: what each feature adds to the score of one row, adding up to that score.

Contributions are Shapley values of the trees (Lundberg et al., "From local explanations to global understanding with
explainable AI for trees", Nature Machine Intelligence 2, 2020), in the model's raw unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

TOLERANCE = 1e-6
"""The largest difference allowed between base + contributions and the raw score."""


class ReasonsDoNotAddUp(ArithmeticError):
    """Base value and contributions of some row are not its raw score: nothing may be published."""


@dataclass(frozen=True)
class Reasons:
    """Explanation of n rows: `base_value` (n,), `contribution` (n, k), `raw_score` (n,), and the frame explained."""

    frame: pd.DataFrame
    base_value: np.ndarray
    contribution: np.ndarray
    raw_score: np.ndarray

    def long(self, subject: str) -> pd.DataFrame:
        """One row per subject and feature: `subject`, feature, value, contribution, base_value, raw_score.

        `frame` must be indexed by the subject. The order is the frame's rows, then the model's columns.
        """
        rows, features = self.contribution.shape
        return pd.DataFrame(
            {
                subject: np.repeat(self.frame.index.to_numpy(), features),
                "feature": np.tile(self.frame.columns.to_numpy(), rows),
                "value": self.frame.to_numpy(dtype=float, na_value=np.nan).ravel(),
                "contribution": self.contribution.ravel(),
                "base_value": np.repeat(self.base_value, features),
                "raw_score": np.repeat(self.raw_score, features),
            }
        )


class Explained(Protocol):
    """What can be explained: a raw score, and what each column adds to a base value to make it."""

    def raw_score(self, frame: pd.DataFrame) -> np.ndarray:
        """Raw scores of shape (n_rows,)."""

    def explained(self, frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Base values (n_rows,) and contributions (n_rows, n_columns)."""


def explain(model: Explained, frame: pd.DataFrame) -> Reasons:
    """The reasons of every row of `frame`. Raises WrongColumns, or ReasonsDoNotAddUp beyond 1e-6."""
    raw_score = model.raw_score(frame)
    base_value, contribution = model.explained(frame)
    verify_sum(base_value, contribution, raw_score, frame.index)
    return Reasons(frame, base_value, contribution, raw_score)


def verify_sum(base_value: np.ndarray, contribution: np.ndarray, raw_score: np.ndarray, subjects: pd.Index) -> None:
    """Raise ReasonsDoNotAddUp unless base + Σ contribution = raw score to TOLERANCE in every row."""
    gap = np.abs(base_value + contribution.sum(axis=1) - raw_score)
    wrong = np.flatnonzero(~(gap <= TOLERANCE))
    if len(wrong):
        raise ReasonsDoNotAddUp(
            f"reasons: base + contributions must be the raw score to {TOLERANCE}; {len(wrong)} of {len(gap)} rows are "
            f"not (first: {subjects[wrong[0]]}, off by {gap[wrong[0]]:.3g}). Nothing is published; train the model anew"
        )
