"""The decision of a case: violation, amounts, mitigating facts, outcome and fine.

A fine's position in the statutory range follows from the violation, the amount, priors, the party, prompt correction and
mitigating facts, with a little noise and officer's habit; what is planted comes on top.
"""

from __future__ import annotations

import numpy as np

from pipelines.sample.calendar import EXEMPTION_LIST_FROM, day_number
from pipelines.sample.columns import NONE, Columns, length, rows, stack
from pipelines.sample.ground import Ground
from pipelines.sample.industries import INDUSTRIES
from pipelines.sample.violations import MITIGATIONS, VIOLATIONS

OUTCOMES = ("fined", "warned", "no_penalty", "withdrawn", "terminated", "transferred", "pending")
FINED, WARNED, NO_PENALTY, WITHDRAWN, TERMINATED, TRANSFERRED, PENDING = range(7)
COLLECTIVE_YUAN = 3000
"""Fine and confiscation from which a station decides collectively (DOMAIN.md 1.5)."""

GRAVE_YUAN = 5000
"""A violation with at least that maximum can bring a case to the threshold of collective discussion."""

SIMPLE_YUAN = 3000
"""Most that the simple procedure allows against a legal person (article 51 of the penalty law)."""

NOISE, HABIT = 0.085, 0.025
"""Standard deviation of the position: of a single decision, and of an honest officer's mean."""

SHIFTS = {
    "general_leniency": -0.32,
    "lenient_and_complained": -0.32,
    "lenient_station": -0.22,
    "collective_decision": -0.3,
    "strict_officer": 0.2,
}
FAVOUR, FINE_DRIVEN = -0.42, 0.05
WITHOUT_REASON = ("general_leniency", "lenient_and_complained")
EXEMPT_SHARE = 0.55
MINIMUM = np.array([violation.minimum_yuan for violation in VIOLATIONS])
MAXIMUM = np.array([violation.maximum_yuan for violation in VIOLATIONS])
EXEMPT = np.array([violation.is_exempt_when_first for violation in VIOLATIONS])


def _violations(cases: Columns, ground: Ground, random: np.random.Generator) -> np.ndarray:
    """The violation of each case by its merchant's trade; the officer below the threshold has the grave ones."""
    industry = ground.merchants.industry[cases["merchant"]]
    trades = np.array([each.violations for each in INDUSTRIES])[industry]
    draw = random.random(length(cases))
    grave = ground.planted.on("threshold_bunching", cases["lead"], cases["filed"]) & (random.random(len(draw)) < 0.6)
    chosen = np.zeros(len(draw), dtype=np.int64)
    for trade in np.unique(trades):
        numbers = np.array([n for n, violation in enumerate(VIOLATIONS) if violation.trade == trade])
        edges = np.cumsum([VIOLATIONS[n].share for n in numbers])
        picked = numbers[np.minimum(np.searchsorted(edges, draw * edges[-1]), len(numbers) - 1)]
        serious = numbers[MAXIMUM[numbers] >= GRAVE_YUAN][0]
        chosen = np.where(trades == trade, np.where(grave, serious, picked), chosen)
    return chosen


def decide(cases: Columns, ground: Ground, random: np.random.Generator) -> Columns:
    """The cases with violation, amounts in yuan, facts, outcome, proposed and decided fine."""
    planted, lead, filed = ground.planted, cases["lead"], cases["filed"]
    count = length(cases)
    violation = _violations(cases, ground, random)
    depth = random.normal(0, 1, count)
    amount = (np.array([each.amount_yuan for each in VIOLATIONS])[violation] * np.exp(0.7 * depth)).round(-1)
    gain = np.where(random.random(count) < 0.25, (amount * random.uniform(0.05, 0.25, count)).round(), 0.0)
    is_first = cases["priors"] == 0
    is_proven = planted.on("proven_mitigation", lead, filed)
    was_prompt = random.random(count) < np.where(is_proven, 0.95, 0.55)
    facts = _facts(was_prompt, is_proven, cases["is_legal"], random)

    usual = np.array([each.position for each in VIOLATIONS])[violation] + 0.015
    usual += 0.06 * depth + 0.08 * np.minimum(cases["priors"], 3) + 0.04 * cases["is_legal"] - 0.06 * is_first
    usual += -0.08 * was_prompt - 0.11 * facts.sum(axis=1) - 0.03 * (filed >= day_number(EXEMPTION_LIST_FROM))
    habit = random.normal(0, HABIT, planted.officer_count)
    position = usual + habit[lead] + random.normal(0, NOISE, count)
    lenient = np.zeros(count, dtype=bool)
    for behaviour, shift in SHIFTS.items():
        is_on = planted.on(behaviour, lead, filed)
        position += shift * is_on
        lenient |= is_on & (behaviour in WITHOUT_REASON)
    is_favour = cases["favoured_by"] != NONE
    position += FAVOUR * is_favour + FINE_DRIVEN * planted.on_station("fine_driven", cases["station"])
    lenient |= is_favour
    lowest = np.where(facts.any(axis=1), -0.25, np.where(lenient, -0.08, 0.02))
    position = np.clip(position, lowest, 0.98)

    can_be_exempt = EXEMPT[violation] & is_first & was_prompt & (filed >= day_number(EXEMPTION_LIST_FROM))
    is_exempt = can_be_exempt & (random.random(count) < np.where(is_proven, 0.9, EXEMPT_SHARE))
    is_slight = is_first & was_prompt & ~is_exempt & (random.random(count) < 0.05)
    facts[:, MITIGATIONS.index("slight_and_corrected")] |= is_slight
    let_off = lenient & (random.random(count) < np.where(is_favour, 0.2, 0.1))
    is_warned = (MINIMUM[violation] == 0) & (position < 0.16)
    draw = np.where(is_favour, 0.5, random.random(count))
    withdraws = planted.on("case_withdrawn", lead, filed)
    outcome = np.select(
        [draw < np.where(withdraws, 0.45, 0.022), draw > np.where(withdraws, 0.9, 0.988), draw > 0.98],
        [WITHDRAWN, TERMINATED, TRANSFERRED],
        np.select([is_exempt | is_slight | let_off, is_warned], [NO_PENALTY, WARNED], FINED),
    )
    is_fined = outcome == FINED
    fine = _rounded(MINIMUM[violation] + position * (MAXIMUM - MINIMUM)[violation], random)
    fine = np.clip(fine, np.where(position < 0, 0, MINIMUM[violation]), MAXIMUM[violation])
    fine = np.where(cases["is_simple"], np.minimum(fine, SIMPLE_YUAN), fine)
    reduced = is_fined & ~cases["is_simple"] & (random.random(count) < 0.08)
    proposed = np.where(
        reduced, np.minimum(_rounded(fine * random.uniform(1.1, 1.4, count), random), MAXIMUM[violation]), fine
    )
    decided = {
        **cases,
        "violation": violation,
        "amount": amount,
        "gain": gain,
        "is_first": is_first,
        "was_prompt": was_prompt,
        "facts": facts,
        "is_exempt": is_exempt & (outcome == NO_PENALTY),
        "outcome": outcome,
        "fine": np.where(is_fined, fine, np.where(outcome <= NO_PENALTY, 0.0, np.nan)),
        "proposed": np.where(is_fined, proposed, np.where(outcome <= NO_PENALTY, 0.0, np.nan)),
        "confiscated": np.where(is_fined, gain, np.where(outcome <= NO_PENALTY, 0.0, np.nan)),
    }
    return _kept_below_threshold(decided, ground, random)


def _facts(
    was_prompt: np.ndarray, is_proven: np.ndarray, is_legal: np.ndarray, random: np.random.Generator
) -> np.ndarray:
    """Mitigating facts, one column for each of MITIGATIONS; the officer with proven reasons has two in most cases."""
    chances = np.tile([0.0, 0.12, 0.004, 0.012, 0.0, 0.003, 0.0], (len(was_prompt), 1))
    chances[:, MITIGATIONS.index("eliminated_harm")] = 0.28 * was_prompt
    chances[:, MITIGATIONS.index("hardship")] = 0.1 * ~is_legal
    chances[is_proven, :2] = (0.85, 0.75)
    return random.random(chances.shape) < chances


def _rounded(fine: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Fines as officers write them: to ten, fifty or a hundred yuan, now and then to five hundred."""
    step = np.select([fine < 500, fine < 5000], [10.0, 50.0], 100.0)
    step = np.where((fine > 900) & (random.random(len(fine)) < 0.1), 500.0, step)
    return np.round(fine / step) * step


def _kept_below_threshold(cases: Columns, ground: Ground, random: np.random.Generator) -> Columns:
    """Where the officer keeps fines below the threshold: a fine just below, and half the time a second case."""
    count = length(cases)
    is_on = ground.planted.on("threshold_bunching", cases["lead"], cases["filed"])
    total = np.nan_to_num(cases["fine"] + cases["confiscated"])
    is_near = (MAXIMUM[cases["violation"]] >= GRAVE_YUAN) & (random.random(count) < 0.6)
    is_cut = is_on & (cases["outcome"] == FINED) & ~cases["is_simple"] & (is_near | (total >= COLLECTIVE_YUAN))
    below = (random.integers(272, 300, count) * 10).astype(float)
    cases = {
        **cases,
        "fine": np.where(is_cut, below, cases["fine"]),
        "confiscated": np.where(is_cut, 0.0, cases["confiscated"]),
        "gain": np.where(is_cut, 0.0, cases["gain"]),
        "proposed": np.where(is_cut, np.maximum(cases["proposed"], COLLECTIVE_YUAN + 500.0), cases["proposed"]),
        "is_split": is_cut & (random.random(count) < 0.5),
    }
    second = rows(cases, cases["is_split"])
    more = length(second)
    second["filed"] = ground.calendar.after(second["filed"], random.integers(1, 12, more))
    second["fine"] = (random.integers(180, 298, more) * 10).astype(float)
    second["proposed"] = second["fine"]
    second["visit"] = np.full(more, NONE)
    second["source"] = np.full(more, 5)
    cases = stack(cases, rows(second, second["filed"] <= ground.calendar.last))
    return rows(cases, np.lexsort([cases["merchant"], cases["filed"]]))
