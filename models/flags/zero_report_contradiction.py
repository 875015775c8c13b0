"""Zero reports that facts contradict (零报告失真): an institution reports no problem in months in which one was known.

What. Monthly self-checks. Two patterns: months in which something was known (an upheld complaint about one of its
officers, an item of its rectification list, a substantiated outcome), where zero was reported (zero_though_known); and
months whose report was late or missing (late_or_missing).
Formula: expected = share of like months (what was known of them) that the other institutions report as zero; its true
odds against those, shrunk by the spread among institutions, exact tail (models/hint/unit_answer.py).

Example. 12 of 12 months with an upheld complaint reported as zero, where 16 others do so in one of ten: 1.3 expected, exact
chance below 0.0001 and the year before alike: moderate.

Strength. weak; moderate where q <= 0.01 or the year before crosses as well, and no tested explanation takes from it.
Never about a person: the signatory signs for the institution.

Why it matters. A report that is always zero hides what it is made for (DOMAIN.md 3.16). Innocent explanations, each
tested: known only after the report, only items of another list (another scope), told in the next month's report, few
records, the same month elsewhere. Not on file, so unknown: whether the institution had been told (a bureau may keep a
matter from it), another scope agreed with the bureau, reports on paper. No text tells what was settled, or of whom.

Unit: ratio of shares, 1 = as expected; higher is worse. Source: DOMAIN.md 1.6, 3.16; Jones and Spiegelhalter 2011. Excluded:
accusations, repeated complaints, matters that became known self_check_grace_days after the report or later. Copied texts
cannot be seen: reports carry no text.
"""

from __future__ import annotations

import pandas as pd

from models.flags import Judgement, Night, NotComputable
from models.hint.question import Asked, Explanation, Question, Unknown
from models.hint.unit_answer import of_units, unit_answer
from models.self_report import KNOWN, contradictable_months, due_months, known_matters, last_names, monthly_reports

FAMILY = "zero_report_contradiction"
RECORD_KIND = "self_reports"
NEEDS = {
    "core.delivery": (),
    "core.institution": ("institution_id", "kind"),
    "core.self_check": ("institution_id", "month", "reported_on", "problem_count"),
    "core.rectification": ("institution_id", "due_on", "closed_on"),
    "core.integrity_outcome": ("officer_id", "opened_on", "closed_on", "result"),
    "core.posting": ("officer_id", "institution_id", "started_on", "ended_on"),
    "feature.officer_unit": ("institution_id", "successor_id"),
    "feature.officer_complaint": (
        "institution_id", "received_on", "resolved_on", "outcome", "is_public", "is_duplicate",
    ),
}  # fmt: skip

REPORTING = ("station", "team")
"""Kinds of institution that are expected to report."""
EXPLANATIONS = (
    Explanation(
        "known_after_cutoff",
        "报告之后方知的月份",
        "months of which it was known only after the report",
        lambda months: months["is_after_cutoff"],
    ),
    Explanation(
        "other_scope",
        "仅涉整改清单、口径可能不同的月份",
        "months with items of the rectification list only, perhaps of another scope",
        lambda months: months["is_item_only"],
    ),
    Explanation(
        "told_next_month",
        "次月报告已反映的月份",
        "months whose matter the next report tells",
        lambda months: months["is_told_next_month"],
    ),
)
UNKNOWNS = (
    Unknown(
        "unit_knew",
        "投诉核查结果、处置结论当时是否已告知该机构,交付记录未载明,请核对",
        "whether the institution had been told of upheld complaints and outcomes by then is not on file; to be checked",
    ),
    Unknown(
        "scope_agreed",
        "上级另定口径或另以书面报告的,交付记录未载明,请核对",
        "another scope agreed with the bureau, or reports on paper, are not on file; to be checked",
    ),
)


def judge(night: Night) -> Judgement:
    """Hints about institutions, and those that cannot be measured; no officer is measured."""
    delivery, policy = night.frames["core.delivery"].iloc[0], night.policy.flags
    if not delivery["has_self_check"]:
        gap = NotComputable("bureau", "all", FAMILY, "未交付月排查报告", "monthly self-checks were not delivered")
        return Judgement(not_computable=(gap,))
    names = last_names(night.frames["feature.officer_unit"])
    reports = monthly_reports(night.frames["core.self_check"], names)
    matters = known_matters(
        night.frames["feature.officer_complaint"],
        night.frames["core.rectification"],
        night.frames["core.integrity_outcome"],
        night.frames["core.posting"],
        names,
    )
    contradictable = contradictable_months(reports, matters, policy)
    due = due_months(reports, night.as_of, policy)
    asked = [
        Asked(_zero_though_known(policy.min_self_checks), of_units(contradictable)),
        Asked(_late_or_missing(policy.min_self_checks), of_units(due)),
    ]
    institutions = night.frames["core.institution"]
    units = institutions.loc[institutions["kind"].isin(REPORTING), "institution_id"]
    flags, missing = unit_answer(night, FAMILY, asked, set(units) - set(names))
    gaps = [
        NotComputable("bureau", "all", FAMILY, zh, en)
        for column, zh, en in (
            (
                "has_complaint_outcome",
                "投诉未载结果,未据以核对",
                "complaints carry no outcome and were not held against it",
            ),
            (
                "has_complaint_officer",
                "投诉未载被反映人,未据以核对",
                "complaints name no officer and were not held against it",
            ),
            ("has_rectification", "未交付整改清单,未据以核对", "rectification items were not delivered"),
        )
        if not delivery[column]
    ]
    return Judgement(tuple(flags), (*gaps, *missing))


def _zero_though_known(least: int) -> Question:
    return Question(
        FAMILY,
        "zero_though_known",
        "self_check",
        ("个当月另有已核事项的月份", "months of which a matter was settled"),
        ("报告为零", "were reported as zero"),
        KNOWN,
        least,
        _month_note,
        explanations=EXPLANATIONS,
        unknowns=UNKNOWNS,
    )


def _late_or_missing(least: int) -> Question:
    return Question(
        FAMILY,
        "late_or_missing",
        "self_check",
        ("个应报月份", "months due"),
        ("迟报或未报", "were reported late or not at all"),
        (),
        least,
        _due_note,
        unknowns=UNKNOWNS,
    )


def _month_note(row: pd.Series) -> tuple[str, str]:
    """That something had been settled; neither what nor how many: a station is small, and a kind would point at a person."""
    month = f"{pd.Timestamp(row['month']):%Y-%m}"
    return f"{month}报告为零,当月另有已核事项", f"{month} reported as zero, though a matter of that month was settled"


def _due_note(row: pd.Series) -> tuple[str, str]:
    month = f"{pd.Timestamp(row['month']):%Y-%m}"
    if row["is_missing"]:
        return f"{month}未见报告", f"{month}: no report"
    reported = pd.Timestamp(row["reported_on"])
    return f"{month}于{reported:%Y-%m-%d}方报告", f"{month} reported on {reported:%Y-%m-%d} only"
