"""Models: a night never uses one of a later night, and trains where none is young enough."""

import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models.boosted import BoostedTrees
from pipelines import trained
from pipelines.places import ROOT, Places
from pipelines.scoring import merchant_gaps
from pipelines.trained import is_training_due, last_challenge, still_kept, store, youngest

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
    monkeypatch.setattr(trained, "model_fingerprint", lambda: "other")
    assert youngest(places, "merchant", LATER) is None
    assert is_training_due(places, LATER, "auto")


def test_a_model_outlives_other_code_of_the_night(places, monkeypatch):
    monkeypatch.setattr(trained, "code_fingerprint", lambda: "other")
    assert youngest(places, "merchant", LATER).trained_on == LATER


def test_every_pattern_of_what_shapes_a_model_finds_a_text():
    assert all(list(ROOT.glob(pattern)) for pattern in trained.SHAPING)


@pytest.fixture(scope="module")
def texts(tmp_path_factory) -> Path:
    """A copy of everything that either fingerprint may read."""
    root = tmp_path_factory.mktemp("texts")
    for folder in ("sql", "models", "pipelines", "data/contract"):
        shutil.copytree(ROOT / folder, root / folder)
    shutil.copy(ROOT / "requirements.lock", root)
    return root


@pytest.mark.parametrize(
    ("file", "is_of_model"),
    [
        ("models/policy/patrol.toml", False),
        ("models/policy/coverage.toml", False),
        ("models/policy/drift.toml", False),
        ("pipelines/pages/card.html", False),
        ("pipelines/publish.py", False),
        ("data/contract/published/drift.toml", False),
        ("models/policy/tiers.toml", True),
        ("models/policy/tiers.py", True),
        ("models/policy/training.toml", True),
        ("models/policy/random_arm.toml", True),
        ("models/policy/flags.toml", True),
        ("models/merchant_feature.py", True),
        ("models/flags/leniency.py", True),
        ("sql/feature/merchant.sql", True),
        ("pipelines/nights.py", True),
        ("data/contract/delivered/patrol.toml", True),
        ("requirements.lock", True),
    ],
)
def test_a_public_holiday_throws_no_model_away_and_what_shapes_one_does(texts, monkeypatch, file, is_of_model):
    monkeypatch.setattr(trained, "ROOT", texts)

    def fingerprints() -> tuple[str, str]:
        return trained.code_fingerprint.__wrapped__(), trained.model_fingerprint.__wrapped__()

    before, text = fingerprints(), (texts / file).read_bytes()
    (texts / file).write_bytes(text + b"\n")
    after = fingerprints()
    (texts / file).write_bytes(text)
    assert (after[0] != before[0], after[1] != before[1]) == (True, is_of_model)


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


LOST = {
    "champion_trained_on": LATER.isoformat(),
    "replaces": False,
    "reason_zh": "差",
    "reason_en": "worse",
    "figures": {},
}


def test_a_model_that_lost_is_kept_but_not_used_and_not_made_again_the_next_night(places, trees):
    """It was made and found worse: trying again every night would find the same, and take the night's time."""
    for name in trained.MODELS:
        store(places, name, date(2026, 6, 27), trees, {"card": {"night": "lost"}}, challenge=LOST)
    assert youngest(places, "merchant", date(2026, 6, 29)).state == {"card": {"night": "later"}}
    assert not is_training_due(places, date(2026, 6, 29), "auto")
    assert is_training_due(places, date(2026, 7, 4), "auto")
    said = last_challenge(places, "merchant", date(2026, 6, 29))
    assert said == {"challenger_trained_on": "2026-06-27", **LOST}
    assert last_challenge(places, "merchant", date(2026, 6, 26)) is None


def test_a_model_that_lost_stands_for_nothing_once_the_one_it_lost_to_is_gone(tmp_path, trees):
    """It says neither how merchants are to be judged nor why they cannot be, and the next night trains."""
    places, night = Places(home=tmp_path), date(2026, 6, 29)
    store(places, "officer", LATER, trees, {})
    store(places, "merchant", date(2026, 6, 27), trees, {"card": {"night": "lost"}}, challenge=LOST)
    assert youngest(places, "merchant", night) is None
    assert is_training_due(places, night, "auto")
    assert [gap.reason_en for gap in merchant_gaps(youngest(places, "merchant", night), 9)][0].startswith("no model")
    store(places, "merchant", FIRST, None, {"zh": "太少", "en": "too few"})
    assert youngest(places, "merchant", night).state == {"zh": "太少", "en": "too few"}


def test_the_blind_twin_is_kept_beside_the_model(places, trees):
    frame = pd.DataFrame({"a": np.arange(300.0)})
    twin = BoostedTrees(rounds=3).fit(frame, (frame["a"] > 100).astype(float))
    store(places, "merchant", date(2026, 6, 26), trees, {}, blind=twin, challenge={**LOST, "replaces": True})
    found = youngest(places, "merchant", date(2026, 6, 26))
    assert np.array_equal(found.blind.raw_score(frame), twin.raw_score(frame))
    assert np.array_equal(found.trees.raw_score(frame), trees.raw_score(frame))
    assert youngest(places, "merchant", LATER).blind is None


def versions(places: Places, night: date) -> dict:
    used = youngest(places, "merchant", night)
    models = {"merchant": {"trained_on": used.trained_on.isoformat(), "sha256": used.sha256}, "officer": None}
    return {"code": trained.code_fingerprint(), "models": models}


def test_a_replay_uses_the_model_that_the_night_had_though_a_younger_one_was_made_since(places, trees):
    """A night mended later in between would else change what every later night had said."""
    night = date(2026, 6, 10)
    said = versions(places, night)
    store(places, "merchant", date(2026, 6, 9), trees, {"card": {"night": "made since"}})
    nights = still_kept(places, said)
    assert youngest(places, "merchant", night).state == {"card": {"night": "made since"}}
    assert youngest(places, "merchant", nights["merchant"]).state == {"card": {"night": "first"}}
    assert youngest(places, "officer", nights["officer"]) is None


def test_a_replay_cannot_use_a_model_that_was_made_anew_or_by_other_code(places, trees, monkeypatch):
    said = versions(places, FIRST)
    store(places, "merchant", FIRST, trees, {"card": {"night": "made anew"}})
    assert still_kept(places, said) is None
    said = versions(places, FIRST)
    monkeypatch.setattr(trained, "code_fingerprint", lambda: "other")
    assert still_kept(places, said) is None
