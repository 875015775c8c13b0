"""The stages of a case from filing to closing, what of it is known on the last day, and the penalty table."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from pipelines.sample.calendar import calendar_parts, day_in_year
from pipelines.sample.cases import SOURCES
from pipelines.sample.columns import NONE, Columns, amounts, answers, days, identifiers, length, table, words
from pipelines.sample.fines import COLLECTIVE_YUAN, FINED, MAXIMUM, MINIMUM, NO_PENALTY, OUTCOMES, PENDING, WARNED
from pipelines.sample.ground import Ground
from pipelines.sample.violations import MITIGATIONS, VIOLATIONS

TIERS = ("no_penalty", "mitigated", "lenient", "ordinary", "heavy")
LENIENT_BELOW, HEAVY_FROM = 0.30, 0.70
DELAY = 4.0
"""The officer who delays takes that many times as long to investigate."""


def run_stages(cases: Columns, ground: Ground, random: np.random.Generator) -> Columns:
    """The cases with the days of their stages, as planned; NONE for a stage that a case does not have."""
    planted, lead, filed = ground.planted, cases["lead"], cases["filed"]
    count = length(cases)
    is_simple = cases["is_simple"]
    work = random.gamma(3.0, 8.0, count) + 3
    work *= np.where(planted.on("process_delay", lead, filed), DELAY, 1.0)
    investigated = np.where(is_simple, filed, filed + work.astype(np.int64))
    has_result = cases["outcome"] <= NO_PENALTY
    is_reviewed = ~is_simple & has_result & (random.random(count) < 0.98)
    reviewed = investigated + random.integers(2, 10, count)
    total = np.nan_to_num(cases["fine"]) + np.nan_to_num(cases["confiscated"])
    below_minimum = (cases["outcome"] == FINED) & (cases["fine"] < MINIMUM[cases["violation"]])
    is_collective = has_result & ((total >= COLLECTIVE_YUAN) | below_minimum) & (random.random(count) < 0.985)
    is_collective |= has_result & planted.on("collective_decision", lead, filed)
    is_collective &= ~is_simple
    discussed = np.where(is_reviewed, reviewed, investigated) + random.integers(1, 7, count)
    latest = np.maximum(np.where(is_reviewed, reviewed, investigated), np.where(is_collective, discussed, NONE))
    decided = latest + np.where(is_simple, random.integers(0, 2, count), random.integers(2, 9, count))
    is_hurried = planted.on_station("fine_driven", cases["station"]) & (random.random(count) < 0.6)
    decided = np.where(is_hurried, _month_end(decided, random), decided)
    closed = decided + np.where(cases["outcome"] == FINED, random.integers(2, 25, count), random.integers(0, 4, count))
    return {
        **cases,
        "investigated": investigated,
        "reviewed": np.where(is_reviewed, reviewed, NONE),
        "discussed": np.where(is_collective, discussed, NONE),
        "decided": decided,
        "closed": closed,
        "is_approved": (random.random(count) < 0.965).astype(int),
    }


def _month_end(day: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """One of the last three days of the month of each day, or that day where it is later."""
    year, month, _ = calendar_parts(day)
    following = np.array([day_in_year(year + (m == 12), m % 12 + 1, 1) for m in range(1, 13)])
    end = following[month - 1, np.arange(len(day))] - 1
    return np.maximum(day, end - random.integers(0, 3, len(day)))


def as_known(cases: Columns, ground: Ground) -> Columns:
    """What the records say on the last day: later stages are not there yet, and the case is pending."""
    last = ground.calendar.last
    known = dict(cases)
    for stage in ("investigated", "reviewed", "discussed", "closed"):
        known[stage] = np.where(cases[stage] > last, NONE, cases[stage])
    is_pending = cases["decided"] > last
    is_open = cases["investigated"] > last
    known["decided"] = np.where(is_pending, NONE, cases["decided"])
    known["outcome"] = np.where(is_pending, PENDING, cases["outcome"])
    for amount in ("fine", "confiscated"):
        known[amount] = np.where(is_pending, np.nan, cases[amount])
    known["proposed"] = np.where(is_open, np.nan, cases["proposed"])
    known["is_exempt"] = cases["is_exempt"] & ~is_pending
    known["facts"] = cases["facts"] & ~is_open[:, None]
    known["was_prompt"] = np.where(is_open, NONE, cases["was_prompt"])
    return known


def _tiers(cases: Columns) -> np.ndarray:
    """The discretion tier by outcome and position in the statutory range; NONE where nothing is decided."""
    minimum, maximum = MINIMUM[cases["violation"]], MAXIMUM[cases["violation"]]
    position = (cases["fine"] - minimum) / (maximum - minimum)
    fined = np.select([position < 0, position < LENIENT_BELOW, position < HEAVY_FROM], [1, 2, 3], 4)
    outcome = cases["outcome"]
    return np.select([outcome == FINED, outcome == WARNED, outcome == NO_PENALTY], [fined, 2, 0], NONE)


def _fact_texts(facts: np.ndarray) -> pa.Array:
    """The mitigating facts of each case, joined by semicolons; null where there are none."""
    code = facts @ (1 << np.arange(facts.shape[1]))
    texts = [
        ";".join(fact for bit, fact in enumerate(MITIGATIONS) if number >> bit & 1)
        for number in range(1 << facts.shape[1])
    ]
    return words(texts, np.where(code == 0, NONE, code))


def penalty_table(cases: Columns, ground: Ground) -> pa.Table:
    """The contract's penalty table."""
    violation, codes = cases["violation"], [each.code for each in VIOLATIONS]
    return table(
        "penalty",
        {
            "case_id": identifiers("A", np.arange(length(cases)), 7),
            "merchant_id": identifiers("M", cases["merchant"], 7),
            "institution_id": words(list(ground.places.institution_names), cases["station"]),
            "lead_officer_id": identifiers("R", cases["lead"], 4),
            "co_officer_id": identifiers("R", cases["co"], 4),
            "reviewer_officer_id": identifiers("R", np.where(cases["reviewed"] == NONE, NONE, cases["reviewer"]), 4),
            "approver_officer_id": identifiers("R", np.where(cases["decided"] == NONE, NONE, cases["approver"]), 4),
            "source": words(SOURCES, cases["source"]),
            "patrol_id": identifiers("P", cases["visit"], 8),
            "violation_code": words(codes, violation),
            "procedure": words(("ordinary", "simple"), cases["is_simple"].astype(int)),
            "party_kind": words(("natural", "legal"), cases["is_legal"].astype(int)),
            "discovered_on": days(cases["discovered"]),
            "filed_on": days(cases["filed"]),
            "investigation_closed_on": days(cases["investigated"]),
            "legal_reviewed_on": days(cases["reviewed"]),
            "collective_discussed_on": days(cases["discussed"]),
            "decided_on": days(cases["decided"]),
            "closed_on": days(cases["closed"]),
            "outcome": words(OUTCOMES, cases["outcome"]),
            "discretion_tier": words(TIERS, _tiers(cases)),
            "amount_involved_yuan": amounts(cases["amount"]),
            "illegal_gain_yuan": amounts(cases["gain"]),
            "statutory_min_yuan": amounts(MINIMUM[violation]),
            "statutory_max_yuan": amounts(MAXIMUM[violation]),
            "proposed_fine_yuan": amounts(cases["proposed"]),
            "fine_yuan": amounts(cases["fine"]),
            "confiscated_yuan": amounts(cases["confiscated"]),
            "is_first_offence": answers(cases["is_first"].astype(int)),
            "was_corrected_promptly": answers(cases["was_prompt"]),
            "mitigation_codes": _fact_texts(cases["facts"]),
            "exemption_code": words([f"EX-{code}" for code in codes], np.where(cases["is_exempt"], violation, NONE)),
            "legal_review_result": words(
                ("disagreed", "approved"), np.where(cases["reviewed"] == NONE, NONE, cases["is_approved"])
            ),
        },
    )
