"""Models: a night never uses one of a later night, and trains where none is young enough."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from models.boosted import BoostedTrees
from pipelines import trained
from pipelines.places import Places
from pipelines.trained import is_training_due, store, youngest

FIRST, LATER = date(2026, 6, 1), date(2026, 6, 20)


@pytest.fixture(scope="module")
def trees() -> BoostedTrees:
    frame = pd.DataFrame({"a": np.arange(300.0)})
    return BoostedTrees(rounds=5).fit(frame, (frame["a"] > 150).astype(float))


@pytest.fixture
def places(tmp_path, trees) -> Places:
    places = Places(home=tmp_path)
    for name in trained.MODELS:
        store(places, name, FIRST, trees, {"card": {"night": "first"}})
        store(places, name, LATER, trees, {"card": {"night": "later"}})
    return places


def test_a_night_uses_the_youngest_model_of_its_own_past(places):
    """A model of a later night has seen what this night could not know."""
    assert youngest(places, "merchant", date(2026, 6, 10)).trained_on == FIRST
    assert youngest(places, "merchant", LATER).trained_on == LATER
    assert youngest(places, "merchant", date(2026, 5, 31)) is None


@pytest.mark.parametrize(
    ("night", "train", "is_due"),
    [
        (date(2026, 6, 7), "auto", False),
        (date(2026, 6, 8), "auto", True),
        (date(2026, 5, 31), "auto", True),
        (date(2026, 6, 2), "always", True),
        (date(2026, 7, 30), "never", False),
    ],
)
def test_training_is_due_after_seven_days_or_as_told(places, night, train, is_due):
    assert is_training_due(places, night, train) is is_due


def test_a_model_of_other_code_is_not_used(places, monkeypatch):
    """Its features may mean something else by now."""
    monkeypatch.setattr(trained, "code_fingerprint", lambda: "other")
    assert youngest(places, "merchant", LATER) is None
    assert is_training_due(places, LATER, "auto")


def test_why_a_model_could_not_be_trained_is_kept_and_the_next_night_tries_again(tmp_path):
    """More records may have come: a note is no model, and must not stand for one a whole week."""
    places = Places(home=tmp_path)
    for name in trained.MODELS:
        store(places, name, LATER, None, {"zh": "太少", "en": "too few"})
    found = youngest(places, "officer", LATER)
    assert found.trees is None
    assert found.state == {"zh": "太少", "en": "too few"}
    assert is_training_due(places, LATER, "auto")


def test_a_training_that_failed_does_not_hide_the_model_before_it(places):
    store(places, "merchant", date(2026, 6, 25), None, {"zh": "不能区分", "en": "does not rank"})
    assert youngest(places, "merchant", date(2026, 6, 25)).trained_on == LATER


def test_a_half_written_model_is_no_model(places):
    folder = places.trained / "2026-06-25" / "merchant"
    folder.mkdir(parents=True)
    (folder / "trees.txt").write_text("half")
    assert youngest(places, "merchant", date(2026, 6, 25)).trained_on == LATER
