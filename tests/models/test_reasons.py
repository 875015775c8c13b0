"""Reasons add up to the score of their own row, or nothing is said."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.boosted import BoostedTrees
from models.reasons import ReasonsDoNotAddUp, explain, verify_sum


@pytest.fixture(scope="module")
def model() -> BoostedTrees:
    random = np.random.default_rng(3)
    frame = pd.DataFrame(random.normal(size=(600, 3)), columns=["a", "b", "c"])
    return BoostedTrees(rounds=40).fit(frame, (frame["a"] > 0).astype(float))


numbers = st.one_of(st.floats(-5, 5), st.just(float("nan")))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(numbers, numbers, numbers), min_size=1, max_size=5))
def test_base_and_contributions_are_the_raw_score_whatever_the_row_even_with_gaps(model, rows):
    frame = pd.DataFrame(rows, columns=["a", "b", "c"], dtype=float)
    reasons = explain(model, frame)
    total = reasons.base_value + reasons.contribution.sum(axis=1)
    assert np.abs(total - model.raw_score(frame)).max() <= 1e-6


def test_reasons_that_do_not_add_up_raise_and_name_the_row():
    """A single wrong explanation must stop the night: a reader cannot see that it is wrong."""
    base, contribution = np.zeros(2), np.array([[0.5, 0.5], [0.5, 0.5]])
    with pytest.raises(ReasonsDoNotAddUp, match=r"1 of 2 rows are not \(first: M2, off by 1e-05\)"):
        verify_sum(base, contribution, np.array([1.0, 1.00001]), pd.Index(["M1", "M2"]))


def test_a_contribution_that_is_no_number_does_not_add_up():
    with pytest.raises(ReasonsDoNotAddUp):
        verify_sum(np.zeros(1), np.array([[np.nan]]), np.zeros(1), pd.Index(["M1"]))


def test_two_rows_have_reasons_of_their_own_not_one_global_ranking(model):
    frame = pd.DataFrame(
        {"a": [2.0, -2.0], "b": [0.0, 0.0], "c": [0.0, 0.0]}, index=pd.Index(["M1", "M2"], name="merchant_id")
    )
    long = explain(model, frame).long("merchant_id")
    pushes = long[long["feature"] == "a"].set_index("merchant_id")["contribution"]
    assert pushes["M1"] > 0 > pushes["M2"]
    assert list(long.columns) == ["merchant_id", "feature", "value", "contribution", "base_value", "raw_score"]
