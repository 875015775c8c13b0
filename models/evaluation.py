"""Rolling evaluation of merchant risk: quarter after quarter, learned from the past, tested on what came next.

Every figure is the mean over quarters, weighed by their severe findings (one quarter's visits are never ranked against
another's), with a 95 % interval from drawing merchants with replacement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from models import measure
from models.boosted import NotTrainable
from models.bootstrap import drawn_together, interval
from models.calibration import deciles
from models.measure import share_found
from models.merchant_fold import FOLD_DAYS
from models.policy import Policy
from models.quarter import Quarter, judge_quarter
from models.selection import selection
from models.within_officer import within_officer_auc

CAPACITY = 30 / FOLD_DAYS
"""A month's visits out of a quarter's: what a bureau can move to the front."""

LEAD = "model_less_logistic"
"""The model's figure less that of the regression on the same features, in the same draws."""

POOLED_BY_VISITS = ("brier", "precision_at_capacity")
"""Means over all visits; every other figure is one of the severe findings, and pooled by them."""

SCORERS = ("model", "logistic", "past_findings", "last_result", "rule_tier", "who_inspects")
"""The model; baselines learned or counted in the same quarters; and who inspects, which no score may know."""


@dataclass(frozen=True)
class Evaluation:
    """What a rolling evaluation measured.

    figures : one row per scorer, measure and quarter (`quarter` is the origin, or 'all'): value, low, high.
    selection : one row per way of correcting for who is visited (see models.selection).
    calibration : deciles of the model's probability over all quarters. gain : share of visits against share found.
    """

    quarters: tuple[Quarter, ...]
    left_out: tuple[tuple[date, str, str], ...]
    figures: pd.DataFrame
    selection: pd.DataFrame
    calibration: list[dict[str, float]]
    gain: pd.DataFrame

    def figure(self, scorer: str, name: str, quarter: str = "all") -> pd.Series:
        """value, low and high of one figure."""
        rows = self.figures
        return rows[(rows["scorer"] == scorer) & (rows["measure"] == name) & (rows["quarter"] == quarter)].iloc[0]


def origins(as_of: date, count: int) -> list[date]:
    """The nights from which the last `count` quarters up to `as_of` begin, oldest first."""
    return [as_of - timedelta(days=FOLD_DAYS * back) for back in range(count, 0, -1)]


def evaluate(
    learning: pd.DataFrame,
    merchants: pd.DataFrame,
    visits: pd.DataFrame,
    nights: Sequence[date],
    policy_on: Callable[[date], Policy],
    *,
    tell: Callable[[date], None] = lambda night: None,
) -> Evaluation:
    """Judge every quarter that begins after one of `nights`.

    Parameters
    ----------
    learning : feature.merchant of the day before each visit, with what `judge_quarter` asks for, in order of the day.
    merchants : feature.merchant on each of `nights`.
    visits : every visit at which someone was met, with known_on besides what `judge_quarter` asks for.
    policy_on : the policy in force on a day. tell : called with each night before its quarter is judged.

    Raises NotTrainable where no quarter could be judged.
    """
    quarters, left_out = [], []
    for night in nights:
        tell(night)
        in_force, last_on = policy_on(night), night + timedelta(days=FOLD_DAYS)
        begins = pd.Timestamp(night - timedelta(days=in_force.training.window_days))
        known = (pd.to_datetime(learning["known_on"]) <= pd.Timestamp(night)) & (learning["visited_on"] > begins)
        past = learning[known.to_numpy()].tail(in_force.training.row_limit).reset_index(drop=True)
        after = (visits["visited_on"] > pd.Timestamp(night)) & (visits["visited_on"] <= pd.Timestamp(last_on))
        here = merchants[pd.to_datetime(merchants["as_of_on"]) == pd.Timestamp(night)].reset_index(drop=True)
        try:
            quarter = judge_quarter(
                past,
                here,
                visits[after.to_numpy()],
                night,
                last_on,
                in_force,
            )
        except NotTrainable as why:
            left_out.append((night, why.zh, why.en))
            continue
        if len(np.unique(quarter.label)) < 2:
            left_out.append((night, "该季检查的结果全部相同", "all visits of the quarter found the same"))
            continue
        quarters.append(quarter)
    if not quarters:
        raise NotTrainable(
            "没有一个季度可以评估:" + ";".join(zh for _, zh, _ in left_out),
            "no quarter can be evaluated: " + "; ".join(en for _, _, en in left_out),
        )
    label = np.concatenate([quarter.label for quarter in quarters])
    probability = np.concatenate([quarter.probability["model"] for quarter in quarters])
    return Evaluation(
        tuple(quarters),
        tuple(left_out),
        _figures(quarters),
        selection(quarters),
        deciles(probability, label),
        _gain(quarters),
    )


def _measures(quarter: Quarter, scorer: str, weight: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Every figure of one scorer on one quarter, for each weighing of its visits."""
    label, score = quarter.label, quarter.score[scorer]
    officer = quarter.visits["lead_officer_id"].to_numpy()
    yield "auc", measure.area_under_curve(label, score, weight)
    if scorer != "who_inspects":
        yield "within_officer_auc", within_officer_auc(label, score, officer, weight)
    yield "average_precision", measure.average_precision(label, score, weight)
    yield "first_half_share", measure.first_half_share(label, score, weight)
    yield "days_earlier", measure.days_earlier(label, quarter.moved(scorer), weight)
    yield "precision_at_capacity", measure.precision_at(label, score, weight, CAPACITY)
    if scorer in quarter.probability:
        yield "brier", measure.brier(label, score, weight)
        yield "calibration_ratio", measure.calibration_ratio(label, score, weight)


def _figures(quarters: Sequence[Quarter]) -> pd.DataFrame:
    drawn: dict[tuple[str, str, int], list[np.ndarray]] = {}
    for weights in drawn_together([quarter.visits["merchant_id"] for quarter in quarters]):
        for place, (quarter, weight) in enumerate(zip(quarters, weights, strict=True)):
            for scorer in SCORERS:
                for name, value in _measures(quarter, scorer, weight):
                    drawn.setdefault((scorer, name, place), []).append(value)
    whole = {key: np.concatenate(values) for key, values in drawn.items()}
    for (_, name, place), value in [item for item in whole.items() if item[0][0] == "logistic"]:
        whole[LEAD, name, place] = whole["model", name, place] - value
    severe = np.array([quarter.label.sum() for quarter in quarters])
    visits = np.array([len(quarter.visits) for quarter in quarters])
    rows = []
    for scorer, name in dict.fromkeys((scorer, name) for scorer, name, _ in whole):
        values = np.vstack([whole[scorer, name, place] for place in range(len(quarters))])
        for quarter, value in zip(quarters, values, strict=True):
            rows.append((scorer, name, quarter.origin.isoformat(), value[0], *interval(value[1:])))
        mean = np.average(values, axis=0, weights=visits if name in POOLED_BY_VISITS else severe)
        rows.append((scorer, name, "all", mean[0], *interval(mean[1:])))
    return pd.DataFrame(rows, columns=["scorer", "measure", "quarter", "value", "low", "high"])


def _gain(quarters: Sequence[Quarter]) -> pd.DataFrame:
    """Share of severe visits found (`found`) in the first `visited` share of the visits, by scorer, mean over quarters."""
    severe = np.array([quarter.label.sum() for quarter in quarters])
    rows = []
    for scorer in SCORERS:
        for visited in np.linspace(0, 1, 41):
            found = [share_found(q.label, q.score[scorer], np.ones(len(q.label)), visited) for q in quarters]
            rows.append((scorer, visited, float((severe * found).sum() / severe.sum())))
    return pd.DataFrame(rows, columns=["scorer", "visited", "found"])
