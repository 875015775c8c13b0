"""Unanswered repeats: several people complain of one merchant within 90 days, and its handler lets it rest.

A repeat is the complaint with which a merchant reaches three distinct complainants in 90 days. It is unanswered where
within 60 days nobody inspected the merchant and no case was filed (DOMAIN.md 3.3). These are complaints about merchants,
another kind than those about officers: they are asked apart, and only of who handles them.
"""

from __future__ import annotations

import pandas as pd

from models.hint.question import Asked, Explanation, Question, Unknown, Words

FACTS = ("industry_division", "is_key_industry", "is_market", "quarter")


def unanswered_repeats(repeats: pd.DataFrame, family: str, least: int) -> Asked:
    """The question asked of rows of feature.repeat_complaint, as records of the officer who handles the complaint."""
    question = Question(
        family,
        "unanswered_repeat",
        "complaint",
        ("起多人重复反映", "merchants complained of by several people"),
        ("60日内既未检查也未立案", "were neither inspected nor made a case within 60 days"),
        FACTS,
        least,
        _note,
        explanations=(
            Explanation(
                "not_upheld_on_verification",
                "经核实不属实",
                "complaints not upheld on verification",
                lambda records: ~records["is_upheld"].astype("boolean"),
            ),
        ),
        unknowns=(
            Unknown(
                "settled_by_mediation",
                "是否已经调解、电话核实或移送其他部门处理未录入,请核对",
                "mediation, verification by telephone or a transfer to another office is not on record; to be checked",
            ),
        ),
    )
    records = repeats.assign(
        record_id=repeats["complaint_id"],
        officer_id=repeats["handler_officer_id"],
        quarter=pd.to_datetime(repeats["received_on"]).dt.quarter.astype(float),
        is_hit=~(repeats["was_visited"].astype(bool) | repeats["was_filed"].astype(bool)),
    )
    return Asked(question, records)


def _note(row: pd.Series) -> Words:
    day = pd.Timestamp(row["received_on"])
    later = "" if pd.isna(row["found_later_on"]) else ";其后180日内他人检查发现严重问题"
    later_en = "" if pd.isna(row["found_later_on"]) else "; somebody else found something severe there within 180 days"
    return (
        f"{day.year}年第{day.quarter}季度多人反映同一主体,60日内既未检查也未立案{later}",
        f"several people complained of one merchant in quarter {day.quarter} of {day.year}; neither inspected nor made a "
        f"case within 60 days{later_en}",
    )
