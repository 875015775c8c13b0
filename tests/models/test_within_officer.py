"""Ranking among visits by one officer: pairs are counted within officers, and nothing between them."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from models.within_officer import within_officer_auc

VISIT = st.tuples(st.booleans(), st.integers(0, 4), st.sampled_from("RST"), st.integers(0, 3))
VISITS = st.lists(VISIT, min_size=1, max_size=25)


def arrays(visits) -> tuple[np.ndarray, ...]:
    label, score, officer, weight = zip(*visits, strict=True)
    return np.array(label, dtype=float), np.array(score, dtype=float), np.array(officer), np.array(weight, dtype=float)


def by_pairs(visits) -> float:
    """Every pair of visits by one officer, one severe and one not, one after the other."""
    right = pairs = 0.0
    for one, other in itertools.product(visits, visits):
        if one[2] == other[2] and one[0] and not other[0]:
            count = one[3] * other[3]
            pairs += count
            right += count * (1.0 if one[1] > other[1] else 0.5 if one[1] == other[1] else 0.0)
    return right / pairs if pairs else float("nan")


@given(VISITS)
@settings(max_examples=200, deadline=None)
def test_it_is_the_share_of_pairs_counted_one_by_one_with_ties_and_weights(visits):
    label, score, officer, weight = arrays(visits)
    assert within_officer_auc(label, score, officer, weight) == pytest.approx(by_pairs(visits), nan_ok=True)


@given(VISITS)
@settings(max_examples=60, deadline=None)
def test_with_one_officer_it_is_the_usual_area_under_the_curve(visits):
    label, score, _, _ = arrays(visits)
    one = np.full(len(label), "R")
    if len(set(label)) < 2:
        assert np.isnan(within_officer_auc(label, score, one))
    else:
        assert within_officer_auc(label, score, one) == pytest.approx(roc_auc_score(label, score))


@given(VISITS, st.tuples(*[st.integers(-50, 50)] * 3))
@settings(max_examples=100, deadline=None)
def test_what_is_added_to_all_visits_of_an_officer_changes_nothing(visits, level):
    label, score, officer, weight = arrays(visits)
    added = score + np.array([level["RST".index(name)] for name in officer])
    before = within_officer_auc(label, score, officer, weight)
    assert within_officer_auc(label, added, officer, weight) == pytest.approx(before, nan_ok=True)


@given(VISITS, st.randoms())
@settings(max_examples=60, deadline=None)
def test_neither_the_order_of_the_visits_nor_the_names_of_the_officers_count(visits, random):
    turned = [(label, score, {"R": "Z", "S": "A", "T": "M"}[name], weight) for label, score, name, weight in visits]
    random.shuffle(turned)
    assert within_officer_auc(*arrays(turned)) == pytest.approx(within_officer_auc(*arrays(visits)), nan_ok=True)


def test_a_score_that_knows_officers_only_is_blind():
    """It ranks well over all, and knows nothing of merchants."""
    random = np.random.default_rng(6)
    officer = random.integers(0, 2, size=2000)
    label = (random.uniform(size=2000) < np.where(officer == 1, 0.6, 0.1)).astype(float)
    assert roc_auc_score(label, officer) > 0.7
    assert within_officer_auc(label, officer.astype(float), officer) == 0.5


def test_where_no_officer_has_visits_of_both_kinds_there_is_no_figure():
    assert np.isnan(within_officer_auc(np.array([1.0, 0.0]), np.array([0.9, 0.1]), np.array(["R", "S"])))
