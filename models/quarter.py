"""One quarter of an evaluation: every merchant scored once, before it began; every visit of it judged by that score."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from models.calibration import sigmoid
from models.logistic import fit_logistic
from models.measure import days_moved
from models.merchant import train
from models.merchant_feature import DIRECTION, features
from models.policy import TIERS, Policy
from models.rule_tier import rule_tiers

DRAWN_VISITS = 20
"""An officer's share of severe visits is drawn to the bureau's by so many."""
CHANCE_RIDGE = 10.0
"""Light: who is visited is to be described closely, not foreseen."""
WEIGHT_LIMIT = 10.0
"""No visit stands for more than ten average ones: a rarely visited kind of merchant would decide everything."""


@dataclass(frozen=True)
class Quarter:
    """The visits of one quarter and what each scorer said of them before it.

    visits : merchant_id, lead_officer_id, visit_kind, day (days since the origin) and label (1: a severe finding).
    score : by scorer, shape (n_visits,), higher is worse. probability : the same for scorers that give one.
    population_weight : how many merchants of the bureau each visit stands for, mean 1 (see `_population_weight`).
    """

    origin: date
    last_on: date
    visits: pd.DataFrame
    score: dict[str, np.ndarray]
    probability: dict[str, np.ndarray]
    population_weight: np.ndarray
    unscored_count: int
    setting: dict[str, Any]

    @property
    def label(self) -> np.ndarray:
        """1 where the visit found something severe."""
        return self.visits["label"].to_numpy(dtype=float)

    def moved(self, scorer: str) -> np.ndarray:
        """By how many days each visit comes earlier when the quarter is done in order of that score."""
        return days_moved(self.visits["day"].to_numpy(), self.score[scorer])


def judge_quarter(
    learning: pd.DataFrame, merchants: pd.DataFrame, visits: pd.DataFrame, origin: date, last_on: date, policy: Policy
) -> Quarter:
    """Learn from what was known on `origin`, score each merchant once, and hold the scores against the visits after it.

    Parameters
    ----------
    learning : feature.merchant of the day before each visit known by `origin`, with lead_officer_id, visit_kind,
        visited_on, known_on, is_severe, was_drawn and draw_stratum, in order of the day.
    merchants : feature.merchant on the night of `origin` with draw_stratum, one row per open merchant.
    visits : visits of the quarter: merchant_id, lead_officer_id, visit_kind, visited_on, is_severe, in order of the day.

    Raises NotTrainable where the past is too little to learn from.
    """
    model = train(learning, merchants, origin, policy.training, policy.tiers.model_tier_mix, policy.random_arm)
    matrix = features(merchants)
    label = learning["is_severe"].to_numpy(dtype=float)
    past = features(learning)
    logistic = fit_logistic(past, label, direction=DIRECTION)
    scored = pd.DataFrame(
        {
            "model": model.probability(matrix),
            "logistic": sigmoid(logistic.raw_score(matrix)),
            "past_findings": merchants["finding_count_730"].to_numpy(dtype=float),
            "last_result": merchants["was_last_severe"].to_numpy(dtype=float, na_value=label.mean()),
            "rule_tier": rule_tiers(merchants, policy.tiers)["patrol_tier"].map(TIERS.index).to_numpy(dtype=float),
        },
        index=pd.Index(merchants["merchant_id"]),
    )
    known = visits["merchant_id"].isin(scored.index)
    visits = visits[known.to_numpy()].reset_index(drop=True)
    here = scored.loc[visits["merchant_id"]]
    score = {name: here[name].to_numpy() for name in scored.columns}
    score["who_inspects"] = _officer_share(learning, label, visits["lead_officer_id"])
    weight = _population_weight(matrix, visits["merchant_id"])
    return Quarter(
        origin,
        last_on,
        visits.assign(
            day=(pd.to_datetime(visits["visited_on"]) - pd.Timestamp(origin)).dt.days,
            label=visits["is_severe"].to_numpy(dtype=float),
        )[["merchant_id", "lead_officer_id", "visit_kind", "day", "label"]],
        score,
        {name: score[name] for name in ("model", "logistic")},
        weight,
        int((~known).sum()),
        model.card["setting"],
    )


def _officer_share(learning: pd.DataFrame, label: np.ndarray, officer: pd.Series) -> np.ndarray:
    """Share of severe visits of each officer in the past, drawn to the bureau's by twenty visits."""
    past = pd.Series(label).groupby(learning["lead_officer_id"].to_numpy()).agg(["sum", "count"])
    share = (past["sum"] + DRAWN_VISITS * label.mean()) / (past["count"] + DRAWN_VISITS)
    return officer.map(share).fillna(label.mean()).to_numpy(dtype=float)


def _population_weight(matrix: pd.DataFrame, visited: pd.Series) -> np.ndarray:
    """Inverse of the chance that such a merchant was visited in the quarter, mean 1 over the visits.

    The chance is that of a ridge regression on the features of the night before the quarter. With these weights the
    visits stand for all open merchants, as far as the features tell who is visited (Horvitz and Thompson 1952).
    """
    was_visited = matrix.index.isin(visited).astype(float)
    if was_visited.min() == was_visited.max():
        return np.ones(len(visited))
    chance = sigmoid(fit_logistic(matrix, was_visited, ridge=CHANCE_RIDGE).raw_score(matrix))
    # a merchant visited twice in the quarter still stands for its like once
    times = visited.map(visited.value_counts()).to_numpy(dtype=float)
    weight = 1 / (pd.Series(chance, index=matrix.index).loc[visited].to_numpy() * times)
    return _limited(weight)


def _limited(weight: np.ndarray) -> np.ndarray:
    """The weights with mean 1 and none above WEIGHT_LIMIT: what is cut off is given to the others in proportion."""
    weight = weight / weight.mean()
    while weight.max() > WEIGHT_LIMIT * (1 + 1e-9) and len(weight) > WEIGHT_LIMIT:
        weight = np.minimum(weight, WEIGHT_LIMIT)
        weight = weight / weight.mean()
    return weight
