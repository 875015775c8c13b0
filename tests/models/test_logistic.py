"""The regression: that of the library where there is one to compare with, and what it adds to it."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from models.logistic import CLIP, RidgeLogistic, fit_logistic
from models.reasons import verify_sum


def sigmoid(odds: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-odds))


def made(rows: int = 4000, seed: int = 2) -> tuple[pd.DataFrame, np.ndarray]:
    """Four columns within 4 spreads of their means, of which a, b and d tell."""
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(random.uniform(-2, 2, size=(rows, 4)) * [1, 3, 0.1, 1] + [0, 5, 0, -4], columns=list("abcd"))
    odds = 0.9 * frame["a"] - 0.4 * (frame["b"] - 5) + 0.5 * (frame["d"] + 4) - 1
    return frame, (random.uniform(size=rows) < sigmoid(odds)).astype(float)


@pytest.mark.parametrize("ridge", [5.0, 200.0])
def test_without_start_signs_and_gaps_it_is_the_regression_of_the_library(ridge):
    frame, label = made()
    ours = fit_logistic(frame, label, ridge=ridge)
    scaled = (frame - frame.mean()) / frame.std(ddof=0)
    library = LogisticRegression(C=1 / ridge, tol=1e-10, max_iter=5000).fit(scaled.to_numpy(), label)
    assert ours.coefficient == pytest.approx(library.coef_[0], abs=1e-3)
    assert ours.intercept == pytest.approx(library.intercept_[0], abs=1e-3)
    assert ours.raw_score(frame) == pytest.approx(library.decision_function(scaled.to_numpy()), abs=5e-3)


def test_a_sign_that_is_declared_is_held_and_the_others_stay_free():
    frame, label = made()
    held = fit_logistic(frame, label, direction={"a": -1, "b": 1, "d": 1}, ridge=1.0)
    free = fit_logistic(frame, label, ridge=1.0)
    a, b, _, d = held.coefficient
    assert (a, b) == (0, 0) and d > 0.3
    assert free.coefficient[0] > 0.3 and free.coefficient[1] < -0.3


def test_what_the_start_already_says_is_not_learned_again():
    """An officer's strictness goes in as the start: the columns are left with what it does not tell."""
    frame, label = made()
    told = (0.9 * frame["a"]).to_numpy()
    fitted = fit_logistic(frame, label, start=told, ridge=1.0)
    assert abs(fitted.coefficient[0]) < 0.1 < 0.3 < fitted.coefficient[3]


def test_a_level_of_the_start_goes_into_the_intercept_and_nowhere_else():
    frame, label = made()
    usual, raised = fit_logistic(frame, label), fit_logistic(frame, label, start=np.full(len(label), 0.7))
    assert raised.intercept == pytest.approx(usual.intercept - 0.7, abs=1e-3)
    assert raised.coefficient == pytest.approx(usual.coefficient, abs=1e-3)


def test_a_gap_counts_as_the_mean_and_what_not_being_known_tells():
    frame, label = made()
    unknown = label * np.random.default_rng(1).uniform(size=len(label)) > 0.5
    frame = frame.assign(c=frame["c"].where(~unknown))
    fitted = fit_logistic(frame, label, ridge=10.0)
    assert fitted.gap_coefficient[2] > 1 and (fitted.gap_coefficient[[0, 1, 3]] == 0).all()
    row = frame[frame["c"].notna()].head(1)
    middle = row.assign(c=fitted.centre[2])
    gain = fitted.raw_score(row.assign(c=np.nan)) - fitted.raw_score(middle)
    assert gain[0] == pytest.approx(fitted.gap_coefficient[2])


def test_a_column_never_known_and_one_that_never_moves_say_nothing():
    frame, label = made()
    fitted = fit_logistic(frame.assign(c=np.nan, d=3.0), label)
    assert fitted.coefficient[2] == 0 and fitted.coefficient[3] == 0
    assert np.isfinite(fitted.raw_score(frame)).all()


def test_a_long_tail_counts_by_its_logarithm_and_no_value_beyond_four_spreads():
    frame, label = made()
    yuan = np.random.default_rng(3).lognormal(8, 2, size=len(label))
    fitted = fit_logistic(frame.assign(a=yuan), label)
    assert fitted.takes_log.tolist() == [True, False, False, False]
    assert fitted.centre[0] == pytest.approx(np.log1p(yuan).mean())
    far = frame.head(2).assign(d=[1e3, 1e9])
    scaled = (fitted.contribution(far)[:, 3] / fitted.coefficient[3]) + fitted.mean[3]
    assert scaled == pytest.approx([CLIP, CLIP])


numbers = st.one_of(st.floats(-1e6, 1e6), st.just(float("nan")))


@pytest.fixture(scope="module")
def fitted() -> RidgeLogistic:
    frame, label = made()
    frame["c"] = np.random.default_rng(3).lognormal(3, 2, size=len(label))
    frame.iloc[::7, 1] = np.nan
    return fit_logistic(frame, label)


@given(st.lists(st.tuples(numbers, numbers, numbers, numbers), min_size=1, max_size=6))
@settings(max_examples=80, deadline=None)
def test_contributions_add_up_to_the_score_whatever_the_row_and_a_row_alone_has_the_same(fitted, rows):
    frame = pd.DataFrame(rows, columns=list("abcd"), dtype=float)
    raw, contribution = fitted.raw_score(frame), fitted.contribution(frame)
    verify_sum(np.full(len(frame), fitted.base_value), contribution, raw, frame.index)
    for row in range(len(frame)):
        assert fitted.raw_score(frame.iloc[[row]])[0] == raw[row]
        assert np.array_equal(fitted.contribution(frame.iloc[[row]])[0], contribution[row])


def test_contributions_are_nothing_on_average_over_what_was_learned_from():
    frame, label = made()
    frame.iloc[::5, 0] = np.nan
    fitted = fit_logistic(frame, label)
    assert fitted.contribution(frame).mean(axis=0) == pytest.approx(np.zeros(4), abs=1e-9)
    assert fitted.base_value == pytest.approx(fitted.raw_score(frame).mean())


def test_kept_as_json_it_is_the_same_regression_to_the_last_digit(fitted):
    frame, _ = made(rows=50, seed=9)
    back = RidgeLogistic.from_state(json.loads(json.dumps(fitted.to_state())))
    assert back.columns == fitted.columns and np.array_equal(back.takes_log, fitted.takes_log)
    assert np.array_equal(back.raw_score(frame), fitted.raw_score(frame))
    assert np.array_equal(back.contribution(frame), fitted.contribution(frame))
