"""Figures of a score on visits: against a library where there is one, by hand where there is none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

from models import measure

VISITS = st.lists(st.tuples(st.booleans(), st.integers(0, 6), st.integers(1, 3)), min_size=4, max_size=40).filter(
    lambda visits: len({severe for severe, _, _ in visits}) == 2
)


def arrays(visits) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    label, score, weight = (np.array(column, dtype=float) for column in zip(*visits, strict=True))
    return label, score / 6, weight


@given(VISITS)
@settings(max_examples=60, deadline=None)
def test_curve_precision_and_brier_are_those_of_the_library_with_ties_and_weights(visits):
    label, score, weight = arrays(visits)
    assert measure.area_under_curve(label, score, weight) == pytest.approx(
        roc_auc_score(label, score, sample_weight=weight)
    )
    assert measure.average_precision(label, score, weight) == pytest.approx(
        average_precision_score(label, score, sample_weight=weight)
    )
    assert measure.brier(label, score, weight) == pytest.approx(brier_score_loss(label, score, sample_weight=weight))


@given(VISITS)
@settings(max_examples=30, deadline=None)
def test_many_weighings_at_once_give_what_each_gives_alone(visits):
    label, score, weight = arrays(visits)
    both = np.vstack([weight, np.ones(len(weight))])
    for figure in (measure.area_under_curve, measure.average_precision, measure.first_half_share):
        alone = [figure(label, score, row) for row in both]
        assert figure(label, score, both) == pytest.approx(alone)


def test_the_same_visits_in_order_of_score_bring_the_severe_one_forward_by_the_days_between():
    day = np.array([1, 1, 5, 9])
    score = np.array([0.1, 0.2, 0.3, 0.9])
    moved = measure.days_moved(day, score)
    # the last goes first, the third second, and the two first ones make room
    assert moved.tolist() == [1 - 9, 1 - 5, 5 - 1, 9 - 1]
    assert measure.days_earlier(np.array([0, 0, 0, 1.0]), moved, np.ones(4)) == 8


def test_an_order_that_changes_nothing_brings_nothing_forward():
    day = np.array([1, 2, 3, 4])
    moved = measure.days_moved(day, -day.astype(float))
    assert moved.tolist() == [0, 0, 0, 0]


def test_share_found_and_precision_count_only_what_the_capacity_reaches():
    label, score = np.array([1, 0, 1, 0.0]), np.array([0.9, 0.8, 0.2, 0.1])
    once = np.ones(4)
    assert measure.first_half_share(label, score, once) == 0.5
    assert measure.precision_at(label, score, once, 0.5) == 0.5
    assert measure.precision_at(label, score, once, 0.25) == 1.0


def test_a_view_twice_too_dark_has_a_ratio_of_two():
    assert measure.calibration_ratio(np.array([1, 0, 0, 0.0]), np.full(4, 0.5), np.ones(4)) == 2.0
