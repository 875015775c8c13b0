"""A station whose officers share a habit: a hint about the institution, never about those who work there.

All patterns of a family and all stations are tested together: one Benjamini-Hochberg over them, of what the family may
spend. A habit that is gone without one officer is his, if it is anybody's, and nothing of the station's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd

from models.flags import CounterEvidence, Flag, Peer
from models.hint.question import Question
from models.hint.rate import LIKELY_SPREAD
from models.hint.told import RATE_OF_PEER, may_count, weightiest_records, window_words
from models.hint.window import Measured, rates_in
from models.peer import told_peers
from models.policy import Policy
from models.shrinkage import (
    INTERVAL_DEVIATIONS,
    benjamini_hochberg,
    probability_above,
    probability_words,
)
from models.strength import CLEAR_Q

FEWEST_STATIONS = 4
FEWEST_OFFICERS = 2
CHI_SQUARE_MEDIAN = 0.4549
"""Median of a chi-square of one degree: a squared normal deviation lies below this half of the time."""
SPEAKING_SHARE = 0.25
"""An officer speaks for his station from this share of the least exposure on."""


def institution_hints(patterns: Sequence[Measured], night: date, policy: Policy, share: float = 1.0) -> list[Flag]:
    """Hints about institutions over the usual window: P(shared log-odds beyond the margin), and an exact-as-normal tail.

    patterns : all questions of the family that are asked of stations. share : of the family's error rate that they may
    spend, each by its question's weight. At least FEWEST_OFFICERS officers must speak for an institution, and
    FEWEST_STATIONS institutions be compared.
    """
    compared = []
    for pattern in patterns:
        window = pattern.ledger.inside(night, policy.flags.window_days)
        stations = _stations(pattern, window, policy)
        if len(stations) >= FEWEST_STATIONS:
            compared.append((pattern, window, stations))
    if not compared:
        return []
    usual = sum(pattern.asked.question.weight for pattern, _, _ in compared) / len(compared)
    weighed = [
        np.minimum(stations["p_value"].to_numpy() * usual / (share * pattern.asked.question.weight), 1.0)
        for pattern, _, stations in compared
    ]
    q_value = benjamini_hochberg(np.concatenate(weighed))
    ends = np.cumsum([len(stations) for _, _, stations in compared])
    hints = []
    for (pattern, window, stations), own in zip(compared, np.split(q_value, ends[:-1]), strict=True):
        question, judged = pattern.asked.question, stations.assign(q_value=own)
        fired = judged[
            (question.is_fewer_worse | (judged["hit_count"] >= question.fewest_hits))
            & (judged["probability"] >= policy.flags.posterior_confidence)
            & (judged["q_value"] <= policy.flags.false_discovery_rate)
        ]
        found = [_hint(pattern, window, judged, str(name), row, night, policy) for name, row in fired.iterrows()]
        hints += [hint for hint in found if hint is not None]
    return hints


def _stations(measured: Measured, window: slice, policy: Policy, kept: np.ndarray | None = None) -> pd.DataFrame:
    """One row per institution that can be compared: shift and deviation (log-odds, positive = worse), probability and p."""
    question = measured.asked.question
    speaking = max(1, round(SPEAKING_SHARE * question.least_exposure))
    rates = rates_in(measured.asked, measured.ledger, window, measured.expected, policy, kept, least=speaking)
    stations = rates.groupby("unit_id").agg(
        officer_count=("unit_shift", "size"),
        shift=("unit_shift", "first"),
        deviation=("unit_deviation", "first"),
        exposure_count=("exposure_count", "sum"),
        hit_count=("hit_count", "sum"),
        expected_count=("bureau_expected_count", "sum"),
    )
    stations = stations[stations["officer_count"] >= FEWEST_OFFICERS]
    worse = -1 if question.is_fewer_worse else 1
    shift = worse * stations["shift"]
    noise = np.sqrt(stations["deviation"] ** 2 + _spread_of_others(shift.to_numpy()) ** 2)
    return stations.assign(
        shift=shift,
        probability=probability_above(shift, stations["deviation"], np.log(policy.flags.odds_ratio)),
        # where stations do not differ at all, nothing lies above nothing
        p_value=np.where(shift > 0, probability_above(np.zeros(len(stations)), noise, shift.to_numpy()), 1.0),
    )


def _spread_of_others(shift: np.ndarray) -> np.ndarray:
    """How far the other stations lie from the bureau, shape (n,): a deviation by their median, and none says it of itself."""
    if len(shift) < 2:
        return np.full(len(shift), LIKELY_SPREAD)
    return np.array([np.sqrt(np.median(np.delete(shift**2, place)) / CHI_SQUARE_MEDIAN) for place in range(len(shift))])


def _hint(
    measured: Measured, window: slice, stations: pd.DataFrame, name: str, row: pd.Series, night: date, policy: Policy
) -> Flag | None:
    """The hint, or None where the habit is one officer's."""
    question = measured.asked.question
    one_officer = _one_officer(measured, window, name, night, policy)
    if one_officer.verdict == "supported":
        return None
    counter = (one_officer, *(item.said() for item in question.unknowns))
    others = stations.drop(index=name)
    days = policy.flags.window_days
    span_zh, span_en = window_words(days)
    low, middle, high = (
        float(np.exp(row["shift"] + side * INTERVAL_DEVIATIONS * row["deviation"])) for side in (-1, 0, 1)
    )
    count, hit, expected = int(row["exposure_count"]), int(row["hit_count"]), float(row["expected_count"])
    return Flag(
        subject_kind="institution",
        subject_id=name,
        family=question.family,
        strength="moderate" if row["q_value"] <= CLEAR_Q else "weak",
        window_start_on=night - timedelta(days=days - 1),
        window_end_on=night,
        statistic_name="station_odds_ratio",
        statistic=middle,
        observed=float(hit),
        expected=expected,
        interval_low=low,
        interval_high=high,
        exposure_count=count,
        exposure_unit=question.table,
        peer_group="institutions",
        peer_count=len(others),
        peer_median=float(np.exp(others["shift"].median())),
        p_value=float(row["p_value"]),
        q_value=float(row["q_value"]),
        summary_zh=f"风险提示(机构):近{span_zh}{count}{question.record[0]}中{hit}{question.record[0][0]}{question.hit[0]},"
        f"按同类情形与全局惯例预期{expected:.1f};{int(row['officer_count'])}人共有部分的优势比收缩估计为{middle:.2f}"
        f"(95%可信区间{low:.2f}至{high:.2f}),同类机构{len(others)}个;属机构惯例,不指向个人",
        summary_en=f"Risk hint (institution): {hit} of {count} {question.record[1]} in {span_en} {question.hit[1]}, where "
        f"like records in the bureau lead to expect {expected:.1f}; what {int(row['officer_count'])} officers share is, "
        f"shrunk, {middle:.2f} times the odds, worse above 1 (95 % credible interval {low:.2f} to {high:.2f}), "
        f"{len(others)} other institutions. A habit of the institution, not of a person",
        rule_trace=f"pattern {question.pattern}; "
        + probability_words(f"P(shared odds > {policy.flags.odds_ratio} x the bureau's)", row["probability"])
        + f" >= {policy.flags.posterior_confidence}; {probability_words('p', row['p_value'])}; "
        f"{probability_words('q over all patterns and institutions', row['q_value'])}, at most {policy.flags.false_discovery_rate} allowed",
        facts=(question.pattern, "institution_practice"),
        evidence=weightiest_records(measured, None, window, policy, unit_id=name),
        counter_evidence=counter,
        record_kind=question.record_kind,
        peers=_peers(question, stations, name),
    )


def _peers(question: Question, stations: pd.DataFrame, name: str) -> tuple[Peer, ...]:
    """The institutions that were compared; of a confidential question the odds ratios alone."""
    odds = {"statistic": np.exp(stations["shift"])}
    if may_count(question):
        reach = INTERVAL_DEVIATIONS * stations["deviation"]
        odds |= {"interval_low": np.exp(stations["shift"] - reach), "interval_high": np.exp(stations["shift"] + reach)}
        odds |= {RATE_OF_PEER[of]: stations[of] for of in ("exposure_count", "hit_count", "expected_count")}
    return told_peers(pd.DataFrame(odds), name)


def _one_officer(measured: Measured, window: slice, name: str, night: date, policy: Policy) -> CounterEvidence:
    """Whether the habit is one officer's: measured anew without the one who lies furthest from the rest."""
    ledger = measured.ledger
    inside = measured.rates[policy.flags.window_days]
    inside = inside[inside["unit_id"] == name].sort_values("log_odds_ratio", kind="stable")
    zh, en = "除去偏离最大的一人", "without the officer who deviates most"
    if inside.empty:
        return CounterEvidence("one_officer", "unknown", f"{zh}:无人达到最低记录数", f"{en}: nobody has enough records")
    furthest = inside.index[-1]
    stations = _stations(measured, window, policy, ~ledger.of_officer(furthest, slice(None)))
    if name not in stations.index:
        return CounterEvidence("one_officer", "supported", f"{zh}后无从比较", f"{en} nothing can be compared")
    left = stations.loc[name]
    stands = left["probability"] >= policy.flags.posterior_confidence
    return CounterEvidence(
        "one_officer",
        "not_supported" if stands else "supported",
        f"{zh}后共有部分的优势比为{np.exp(left['shift']):.2f}",
        f"{en} the shared odds ratio is {np.exp(left['shift']):.2f}",
        float(np.exp(left["shift"])),
    )
