"""Accuracy: the figures are those that others compute, weighted as if a visit stood there so many times."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

from models.accuracy import MEASURES, auc, average_precision, measured
from models.within_officer import within_officer_auc


def visits(count: int = 600, seed: int = 3) -> dict[str, np.ndarray]:
    random = np.random.default_rng(seed)
    raw = random.normal(size=count).round(1)
    return {
        "label": (random.uniform(size=count) < 1 / (1 + np.exp(2 - raw))).astype(float),
        "raw_score": raw,
        "probability": 1 / (1 + np.exp(2 - raw)),
        "officer": random.integers(6, size=count),
        "merchant": random.integers(200, size=count),
    }


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 3), st.integers(0, 3), st.integers(0, 2)), min_size=1))
def test_a_weight_counts_a_visit_so_many_times(rows):
    """A draw that holds a visit twice must say what a list with that visit twice says."""
    label, score, weight, officer = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    times = weight.astype(int)
    twice = [np.repeat(column, times) for column in (label, score, officer)]
    if times.sum() == 0:
        return
    for figure, plain in (
        (auc(label, score, weight[None]), auc(*twice[:2])),
        (average_precision(label, score, weight[None]), average_precision(*twice[:2])),
        (within_officer_auc(label, score, officer, weight[None]), within_officer_auc(*twice)),
    ):
        assert figure.shape == (1,)
        assert figure[0] == pytest.approx(plain, nan_ok=True)


def test_the_figures_are_those_that_others_compute():
    given_ = visits()
    told = measured(**given_)
    assert tuple(told) == MEASURES
    label, raw, probability = given_["label"], given_["raw_score"], given_["probability"]
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
