"""A visit as the families of hints look at it: what makes visits alike, what makes one doubtful, and how it is told."""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.hint.question import Explanation, Words
from models.policy import FlagPolicy

VISIT_KINDS = {
    "routine": ("日常检查", "routine check"),
    "special": ("专项检查", "check of a campaign"),
    "targeted": ("重点检查", "targeted check"),
    "random": ("双随机抽查", "random check"),
    "complaint": ("投诉核查", "check of a complaint"),
    "recheck": ("复查", "recheck"),
}
RESULTS = {
    "normal": ("正常", "normal"),
    "order_to_correct": ("责令改正", "order to correct"),
    "warning": ("警告", "warning"),
    "case_referred": ("移送立案", "case referred"),
    "closed_on_arrival": ("到场关门", "closed on arrival"),
    "not_found": ("查无下落", "not found"),
}
VISIT_FACTS = (
    "kind_number",
    "industry_division",
    "is_market",
    "is_individual_merchant",
    "is_rural",
    "quarter",
    "prior_level",
)
"""What makes visits alike: never the officer or the station."""


def led_visits(visits: pd.DataFrame) -> pd.DataFrame:
    """Rows of feature.visit_record as records of their lead officer: with record_id, officer_id and VISIT_FACTS added.

    prior_level : 0 where other officers never visited the merchant before, 1 where they found nothing, 2 where they
    found something at less than half of their visits, 3 above.
    """
    visited = pd.to_datetime(visits["visited_on"])
    prior = visits["prior_visit_count"].to_numpy(dtype=float)
    found = visits["prior_finding_count"].to_numpy(dtype=float)
    return visits.assign(
        record_id=visits["patrol_id"],
        officer_id=visits["lead_officer_id"],
        kind_number=visits["visit_kind"].map({kind: number for number, kind in enumerate(VISIT_KINDS)}).astype(float),
        quarter=visited.dt.quarter.astype(float),
        prior_level=np.select([prior == 0, found == 0, 2 * found < prior], [0.0, 1.0, 2.0], 3.0),
    )


def padding_signs(visits: pd.DataFrame, policy: FlagPolicy) -> pd.DataFrame:
    """Signs that a visit was not made as it was written down, one nullable boolean column each; NA: not on file.

    is_too_short : under shortest_visit_minutes. is_too_far : from the officer's visit before it that day, faster than
    fastest_kilometres_per_hour. is_same_note : the same note as at another merchant. is_during_leave : on a day of leave
    or training.
    """
    minutes, gap = (visits[name].astype("Float64") for name in ("visit_minutes", "previous_gap_minutes"))
    kilometres = visits["previous_kilometres"].astype("Float64")
    hours = gap.clip(lower=0) / 60
    return pd.DataFrame(
        {
            "is_too_short": minutes < policy.shortest_visit_minutes,
            "is_too_far": kilometres > policy.fastest_kilometres_per_hour * hours + policy.nearest_kilometres,
            "is_same_note": visits["note_repeat_count"].astype("Float64") > 0,
            "is_during_leave": visits["is_on_leave"].astype("boolean"),
        },
        index=visits.index,
    )


def doubted(visits: pd.DataFrame, policy: FlagPolicy) -> pd.Series:
    """Whether any of `padding_signs` speaks against each visit, as a nullable boolean; NA where none is on file."""
    signs = padding_signs(visits, policy)
    return signs.fillna(False).any(axis=1).astype("boolean").mask(signs.isna().all(axis=1))


DOUBTFUL_VISIT = Explanation(
    "doubtful_visit",
    "巡查凑数类疑点所涉检查",
    "visits that patrol_padding doubts",
    lambda visits: visits["is_doubtful"],
)
"""For records that carry `is_doubtful` (`doubted`): what patrol_padding tells, no other family blames again."""

VISIT_FACT_SOURCES = (
    "patrol_id",
    "lead_officer_id",
    "unit_id",
    "merchant_id",
    "visited_on",
    "known_on",
    "visit_kind",
    "result",
    "was_inspected",
    "finding_count",
    "industry_division",
    "is_market",
    "is_individual_merchant",
    "is_rural",
    "prior_visit_count",
    "prior_finding_count",
    "visit_minutes",
    "previous_kilometres",
    "previous_gap_minutes",
    "note_repeat_count",
    "is_on_leave",
)
"""Columns of feature.visit_record that this file reads, and who and where."""


def visit_note(row: pd.Series) -> Words:
    """A visit in words: day, kind, result and findings."""
    kind, result = VISIT_KINDS[row["visit_kind"]], RESULTS[row["result"]]
    day, count = pd.Timestamp(row["visited_on"]), int(row["finding_count"])
    return (
        f"{day:%Y-%m-%d}{kind[0]},结果{result[0]},问题{count}项",
        f"{kind[1]} on {day:%Y-%m-%d}, result {result[1]}, {count} findings",
    )
