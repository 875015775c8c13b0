"""A score that is one sum: a ridge regression, and boosted trees that begin where it ends and learn what it leaves over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.boosted import BoostedTrees
from models.logistic import RidgeLogistic


@dataclass(frozen=True)
class BoostedRegression:
    """The raw score of rows in log-odds: a regression and the trees that begin where it ends."""

    linear: RidgeLogistic
    trees: BoostedTrees

    @property
    def columns_(self) -> tuple[str, ...]:
        """The columns that it reads, in order."""
        return self.trees.columns_

    def raw_score(self, frame: pd.DataFrame) -> np.ndarray:
        """Raw scores of shape (n_rows,), in log-odds; higher is worse. A row alone scores as in company."""
        trees = self.trees.raw_score(frame)
        return self.linear.raw_score(frame) + trees

    def explained(self, frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Base values (n,) and contributions (n, k): Shapley values add up as the parts of the score do."""
        base_value, contribution = self.trees.explained(frame)
        return base_value + self.linear.base_value, contribution + self.linear.contribution(frame)
