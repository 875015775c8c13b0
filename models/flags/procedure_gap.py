"""Procedure gaps (程序缺口): steps of a case that are missing, late or out of order, more often than in like cases.

What. Ended cases, one record each; a hit where any step that is on file is missing or out of order (models/case_gap.py
names them): filed after the term of verification; ended after deadline and extension without the heads' extension; no
second handler; a certificate that had run out; a fine above what the simple procedure allowed that day; decided before
the investigation ended; a major case without legal review or without the heads' discussion; decided although the review
disagreed. Two patterns: in_his_file, by the lead handler; signed_with_gap, only the last three, by who approved.
Formula: expected = sum of the shares that trees expect of like records, which saw none of his; his true odds against
those, shrunk, with his station's habit taken off first (models/hint/rate.py). What the whole bureau omits is nobody's
hint.

Example. 41 cases ended in 12 months, 18 of them with a gap, where like ones lead to expect 1.9: shrunk 7.3 times the
expected share (95 % credible interval 4.7 to 10.3), P(odds > 1.5) above 0.999.

Strength. weak; moderate where q <= 0.01 or the year before crosses as well, and no tested explanation takes from it.

Why it matters. A step that is left out is one that nobody else looks at (DOMAIN.md 2.1, 2.2, 3.7, 3.14). Innocent
explanations, each tested: cases whose only gap is their length (process_delay tells that), gaps that who signed must have
seen, stations of two, few records, the same month elsewhere, station practice. Not on file, so unknown: extensions by the
head, suspension, hearing, appraisal, papers kept elsewhere.

Unit: ratio of shares, 1 = as expected, higher is worse. Source: 行政处罚法 Art 42, 51, 54, 57, 58, 60;
市场监督管理行政处罚程序规定 Art 18; deadlines.toml and thresholds.toml, by the day of the act. Excluded: open cases (case_dropped
asks those), steps whose column was not delivered.
"""

from __future__ import annotations

import pandas as pd

from models.case_gap import GAPS, SIGNED_GAPS, case_gaps, gap_words, major
from models.case_record import case_note, led_cases
from models.flags import Judgement, Night, NotComputable
from models.hint.answer import answer
from models.hint.question import Asked, Explanation, Question, Unknown, Words
from models.station_size import is_small_station

FAMILY = "procedure_gap"
RECORD_KIND = "cases"
NEEDS = {
    "core.delivery": (),
    "feature.officer": ("officer_id", "as_of_on"),
    "feature.officer_posting": (
        "posting_id", "clock", "officer_id", "unit_id", "tenure_began_on", "ended_on",
    ),
    "feature.case_record": (),
}  # fmt: skip
FACTS = (
    "violation_number",
    "is_simple_procedure",
    "is_natural_person",
    "is_major",
    "source_number",
    "amount_level",
    "prior_level",
)
SMALL = Explanation(
    "two_person_station",
    "不超过两人的机构的案件",
    "cases of stations with at most two officers",
    lambda cases: cases["is_small_station"],
)
FILE_EXPLANATIONS = (
    Explanation(
        "overdue_only",
        "仅有超期一项(由办理快慢类疑点说明)的案件",
        "cases whose only gap is their length, which process_delay tells",
        lambda cases: cases["is_only_late"],
    ),
    Explanation(
        "others_sign",
        "仅缺审核或集体讨论(签批者亦应见到)的案件",
        "cases that lack only what who signed must have seen",
        lambda cases: cases["is_only_signed"],
    ),
    SMALL,
)
UNKNOWNS = (
    Unknown(
        "extension_approved",
        "经批准的延期、中止、听证、鉴定等未交付,请核对",
        "approved extensions, suspension, hearing and appraisal were not delivered; to be checked",
    ),
    Unknown(
        "kept_elsewhere",
        "文书可能存于别处或录入不全,须查阅案卷",
        "papers may be kept elsewhere or not entered: only the file tells",
    ),
)


def judge(night: Night) -> Judgement:
    """Hints about officers and stations whose cases have gaps, who cannot be measured, and the indicator."""
    delivery = night.frames["core.delivery"].iloc[0]
    if not delivery["has_penalty"]:
        return Judgement(not_computable=(_bureau("未交付案件", "no cases were delivered"),))
    cases = _ended(night, delivery)
    mute = [name for name in GAPS if cases[name].isna().all()]
    gaps = [
        _bureau(f"「{GAPS[name][0]}」无相应记录,无法判断", f"cannot be told from what was delivered: {GAPS[name][1]}")
        for name in mute
    ]
    any_gap = cases[list(GAPS)].fillna(False).any(axis=1)
    signed = cases[list(SIGNED_GAPS)].fillna(False).any(axis=1)
    file_question = _question(night, "in_his_file", ("件办结案件", "ended cases"), FILE_EXPLANATIONS)
    asked = [
        Asked(
            file_question,
            cases.assign(
                is_hit=any_gap,
                is_only_late=any_gap
                & ~cases[[name for name in GAPS if name != "decided_late"]].fillna(False).any(axis=1),
                is_only_signed=any_gap
                & ~cases[[name for name in GAPS if name not in SIGNED_GAPS]].fillna(False).any(axis=1),
            ),
        )
    ]
    if delivery["has_approver"] and len(set(SIGNED_GAPS) - set(mute)):
        signing = cases[cases["approver_officer_id"].notna() & cases[list(SIGNED_GAPS)].notna().any(axis=1)]
        question = _question(night, "signed_with_gap", ("件签批的案件", "cases signed"), (SMALL,))
        asked.append(
            Asked(question, signing.assign(officer_id=signing["approver_officer_id"], is_hit=signed[signing.index]))
        )
    else:
        gaps.append(
            _bureau("未交付审批人员或审核、集体讨论日期", "who approved, or review and discussion, were not delivered")
        )
    found = answer(night, FAMILY, asked)
    return Judgement(found.flags, (*gaps, *found.not_computable), found.indicator)


def _bureau(zh: str, en: str) -> NotComputable:
    return NotComputable("bureau", "all", FAMILY, zh, en)


def _question(night: Night, pattern: str, record: Words, explanations: tuple[Explanation, ...]) -> Question:
    return Question(
        FAMILY,
        pattern,
        "penalty",
        record,
        ("有程序缺口", "have a gap of procedure"),
        FACTS,
        night.policy.flags.min_decisions,
        _note,
        explanations=explanations,
        unknowns=UNKNOWNS,
    )


def _ended(night: Night, delivery: pd.Series) -> pd.DataFrame:
    """Ended cases with their gaps, known from the day on which the last of their stages was."""
    cases = night.frames["feature.case_record"]
    cases = led_cases(cases[cases["outcome_known_on"].notna()]).reset_index(drop=True)
    stages = ["outcome_known_on", "investigation_closed_on", "legal_reviewed_on", "collective_discussed_on"]
    return pd.concat(
        [
            cases.assign(
                known_on=cases[stages].max(axis=1),
                is_major=major(cases).astype(float),
                is_small_station=is_small_station(
                    cases["unit_id"], cases["filed_on"], night.frames["feature.officer_posting"]
                ),
            ),
            case_gaps(cases, delivery, night.policy.patrol),
        ],
        axis=1,
    )


def _note(row: pd.Series) -> Words:
    (zh, en), (gap_zh, gap_en) = case_note(row), gap_words(row)
    return f"{zh};{gap_zh}", f"{en}; {gap_en}"
