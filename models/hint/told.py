"""A hint in words, with the records behind it: of an officer, or of an institution whose habit it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from models.complaint_cell import SMALLEST, is_small
from models.flags import CounterEvidence, Evidence, Flag, Peer
from models.hint.question import Question, Words
from models.hint.window import Measured
from models.peer import told_peers
from models.policy import CONFIDENTIAL_FAMILIES, FlagPolicy, Policy
from models.shrinkage import probability_words

LARGEST_RATIO = 100
RATE_OF_PEER = {
    "exposure_count": "exposure_count",
    "hit_count": "observed",
    "expected_count": "expected",
    "ratio": "statistic",
    "ratio_low": "interval_low",
    "ratio_high": "interval_high",
}
"""What a measured rate tells of a peer, by its column of `officer_rates`."""
MONTHS = {91: 3, 365: 12, 730: 24}
"""Windows as people name them; any other is told in days."""


def window_words(days: int) -> tuple[str, str]:
    """A window in Chinese and English."""
    if days in MONTHS:
        return f"{MONTHS[days]}个月", f"{MONTHS[days]} months"
    return f"{days}天", f"{days} days"


def times(ratio: float) -> Words:
    """A ratio in Chinese and English; where next to nothing was expected, how many times that is says nothing."""
    if ratio > LARGEST_RATIO:
        return f"逾{LARGEST_RATIO}", f"over {LARGEST_RATIO}"
    return f"{ratio:.2f}", f"{ratio:.2f}"


def lasting_words(days: int, is_lasting: bool, policy: FlagPolicy) -> tuple[str, str, str]:
    """How long a pattern has lasted: what the Chinese and English sentence add (nothing where it is new), and the trace."""
    crosses = "cross" if is_lasting else "do not both cross"
    if days > policy.window_days:
        added = (",其中两年各自亦如此", ", as in each of the two years by itself") if is_lasting else ("", "")
        return *added, f"this year and the year before: {crosses}"
    added = (",上一年(不重叠)亦如此", ", as in the year before") if is_lasting else ("", "")
    return *added, f"the year before: {'crosses' if is_lasting else 'does not cross'}"


def _compared_with(rates: pd.DataFrame, officer_id: str) -> tuple[str, pd.DataFrame, str, str]:
    """The group he is compared with, its other officers, and both in words: his station, or the bureau if he is alone."""
    unit = str(rates.loc[officer_id, "unit_id"])
    others = rates[rates.index != officer_id]
    peers = others[others["unit_id"] == unit]
    if len(peers):
        return unit, peers, f"本机构可比{len(peers)}人", f"{len(peers)} peers in the institution"
    return (
        "bureau",
        others,
        f"本机构无其他可比人员,与全局{len(others)}人比较",
        f"nobody else in the institution can be compared, so with {len(others)} officers of the bureau",
    )


def officer_hint(
    measured: Measured,
    days: int,
    officer_id: str,
    q_value: float,
    weighed_p: float,
    counter: tuple[CounterEvidence, ...],
    strength: str,
    is_lasting: bool,
    policy: Policy,
) -> Flag:
    """The hint about one officer in one window.

    weighed_p : his p-value over the windows of the pattern together, divided by what the pattern may spend of the family's
    error rate; q_value : Benjamini-Hochberg of it.
    """
    question = measured.asked.question
    rates = measured.rates[days]
    row = rates.loc[officer_id]
    group, peers, peers_zh, peers_en = _compared_with(rates, officer_id)
    span_zh, span_en = window_words(days)
    again_zh, again_en, again = lasting_words(days, is_lasting, policy.flags)
    count, hit, expected = int(row["exposure_count"]), int(row["hit_count"]), float(row["expected_count"])
    ratio, low, high = (times(float(row[name])) for name in ("ratio", "ratio_low", "ratio_high"))
    side = "<" if question.is_fewer_worse else ">"
    margin = 1 / policy.flags.odds_ratio if question.is_fewer_worse else policy.flags.odds_ratio
    return Flag(
        subject_kind="officer",
        subject_id=str(officer_id),
        strength=strength,
        peer_group=group,
        peer_count=len(peers),
        peer_median=float(peers["ratio"].median()) if len(peers) else None,
        summary_zh=f"风险提示:近{span_zh}{count}{question.record[0]}中{hit}{question.record[0][0]}{question.hit[0]},"
        f"按同类情形与本机构惯例预期{expected:.1f};收缩估计为预期的{ratio[0]}倍"
        f"(95%可信区间{low[0]}至{high[0]}),{peers_zh}{again_zh}",
        summary_en=f"Risk hint: {hit} of {count} {question.record[1]} in {span_en} {question.hit[1]}, where like records "
        f"and the station's habit lead to expect {expected:.1f}; shrunk {ratio[1]} times the expected share (95 % "
        f"credible interval {low[1]} to {high[1]}), {peers_en}{again_en}",
        rule_trace=f"pattern {question.pattern}, window {days} days; "
        + probability_words(f"P(odds {side} {margin:.2f} x expected)", row["probability"])
        + f" >= {policy.flags.posterior_confidence}; {probability_words('exact p', row['p_value'])}, "
        f"{probability_words('windows together, corrected for patterns, p', weighed_p)}; {probability_words('q', q_value)}, at most "
        f"{policy.flags.false_discovery_rate} allowed; records {count} >= {question.least_exposure}; "
        f"spread of log-odds among peers {row['peer_spread']:.2f}; "
        f"{again}",
        evidence=weightiest_records(measured, officer_id, measured.ledger.inside(measured.night, days), policy),
        counter_evidence=counter,
        is_lasting=is_lasting,
        windows=tuple(
            window
            for window in measured.windows_of(officer_id)
            if not question.is_confidential or not is_small(window.observed)
        ),
        peers=rate_peers(question, rates.loc[[officer_id]], peers),
        **measured_fields(measured, days, officer_id, weighed_p, q_value),
    )


def may_count(question: Question) -> bool:
    """Whether the counts of peers may be told: not where they would be counts of who complained."""
    return not question.is_confidential and question.family not in CONFIDENTIAL_FAMILIES


def rate_peers(question: Question, own: pd.DataFrame, others: pd.DataFrame) -> tuple[Peer, ...]:
    """The subject (the one row of `own`) and the others, all of `officer_rates`, as peers of the hint.

    Where the question is confidential only the ratios, for a count, or an interval by which it could be found, singles out;
    and none where so few are compared that each of them is known.
    """
    rates = pd.concat([own[list(RATE_OF_PEER)], others[list(RATE_OF_PEER)]]).rename(columns=RATE_OF_PEER)
    if not may_count(question):
        if len(others) < SMALLEST:
            return ()
        rates = rates[["statistic"]]
    return told_peers(rates, own.index[0])


def measured_fields(measured: Measured, days: int, subject: str, weighed_p: float, q_value: float) -> dict[str, Any]:
    """What the hint of a measured subject says of itself in numbers, be it an officer or an institution asked as one."""
    question, row = measured.asked.question, measured.rates[days].loc[subject]
    return {
        "family": question.family,
        "window_start_on": measured.night - timedelta(days=days - 1),
        "window_end_on": measured.night,
        "statistic_name": "share_ratio",
        "statistic": float(row["ratio"]),
        "observed": float(int(row["hit_count"])),
        "expected": float(row["expected_count"]),
        "interval_low": float(row["ratio_low"]),
        "interval_high": float(row["ratio_high"]),
        "exposure_count": int(row["exposure_count"]),
        "exposure_unit": question.table,
        "p_value": float(weighed_p),
        "q_value": float(q_value),
        "facts": (question.pattern,),
        "record_kind": question.record_kind,
    }


def weightiest_records(
    measured: Measured, officer_id: str | None, window: slice, policy: Policy, unit_id: str | None = None
) -> tuple[Evidence, ...]:
    """The records in question of an officer (or unit) that were least to be expected, at most evidence_limit.

    None at all where the question is confidential: a visit names the merchant, and so the one who complained.
    """
    ledger, question = measured.ledger, measured.asked.question
    if question.is_confidential:
        return ()
    held = np.arange(window.start, window.stop)
    mine = ledger.of_unit(unit_id, held) if officer_id is None else ledger.of_officer(officer_id, held)
    hit = ledger.hit[held] > 0
    own = held[mine & (~hit if question.is_fewer_worse else hit)]
    expected = measured.expected[own]
    weight = expected if question.is_fewer_worse else 1 - expected
    order = np.argsort(-weight, kind="stable")[: policy.flags.evidence_limit]
    rows = measured.asked.records.iloc[ledger.place[own[order]]]
    return tuple(
        _evidence(question, row, float(share), rank, len(own), len(order))
        for rank, (share, (_, row)) in enumerate(zip(weight[order], rows.iterrows(), strict=True), start=1)
    )


def _evidence(question: Question, row: pd.Series, weight: float, rank: int, count: int, shown: int) -> Evidence:
    zh, en = question.note(row)
    return Evidence(
        question.table,
        str(row["record_id"]),
        weight,
        f"{zh}(共{count}件,列{shown}件,第{rank}件)",
        f"{en} ({shown} of {count} are shown; number {rank})",
    )
