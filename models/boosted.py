"""Gradient-boosted trees in scikit-learn manners: columns by name and order, the same bytes from the same inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd


class WrongColumns(ValueError):
    """The frame to score does not have the model's columns in the model's order."""


class NotTrainable(Exception):
    """The records cannot teach a model; `zh` and `en` say why."""

    def __init__(self, zh: str, en: str):
        super().__init__(en)
        self.zh = zh
        self.en = en


class BoostedTrees:
    """LightGBM trees on a frame of numbers.

    Parameters
    ----------
    objective : 'binary' or 'cross_entropy' (raw score in log-odds; the latter also learns from shares between 0 and 1),
        'regression' (raw score in the target's unit) or 'poisson' (raw score is the log of the expected count).
    monotone : column name -> 1 (may only rise) or -1 (may only fall); columns not named are free.
    rounds, leaves, depth, learning_rate, min_rows_per_leaf, min_weight_per_leaf, ridge, feature_share, row_share : size
        and caution of the trees.
    seed, threads : fixed, so that the model file is the same to the byte.

    Attributes
    ----------
    columns_ : tuple of str, the columns seen in `fit`, in order.
    """

    def __init__(
        self,
        objective: str = "binary",
        *,
        monotone: Mapping[str, int] | None = None,
        rounds: int = 200,
        leaves: int = 15,
        depth: int = 5,
        learning_rate: float = 0.05,
        min_rows_per_leaf: int = 50,
        ridge: float = 1.0,
        min_weight_per_leaf: float = 1e-3,
        feature_share: float = 0.8,
        row_share: float = 0.8,
        seed: int = 20_250_101,
        threads: int = 2,
    ):
        self.objective = objective
        self.monotone = monotone
        self.rounds = rounds
        self.leaves = leaves
        self.depth = depth
        self.learning_rate = learning_rate
        self.min_rows_per_leaf = min_rows_per_leaf
        self.ridge = ridge
        self.min_weight_per_leaf = min_weight_per_leaf
        self.feature_share = feature_share
        self.row_share = row_share
        self.seed = seed
        self.threads = threads

    def fit(
        self,
        frame: pd.DataFrame,
        target: Sequence[float],
        weight: Sequence[float] | None = None,
        start: np.ndarray | None = None,
    ) -> BoostedTrees:
        """Learn from `frame` of shape (n_rows, n_columns) and `target` of shape (n_rows,); returns itself.

        `start` is the raw score that each row has before the first tree; it is no part of what the trees score later.
        """
        import lightgbm

        monotone = dict(self.monotone or {})
        unknown = sorted(set(monotone) - set(frame.columns))
        if unknown:
            raise WrongColumns(f"monotone names {', '.join(unknown)}; the frame has no such column")
        parameters = {
            "objective": self.objective,
            "num_leaves": self.leaves,
            "max_depth": self.depth,
            "learning_rate": self.learning_rate,
            "min_data_in_leaf": self.min_rows_per_leaf,
            "lambda_l2": self.ridge,
            "feature_fraction": self.feature_share,
            "min_sum_hessian_in_leaf": self.min_weight_per_leaf,
            "bagging_fraction": self.row_share,
            "bagging_freq": 1,
            "seed": self.seed,
            "num_threads": self.threads,
            "deterministic": True,
            "force_row_wise": True,
            "verbosity": -1,
        }
        if monotone:
            parameters["monotone_constraints"] = [monotone.get(column, 0) for column in frame.columns]
            parameters["monotone_constraints_method"] = "intermediate"
        rows = lightgbm.Dataset(
            _numbers(frame),
            label=np.asarray(target, dtype=float),
            weight=None if weight is None else np.asarray(weight, dtype=float),
            init_score=start,
            feature_name=list(frame.columns),
            free_raw_data=True,
        )
        self._booster = lightgbm.train(parameters, rows, num_boost_round=self.rounds)
        self.columns_ = tuple(frame.columns)
        return self

    @property
    def booster(self):
        """The fitted `lightgbm.Booster`."""
        return self._booster

    def raw_score(self, frame: pd.DataFrame) -> np.ndarray:
        """Raw scores of shape (n_rows,), in the objective's raw unit. Raises WrongColumns."""
        return self._booster.predict(self.numbers(frame), raw_score=True)

    def predict(self, frame: pd.DataFrame) -> np.ndarray:
        """Predictions of shape (n_rows,): a probability, an expected value or an expected count. Raises WrongColumns."""
        return self._booster.predict(self.numbers(frame))

    def explained(self, frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Base values (n_rows,) and Shapley contributions (n_rows, n_columns) in the raw unit. Raises WrongColumns."""
        import shap

        numbers = self.numbers(frame)
        if len(frame) == 0:
            return np.empty(0), np.empty(numbers.shape)
        explained = shap.TreeExplainer(self.booster)(numbers)
        base_value = np.broadcast_to(np.asarray(explained.base_values, dtype=float).reshape(-1), (len(frame),)).copy()
        return base_value, np.asarray(explained.values, dtype=float).reshape(numbers.shape)

    def numbers(self, frame: pd.DataFrame) -> np.ndarray:
        """The frame as the matrix that the trees read; raises WrongColumns where names or order differ."""
        if tuple(frame.columns) != self.columns_:
            raise WrongColumns(_difference(tuple(frame.columns), self.columns_))
        return _numbers(frame)

    def to_text(self) -> str:
        """The model as text, which `from_text` reads back."""
        return self._booster.model_to_string()

    @classmethod
    def from_text(cls, text: str) -> BoostedTrees:
        """A model that scores as the one whose `to_text` this is."""
        import lightgbm

        model = cls()
        model._booster = lightgbm.Booster(model_str=text)
        model.columns_ = tuple(model._booster.feature_name())
        return model


def _numbers(frame: pd.DataFrame) -> np.ndarray:
    words = [column for column in frame.columns if not pd.api.types.is_numeric_dtype(frame[column].dtype)]
    if words:
        raise WrongColumns(f"{len(words)} of {frame.shape[1]} columns hold no numbers (first: {words[0]})")
    return frame.to_numpy(dtype=np.float64, na_value=np.nan)


def _difference(found: tuple[str, ...], expected: tuple[str, ...]) -> str:
    missing = [name for name in expected if name not in found]
    added = [name for name in found if name not in expected]
    if missing:
        what = f"{len(missing)} missing (first: {missing[0]})"
    elif added:
        what = f"{len(added)} unknown (first: {added[0]})"
    else:
        place = next(i for i, (a, b) in enumerate(zip(found, expected, strict=True)) if a != b)
        what = f"the order differs, first at column {place + 1}: {found[place]}, the model has {expected[place]}"
    return f"the frame must have the model's {len(expected)} columns in the model's order; {what}"
