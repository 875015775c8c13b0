"""Decisions under a threshold (卡线处罚): an officer's fines crowd just below the amount that asks for more eyes.

What. Fined cases of the ordinary procedure that he led, fine and confiscation together, around the amount from which a
station decides collectively, or from which the party may ask for a hearing, as in force on the day of the decision. Three
patterns. just_below: decisions between 0.6 and 1.6 of the threshold that lie in the last tenth below it. lowered:
proposals at or above the threshold whose decision lies below. split: decisions that, with his others on the same merchant
in the 30 days before, each below the threshold, together reach it.
Formula: expected = sum of the shares that trees expect of like records, which saw none of his: the density of everybody
else's amounts, with their heaps at round numbers; his true odds against those, shrunk, with his station's habit taken off
first (models/hint/rate.py).

Example. 62 decisions around 3,000 yuan in 12 months, 43 of them from 2,700 to under 3,000, where others' lead to expect
5.3: shrunk 7.6 times the expected share (95 % credible interval 6.2 to 8.9), P(odds > 1.5) above 0.999.

Strength. weak; moderate where q <= 0.01 or the year before crosses as well (both, where the same is told of his
institution), and no tested explanation takes from it.

Why it matters. Below the threshold nobody else looks (集体讨论、听证、重大案件法制审核: DOMAIN.md 2.2, 2.3, 3.8). Innocent
explanations, each tested: a habit of round numbers (the same question at 1,000, 2,000, 5,000, 20,000 and 50,000, where
nothing is at stake), amounts that crowd on both sides of the threshold, a statutory maximum at it, cases the heads
discussed all the same, reviewers who disagreed with the proposal, separate violations, few records, the same month
elsewhere, station practice. Not on file, so unknown: steps of a benchmark, appraisals that settled the confiscation.

Unit: ratio of shares, 1 = as expected, higher is worse. Source: McCrary, Journal of Econometrics 142 (2008), for the idea;
行政处罚法 Art 57, 63. Excluded: warnings, the simple procedure (but for splits), a party whose kind is not on file (but for
the collective amount).
"""

from __future__ import annotations

import pandas as pd

from models.case_record import CASE_COLUMNS, NO_DECIDED_ON, case_note
from models.flags import Judgement, Night, NotComputable
from models.hint.answer import answer
from models.hint.question import Asked, Explanation, Placebo, Question, Unknown, Words
from models.near_threshold import around_placebo, around_threshold, fined_cases, lowered_cases, split_cases

FAMILY = "threshold_bunching"
RECORD_KIND = "cases"
NEEDS = {
    "core.delivery": (),
    "feature.officer": ("officer_id", "as_of_on"),
    "feature.case_record": (*CASE_COLUMNS, "confiscated_yuan", "proposed_fine_yuan", "fine_yuan", "statutory_max_yuan"),
}

FACTS = ("near_number", "violation_number", "is_natural_person", "amount_level", "prior_level")
SPLIT_FACTS = ("violation_number", "is_natural_person", "prior_level")
UNKNOWNS = (
    Unknown(
        "benchmark_step",
        "裁量基准的分档或涉案财物鉴定可能使金额落在此处,请核对",
        "steps of a benchmark, or an appraisal, may put amounts there; to be checked",
    ),
)
COLLECTIVE = Explanation(
    "decided_together",
    "仍经集体讨论的案件",
    "cases that the heads discussed all the same",
    lambda cases: cases["is_collective"],
)
CAPPED = Explanation(
    "statutory_cap",
    "法定上限即在该档附近的案件",
    "cases whose statutory maximum lies just there",
    lambda cases: cases["is_capped"],
)
DISAGREED = Explanation(
    "review_disagreed",
    "法制审核不同意原拟处罚的案件",
    "cases whose legal review disagreed with the proposal",
    lambda cases: cases["was_disagreed"],
)
SEPARATE = Explanation(
    "separate_violation",
    "违法行为不同的案件",
    "cases about different violations",
    lambda cases: cases["is_other_violation"],
)


def judge(night: Night) -> Judgement:
    """Hints about officers and stations whose amounts crowd below, who cannot be measured, and the indicator."""
    delivery = night.frames["core.delivery"].iloc[0]
    if not (delivery["has_penalty"] and delivery["has_fine"]):
        why = _bureau("未交付罚款金额,无法比较", "no fines were delivered: amounts cannot be compared")
        return Judgement(not_computable=(why,))
    if not delivery["has_decided_on"]:
        return Judgement(not_computable=(_bureau(*NO_DECIDED_ON),))
    fined = fined_cases(night.frames["feature.case_record"])
    is_collective = fined["collective_discussed_on"].notna().astype("boolean")
    fined = fined.assign(is_collective=is_collective if delivery["has_collective"] else pd.NA)
    near = around_threshold(fined)
    if not delivery["has_statutory_maximum"]:
        near = near.assign(is_capped=pd.NA)
    flags = night.policy.flags
    record = ("件门槛附近的处罚决定", "decisions around a threshold")
    below = ("落在门槛下方一成以内", "lie in the last tenth below it")
    question = _question("just_below", record, below, FACTS, flags.min_threshold_cases, (COLLECTIVE, CAPPED))
    habits = (
        Placebo(
            "round_number_habit",
            "整数习惯:在不涉及门槛的整数下方同样集中",
            "a habit of round numbers: the same just below round amounts that are no threshold",
            around_placebo(fined),
        ),
        Placebo(
            "both_sides",
            "金额本就集中:门槛上方一成以内同样集中",
            "amounts crowd there anyway: the same in the tenth above the threshold",
            near.assign(is_hit=near["is_above"]),
        ),
    )
    asked = [Asked(question, near, habits)]
    together = (
        "与其30日内对同户的其他决定合计达到门槛",
        "reach a threshold together with his others on that merchant in 30 days",
    )
    split = ("件罚款决定", "fines")
    question = _question("split", split, together, SPLIT_FACTS, flags.min_decisions, (SEPARATE, COLLECTIVE))
    asked.append(Asked(question, split_cases(fined)))
    gaps = ()
    if delivery["has_proposal"]:
        record = ("件拟罚达到门槛的案件", "cases whose proposal reached a threshold")
        below = ("决定降至门槛以下", "were decided below it")
        question = _question("lowered", record, below, FACTS, flags.min_threshold_cases, (DISAGREED, COLLECTIVE))
        lowered = lowered_cases(fined)
        if not delivery["has_review_result"]:
            lowered = lowered.assign(was_disagreed=pd.NA)
        asked.append(Asked(question, lowered))
    else:
        gaps = (
            _bureau("未交付拟罚款,无法比较拟罚与决定", "no proposals were delivered: what was lowered cannot be told"),
        )
    found = answer(night, FAMILY, asked)
    return Judgement(found.flags, (*gaps, *found.not_computable), found.indicator)


def _bureau(zh: str, en: str) -> NotComputable:
    return NotComputable("bureau", "all", FAMILY, zh, en)


def _question(
    pattern: str, record: Words, hit: Words, facts: tuple[str, ...], least: int, explanations: tuple[Explanation, ...]
) -> Question:
    return Question(
        FAMILY, pattern, "penalty", record, hit, facts, least, _note, explanations=explanations, unknowns=UNKNOWNS
    )


def _note(row: pd.Series) -> Words:
    zh, en = case_note(row)
    proposed = row["proposed_fine_yuan"]
    if not pd.isna(proposed) and proposed != row["fine_yuan"]:
        zh, en = f"{zh}(拟罚款{proposed:,.0f}元)", f"{en} (a fine of {proposed:,.0f} proposed)"
    return f"{zh};集体讨论门槛{row['collective_yuan']:,.0f}元", f"{en}; collective from {row['collective_yuan']:,.0f}"
