"""Champion and challenger: a newly trained model that is worse on the last fold does not replace the one in use."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

from models import policy
from models.boosted import BoostedTrees
from models.challenge import challenge, compared

RULES = policy.on(date(2026, 6, 30)).drift


def visits(count: int, seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    random = np.random.default_rng(seed)
    frame = pd.DataFrame({"risk": random.normal(size=count), "noise": random.normal(size=count)})
    return frame, (random.uniform(size=count) < 1 / (1 + np.exp(2 - 1.5 * frame["risk"]))).astype(float)


PAST, FOUND = visits(4000, seed=1)
FOLD, LABEL = visits(1500, seed=2)


def twin(frame=PAST, label=FOUND) -> BoostedTrees:
    return BoostedTrees(rounds=40).fit(frame, label)


@pytest.fixture(scope="module")
def honest() -> BoostedTrees:
    return twin()


def test_a_challenger_taught_with_scrambled_labels_does_not_replace_the_champion(honest):
    scrambled = twin(label=np.random.default_rng(3).permutation(FOUND))
    verdict = challenge(scrambled, honest, FOLD, LABEL, RULES)
    assert not verdict.replaces
    assert "does not replace it" in verdict.reason_en and "不替换" in verdict.reason_zh
    auc = verdict.figures["auc"]
    assert auc["interval_high"] < 0
    assert auc["difference"] == auc["challenger"] - auc["champion"]
    assert challenge(honest, scrambled, FOLD, LABEL, RULES).replaces


def test_an_equal_challenger_takes_over(honest):
    """The newer of two equals knows more of the present."""
    verdict = challenge(twin(), honest, FOLD, LABEL, RULES)
    assert verdict.replaces
    assert verdict.figures["auc"]["difference"] == 0
    assert verdict.figures["brier"]["interval_low"] == verdict.figures["brier"]["interval_high"] == 0


def test_a_bureau_may_forgive_a_small_loss(honest):
    lesser = twin(label=np.where(np.arange(len(FOUND)) % 7 == 0, 1 - FOUND, FOUND))
    assert not challenge(lesser, honest, FOLD, LABEL, RULES).replaces
    forgiving = RULES.model_copy(update={"challenger_margin": 0.2})
    assert challenge(lesser, honest, FOLD, LABEL, forgiving).replaces


@pytest.mark.parametrize("case", ["no champion", "no twin", "other features", "too few visits", "too few severe"])
def test_where_nothing_can_be_compared_the_challenger_takes_over_and_says_why(honest, case):
    verdict = {
        "no champion": lambda: challenge(honest, None, FOLD, LABEL, RULES),
        "no twin": lambda: challenge(None, honest, FOLD, LABEL, RULES),
        "other features": lambda: challenge(honest, twin(PAST[["risk"]]), FOLD, LABEL, RULES),
        "too few visits": lambda: challenge(honest, honest, FOLD[:100], LABEL[:100], RULES),
        "too few severe": lambda: challenge(honest, honest, FOLD, np.zeros(len(FOLD)), RULES),
    }[case]()
    assert verdict.replaces and verdict.figures == {}
    assert verdict.reason_en.endswith(": the new model takes over")


def test_the_figures_are_those_that_others_compute():
    random = np.random.default_rng(4)
    champion, challenger = random.normal(size=(2, 800)).round(1)
    label = (random.uniform(size=800) < 0.2).astype(float)
    figures = compared(label, champion, challenger)
    for name, raw in (("champion", champion), ("challenger", challenger)):
        probability = 1 / (1 + np.exp(-raw))
        assert figures["auc"][name] == pytest.approx(roc_auc_score(label, raw))
        assert figures["log_loss"][name] == pytest.approx(log_loss(label, probability))
        assert figures["brier"][name] == pytest.approx(brier_score_loss(label, probability))


def test_the_interval_covers_the_difference_and_is_the_same_every_time(honest):
    lesser = twin(label=np.where(np.arange(len(FOUND)) % 3 == 0, 1 - FOUND, FOUND))
    first, again = (compared(LABEL, honest.raw_score(FOLD), lesser.raw_score(FOLD)) for _ in range(2))
    assert first == again
    for name in ("auc", "log_loss", "brier"):
        assert first[name]["interval_low"] <= first[name]["difference"] <= first[name]["interval_high"]
