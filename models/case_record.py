"""A case as the families of hints look at it: what makes cases alike, and how one is told."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from models import policy
from models.hint.question import Words
from models.policy import ThresholdPolicy

OUTCOMES = {
    "fined": ("罚款", "fined"),
    "warned": ("警告", "warned"),
    "no_penalty": ("不予处罚", "no penalty"),
    "withdrawn": ("撤销立案", "withdrawn"),
    "terminated": ("终止调查", "terminated"),
    "transferred": ("移送", "transferred"),
    "pending": ("未办结", "pending"),
}
NO_OUTCOME: Words = ("结果未载明", "outcome not on file")
DROPPED = ("withdrawn", "terminated")
DECIDED = ("fined", "warned", "no_penalty")
CASE_FACTS = (
    "violation_number",
    "source_number",
    "is_natural_person",
    "amount_level",
    "prior_level",
    "is_first_offence",
)
"""What makes cases alike: never the officer or the station, and nothing that the handler alone writes down."""

CASE_COLUMNS = (
    "case_id",
    "merchant_id",
    "unit_id",
    "lead_officer_id",
    "case_source",
    "violation_code",
    "is_simple_procedure",
    "is_natural_person",
    "filed_on",
    "collective_discussed_on",
    "decided_on",
    "outcome_known_on",
    "outcome",
    "legal_review_result",
    "amount_involved_yuan",
    "total_yuan",
    "is_first_offence",
    "prior_penalty_count_24m",
)
"""Columns of feature.case_record that this file reads, and what every family of cases asks of them."""

NO_OUTCOME_DATE: Words = (
    "案件未交付决定日期或结案日期,结果无从起算",
    "cases carry neither decided_on nor closed_on: when one ended cannot be told",
)
NO_DECIDED_ON: Words = (
    "案件未交付决定日期,处罚决定无从起算",
    "cases carry no decided_on: when a fine was decided cannot be told",
)

SOURCES = ("patrol", "complaint", "report", "transfer", "random", "other")
LARGEST_LEVEL = 24
"""Amounts are told apart by their power of two, up to this one (16 million yuan)."""


def led_cases(cases: pd.DataFrame) -> pd.DataFrame:
    """Rows of feature.case_record as records of their lead handler: with record_id, officer_id and CASE_FACTS added.

    amount_level : floor(log2) of the amount involved, 0 below 2 yuan, gap where none is on file. prior_level : penalties
    of the merchant in the 24 months before, 2 for two or more.
    """
    amount = cases["amount_involved_yuan"].to_numpy(dtype=float, na_value=np.nan)
    return cases.assign(
        record_id=cases["case_id"],
        officer_id=cases["lead_officer_id"],
        violation_number=pd.factorize(cases["violation_code"], sort=True)[0].astype(float),
        source_number=cases["case_source"].map({name: number for number, name in enumerate(SOURCES)}).astype(float),
        amount_level=np.clip(np.floor(np.log2(np.maximum(amount, 1.0))), 0, LARGEST_LEVEL),
        prior_level=cases["prior_penalty_count_24m"].clip(upper=2).astype(float),
    )


def party_amount(
    cases: pd.DataFrame, for_natural: Callable[[ThresholdPolicy], float], for_legal: Callable[[ThresholdPolicy], float]
) -> np.ndarray:
    """The amount in yuan, shape (n,), that the policy of thresholds names for each party on the day of the decision.

    A party whose kind is not on file is taken for a legal person, whose amounts are the higher ones; NaN where there is no
    decision.
    """
    is_natural = cases["is_natural_person"].astype("boolean").fillna(False).to_numpy(dtype=bool)
    day = cases["decided_on"]
    return np.where(is_natural, policy.each("thresholds", for_natural, day), policy.each("thresholds", for_legal, day))


def case_note(row: pd.Series) -> Words:
    """A case in words: days of filing and outcome, outcome, fine and confiscation where there are any."""
    outcome = NO_OUTCOME if pd.isna(row["outcome"]) else OUTCOMES[row["outcome"]]
    filed, known = pd.Timestamp(row["filed_on"]), row["outcome_known_on"]
    ended_zh = "" if pd.isna(known) else f",{pd.Timestamp(known):%Y-%m-%d}"
    ended_en = "" if pd.isna(known) else f" on {pd.Timestamp(known):%Y-%m-%d}"
    total = row["total_yuan"]
    sum_zh, sum_en = ("", "") if pd.isna(total) else (f",罚没{total:,.0f}元", f", {total:,.0f} yuan in all")
    return (
        f"{filed:%Y-%m-%d}立案{ended_zh}{outcome[0]}{sum_zh}",
        f"filed on {filed:%Y-%m-%d}, {outcome[1]}{ended_en}{sum_en}",
    )
