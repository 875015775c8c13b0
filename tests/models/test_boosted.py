"""The trees: columns by name and order, same bytes, and a push that must not reverse."""

import numpy as np
import pandas as pd
import pytest

from models.boosted import BoostedTrees, WrongColumns


@pytest.fixture
def frame() -> pd.DataFrame:
    random = np.random.default_rng(7)
    frame = pd.DataFrame(random.normal(size=(800, 4)), columns=["a", "b", "c", "d"])
    frame.iloc[::9, 2] = np.nan
    return frame


@pytest.fixture
def target(frame) -> np.ndarray:
    return (frame["a"] + 0.5 * frame["b"] > 0).to_numpy(dtype=float)


def test_a_reordered_frame_is_refused_not_scored(frame, target):
    """LightGBM scores a reordered frame without a word; every score would then be wrong."""
    model = BoostedTrees(rounds=20).fit(frame, target)
    with pytest.raises(WrongColumns, match="order differs, first at column 1: b, the model has a"):
        model.raw_score(frame[["b", "a", "c", "d"]])


def test_a_frame_with_a_missing_column_is_refused_and_the_column_named(frame, target):
    model = BoostedTrees(rounds=20).fit(frame, target)
    with pytest.raises(WrongColumns, match="1 missing \\(first: c\\)"):
        model.predict(frame.drop(columns="c"))


def test_a_column_of_words_is_refused(frame, target):
    with pytest.raises(WrongColumns, match="hold no numbers \\(first: w\\)"):
        BoostedTrees(rounds=5).fit(frame.assign(w="x"), target)


def test_the_same_inputs_give_the_same_bytes(frame, target):
    first, second = (BoostedTrees(rounds=30).fit(frame, target).to_text() for _ in range(2))
    assert first == second


def test_a_model_read_back_scores_as_the_one_that_was_kept(frame, target):
    model = BoostedTrees(rounds=30).fit(frame, target)
    assert np.array_equal(BoostedTrees.from_text(model.to_text()).raw_score(frame), model.raw_score(frame))


def test_a_row_scored_alone_equals_the_row_scored_in_the_batch(frame, target):
    """Nothing is learned while scoring: who else was scored must not matter."""
    model = BoostedTrees(rounds=30).fit(frame, target)
    together = model.raw_score(frame)
    alone = np.concatenate([model.raw_score(frame.iloc[[row]]) for row in range(0, 800, 100)])
    assert np.array_equal(alone, together[::100])


def test_a_monotone_column_never_lowers_the_score_when_it_rises(frame, target):
    noisy = np.where(np.arange(800) % 5 == 0, 1 - target, target)
    model = BoostedTrees(rounds=50, monotone={"a": 1}).fit(frame, noisy)
    raised = frame.assign(a=frame["a"] + 1.0)
    assert (model.raw_score(raised) >= model.raw_score(frame) - 1e-12).all()
