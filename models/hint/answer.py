"""A family's questions answered for a night: hints, what cannot be computed, and the indicator of every past night.

An officer has one p-value a family: the smallest over its patterns and windows, each divided by its weight (weighted
Bonferroni), and 1 where none of them lies beyond the margin. Benjamini-Hochberg over all officers who can be measured.
One hint an officer: the pattern and window that weigh most.

Strength: weak; moderate where q <= 0.01 or the year before crosses as well, and no supported explanation takes from it.
Where an explanation takes all of it, no hint is raised, and the officer's indicator is empty on all nights.

Source: Genovese, Roeder and Wasserman, "False discovery control with p-value weighting", Biometrika 93 (2006).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.complaint_cell import count_words
from models.flags import Flag, Judgement, Night, NotComputable, indicator_frame
from models.hint.counter import Counter, explained_away
from models.hint.institution import institution_hints
from models.hint.question import Asked
from models.hint.told import officer_hint
from models.hint.window import Measured, indicator, measured, window_weights
from models.shrinkage import benjamini_hochberg
from models.strength import CLEAR_Q


@dataclass(frozen=True)
class _Cell:
    """One officer in one pattern and window."""

    officer_id: str
    pattern: int
    days: int
    weighed_p: float


def answer(night: Night, family: str, asked: Sequence[Asked], share: float = 1.0) -> Judgement:
    """What the records of one or several questions of a family say of a night.

    share : of the family's error rate that these questions may spend, where the family has tests of its own beside them.
    The frames of the night must hold feature.officer: who serves, and the nights of the panel.
    """
    spine = night.frames["feature.officer"][["officer_id", "as_of_on"]]
    moments = sorted({moment.date() for moment in pd.to_datetime(spine["as_of_on"])})
    patterns = [measured(each.known_by(night.as_of), night.as_of, night.policy) for each in asked]
    cells = _cells(patterns, _weights(patterns, night, share), night)
    hints, cleared = _officer_hints(patterns, cells, night)
    for each in patterns:
        hints += institution_hints(each, night.as_of, night.policy)
    past = [moment for moment in moments if moment != night.as_of]
    table = _indicator([_every_night(each, past, night) for each in patterns], spine, cleared)
    serving = spine.loc[pd.to_datetime(spine["as_of_on"]) == pd.Timestamp(night.as_of), "officer_id"]
    missing = [_too_few(officer, family, patterns, night) for officer in sorted(set(serving) - set(cells))]
    return Judgement(tuple(hints), tuple(missing), table)


def _weights(patterns: Sequence[Measured], night: Night, share: float) -> dict[tuple[int, int], float]:
    """What each pattern and window may spend, by its number and days; they add up to the share."""
    whole = sum(pattern.asked.question.weight for pattern in patterns)
    return {
        (number, days): share * weight * pattern.asked.question.weight / whole
        for number, pattern in enumerate(patterns)
        for days, weight in window_weights(night.policy.flags).items()
    }


def _cells(patterns: Sequence[Measured], weights: dict[tuple[int, int], float], night: Night) -> dict[str, _Cell]:
    """The weightiest pattern and window of every officer who can be measured in one of them."""
    best: dict[str, _Cell] = {}
    for number, pattern in enumerate(patterns):
        for days, rates in sorted(pattern.rates.items()):
            weighed = rates["p_value"] / weights[number, days]
            is_few = rates["hit_count"] < pattern.asked.question.fewest_hits
            speaks = pattern.crosses(days, night.policy.flags.posterior_confidence)
            if not pattern.asked.question.is_fewer_worse:
                speaks &= ~is_few
            weighed = np.where(speaks, np.minimum(weighed, 1.0), 1.0)
            for officer_id, p_value in zip(rates.index, weighed, strict=True):
                if officer_id not in best or p_value < best[officer_id].weighed_p:
                    best[officer_id] = _Cell(str(officer_id), number, days, float(p_value))
    return dict(sorted(best.items()))


def _officer_hints(patterns: Sequence[Measured], cells: dict[str, _Cell], night: Night) -> tuple[list[Flag], set[str]]:
    policy = night.policy
    q_value = benjamini_hochberg(np.array([cell.weighed_p for cell in cells.values()]))
    counters: dict[tuple[int, int], Counter] = {}
    hints, cleared = [], set()
    for cell, q in zip(cells.values(), q_value, strict=True):
        if cell.weighed_p >= 1 or q > policy.flags.false_discovery_rate:
            continue
        pattern = patterns[cell.pattern]
        window = pattern.ledger.inside(night.as_of, cell.days)
        counter = counters.setdefault((cell.pattern, cell.days), Counter(pattern, cell.days, policy, window)).of(
            cell.officer_id
        )
        is_fewer_worse = pattern.asked.question.is_fewer_worse
        explained = explained_away(counter, float(np.log(policy.flags.odds_ratio)), is_fewer_worse)
        if explained == "wholly":
            cleared.add(cell.officer_id)
            continue
        is_lasting = _lasts(pattern, cell.officer_id, policy.flags.posterior_confidence)
        is_clear = is_lasting or q <= CLEAR_Q
        strength = "moderate" if is_clear and explained == "not" else "weak"
        hints.append(
            officer_hint(
                pattern, cell.days, cell.officer_id, float(q), cell.weighed_p, counter, strength, is_lasting,
                night.as_of, policy,
            )
        )  # fmt: skip
    return hints, cleared


def _lasts(pattern: Measured, officer_id: str, confidence: float) -> bool:
    """Whether the year before tonight's crosses as well: no record counts twice."""
    before = pattern.before
    return officer_id in before.index and bool(before.loc[officer_id, "probability"] >= confidence)


def _every_night(pattern: Measured, past: Sequence, night: Night) -> pd.DataFrame:
    """The indicator of a pattern on past nights, and tonight's as it was just measured."""
    rates = pattern.rates[night.policy.flags.window_days]
    tonight = pd.DataFrame(
        {
            "officer_id": rates.index,
            "as_of_on": pd.Timestamp(night.as_of),
            "index": rates["log_odds_ratio"].to_numpy(),
            "crosses": (rates["probability"] >= night.policy.flags.posterior_confidence).to_numpy(),
        }
    )
    return pd.concat([indicator(pattern.asked, pattern.ledger, past, night.policy), tonight], ignore_index=True)


def _indicator(parts: Sequence[pd.DataFrame], spine: pd.DataFrame, cleared: set[str]) -> pd.DataFrame:
    """The worst pattern of each officer-night that serves; empty for whom an explanation took all of a hint away."""
    every = pd.concat(parts, ignore_index=True).astype({"officer_id": object, "index": float, "crosses": bool})
    every["as_of_on"] = pd.to_datetime(every["as_of_on"]).astype("datetime64[us]")
    worst = every.groupby(["as_of_on", "officer_id"], as_index=False).agg({"index": "max", "crosses": "max"})
    serves = spine.assign(as_of_on=pd.to_datetime(spine["as_of_on"]).astype("datetime64[us]"))
    found = serves.merge(worst, on=["officer_id", "as_of_on"])
    is_cleared = found["officer_id"].isin(cleared)
    return indicator_frame(
        found.assign(index=found["index"].mask(is_cleared), crosses=found["crosses"].astype("boolean").mask(is_cleared))
    )


def _too_few(officer_id: str, family: str, patterns: Sequence[Measured], night: Night) -> NotComputable:
    """Why an officer cannot be measured: how many records of each pattern he has in the longest window."""
    longest = night.policy.flags.long_days
    zh, en = [], []
    for pattern in patterns:
        question, ledger = pattern.asked.question, pattern.ledger
        window = ledger.inside(night.as_of, longest)
        count = int((ledger.officers[ledger.officer[window]] == officer_id).sum())
        count_zh, count_en = count_words(count) if question.is_confidential else (str(count), str(count))
        zh.append(f"{longest}天内{count_zh}{question.record[0]},至少需要{question.least_exposure}")
        en.append(f"{count_en} {question.record[1]} in {longest} days; at least {question.least_exposure} are needed")
    return NotComputable("officer", officer_id, family, "；".join(dict.fromkeys(zh)), "; ".join(dict.fromkeys(en)))
