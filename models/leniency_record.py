"""The decisions behind a hint of leniency: which lie lowest, and with how few merchants the shortfall lies."""

from __future__ import annotations

import pandas as pd

from models.flags import Evidence

OUTCOME_ZH = {"fined": "罚款", "warned": "警告", "no_penalty": "不予处罚"}
OUTCOME_EN = {"fined": "fined", "warned": "warned", "no_penalty": "no penalty"}


def lowest_decisions(cases: pd.DataFrame, level: float, limit: int) -> tuple[Evidence, ...]:
    """The decisions furthest below their expected position, at most `limit`; weight 1 is the furthest.

    level : what the headline adds to an expected position (share of the statutory range), so that the notes and the
    headline expect the same. Each note says which it is, of how many shown and of how many that lie below.
    """
    expected = cases["expected_position"] + level
    gap = expected - cases["position"]
    below = cases.assign(expected=expected, gap=gap)[gap > 0]
    lowest = below.sort_values(["gap", "case_id"], ascending=[False, True]).head(limit)
    found = []
    for rank, row in enumerate(lowest.itertuples(), start=1):
        minimum = 0.0 if pd.isna(row.statutory_min_yuan) else float(row.statutory_min_yuan)
        usual = max(0.0, minimum + row.expected * (row.statutory_max_yuan - minimum))
        decided_zh, decided_en = _decided(row)
        found.append(
            Evidence(
                "penalty",
                str(row.case_id),
                float(row.gap / lowest["gap"].max()),
                f"{decided_zh};同类案情通常约{usual:,.0f}元(法定{minimum:,.0f}至{row.statutory_max_yuan:,.0f}元);"
                f"处罚幅度{row.position:.2f},预期{row.expected:.2f};{_grounds_zh(row)}"
                f"(偏低{len(below)}件中列{len(lowest)}件,第{rank}件)",
                f"{decided_en}; like cases get about {usual:,.0f} yuan "
                f"(range {minimum:,.0f} to {row.statutory_max_yuan:,.0f}); position {row.position:.2f}, "
                f"expected {row.expected:.2f}; {_grounds_en(row)} "
                f"({len(lowest)} of {len(below)} decisions that lie below are shown; number {rank})",
            )
        )
    return tuple(found)


def concentration(cases: pd.DataFrame, level: float) -> float:
    """Share (0..1) of the shortfall of these decisions that lies with the three merchants who have most of it."""
    expected = cases["expected_position"] + level
    shortfall = (expected - cases["position"]).groupby(cases["merchant_id"]).sum().clip(lower=0)
    return float(shortfall.nlargest(3).sum() / shortfall.sum()) if shortfall.sum() > 0 else 0.0


def _decided(row) -> tuple[str, str]:
    """What was decided and, where it differs, what the handler had proposed, in Chinese and English."""
    if row.outcome != "fined":
        return OUTCOME_ZH[row.outcome], OUTCOME_EN[row.outcome]
    zh, en = f"拟罚款{row.fine_counted_yuan:,.0f}元", f"a fine of {row.fine_counted_yuan:,.0f} yuan proposed"
    if pd.isna(row.fine_proposed_yuan):
        return zh.replace("拟", "决定"), en.replace("proposed", "decided")
    if pd.isna(row.fine_decided_yuan) or row.fine_decided_yuan == row.fine_proposed_yuan:
        return zh, en
    return f"{zh}(决定{row.fine_decided_yuan:,.0f}元)", f"{en} ({row.fine_decided_yuan:,.0f} decided)"


def _grounds_zh(row) -> str:
    review = "未载" if pd.isna(row.was_review_approved) else ("同意" if row.was_review_approved else "不同意")
    exemption = "" if pd.isna(row.exemption_code) else f",免罚清单{row.exemption_code}"
    codes = "未载" if pd.isna(row.mitigation_codes) or not row.mitigation_codes else row.mitigation_codes
    return f"从轻减轻情形:{codes}{exemption};法制审核:{review}"


def _grounds_en(row) -> str:
    review = "none" if pd.isna(row.was_review_approved) else ("approved" if row.was_review_approved else "disagreed")
    exemption = "" if pd.isna(row.exemption_code) else f", exemption {row.exemption_code}"
    codes = "none" if pd.isna(row.mitigation_codes) or not row.mitigation_codes else row.mitigation_codes
    return f"mitigating facts on file: {codes}{exemption}; legal review on file: {review}"
