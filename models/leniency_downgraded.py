"""Downgraded handling (降格处理): a single case that holds most of the signs of one that was handled below its level.

The six signs of the public screening of 行刑衔接 (DOMAIN.md 2.2): (1) two or more penalties in the 24 months before, (2)
an amount of at least criminal_share of the standard for a crime, (3) an appraisal, (4) a fine under the statutory
minimum, (5) decided by the heads together, (6) circumstances graded as heavy. No appraisal is on record here, so (3) is
never counted, and a score is out of five. A case that was transferred was not downgraded.
"""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from models.flags import CounterEvidence, Evidence, Flag, Night, RecordReason
from models.leniency import ExpectedPosition

SIGNS = {
    "repeated": ("两年内处罚两次以上", "two or more penalties in the 24 months before"),
    "near_crime": ("涉案金额接近追诉标准", "amount near the standard for a crime"),
    "below_minimum": ("罚款低于法定下限", "fine under the statutory minimum"),
    "heads_together": ("经集体讨论", "decided by the heads together"),
    "heavy": ("裁量等级为从重", "circumstances graded as heavy"),
}


def signs(cases: pd.DataFrame, night: Night) -> pd.DataFrame:
    """Which SIGNS each case of feature.officer_case shows (booleans; what is not on file counts as not shown)."""
    policy = night.policy.flags
    near = policy.criminal_share * policy.criminal_standard_yuan
    return pd.DataFrame(
        {
            "repeated": cases["prior_penalty_count_24m"] >= 2,
            "near_crime": (cases["amount_involved_yuan"] >= near).fillna(False),
            "below_minimum": (cases["fine_decided_yuan"] < cases["statutory_min_yuan"]).fillna(False)
            & (cases["outcome"] == "fined"),
            "heads_together": cases["was_collectively_discussed"].fillna(False),
            "heavy": (cases["discretion_tier"] == "heavy").fillna(False),
        },
        index=cases.index,
    ).astype(bool)


def downgraded_flags(
    night: Night, family: str, window: tuple[pd.DataFrame, pd.DataFrame], expectation: ExpectedPosition
) -> list[Flag]:
    """Weak hints about cases of the window with at least downgraded_signs signs; `window` : counted and collective ones.

    expectation : what tonight expects of like cases; its explanation of the case is the hint's reason.
    """
    cases = pd.concat(window).sort_values("case_id", ignore_index=True)
    found = signs(cases, night)
    score = found.sum(axis=1)
    chosen = score[score >= night.policy.flags.downgraded_signs].index
    return [_flag(night, family, cases, found, place, score, expectation) for place in chosen]


def _flag(
    night: Night,
    family: str,
    cases: pd.DataFrame,
    found: pd.DataFrame,
    place: int,
    score: pd.Series,
    expectation: ExpectedPosition,
) -> Flag:
    row, policy = cases.loc[place], night.policy.flags
    contribution, base_value, raw_score = expectation.explained(cases.loc[[place]])
    frame = expectation.frame(cases.loc[[place]])
    shown = [name for name in SIGNS if found.loc[place, name]]
    zh, en = (separator.join(SIGNS[name][language] for name in shown) for language, separator in ((0, "、"), (1, ", ")))
    return Flag(
        subject_kind="case",
        subject_id=str(row["case_id"]),
        family=family,
        strength="weak",
        window_start_on=night.as_of - timedelta(days=policy.window_days - 1),
        window_end_on=night.as_of,
        statistic_name="downgraded_handling_score",
        statistic=float(score[place]),
        observed=float(score[place]),
        expected=float(score.mean()),
        interval_low=None,
        interval_high=None,
        exposure_count=len(SIGNS),
        exposure_unit="sign",
        peer_group="decided cases of the window",
        peer_count=len(cases) - 1,
        peer_median=float(score.drop(place).median()) if len(cases) > 1 else None,
        p_value=None,
        q_value=None,
        summary_zh=f"风险提示(案件):可核的5项降格处理情形中具备{score[place]}项:{zh};同期案件平均{score.mean():.1f}项",
        summary_en=f"Risk hint (case): {score[place]} of the 5 signs of downgraded handling that can be checked: {en}; cases "
        f"of the same time show {score.mean():.1f} on average",
        rule_trace=f"signs {', '.join(shown)}: {score[place]} >= {policy.downgraded_signs}; amount from "
        f"{policy.criminal_share * policy.criminal_standard_yuan:,.0f} yuan on is near the standard for a crime; an "
        "appraisal is not on record",
        facts=("downgraded_handling",),
        evidence=(Evidence("penalty", str(row["case_id"]), 1.0, zh, en),),
        counter_evidence=_counter_evidence(row),
        reason=RecordReason(
            "expected_position",
            tuple(frame.columns),
            tuple(frame.iloc[0].astype(float)),
            tuple(contribution.tolist()),
            base_value,
            raw_score,
        ),
    )


def _counter_evidence(row: pd.Series) -> tuple[CounterEvidence, ...]:
    grounds = 0 if pd.isna(row["mitigation_count"]) else int(row["mitigation_count"])
    mitigated = CounterEvidence(
        "statutory_mitigation",
        "unknown" if pd.isna(row["mitigation_count"]) else "supported" if grounds else "not_supported",
        f"在案从轻减轻情形{grounds}项",
        f"{grounds} mitigating facts on file",
    )
    referred = CounterEvidence(
        "criminal_priority",
        "unknown",
        "是否已书面征求公安、检察机关意见未录入,请核对卷宗",
        "whether the police or the procuratorate was asked is not on record; to be checked in the file",
    )
    return mitigated, referred
