"""What a visit finds: by the merchant's risk, the kind of visit and the officer's eye."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.sample.columns import Columns
from pipelines.sample.ground import Ground
from pipelines.sample.visits import COMPLAINT, RANDOM, ROUTINE, SPECIAL, TARGETED

RESULTS = ("normal", "order_to_correct", "warning", "case_referred", "closed_on_arrival", "not_found")
NORMAL, ORDER, WARNING, REFERRED, CLOSED, NOT_FOUND = range(6)

SEVERE_SHARE = 0.057
"""Severe findings per visit."""

MINOR_SHARE = 0.055
KIND_EFFECTS = np.array([0.0, 0.1, 0.35, 0.05, 0.5, -0.5])
"""Log odds of a severe finding by kind of visit."""

EYE_SPREAD = 0.12
"""Standard deviation of what honest officers see, in log odds."""

CLEANED_SHARE = 0.12
"""Of the severe findings, announced visits of the officer who warns still find that share; low finders likewise."""


@dataclass(frozen=True)
class Eyes:
    """How findings come about in this bureau: set once, the same for first visits and rechecks."""

    severe_level: float
    minor_level: float
    officer: np.ndarray
    """Log odds by officer."""
    referred_share: float
    """Share of the severe findings that are referred as a case."""


def _odds(level: float, log_odds: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-(level + log_odds)))


def _level(log_odds: np.ndarray, share: float) -> float:
    """The level at which the mean probability is that share, by bisection."""
    low, high = -12.0, 4.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if _odds(middle, log_odds).mean() < share else (low, middle)
    return middle


def make_eyes(visits: Columns, cases: int, ground: Ground, random: np.random.Generator) -> Eyes:
    """Levels that give the calibrated shares on these visits, and referrals that give that many cases."""
    merchants = ground.merchants
    sample = np.arange(0, len(visits["day"]), max(1, len(visits["day"]) // 50_000))
    risk = merchants.risk_on(visits["merchant"][sample], visits["day"][sample])
    severe = KIND_EFFECTS[visits["kind"][sample]] + risk
    referred = min(0.8, cases / (SEVERE_SHARE * max(1, len(visits["day"]))))
    officer = random.normal(0, EYE_SPREAD, ground.staff.officer_count)
    return Eyes(_level(severe, SEVERE_SHARE), _level(0.6 * risk, MINOR_SHARE), officer, referred)


def find(visits: Columns, eyes: Eyes, ground: Ground, random: np.random.Generator) -> Columns:
    """The visits with severe and minor findings and their result."""
    merchants, planted, relations = ground.merchants, ground.planted, ground.relations
    count = len(visits["day"])
    lead, day, kind, merchant = visits["lead"], visits["day"], visits["kind"], visits["merchant"]
    risk = merchants.risk_on(merchant, day)
    severe_chance = _odds(eyes.severe_level, KIND_EFFECTS[kind] + risk + eyes.officer[lead])
    minor_chance = _odds(eyes.minor_level, 0.6 * risk + eyes.officer[lead])

    is_announced = (kind == ROUTINE) | (kind == SPECIAL)
    is_warned = planted.on("tip_off", lead, day) & is_announced
    is_warned_grid = np.isin(merchants.grid[merchant], ground.places.slot_grid[planted.officers["tip_off"]])
    is_caught = is_warned_grid & np.isin(kind, (RANDOM, TARGETED, COMPLAINT)) & ~planted.on("tip_off", lead, day)
    is_blind = planted.on("low_finding_rate", lead, day) | is_warned
    is_blind |= planted.on("relative_firm", lead, day) & np.isin(merchant, relations.kin_merchant)
    is_harsh = planted.on("retaliation", lead, day) & (kind != ROUTINE)
    severe_chance = np.where(is_blind, severe_chance * CLEANED_SHARE, severe_chance)
    severe_chance = np.where(is_caught, np.minimum(severe_chance * 3.4, 0.9), severe_chance)
    minor_chance = np.where(is_blind, minor_chance * 0.25, np.where(is_harsh, 0.5, minor_chance))

    missed = random.random(count)
    closed_share = np.where(is_warned, 0.14, 0.012)
    was_missed = (missed < closed_share + 0.008) & ~visits["is_padded"]
    is_empty = was_missed | visits["is_padded"]
    is_severe = (random.random(count) < severe_chance) & ~is_empty
    is_minor = (random.random(count) < minor_chance) & ~is_empty
    severe = is_severe * (1 + (random.random(count) < 0.18))
    minor = is_minor * (1 + random.integers(0, 3, count)) + is_severe * random.integers(0, 3, count)

    spares = planted.on("selective_enforcement", lead, day)
    referred_share = np.where(
        spares, np.where(np.isin(merchant, relations.spared_merchant), 0.0, 0.85), eyes.referred_share
    )
    referred_share = np.where(planted.on("finding_not_filed", lead, day), 0.02, referred_share)
    referred_share = np.where(
        planted.on_station("fine_driven", merchants.station[merchant]),
        np.minimum(1.3 * eyes.referred_share, 0.85),
        referred_share,
    )
    is_referred = is_severe & (random.random(count) < referred_share)
    warns = random.random(count) < np.where(is_severe, 0.06, 0.02)
    result = np.select(
        [is_referred, is_severe | is_minor, was_missed & (missed < closed_share), was_missed],
        [REFERRED, np.where(warns, WARNING, ORDER), CLOSED, NOT_FOUND],
        NORMAL,
    )
    return {**visits, "severe": severe, "findings": severe + minor, "result": result}
