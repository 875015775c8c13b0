"""Leniency without a ground: fines under the statutory minimum, and cases let off, with no reason for it on file.

The statutory grounds are those of 行政处罚法 Art 32-33: mitigating facts, the exemption list, a first offence that was
corrected promptly. Where the delivery says nothing of a ground, a case cannot be said to be without one.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.hint.question import Asked, Explanation, Question, Unknown, Words

CODE_LIMIT = 20
"""Violations told apart, the most frequent ones; all others are alike."""

FACTS = ("violation_number", "is_simple_procedure", "is_individual_merchant", "is_key_industry", "amount_level")
EXPLANATIONS = (
    Explanation(
        "legal_review_approved",
        "经法制审核同意",
        "approvals of the legal review",
        lambda cases: cases["was_review_approved"],
    ),
    Explanation("first_offence", "初次违法", "first offences", lambda cases: cases["is_first_offence"]),
    Explanation("corrected_promptly", "及时改正", "prompt corrections", lambda cases: cases["was_corrected_promptly"]),
)
UNKNOWNS = (
    Unknown(
        "ground_on_paper",
        "理由可能只载于卷宗,未录入系统,请核对卷宗",
        "the reason may stand in the paper file only; to be checked there",
    ),
)


def ungrounded(cases: pd.DataFrame, family: str, least: int) -> list[Asked]:
    """What is asked of decided cases, none of them decided by the heads together; empty where grounds are not on file.

    cases : rows of feature.officer_case. below_minimum : fined cases whose violation has a minimum. let_off : cases that
    ended with a fine, a warning or no penalty.
    """
    if cases["mitigation_count"].isna().all():
        return []
    own = cases[~cases["was_collectively_discussed"].fillna(False).astype(bool)]
    decided = _records(own[own["outcome"].isin(["fined", "warned", "no_penalty"])])
    is_grounded = (
        (decided["mitigation_count"].fillna(0) > 0)
        | decided["has_exemption"].fillna(False).astype(bool)
        | (decided["is_first_offence"] & decided["was_corrected_promptly"]).fillna(False).astype(bool)
    )
    fined = (decided["outcome"] == "fined") & (decided["statutory_min_yuan"] > 0)
    is_below = decided["fine_counted_yuan"] < decided["statutory_min_yuan"]
    below = Question(
        family,
        "below_minimum_without_ground",
        "penalty",
        ("件有法定下限的罚款", "fines with a statutory minimum"),
        ("低于法定下限且无理由在案", "lie under it with no ground on file"),
        FACTS,
        least,
        _note,
        explanations=EXPLANATIONS,
        unknowns=UNKNOWNS,
    )
    let_off = Question(
        family,
        "let_off_without_ground",
        "penalty",
        ("件处罚决定", "decisions"),
        ("不予处罚且无理由在案", "set no penalty with no ground on file"),
        FACTS,
        least,
        _note,
        explanations=EXPLANATIONS,
        unknowns=UNKNOWNS,
    )
    return [
        Asked(below, decided.assign(is_hit=is_below.fillna(False).astype(bool) & ~is_grounded)[fined.fillna(False)]),
        Asked(let_off, decided.assign(is_hit=(decided["outcome"] == "no_penalty") & ~is_grounded)),
    ]


def _records(cases: pd.DataFrame) -> pd.DataFrame:
    """The cases as records of their handler, with FACTS."""
    common = cases["violation_code"].value_counts()
    ranked = sorted(common.items(), key=lambda pair: (-pair[1], pair[0]))[:CODE_LIMIT]
    number = {code: float(rank) for rank, (code, _) in enumerate(ranked)}
    amount = cases["amount_involved_yuan"].to_numpy(dtype=float, na_value=np.nan)
    return cases.assign(
        record_id=cases["case_id"],
        officer_id=cases["lead_officer_id"],
        known_on=cases["outcome_known_on"],
        violation_number=cases["violation_code"].map(number).fillna(float(CODE_LIMIT)),
        amount_level=np.floor(np.log2(np.maximum(amount, 1.0)) / 2),
    )


def _note(row: pd.Series) -> Words:
    day = pd.Timestamp(row["outcome_known_on"])
    minimum = 0.0 if pd.isna(row["statutory_min_yuan"]) else float(row["statutory_min_yuan"])
    if row["outcome"] == "fined":
        fine = float(row["fine_counted_yuan"])
        return (
            f"{day:%Y-%m-%d}罚款{fine:,.0f}元,法定下限{minimum:,.0f}元,无从轻减轻情形、免罚清单或初次及时改正在案",
            f"fined {fine:,.0f} yuan on {day:%Y-%m-%d} where the minimum is {minimum:,.0f}; neither mitigating facts, an "
            "exemption nor a first offence promptly corrected is on file",
        )
    return (
        f"{day:%Y-%m-%d}不予处罚,法定下限{minimum:,.0f}元,无从轻减轻情形、免罚清单或初次及时改正在案",
        f"no penalty on {day:%Y-%m-%d} where the minimum is {minimum:,.0f} yuan; neither mitigating facts, an exemption "
        "nor a first offence promptly corrected is on file",
    )
