"""The correction for selection: learned from drawn visits alone, drawn to nothing where they are few, and rising."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.calibration import platt_line, sigmoid
from models.measure import area_under_curve
from models.policy import RandomArmPolicy
from models.random_correction import (
    LEVEL_DEVIATION,
    UNCHANGED,
    Correction,
    Draws,
    fitted,
    held_out_corrections,
    learned,
)

POLICY = RandomArmPolicy(
    effective_from="2000-01-01",
    window_days=730,
    draw_visit_days=60,
    confidence=0.95,
    min_visits=30,
    is_correcting=True,
    min_correction_visits=200,
    min_correction_severe=20,
    min_slope_severe=100,
)


def evenly(log_odds: np.ndarray, label: np.ndarray) -> Draws:
    """Visits of a pool that was drawn evenly."""
    return Draws(log_odds, label, np.ones(len(label)))


class Bureau:
    """Quarters in which inspectors choose by what no record tells: a smell, a rumour.

    Every merchant has a known part of its risk and an unknown one. Chosen visits go where the unknown one is high, so
    that a score calibrated on them is too dark for merchants in general. Drawn visits go anywhere.
    """

    def __init__(self, seed: int, drawn: int, quarters: int = 4, pull: float = 1.2):
        random = np.random.default_rng(seed)

        def visits(count: int, pulled: float) -> tuple[np.ndarray, np.ndarray]:
            known = random.normal(-3.2, 0.9, count * 6)
            hidden = random.normal(0, 1.0, count * 6)
            kept = np.argsort(-(pulled * hidden + random.gumbel(size=count * 6)), kind="stable")[:count]
            return known[kept], (random.uniform(size=count) < sigmoid(known + hidden)[kept]).astype(float)

        chosen = [visits(3000, pull) for _ in range(quarters)]
        arm = [visits(drawn, 0.0) for _ in range(quarters)]
        slope, level = platt_line(*(np.concatenate(part) for part in zip(*chosen, strict=True)))
        self.draws = [evenly(slope * known + level, label) for known, label in arm]
        self.chosen_share = float(np.concatenate([label for _, label in chosen]).mean())
        everybody = random.normal(-3.2, 0.9, 100_000)
        self.everybody = slope * everybody + level
        self.truth = float(sigmoid(everybody + random.normal(0, 1.0, 100_000)).mean())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_where_people_choose_by_what_no_record_tells_the_arm_brings_the_probability_back_to_the_truth(seed):
    bureau = Bureau(seed, drawn=600)
    taught = learned(bureau.draws, POLICY)
    before = sigmoid(bureau.everybody).mean() / bureau.truth
    after = sigmoid(taught.correction.corrected(bureau.everybody)).mean() / bureau.truth
    assert bureau.chosen_share > 1.7 * bureau.truth
    assert before > 1.7 and abs(after - 1) < 0.2
    assert taught.is_used and taught.intercept["interval_high"] < 0
    assert taught.kept_share > 0.9


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_drawn_visits_that_taught_nothing_are_foretold_better_after_the_correction(seed):
    held = learned(Bureau(seed, drawn=600).draws, POLICY).held_out
    assert held["log_loss_after"] < held["log_loss_before"]
    assert abs(held["predicted_after"] - held["observed"]) < abs(held["predicted_before"] - held["observed"])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_where_nobody_chooses_the_correction_is_next_to_nothing(seed):
    taught = learned(Bureau(seed, drawn=600, pull=0.0).draws, POLICY)
    assert taught.intercept["interval_low"] < 0.1 and taught.intercept["interval_high"] > -0.1
    assert abs(taught.correction.intercept) < 0.25


def test_the_intercept_is_the_most_probable_one_under_a_normal_prior():
    """250 visits at log-odds 0, 100 severe: 100 - 250 p = b / 0.25 with p = 1 / (1 + exp(-b)), solved by bisection: -0.38018."""
    correction, covariance = fitted(evenly(np.zeros(250), np.repeat([1.0, 0.0], [100, 150])), learns_slope=False)
    assert correction.intercept == pytest.approx(-0.38018, abs=1e-5)
    share = sigmoid(np.array(correction.intercept))
    assert 100 - 250 * share == pytest.approx(correction.intercept / LEVEL_DEVIATION**2, abs=1e-9)
    assert covariance[0, 0] == pytest.approx(1 / (250 * share * (1 - share) + 4))


def test_the_fewer_the_draws_the_less_is_left_of_the_same_difference():
    def left(times: int) -> float:
        return fitted(evenly(np.zeros(10 * times), np.tile([1.0] + [0.0] * 9, times)), learns_slope=False)[0].intercept

    assert -2.2 < left(400) < left(20) < left(1) < 0


@pytest.mark.parametrize(("visits", "severe"), [(0, 0), (199, 40), (300, 19), (30, 30)])
def test_a_tiny_arm_corrects_nothing_and_says_so_with_its_counts(visits, severe):
    label = (np.arange(visits) < severe).astype(float)
    taught = learned([evenly(np.full(visits, -2.0), label)], POLICY)
    assert taught.correction is None and not taught.is_used
    assert taught.published(np.array([-2.0])) == -2.0
    assert taught.intercept["value"] is None and taught.kept_share == 0
    assert taught.reason_en.startswith(f"not computable: {visits} usable drawn visits, {severe} severe")
    assert "不可计算" in taught.reason_zh and "没有随机抽查口径的概率" in taught.reason_zh


def test_a_policy_that_does_not_correct_publishes_the_correction_and_does_not_use_it():
    bureau, odds = Bureau(1, drawn=600), np.array([-3.0, -1.0])
    taught = learned(bureau.draws, POLICY.model_copy(update={"is_correcting": False}))
    used = learned(bureau.draws, POLICY)
    assert np.array_equal(taught.published(odds), odds) and not taught.is_used
    assert taught.correction == used.correction and np.array_equal(
        used.published(odds), used.correction.corrected(odds)
    )
    assert "概率本身不校正" in taught.reason_zh and "stands beside" in taught.reason_en


def test_the_slope_is_learned_only_from_enough_severe_visits():
    few, many = Bureau(4, drawn=120), Bureau(4, drawn=900)
    assert learned(few.draws, POLICY).slope["value"] is None
    assert learned(many.draws, POLICY).slope["value"] is not None
    assert learned(few.draws, POLICY).correction.slope == 1


def test_each_quarter_is_corrected_by_what_the_others_teach_and_never_by_itself():
    bureau = Bureau(1, drawn=600)
    before = held_out_corrections(bureau.draws, POLICY)
    turned = evenly(bureau.draws[0].log_odds, 1 - bureau.draws[0].label)
    after = held_out_corrections([turned, *bureau.draws[1:]], POLICY)
    assert after[0] == before[0] and all(new != old for new, old in zip(after[1:], before[1:], strict=True))


def test_the_same_draws_teach_the_same_to_the_last_digit_and_survive_json():
    one, two = (learned(Bureau(2, drawn=600).draws, POLICY).to_state() for _ in range(2))
    assert one == two == json.loads(json.dumps(one))
    assert Correction(**one["correction"]) == learned(Bureau(2, drawn=600).draws, POLICY).correction


def test_a_class_drawn_more_often_does_not_decide_for_all():
    """100 of class A, none severe, and 100 of class D, 60 severe: merchants are 9 to 1, and the level is theirs: 6 %."""
    odds, label = np.full(200, -1.0), np.repeat([0.0, 1.0, 0.0], [100, 60, 40])
    weight = np.repeat([9.0, 1.0], [100, 100])
    draws = Draws(odds, label, weight)
    # Kish: 1000 ** 2 / (100 * 81 + 100) visits
    assert draws.effective_weight.sum() == pytest.approx(1000**2 / 8200)
    share = sigmoid(fitted(draws, learns_slope=False)[0].corrected(odds))[0]
    evenly_drawn = sigmoid(fitted(evenly(odds, label), learns_slope=False)[0].corrected(odds))[0]
    assert 0.06 < share < 0.15 < 0.26 < evenly_drawn < 0.31


@settings(max_examples=30)
@given(
    level=st.floats(-3, 3),
    steep=st.floats(-2, 2),
    seed=st.integers(0, 1000),
)
def test_whatever_the_draws_say_the_order_stays_and_the_line_can_be_undone(level, steep, seed):
    """Even where the drawn visits contradict the score, it is not turned over: a rising line keeps the area under it."""
    random = np.random.default_rng(seed)
    odds = random.normal(-1, 1, 300)
    label = (random.uniform(size=300) < sigmoid(level + steep * odds)).astype(float)
    correction, covariance = fitted(evenly(odds, label), learns_slope=True)
    assert correction.slope > 0 and np.isfinite(correction.intercept) and (np.diag(covariance) > 0).all()
    after = correction.corrected(odds)
    assert np.allclose(correction.undone(after), odds)
    if 0 < label.sum() < 300:
        ones = np.ones(300)
        assert area_under_curve(label, after, ones) == pytest.approx(area_under_curve(label, odds, ones), abs=1e-12)


def test_a_merchant_alone_is_corrected_as_in_company_and_nothing_is_changed_by_no_correction():
    odds, line = np.linspace(-9, 3, 41), Correction(-0.31, 0.87, -2.7)
    assert all(line.corrected(odds[[place]])[0] == line.corrected(odds)[place] for place in range(41))
    assert np.array_equal(UNCHANGED.corrected(odds), odds)
