"""Leniency to a few: a handler's decisions about one merchant lie low beside his own other decisions.

Leniency that is general is a style; leniency to a few is a question (DOMAIN.md 3.1, 5). The merchant's cases at the
hands of other officers, where there are any, are the first innocent explanation.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from models.flags import CounterEvidence, Flag, Night
from models.hint.counter import is_more_than_peers
from models.leniency_explanation import EXPLANATIONS, Explanation, not_on_file
from models.leniency_record import lowest_decisions
from models.peer import effects_of_peers, told_peers
from models.permutation import low_tail, said
from models.policy import FlagPolicy
from models.shrinkage import INTERVAL_DEVIATIONS, benjamini_hochberg, centred_effects, probability_below
from models.strength import CLEAR_Q

PAIR_EXPLANATIONS = tuple(
    explanation for explanation in EXPLANATIONS if explanation.code not in ("individual_party", "case_mix")
)
"""All of one merchant's cases have the same party, and their mix is in the expectation."""
FEWEST_CASES = 3
FEWEST_OTHERS = 10
"""A handler's own practice is known from at least this many of his cases about other merchants."""
MARGIN_MULTIPLE = 2
"""A pair must lie this many leniency margins below the handler's own practice: few cases need a clear gap."""
MAD_TO_DEVIATION = 1.4826
"""A normal deviation is this many median absolute deviations; the median is not moved by the few who are favoured."""
MEDIAN_VARIANCE = 1.571
"""Variance of a median against that of a mean of as many normal values."""


def pair_table(counted: pd.DataFrame, policy: FlagPolicy) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The cases with `pair` and `gap`, and one row for each pair of handler and merchant that can be judged.

    counted : cases of the window with position and expected_position, none of them decided by the heads together. gap :
    position less expected one, from the handler's own median. Pairs have at least FEWEST_CASES decisions, and their
    handler at least FEWEST_OTHERS others. Columns of the pairs, indexed `handler|merchant`: officer_id, merchant_id,
    decision_count, other_count, gap, observed (means), effect and deviation (the gap, shrunk), probability (that it lies
    beyond MARGIN_MULTIPLE margins), p_value (a handler's decisions dealt out anew among his merchants), q_value.
    """
    pair = counted["lead_officer_id"].astype(str) + "|" + counted["merchant_id"].astype(str)
    gap = counted["position"] - counted["expected_position"]
    gap = gap - gap.groupby(counted["lead_officer_id"]).transform("median")
    cases = counted.assign(pair=pair, gap=gap)
    table = cases.groupby("pair").agg(
        officer_id=("lead_officer_id", "first"),
        merchant_id=("merchant_id", "first"),
        decision_count=("gap", "size"),
        gap=("gap", "mean"),
        observed=("position", "mean"),
    )
    own_count = cases.groupby("lead_officer_id").size()
    table["other_count"] = own_count[table["officer_id"]].to_numpy() - table["decision_count"]
    table = table[(table["decision_count"] >= FEWEST_CASES) & (table["other_count"] >= FEWEST_OTHERS)]
    if table.empty:
        return cases, table
    noise = max((MAD_TO_DEVIATION * float(cases["gap"].abs().median())) ** 2, 1e-12)
    variance = noise / table["decision_count"] + MEDIAN_VARIANCE * noise / table["other_count"]
    effect, deviation, _ = centred_effects(table["gap"].to_numpy(), variance.to_numpy())
    probability = probability_below(effect, deviation, -MARGIN_MULTIPLE * policy.leniency_margin)
    # of a handler without any pair beyond the margin no chance is asked
    beyond = probability >= policy.posterior_confidence
    handlers = cases[cases["lead_officer_id"].isin(table.loc[beyond, "officer_id"])]
    tail = (
        {}
        if handlers.empty
        else low_tail(
            handlers["gap"].to_numpy(),
            handlers["pair"].to_numpy(dtype=str),
            handlers["lead_officer_id"].to_numpy(dtype=str),
            handlers["case_id"].to_numpy(dtype=str),
        )
    )
    p_value = np.array([tail.get(name, 1.0) for name in table.index])
    return cases, table.assign(
        effect=effect,
        deviation=deviation,
        probability=probability,
        p_value=p_value,
        q_value=benjamini_hochberg(p_value),
    )


def pair_flags(
    night: Night, family: str, cases: pd.DataFrame, table: pd.DataFrame, window_days: int
) -> dict[str, Flag]:
    """Hints about pairs of `pair_table`, by pair: weak, or moderate where q <= CLEAR_Q; none where it is explained."""
    policy = night.policy.flags
    if table.empty:
        return {}
    fired = table[
        (table["probability"] >= policy.posterior_confidence) & (table["q_value"] <= policy.false_discovery_rate)
    ]
    flags = {str(name): _flag(night, family, cases, table, name, row, window_days) for name, row in fired.iterrows()}
    return {name: flag for name, flag in flags.items() if flag is not None}


def _flag(
    night: Night, family: str, cases: pd.DataFrame, table: pd.DataFrame, name: str, row: pd.Series, window_days: int
) -> Flag | None:
    own = cases[cases["pair"] == name]
    counter = _counter_evidence(cases, own, row)
    if any(item.verdict == "supported" for item in counter):
        return None
    policy = night.policy.flags
    low, high = (row["effect"] + side * INTERVAL_DEVIATIONS * row["deviation"] for side in (-1, 1))
    usual = float(row["observed"] - row["gap"])
    count, others = int(row["decision_count"]), int(row["other_count"])
    peers = table[(table["officer_id"] == row["officer_id"]) & (table.index != name)]
    beside = table.loc[[name, *peers.index]]
    return Flag(
        subject_kind="pair",
        subject_id=str(name),
        family=family,
        strength="moderate" if row["q_value"] <= CLEAR_Q else "weak",
        window_start_on=night.as_of - timedelta(days=window_days - 1),
        window_end_on=night.as_of,
        statistic_name="position_effect",
        statistic=float(row["effect"]),
        observed=float(row["observed"]),
        expected=usual,
        interval_low=float(low),
        interval_high=float(high),
        exposure_count=count,
        exposure_unit="decision",
        peer_group=str(row["officer_id"]),
        peer_count=len(peers),
        peer_median=float(peers["effect"].median()) if len(peers) else None,
        p_value=float(row["p_value"]),
        q_value=float(row["q_value"]),
        summary_zh=f"风险提示:近24个月对同一主体{count}件决定,处罚幅度(法定下限=0,上限=1)平均{row['observed']:.2f},"
        f"按案情与该承办人对其他主体{others}件的惯例预期{usual:.2f},相差{row['gap']:+.2f};"
        f"收缩估计{row['effect']:+.2f}(95%可信区间{low:+.2f}至{high:+.2f}),可比主体{len(peers)}户",
        summary_en=f"Risk hint: {count} decisions about one merchant in 24 months lie at {row['observed']:.2f} of the "
        f"statutory range (minimum 0, maximum 1) on average, where their facts and the handler's practice in {others} "
        f"other cases lead to expect {usual:.2f}, a gap of {row['gap']:+.2f}; shrunk {row['effect']:+.2f} (95 % credible "
        f"interval {low:+.2f} to {high:+.2f}), {len(peers)} comparable merchants",
        rule_trace=f"P(effect < -{MARGIN_MULTIPLE * policy.leniency_margin}) = {row['probability']:.4f} >= "
        f"{policy.posterior_confidence}; {said('p', row['p_value'], row['p_value'])}; "
        f"{said('q', row['q_value'], row['p_value'])}, at most {policy.false_discovery_rate} allowed; "
        f"decisions {count} >= {FEWEST_CASES}; moderate from q <= {CLEAR_Q} on",
        facts=("one_merchant",),
        evidence=lowest_decisions(own, usual - float(own["expected_position"].mean()), policy.evidence_limit),
        counter_evidence=counter,
        peers=told_peers(effects_of_peers(beside, beside["deviation"]), name),
    )


def _counter_evidence(cases: pd.DataFrame, own: pd.DataFrame, row: pd.Series) -> tuple[CounterEvidence, ...]:
    """Whether others are as lenient to the merchant, and whether grounds on file make the gap."""
    elsewhere = cases[(cases["merchant_id"] == row["merchant_id"]) & (cases["lead_officer_id"] != row["officer_id"])]
    if elsewhere.empty:
        everyone = CounterEvidence(
            "merchant_in_general",
            "unknown",
            "该主体没有其他承办人的案件可比",
            "no other handler decided about this merchant",
        )
    else:
        level = float(elsewhere["gap"].mean())
        everyone = CounterEvidence(
            "merchant_in_general",
            "supported" if level < row["effect"] / 2 else "not_supported",
            f"其他承办人对该主体{len(elsewhere)}件,偏离平均{level:+.2f}",
            f"{len(elsewhere)} decisions of other handlers about this merchant deviate by {level:+.2f}",
            float(row["effect"] - level),
        )
    return (everyone, *(_tested(explanation, cases, own, row) for explanation in PAIR_EXPLANATIONS), *_untested())


def _tested(explanation: Explanation, cases: pd.DataFrame, own: pd.DataFrame, row: pd.Series) -> CounterEvidence:
    """Whether the gap is gone without the decisions that an explanation points at, and they are more than elsewhere."""
    pointed = explanation.points_at(cases)
    if pointed.isna().all():
        return not_on_file(explanation.code, explanation.zh, explanation.en)
    pointed = pointed.fillna(False).astype(bool)
    mine = pointed[own.index]
    left = own.loc[~mine, "gap"]
    still_low = len(left) > 0 and left.mean() < row["effect"] / 2
    is_there = bool(mine.any()) and is_more_than_peers(mine.to_numpy(), pointed.drop(own.index).to_numpy())
    rest_zh, rest_en = (f"{left.mean():+.2f}",) * 2 if len(left) else ("无", "none is left")
    return CounterEvidence(
        explanation.code,
        "supported" if is_there and not still_low else "not_supported",
        f"{len(own)}件中{explanation.zh}{int(mine.sum())}件;除去后偏离平均{rest_zh}",
        f"{explanation.en}: {int(mine.sum())} of {len(own)} decisions; the mean deviation of the others is {rest_en}",
        float(left.mean()) if len(left) else None,
    )


def _untested() -> tuple[CounterEvidence, ...]:
    return (
        CounterEvidence(
            "evidence_differs",
            "unknown",
            "各案证据强弱、当事人困难与相互关系未录入,请核对卷宗与回避情况",
            "how strong the evidence was, hardship of the party and ties between the two are not on record; to be checked "
            "in the files and with the recusals",
        ),
    )
