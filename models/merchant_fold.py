"""Out of time: each of the last quarters judged by a model that knew nothing of it, which chooses the setting too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from models.calibration import platt_line, sigmoid
from models.merchant_feature import features
from models.merchant_setting import DEFAULT, TRIED, Setting
from models.policy import TrainingPolicy

FOLD_DAYS = 91
FOLD_COUNT = 4
"""A year of quarters: a calibration on half a year would carry its season into the other half."""

TAUGHT_LIMIT = 100_000
"""Most visits that a fold's model learns from; of more, every so-many-th by day is taken. Tonight's own takes them all."""


@dataclass(frozen=True)
class Fold:
    """One quarter out of time: its visits' raw scores (log-odds) by the chosen setting, what they found, who and where.

    `was_drawn`: the merchant was drawn at random (models.random_correction). `place`: where each lies among all visits.
    """

    first_on: date
    last_on: date
    raw_score: np.ndarray
    label: np.ndarray
    officer: np.ndarray
    merchant: np.ndarray
    was_drawn: np.ndarray
    place: np.ndarray


@dataclass(frozen=True)
class OutOfTime:
    """All folds, oldest first, the setting chosen on all but the last, and what was tried.

    `blind` is the score by the chosen setting that knew nothing of the quarter up to tonight; None without that fold.
    """

    setting: Setting
    folds: tuple[Fold, ...]
    search: list[dict[str, Any]]
    blind: Any = None

    @property
    def raw_score(self) -> np.ndarray:
        """Raw scores of the visits of all folds, in log-odds."""
        return np.concatenate([fold.raw_score for fold in self.folds]) if self.folds else np.empty(0)

    @property
    def label(self) -> np.ndarray:
        """What these visits found: 1 where something was severe."""
        return np.concatenate([fold.label for fold in self.folds]) if self.folds else np.empty(0)


def out_of_time(
    visits: pd.DataFrame, as_of: date, policy: TrainingPolicy, ground: Callable[[pd.DataFrame], Any]
) -> OutOfTime:
    """Judge the last quarters before `as_of`, each by what was known before it began.

    `visits` lie in order of their day, with was_drawn. `ground(visits).grown(setting)` is what has `raw_score(frame)`. The setting is
    that of the least log loss on all folds but the last, each calibrated by itself; the last is only reported. With one
    fold or none it is the default.
    """
    parts = list(_parts(visits, as_of, policy))
    blind: dict[Setting, Any] = {}
    tried: dict[Setting, list[np.ndarray]] = {setting: [] for setting in (TRIED if len(parts) > 1 else (DEFAULT,))}
    for _, last_on, past, test in parts:
        begun, judged = ground(visits.iloc[_thinned(past)]), features(visits[test])
        for setting, scores in tried.items():
            grown = begun.grown(setting)
            scores.append(grown.raw_score(judged))
            if last_on == as_of:
                blind[setting] = grown
    label = visits["is_severe"].to_numpy(dtype=float)
    losses = {
        setting: [_log_loss(raw, label[test]) for raw, (_, _, _, test) in zip(scores[:-1], parts[:-1], strict=True)]
        for setting, scores in tried.items()
    }
    weight = [test.sum() for _, _, _, test in parts[:-1]]
    mean = {setting: float(np.average(loss, weights=weight)) for setting, loss in losses.items() if loss}
    chosen = min(mean, key=mean.get) if mean else DEFAULT
    officer, merchant = visits["lead_officer_id"].to_numpy(), visits["merchant_id"].to_numpy()
    was_drawn = visits["was_drawn"].to_numpy(dtype=bool)
    folds = tuple(
        Fold(
            first_on,
            last_on,
            raw,
            label[test],
            officer[test],
            merchant[test],
            was_drawn[test],
            np.flatnonzero(test),
        )
        for (first_on, last_on, _, test), raw in zip(parts, tried[chosen], strict=True)
    )
    search = [
        {**vars(setting), "log_loss": round(loss, 6), "is_chosen": setting == chosen} for setting, loss in mean.items()
    ]
    return OutOfTime(chosen, folds, search, blind.get(chosen))


def _parts(visits: pd.DataFrame, as_of: date, policy: TrainingPolicy):
    """First and last day of each fold, the rows known before it and the rows in it; a fold that cannot judge is left out."""
    label = visits["is_severe"].to_numpy(dtype=bool)
    visited_on = visits["visited_on"].to_numpy(dtype="datetime64[D]")
    known_on = visits["known_on"].to_numpy(dtype="datetime64[D]")
    for back in range(FOLD_COUNT, 0, -1):
        first_on = as_of - timedelta(days=FOLD_DAYS * back - 1)
        last_on = as_of - timedelta(days=FOLD_DAYS * (back - 1))
        past = (visited_on < np.datetime64(first_on)) & (known_on < np.datetime64(first_on))
        test = (visited_on >= np.datetime64(first_on)) & (visited_on <= np.datetime64(last_on))
        positives = int(label[past].sum())
        enough = past.sum() >= policy.min_rows and min(positives, past.sum() - positives) >= policy.min_positives
        if enough and len(np.unique(label[test])) == 2:
            yield first_on, last_on, past, test


def _thinned(past: np.ndarray) -> np.ndarray:
    rows = np.flatnonzero(past)
    if len(rows) <= TAUGHT_LIMIT:
        return rows
    return rows[np.linspace(0, len(rows) - 1, TAUGHT_LIMIT).astype(np.int64)]


def _log_loss(raw_score: np.ndarray, label: np.ndarray) -> float:
    # the level is calibrated later; a setting is judged by how it tells merchants apart, not by the season's level
    from sklearn.metrics import log_loss

    slope, intercept = platt_line(raw_score, label)
    return float(log_loss(label, sigmoid(slope * raw_score + intercept)))
