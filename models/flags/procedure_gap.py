"""Procedure gaps (程序缺口): steps of a case that are missing, late or out of order, more often than in like cases.

What. Ended cases, one record each; a hit where a step that is on file is missing or out of order (models/case_gap.py
names them). Three patterns. in_his_file, by the lead handler: filed after the term of verification; no second
handler; a certificate that had run out; a fine above what the simple procedure allowed that day; decided before the
investigation ended; with them, but never alone, it is told that the case ended after deadline and extension.
signed_with_gap, by who approved: a major case without legal review or without the heads' discussion; decided although
the review disagreed. decided_with_gap, the same by the lead handler, where who approved is not on file.
Formula: expected = sum of the shares that trees expect of like records, which saw none of his; his true odds against
those, shrunk, with his station's habit taken off first (models/hint/rate.py). What the whole bureau omits is nobody's
hint.

Example. 41 cases ended in 12 months, 18 of them with a gap, where like ones lead to expect 1.9: shrunk 7.3 times the
expected share (95 % credible interval 4.7 to 10.3), P(odds > 1.5) above 0.999.

Strength. weak; moderate where q <= 0.01 or the year before crosses as well (both, where the same is told of his
institution), and no tested explanation takes from it. decided_with_gap is never more than weak: who decided is not on
file.

Why it matters. A step that is left out is one that nobody else looks at (DOMAIN.md 2.1, 2.2, 3.7, 3.14). Innocent
explanations, each tested: stations of two (where a missing second handler is no hit at all), few records, the same month
elsewhere, station practice. Not on file, so unknown: extensions by the head, suspension, hearing, appraisal, papers kept
elsewhere.

Unit: ratio of shares, 1 = as expected, higher is worse. Source: 行政处罚法 Art 42, 51, 54, 57, 58, 60;
市场监督管理行政处罚程序规定 Art 18; deadlines.toml and thresholds.toml, by the day of the act. Excluded: open and late cases
(case_dropped and process_delay ask those), steps whose column was not delivered.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from models.case_gap import FILE_GAPS, GAPS, SIGNED_GAPS, case_gaps, gap_words, major
from models.case_record import CASE_COLUMNS, NO_OUTCOME_DATE, case_note, led_cases
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
    "feature.case_record": (
        *CASE_COLUMNS, "co_officer_id", "approver_officer_id", "discovered_on", "investigation_closed_on",
        "legal_reviewed_on", "discretion_tier", "fine_yuan", "is_lead_certified", "is_co_certified",
    ),
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
UNSIGNED = "decided_with_gap"
WHO_DECIDED = Unknown(
    "who_decided",
    "审批人员未载明,是否应由审批人而非主办人员要求审核或讨论,请核对",
    "who approved is not on file: whether the review or discussion was for the approver to ask for is to be checked",
)


def judge(night: Night) -> Judgement:
    """Hints about officers and stations whose cases have gaps, who cannot be measured, and the indicator."""
    delivery = night.frames["core.delivery"].iloc[0]
    if not delivery["has_penalty"]:
        return Judgement(not_computable=(_bureau("未交付案件", "no cases were delivered"),))
    if not delivery["has_outcome_date"]:
        return Judgement(not_computable=(_bureau(*NO_OUTCOME_DATE),))
    cases = _ended(night, delivery)
    mute = [name for name in GAPS if cases[name].isna().all()]
    gaps = [
        _bureau(f"「{GAPS[name][0]}」无相应记录,无法判断", f"cannot be told from what was delivered: {GAPS[name][1]}")
        for name in mute
    ]
    # a case that is only late is told by case_dropped and process_delay: nobody is blamed twice
    counted = {"in_his_file": [name for name in FILE_GAPS if name != "decided_late"], "signed": list(SIGNED_GAPS)}
    in_file, signed = (cases[names].fillna(False).any(axis=1) for names in counted.values())
    record = ("件办结案件", "ended cases")
    asked = [Asked(_question(night, "in_his_file", record), cases.assign(is_hit=in_file))]
    is_due = cases[list(SIGNED_GAPS)].notna().any(axis=1).to_numpy(dtype=bool)
    decided = cases[is_due].assign(is_hit=signed[is_due])
    is_signed = decided["approver_officer_id"].notna().to_numpy(dtype=bool)
    # what the signer left out is his: the handler is asked only where nobody is on file who signed
    unsigned, signing = decided[~is_signed], decided[is_signed]
    if len(unsigned):
        record = ("件须审核或讨论的案件", "cases to be reviewed or discussed")
        question = _question(night, UNSIGNED, record)
        asked.append(Asked(replace(question, unknowns=(WHO_DECIDED, *UNKNOWNS)), unsigned))
    if delivery["has_approver"] and len(signing):
        question = _question(night, "signed_with_gap", ("件签批的案件", "cases signed"))
        asked.append(Asked(question, signing.assign(officer_id=signing["approver_officer_id"])))
    else:
        gaps.append(
            _bureau("未交付审批人员或审核、集体讨论日期", "who approved, or review and discussion, were not delivered")
        )
    found = answer(night, FAMILY, asked)
    flags = tuple(replace(flag, strength="weak") if UNSIGNED in flag.facts else flag for flag in found.flags)
    return Judgement(flags, (*gaps, *found.not_computable), found.indicator)


def _bureau(zh: str, en: str) -> NotComputable:
    return NotComputable("bureau", "all", FAMILY, zh, en)


def _question(night: Night, pattern: str, record: Words) -> Question:
    return Question(
        FAMILY,
        pattern,
        "penalty",
        record,
        ("有程序缺口", "have a gap of procedure"),
        FACTS,
        night.policy.flags.min_decisions,
        _note,
        explanations=(SMALL,),
        unknowns=UNKNOWNS,
    )


def _ended(night: Night, delivery: pd.Series) -> pd.DataFrame:
    """Ended cases with their gaps, known from the day on which the last of their stages was."""
    cases = night.frames["feature.case_record"]
    cases = led_cases(cases[cases["outcome_known_on"].notna()]).reset_index(drop=True)
    stages = ["outcome_known_on", "investigation_closed_on", "legal_reviewed_on", "collective_discussed_on"]
    is_small = is_small_station(cases["unit_id"], cases["filed_on"], night.frames["feature.officer_posting"])
    gaps = case_gaps(cases, delivery, night.policy.patrol)
    # the other one of two may be away: that is the station's want, not the handler's
    gaps["second_handler_missing"] = gaps["second_handler_missing"].mask(is_small)
    known_on, is_major = cases[stages].max(axis=1), major(cases).astype(float)
    return pd.concat([cases.assign(known_on=known_on, is_major=is_major, is_small_station=is_small), gaps], axis=1)


def _note(row: pd.Series) -> Words:
    (zh, en), (gap_zh, gap_en) = case_note(row), gap_words(row)
    return f"{zh};{gap_zh}", f"{en}; {gap_en}"
