"""The correction for selection: what visits drawn at random say of the model's probabilities.

The model is calibrated on all visits, and people chose most of them. Only merchants drawn at random stand for merchants in
general: the correction is the line in log-odds that would make predicted equal observed among them. It is learned from
the quarters out of time, where each probability came from a model and a calibration that knew nothing of its visit, and
it is drawn to no correction by a normal prior: few draws leave the probability nearly as it is. Where classes were drawn
in other proportions than merchants have, each visit weighs as many merchants as it stands for. A rising line changes no
order: neither ranks nor tiers nor the reasons of a raw score move.

Sources: Cox, "Two further applications of a model for binary regression", Biometrika 45 (1958), for recalibration by
intercept and slope; Efron and Morris, JASA 70 (1975), for drawing a small sample's estimate to its prior; DOMAIN.md 3.21.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from models.calibration import sigmoid
from models.policy import RandomArmPolicy

LEVEL_DEVIATION = 0.5
"""Prior of the intercept, log-odds: nineteen times in twenty choosing visits moves the odds by less than e (2.7 times)."""
SLOPE_DEVIATION = 0.2
"""Prior of the slope about 1: one that is calibrated on all visits is seldom far too steep or too flat for the drawn."""
STEPS = 100
CLOSE = 1e-12
"""The fit ends where a step moves neither coefficient by more: its maximum is the only one."""


@dataclass(frozen=True)
class Correction:
    """A rising line in log-odds: at `centre` it adds `intercept`, and beyond it `slope` times what lies beyond."""

    intercept: float = 0.0
    slope: float = 1.0
    centre: float = 0.0

    def corrected(self, log_odds: np.ndarray) -> np.ndarray:
        """Corrected log-odds, in their shape; a row alone is corrected as in company."""
        return self.centre + self.intercept + self.slope * (log_odds - self.centre)

    def undone(self, log_odds: np.ndarray) -> np.ndarray:
        """The log-odds that `corrected` made these of, in their shape."""
        return self.centre + (log_odds - self.centre - self.intercept) / self.slope


UNCHANGED = Correction()


@dataclass(frozen=True)
class Learned:
    """What the random arm taught: the correction (None: too few draws), whether `probability` uses it, what it rests on.

    `effective_count`: visits that the weighed ones are worth (Kish). `intercept` and `slope` with the interval of the
    policy's confidence (None where not learned); `kept_share`: what the prior left of the intercept, 0..1 (0: none of it).
    `held_out`: drawn visits, each corrected by what the other quarters taught: mean predicted before and after, share
    observed, log loss before and after (smaller is better); empty with fewer than two quarters that have drawn visits.
    """

    correction: Correction | None
    is_used: bool
    visit_count: int
    severe_count: int
    effective_count: float
    intercept: dict[str, float | None]
    slope: dict[str, float | None]
    kept_share: float
    held_out: dict[str, float]
    reason_zh: str
    reason_en: str

    def published(self, log_odds: np.ndarray) -> np.ndarray:
        """Log-odds of the published probability: corrected only where policy says so and enough was drawn."""
        return self.correction.corrected(log_odds) if self.is_used else log_odds

    def to_state(self) -> dict[str, Any]:
        """Plain values that JSON keeps exactly."""
        return asdict(self)


@dataclass(frozen=True)
class Draws:
    """Drawn visits of one quarter out of time, three arrays of shape (n_drawn,).

    log_odds : of the calibrated probability, out of time. label : 1 where the visit found something severe. weight : how
    many merchants each stands for, in any unit.
    """

    log_odds: np.ndarray
    label: np.ndarray
    weight: np.ndarray

    @property
    def effective_weight(self) -> np.ndarray:
        """The weights in the unit in which they add up to the visits that they are worth: none counts as more than it tells."""
        whole = self.weight.sum()
        return self.weight * (whole / (self.weight**2).sum()) if whole else self.weight


def joined(draws: Sequence[Draws]) -> Draws:
    """All of them together."""
    return Draws(*(np.concatenate([*(getattr(own, name) for own in draws), np.empty(0)]) for name in PARTS))


PARTS = ("log_odds", "label", "weight")


def learned(draws: Sequence[Draws], policy: RandomArmPolicy) -> Learned:
    """The correction from the drawn visits of each quarter out of time."""
    every = joined(draws)
    found = every.label
    visits, severe = len(found), int(found.sum())
    nothing = {"value": None, "interval_low": None, "interval_high": None}
    if not is_enough(visits, severe, policy):
        counts_zh, counts_en = (
            f"可用的随机抽查{visits}次,其中有严重问题{severe}次",
            f"{visits} usable drawn visits, {severe} severe",
        )
        return Learned(
            None,
            False,
            visits,
            severe,
            float(every.effective_weight.sum()),
            nothing,
            nothing,
            0.0,
            {},
            f"不可计算:时间外各季{counts_zh};至少需要{policy.min_correction_visits}次、有严重问题{policy.min_correction_severe}次。"
            "没有随机抽查口径的概率",
            f"not computable: {counts_en} in the quarters out of time; at least {policy.min_correction_visits} and "
            f"{policy.min_correction_severe} are needed. There is no probability for drawn merchants",
        )
    correction, covariance = fitted(every, learns_slope=severe >= policy.min_slope_severe)
    from scipy.stats import norm

    width = float(norm.ppf((1 + policy.confidence) / 2)) * np.sqrt(np.diag(covariance))
    used_zh, used_en = (
        ("按政策,概率本身也已按此校正", "by policy the probability itself is corrected by it, too")
        if policy.is_correcting
        else (
            "按政策,概率本身不校正(下一次检查多由人选定),校正后的另列为“随机抽查口径概率”",
            "by policy the probability itself is not (people choose most of the next visits): corrected it stands beside, as "
            "the probability if drawn at random",
        )
    )
    return Learned(
        correction,
        policy.is_correcting,
        visits,
        severe,
        float(every.effective_weight.sum()),
        _told(correction.intercept, width[0]),
        _told(correction.slope, width[1]) if len(width) > 1 else nothing,
        1 - float(covariance[0, 0]) / LEVEL_DEVIATION**2,
        _held_out(draws, policy),
        f"由时间外各季{visits}次随机抽查(有严重问题{severe}次)求得;{used_zh}",
        f"from {visits} drawn visits of the quarters out of time, {severe} of them severe; {used_en}",
    )


def is_enough(visits: int, severe: int, policy: RandomArmPolicy) -> bool:
    """Whether so many drawn visits, so many of them severe, can correct anything."""
    return visits >= policy.min_correction_visits and policy.min_correction_severe <= severe < visits


def fitted(draws: Draws, *, learns_slope: bool) -> tuple[Correction, np.ndarray]:
    """The most probable correction under the prior, and the covariance of intercept and slope (shape (1, 1) or (2, 2)).

    The intercept is that at the mean log-odds. A slope that would not rise is not taken: the line then has slope 1.
    """
    from threadpoolctl import threadpool_limits

    log_odds, label, weight = draws.log_odds, draws.label, draws.effective_weight
    centre = float(np.average(log_odds, weights=weight))
    design = np.ones((len(label), 1)) if not learns_slope else np.column_stack([np.ones(len(label)), log_odds - centre])
    prior = np.diag(np.array([LEVEL_DEVIATION, SLOPE_DEVIATION])[: design.shape[1]] ** -2.0)

    def loss(weights: np.ndarray) -> float:
        odds = log_odds + design @ weights
        return float(weight @ (np.logaddexp(0, odds) - label * odds) + weights @ prior @ weights / 2)

    def curvature(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        chance = sigmoid(log_odds + design @ weights)
        bend = (design.T * (weight * chance * (1 - chance))) @ design + prior
        return design.T @ (weight * (chance - label)) + prior @ weights, bend

    weights = np.zeros(design.shape[1])
    # sums in another order differ in their last digit, and a correction must be the same on every machine
    with threadpool_limits(1, user_api="blas"):
        for _ in range(STEPS):
            slope, bend = curvature(weights)
            step = np.linalg.solve(bend, slope)
            while np.abs(step).max() > CLOSE and loss(weights - step) > loss(weights):
                step = step / 2
            weights = weights - step
            if np.abs(step).max() <= CLOSE:
                break
        covariance = np.linalg.inv(curvature(weights)[1])
    if learns_slope and 1 + weights[1] <= 0:
        return fitted(draws, learns_slope=False)
    steepness = 1 + float(weights[1]) if learns_slope else 1.0
    return Correction(float(weights[0]), steepness, centre), covariance


def held_out_corrections(draws: Sequence[Draws], policy: RandomArmPolicy) -> list[Correction]:
    """Of each quarter the correction that the drawn visits of the other quarters teach; none where they are too few."""
    found = []
    for place in range(len(draws)):
        others = joined([*draws[:place], *draws[place + 1 :]])
        severe = int(others.label.sum())
        if is_enough(len(others.label), severe, policy):
            found.append(fitted(others, learns_slope=severe >= policy.min_slope_severe)[0])
        else:
            found.append(UNCHANGED)
    return found


def _held_out(draws: Sequence[Draws], policy: RandomArmPolicy) -> dict[str, float]:
    if sum(len(own.label) > 0 for own in draws) < 2:
        return {}
    corrections, every = held_out_corrections(draws, policy), joined(draws)
    after = np.concatenate([line.corrected(own.log_odds) for line, own in zip(corrections, draws, strict=True)])
    told = {"observed": float(np.average(every.label, weights=every.weight))}
    for name, odds in (("before", every.log_odds), ("after", after)):
        loss = np.logaddexp(0, odds) - every.label * odds
        told[f"predicted_{name}"] = float(np.average(sigmoid(odds), weights=every.weight))
        told[f"log_loss_{name}"] = float(np.average(loss, weights=every.weight))
    return told


def _told(value: float, width: float) -> dict[str, float | None]:
    return {"value": value, "interval_low": value - float(width), "interval_high": value + float(width)}
