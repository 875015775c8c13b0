"""The complaints behind a hint, without a word of who complained."""

from __future__ import annotations

import pandas as pd

from models.flags import Evidence

WEIGHTS = {"upheld": 1.0, "partly_upheld": 0.9, "pending": 0.6, "withdrawn": 0.4, "not_upheld": 0.3}
UNKNOWN_WEIGHT = 0.5
OUTCOMES_ZH = {
    "upheld": "属实",
    "partly_upheld": "部分属实",
    "pending": "办理中",
    "withdrawn": "撤回",
    "not_upheld": "不属实",
}


def loudest_complaints(complaints: pd.DataFrame, limit: int) -> tuple[Evidence, ...]:
    """The complaints that weigh most, at most `limit`, one of each complainant first; weight 1 is an upheld one."""
    weight = complaints["outcome"].map(WEIGHTS).fillna(UNKNOWN_WEIGHT).astype(float)
    ranked = complaints.assign(weight=weight).sort_values(["weight", "complaint_id"], ascending=[False, True])
    # one complaint for each complainant first: the hint counts people, not papers
    ranked = pd.concat([ranked.drop_duplicates("complainant_key"), ranked[ranked["complainant_key"].duplicated()]])
    return tuple(
        Evidence(
            "complaint",
            str(row.complaint_id),
            float(row.weight),
            f"{row.received_on:%Y-%m-%d}接收,事项{row.category},结果{OUTCOMES_ZH.get(row.outcome, '未载')}",
            f"received {row.received_on:%Y-%m-%d}, matter {row.category}, outcome {_word(row.outcome)}",
        )
        for row in ranked.head(limit).itertuples()
    )


def _word(outcome: object) -> str:
    return outcome if isinstance(outcome, str) else "not on file"
