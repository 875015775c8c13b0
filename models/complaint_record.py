"""The complaints behind a hint, without a word of who complained: no day, no text of the complaint, no single channel."""

from __future__ import annotations

import pandas as pd

from models.flags import Evidence

WEIGHTS = {"upheld": 1.0, "partly_upheld": 0.9, "pending": 0.6, "withdrawn": 0.4, "not_upheld": 0.3}
UNKNOWN_WEIGHT = 0.5
OUTCOMES = {
    "upheld": ("属实", "upheld"),
    "partly_upheld": ("部分属实", "partly upheld"),
    "pending": ("办理中", "pending"),
    "withdrawn": ("撤回", "withdrawn"),
    "not_upheld": ("不属实", "not upheld"),
}
KINDS = {
    "officer_feedback": ("服务评价", "feedback on service"),
    "handling_complaint": ("办理不满", "complaint about handling"),
}
HOTLINE = ("热线", "by hotline")
SUPERVISION = ("监督渠道", "through social supervision")
DIRECT = ("来信来访与网络", "by letter, visit or online")
CHANNEL_GROUPS = {
    "12315": HOTLINE,
    "12345": HOTLINE,
    "integrity_card": SUPERVISION,
    "observer": SUPERVISION,
    "monitoring_station": SUPERVISION,
    "shuangshu": SUPERVISION,
    "12388": DIRECT,
    "online": DIRECT,
    "letter": DIRECT,
    "visit": DIRECT,
}
"""Channels in groups: an observer or a letter alone would point at a person."""
NOT_ON_FILE = ("未载", "not on file")


def loudest_complaints(complaints: pd.DataFrame, limit: int) -> tuple[Evidence, ...]:
    """The complaints that weigh most, at most `limit`, one of each complainant first; weight 1 is an upheld one.

    A note tells the quarter, the kind, the group of channels and the outcome; record_id leads whoever may to the rest.
    """
    weight = complaints["outcome"].map(WEIGHTS).fillna(UNKNOWN_WEIGHT).astype(float)
    ranked = complaints.assign(weight=weight).sort_values(["weight", "complaint_id"], ascending=[False, True])
    # one complaint for each complainant first: the hint counts people, not papers
    ranked = pd.concat([ranked.drop_duplicates("complainant_key"), ranked[ranked["complainant_key"].duplicated()]])
    return tuple(
        Evidence("complaint", str(row.complaint_id), float(row.weight), *_note(row))
        for row in ranked.head(limit).itertuples()
    )


def _note(row) -> tuple[str, str]:
    kind, channel = KINDS[row.kind], CHANNEL_GROUPS.get(row.channel, NOT_ON_FILE)
    outcome = OUTCOMES.get(row.outcome, NOT_ON_FILE)
    year, quarter = row.received_on.year, row.received_on.quarter
    return (
        f"{year}年第{quarter}季度接收,{kind[0]},来自{channel[0]},结果{outcome[0]}",
        f"received in quarter {quarter} of {year}, {kind[1]}, {channel[1]}, outcome {outcome[1]}",
    )
