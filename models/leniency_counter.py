"""Innocent explanations of lenient decisions, each tested by measuring all handlers anew without what it points at.

An explanation is *supported* where (a) its facts are there, and more of them than among the peers, and (b) without them
the hint no longer reaches its threshold and at least half of the gap is gone, which mere loss of cases does not do. It
is *not supported* where the hint stands without them, and *unknown* where the records do not say. The whole bureau is
measured anew each time, so that nobody is compared with peers who kept what he lost. Every figure is the shrunk
estimate of the headline, measured against the same expectation.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from models.flags import CounterEvidence
from models.hint.counter import is_more_than_peers
from models.leniency import crosses, lenient_effects, position
from models.leniency_explanation import EXPLANATIONS, Explanation, not_on_file
from models.policy import Policy, on

FEWEST_LEFT = 5
"""With fewer cases left than this, an explanation cannot be measured and is unknown."""
FEW_CASES = 3
"""A hint that vanishes without his this many most lenient cases rests on few cases."""


def counter_evidence(
    cases: pd.DataFrame, collective: pd.DataFrame, measured: pd.DataFrame, officer_id: str, as_of: date, policy: Policy
) -> tuple[CounterEvidence, ...]:
    """Every explanation of one handler's leniency, tested.

    cases : the counted cases of the window, of all handlers. collective : those left out because the heads decided
    them together. measured : `lenient_effects(cases, policy)`.
    """
    own = cases["lead_officer_id"] == officer_id
    effect = float(measured.loc[officer_id, "effect"])
    tested = [_tested(explanation, cases, own, officer_id, policy, effect) for explanation in EXPLANATIONS]
    tested.append(_approver(cases, own, officer_id, policy, effect))
    tested.append(_collective(cases, collective, officer_id, policy, effect))
    tested.append(_few_cases(cases, own, officer_id, policy, effect))
    tested.append(_rule_change(cases, officer_id, as_of, policy, effect))
    tested.append(_station_practice(measured.loc[officer_id], policy))
    return tuple(tested)


def explained_away(counter: tuple[CounterEvidence, ...], threshold: float) -> str:
    """'wholly' where a supported explanation leaves no effect beyond the threshold, else 'partly' or 'not'.

    What cannot be measured (too few cases left) explains nothing: the expectation has taken the facts into account.

    threshold : the effect (negative: more lenient) at which a hint begins.
    """
    supported = [item for item in counter if item.verdict == "supported"]
    if any(item.score_without is not None and item.score_without > threshold for item in supported):
        return "wholly"
    return "partly" if supported else "not"


def _effect(cases: pd.DataFrame, officer_id: str, policy: Policy, effect: float) -> tuple[float | None, bool]:
    """His effect in these cases, and whether the hint stands: the threshold is reached, or half of the gap is left."""
    if (cases["lead_officer_id"] == officer_id).sum() < FEWEST_LEFT:
        return None, False
    measured = lenient_effects(cases, policy)
    left = float(measured.loc[officer_id, "effect"])
    return left, bool(crosses(measured, policy.flags)[officer_id]) or left < effect / 2


def _tested(
    explanation: Explanation, cases: pd.DataFrame, own: pd.Series, officer_id: str, policy: Policy, effect: float
) -> CounterEvidence:
    pointed = explanation.points_at(cases)
    if pointed.isna().all():
        return not_on_file(explanation.code, explanation.zh, explanation.en)
    pointed = pointed.fillna(False).astype(bool)
    mine, others = float(pointed[own].mean()), float(pointed[~own].mean())
    score, stands = _effect(cases[~pointed], officer_id, policy, effect)
    is_material = is_more_than_peers(pointed[own].to_numpy(), pointed[~own].to_numpy())
    shares_zh = f"其案件中{explanation.zh}占{mine:.0%},其他承办人占{others:.0%}"
    shares_en = f"{explanation.en} are {mine:.0%} of his cases and {others:.0%} of the other handlers'"
    return _verdict(explanation.code, is_material, score, stands, shares_zh, shares_en)


def _verdict(
    code: str,
    is_material: bool,
    score: float | None,
    stands: bool,
    facts_zh: str,
    facts_en: str,
    done_zh: str = "除去后",
    done_en: str = "without them",
) -> CounterEvidence:
    if score is None:
        return CounterEvidence(
            code,
            "unknown",
            f"{facts_zh};除去后所剩案件过少,无法再算",
            f"{facts_en}; too few cases are left without them",
        )
    verdict = "supported" if is_material and not stands else "not_supported"
    return CounterEvidence(
        code,
        verdict,
        f"{facts_zh};{done_zh}收缩估计为{score:+.2f}",
        f"{facts_en}; {done_en} the shrunk estimate is {score:+.2f}",
        score,
    )


def _approver(cases: pd.DataFrame, own: pd.Series, officer_id: str, policy: Policy, effect: float) -> CounterEvidence:
    """Whether it was the approver who let off: every case with a proposal on file counts as it was proposed."""
    proposed = cases["fine_proposed_yuan"].notna()
    mine = float(proposed[own].mean())
    if mine == 0:
        return CounterEvidence(
            "approver_decided",
            "unknown",
            "其案件均未载拟罚款,无法区分承办人与审批人的意见",
            "no proposed fine is on file for his cases: the handler's opinion cannot be told from the approver's",
        )
    as_proposed = position(
        cases["fine_proposed_yuan"].to_numpy(dtype=float, na_value=np.nan),
        cases["statutory_min_yuan"].to_numpy(dtype=float, na_value=np.nan),
        cases["statutory_max_yuan"].to_numpy(dtype=float, na_value=np.nan),
    )
    lowered = (cases["fine_decided_yuan"] < cases["fine_proposed_yuan"]).fillna(False).astype(bool)
    score, stands = _effect(
        cases.assign(position=np.where(proposed, as_proposed, cases["position"])), officer_id, policy, effect
    )
    count = int((lowered & own).sum())
    return _verdict(
        "approver_decided",
        count > 0,
        score,
        stands,
        f"其案件{mine:.0%}载有拟罚款,其中{count}件决定低于拟罚款(罚款案件已按拟罚款计)",
        f"a proposed fine is on file for {mine:.0%} of his cases, and {count} were decided lower (fined ones count as "
        "proposed)",
        "全部按拟罚款计,",
        "with every proposal counted",
    )


def _collective(
    cases: pd.DataFrame, collective: pd.DataFrame, officer_id: str, policy: Policy, effect: float
) -> CounterEvidence:
    """Whether at least half of what all his cases show lies in those that the heads decided, which are not counted."""
    if cases["was_collectively_discussed"].isna().all() and collective.empty:
        return CounterEvidence(
            "collective_discussion",
            "unknown",
            "交付记录未载明集体讨论",
            "the records delivered do not say which cases the heads decided together",
        )
    left_out = int((collective["lead_officer_id"] == officer_id).sum())
    together = float(lenient_effects(pd.concat([cases, collective]), policy).loc[officer_id, "effect"])
    return CounterEvidence(
        "collective_discussion",
        "supported" if left_out > 0 and effect > together / 2 else "not_supported",
        f"经集体讨论的{left_out}件不计入承办人;连同这些案件收缩估计为{together:+.2f},除去后为{effect:+.2f}",
        f"{left_out} cases decided by the heads together are not counted; with them the shrunk estimate would be "
        f"{together:+.2f}, without them it is {effect:+.2f}",
        effect,
    )


def _few_cases(cases: pd.DataFrame, own: pd.Series, officer_id: str, policy: Policy, effect: float) -> CounterEvidence:
    residual = (cases["position"] - cases["expected_position"])[own]
    lowest = residual.sort_values(kind="stable").index[:FEW_CASES]
    score, stands = _effect(cases.drop(lowest), officer_id, policy, effect)
    return _verdict(
        "few_cases",
        True,
        score,
        stands,
        f"共{int(own.sum())}件,除去其中最宽的{len(lowest)}件",
        f"{int(own.sum())} cases; his {len(lowest)} most lenient ones are taken away",
    )


def _rule_change(cases: pd.DataFrame, officer_id: str, as_of: date, policy: Policy, effect: float) -> CounterEvidence:
    changed_on = on(as_of).discretion.effective_from
    if changed_on <= as_of - timedelta(days=policy.flags.window_days):
        return CounterEvidence(
            "rule_change",
            "not_supported",
            "统计期内裁量规则未变",
            "the rules of discretion did not change within the window",
        )
    level = cases.assign(expected_position=cases["expected_position"] + _others_in_month(cases))
    score, stands = _effect(level, officer_id, policy, effect)
    return _verdict(
        "rule_change",
        True,
        score,
        stands,
        f"裁量规则自{changed_on}起变更,逐月与同期他人案件相比",
        f"the rules of discretion changed on {changed_on}; compared month by month with others' cases of the same time",
        "比较后",
        "so compared",
    )


def _others_in_month(cases: pd.DataFrame) -> pd.Series:
    """How far the cases of each case's month that others led lie from what is expected, on average; 0 where none is."""
    residual = cases["position"] - cases["expected_position"]
    month = cases["known_on"].dt.year * 12 + cases["known_on"].dt.month
    own = [month, cases["lead_officer_id"]]
    count = residual.groupby(month).transform("size") - residual.groupby(own).transform("size")
    total = residual.groupby(month).transform("sum") - residual.groupby(own).transform("sum")
    return (total / count.where(count > 0)).fillna(0.0)


def _station_practice(row: pd.Series, policy: Policy) -> CounterEvidence:
    is_station_wide = (
        row["colleague_effect"] < -policy.flags.leniency_margin and row["colleague_effect"] < row["effect"]
    )
    return CounterEvidence(
        "station_practice",
        "supported" if is_station_wide else "not_supported",
        f"与全局相比{row['bureau_gap']:+.2f},与所内同事相比{row['colleague_gap']:+.2f},取较小者;"
        f"同事共有{row['colleague_effect']:+.2f},本人收缩估计{row['effect']:+.2f}",
        f"{row['bureau_gap']:+.2f} against the bureau and {row['colleague_gap']:+.2f} beside his colleagues, of which the "
        f"smaller counts; they share {row['colleague_effect']:+.2f}, his own shrunk estimate is {row['effect']:+.2f}",
        float(row["effect"]),
    )
