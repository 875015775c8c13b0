"""Innocent explanations of lenient decisions, each tested by measuring all handlers anew without what it points at.

An explanation is *supported* where (a) its facts are there, and more of them than among the peers, and (b) without them
the hint no longer reaches its threshold and at least half of the gap is gone, which mere loss of cases does not do. It
is *not supported* where the hint stands without them, and *unknown* where the records do not say. The whole bureau is
measured anew each time, so that nobody is compared with peers who kept what he lost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from models.flags import CounterEvidence
from models.leniency import crosses, lenient_effects
from models.policy import Policy, on

MORE_THAN_PEERS = 1.25
"""Facts are an explanation only where his share of such cases is this many times that of the other handlers."""
FEWEST_LEFT = 5
"""With fewer cases left than this, an explanation cannot be measured and is unknown."""
FEW_CASES = 3
"""A hint that vanishes without his this many most lenient cases rests on few cases."""


@dataclass(frozen=True)
class Explanation:
    """One innocent explanation: its code, labels, and which cases it points at (boolean with gaps, None: not on file)."""

    code: str
    zh: str
    en: str
    points_at: Callable[[pd.DataFrame], pd.Series]


EXPLANATIONS = (
    Explanation(
        "exemption_list", "免罚清单事项", "entries of the exemption list", lambda cases: cases["has_exemption"]
    ),
    Explanation(
        "statutory_mitigation",
        "有法定从轻减轻情形",
        "statutory mitigating facts",
        lambda cases: cases["mitigation_count"] > 0,
    ),
    Explanation("first_offence", "初次违法", "first offences", lambda cases: cases["is_first_offence"]),
    Explanation("corrected_promptly", "及时改正", "prompt corrections", lambda cases: cases["was_corrected_promptly"]),
    Explanation(
        "legal_review_approved",
        "经法制审核同意",
        "approvals of the legal review",
        lambda cases: cases["was_review_approved"],
    ),
    Explanation(
        "individual_party",
        "当事人为个体或自然人",
        "individual traders or natural persons",
        lambda cases: cases["is_individual_merchant"] | cases["is_natural_person"],
    ),
)


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
    tested.append(_collective(cases, collective, measured, own, officer_id))
    tested.append(_few_cases(cases, own, officer_id, policy, effect))
    tested.append(_rule_change(cases, officer_id, as_of, policy, effect))
    tested.append(_station_practice(measured.loc[officer_id], policy))
    tested.append(_case_mix(measured.loc[officer_id], policy))
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
        return CounterEvidence(
            explanation.code,
            "unknown",
            f"交付记录未载明是否{explanation.zh}",
            f"the records delivered do not say which cases are {explanation.en}",
        )
    pointed = pointed.fillna(False).astype(bool)
    mine, others = float(pointed[own].mean()), float(pointed[~own].mean())
    score, stands = _effect(cases[~pointed], officer_id, policy, effect)
    is_material = mine > 0 and mine >= MORE_THAN_PEERS * others
    shares_zh = f"其案件中{explanation.zh}占{mine:.0%},其他承办人占{others:.0%}"
    shares_en = f"{explanation.en} are {mine:.0%} of his cases and {others:.0%} of the other handlers'"
    return _verdict(explanation.code, is_material, score, stands, shares_zh, shares_en)


def _verdict(
    code: str, is_material: bool, score: float | None, stands: bool, facts_zh: str, facts_en: str
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
        f"{facts_zh};除去后偏离为{score:+.2f}",
        f"{facts_en}; without them the gap is {score:+.2f}",
        score,
    )


def _collective(
    cases: pd.DataFrame, collective: pd.DataFrame, measured: pd.DataFrame, own: pd.Series, officer_id: str
) -> CounterEvidence:
    if cases["was_collectively_discussed"].isna().all() and collective.empty:
        return CounterEvidence(
            "collective_discussion",
            "unknown",
            "交付记录未载明集体讨论",
            "the records delivered do not say which cases the heads decided together",
        )
    left_out = int((collective["lead_officer_id"] == officer_id).sum())
    return CounterEvidence(
        "collective_discussion",
        "not_supported",
        f"经集体讨论的{left_out}件不计入承办人;计入的{int(own.sum())}件均由承办人提出",
        f"{left_out} cases decided by the heads together are not counted; the {int(own.sum())} counted ones are his own",
        float(measured.loc[officer_id, "effect"]),
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
    residual = cases["position"] - cases["expected_position"]
    month = cases["known_on"].dt.year * 12 + cases["known_on"].dt.month
    level = cases.assign(expected_position=cases["expected_position"] + residual.groupby(month).transform("mean"))
    score, stands = _effect(level, officer_id, policy, effect)
    return _verdict(
        "rule_change",
        True,
        score,
        stands,
        f"裁量规则自{changed_on}起变更,逐月与同期案件相比",
        f"the rules of discretion changed on {changed_on}; compared month by month with cases of the same time",
    )


def _station_practice(row: pd.Series, policy: Policy) -> CounterEvidence:
    total = row["colleague_effect"] + row["effect"]
    is_station_wide = (
        row["colleague_effect"] < -policy.flags.leniency_margin and row["colleague_effect"] < row["effect"]
    )
    return CounterEvidence(
        "station_practice",
        "supported" if is_station_wide else "not_supported",
        f"总偏离{total:+.2f},其中所内同事共有{row['colleague_effect']:+.2f},本人{row['effect']:+.2f}(已先扣除该部分)",
        f"of a gap of {total:+.2f}, his colleagues share {row['colleague_effect']:+.2f} and {row['effect']:+.2f} is his own "
        "(their part is taken off first)",
        float(row["effect"]),
    )


def _case_mix(row: pd.Series, policy: Policy) -> CounterEvidence:
    return CounterEvidence(
        "case_mix",
        "not_supported",
        f"平均位置{row['observed']:.2f},按其案件事实预期{row['expected']:.2f};调整案情后偏离{row['effect']:+.2f}",
        f"mean position {row['observed']:.2f} where the facts of his cases lead to expect {row['expected']:.2f}; "
        f"the gap adjusted for the case mix is {row['effect']:+.2f}",
        float(row["effect"]),
    )
