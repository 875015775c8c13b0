"""Innocent explanations that point at cases: measured anew without them, is the handler still lenient?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from models.flags import CounterEvidence

FEWEST_COMPARABLE = 10
"""A violation that other handlers decided fewer times than this in the window has no like cases to be compared with."""


@dataclass(frozen=True)
class Explanation:
    """One innocent explanation: its code, labels, and which cases it points at (boolean with gaps, None: not on file)."""

    code: str
    zh: str
    en: str
    points_at: Callable[[pd.DataFrame], pd.Series]


def not_on_file(code: str, zh: str, en: str) -> CounterEvidence:
    """The verdict on an explanation whose facts were not delivered."""
    return CounterEvidence(
        code, "unknown", f"交付记录未载明是否{zh}", f"the records delivered do not say which cases are {en}"
    )


def without_like_cases(cases: pd.DataFrame) -> pd.Series:
    """Whether each case is of a violation that handlers other than its own decided under FEWEST_COMPARABLE times."""
    everyone = cases.groupby("violation_code")["case_id"].transform("size")
    own = cases.groupby(["violation_code", "lead_officer_id"])["case_id"].transform("size")
    return everyone - own < FEWEST_COMPARABLE


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
    Explanation(
        "case_mix",
        f"他人同期不足{FEWEST_COMPARABLE}件的案由",
        f"violations that others decided fewer than {FEWEST_COMPARABLE} times",
        without_like_cases,
    ),
)
