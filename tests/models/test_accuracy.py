"""Accuracy: the figures are those that others compute, weighted as if a visit stood there so many times."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

from models.accuracy import MEASURES, measured


def visits(count: int = 600, seed: int = 3) -> dict[str, np.ndarray]:
    random = np.random.default_rng(seed)
    raw = random.normal(size=count).round(1)
    return {
        "label": (random.uniform(size=count) < 1 / (1 + np.exp(2 - raw))).astype(float),
        "raw_score": raw,
        "probability": 1 / (1 + np.exp(2 - raw)),
        "officer": random.integers(6, size=count),
        "merchant": random.integers(200, size=count),
        "quarter": np.zeros(count),
    }


def test_the_figures_are_those_that_others_compute():
    given = visits()
    told = measured(**given)
    assert tuple(told) == MEASURES
    label, raw, probability = given["label"], given["raw_score"], given["probability"]
    assert told["auc"]["value"] == pytest.approx(roc_auc_score(label, raw), abs=1e-5)
    assert told["average_precision"]["value"] == pytest.approx(average_precision_score(label, raw), abs=1e-5)
    assert told["brier"]["value"] == pytest.approx(brier_score_loss(label, probability), abs=1e-5)
    assert told["mean_observed"]["value"] == pytest.approx(label.mean(), abs=1e-5)
    for figure in told.values():
        assert figure["interval_low"] < figure["value"] < figure["interval_high"]


def test_what_cannot_be_computed_is_none():
    told = measured(**{**visits(), "probability": None})
    assert told["brier"] == told["mean_predicted"] == dict.fromkeys(("value", "interval_low", "interval_high"))
    told = measured(**{**visits(), "officer": np.arange(600)})
    assert told["within_officer_auc"]["value"] is None and told["auc"]["value"] is not None


def test_visits_are_ranked_only_against_those_of_their_own_quarter():
    """Each quarter is scored by a model of its own, and a season lifts all its visits: neither is knowledge of merchants."""
    first, second = visits(seed=3), visits(seed=4)
    both = {name: np.concatenate([first[name], second[name]]) for name in first}
    both["quarter"] = np.repeat([1, 2], 600)
    lifted = {**both, "raw_score": both["raw_score"] + 5.0 * (both["quarter"] == 2)}
    for name in ("auc", "within_officer_auc", "average_precision"):
        assert measured(**lifted)[name] == measured(**both)[name]
    severe = [part["label"].sum() for part in (first, second)]
    alone = [measured(**part)["average_precision"]["value"] for part in (first, second)]
    assert measured(**both)["average_precision"]["value"] == pytest.approx(np.average(alone, weights=severe), abs=1e-5)


def test_the_figures_and_their_intervals_are_the_same_every_time():
    assert measured(**visits()) == measured(**visits())


def test_many_visits_to_one_merchant_are_not_as_many_independent_facts():
    alone = measured(**{**visits(), "merchant": np.arange(600)})["mean_observed"]
    grouped = measured(**{**visits(), "merchant": np.argsort(np.argsort(visits()["label"], kind="stable")) // 30})
    assert grouped["mean_observed"]["value"] == alone["value"]
    width = grouped["mean_observed"]["interval_high"] - grouped["mean_observed"]["interval_low"]
    assert width > 2 * (alone["interval_high"] - alone["interval_low"])
