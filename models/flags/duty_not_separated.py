"""Duties not separated (职责未分离): one person finds, handles, reviews or approves what others should see.

What. Cases of the ordinary procedure. Two hard rules, counted: reviewed_own, the reviewer is one of the two handlers;
approved_own, the lead handler, who proposes, approves as well. One statistic: self_handover, cases that came from a visit
and are led by the officer who led that visit.
Formula: of the rules, statistic = number of such cases in 24 months, expected = 0. Of the statistic, expected = sum of the
shares that trees expect of like records, which saw none of his; his true odds against those, shrunk, with his station's
habit taken off first (models/hint/rate.py); and it must be more than chance: whoever found a fifth of what led to the
station's cases would meet his own in a fifth, if they were dealt at random (exact binomial tail below 0.01).

Example. 50 of 162 cases in 24 months are reviewed by one of their handlers, expected 0: a moderate hint. 41 of his 44 cases
from visits in 12 months are about his own visits, where like ones lead to expect 0.0: shrunk over 100 times.

Strength. Rules: moderate from min_rule_cases on, those of stations of two and those the heads discussed not counted;
else weak. The statistic: weak; moderate where q <= 0.01 or the year before crosses as well (both, where the same is
told of his institution), and no tested explanation takes from it.

Why it matters. Whoever reviews his own case has no reviewer (处罚程序:办案人员不得审核; 巡办分离、自己向自己移交: DOMAIN.md 3.14).
Innocent explanations, each tested: stations of two (their self-approvals raise no hint at all; a review belongs to the
legal office even there, so it stays, weak), meeting his own findings by chance, cases the heads discussed, officers whose
post is both patrol and cases, few records, the same month elsewhere, station practice. Not on file, so unknown: approved
exceptions, a reviewer who acted for another.

Unit: cases for the rules; ratio of shares for the statistic, 1 = as expected; higher is worse. Source:
市场监督管理行政处罚程序规定 (办案人员不得作为审核人员); 行政处罚法 Art 57, 58. Excluded: the simple procedure, which one officer may
take alone, and pending cases.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from models.case_record import CASE_COLUMNS, CASE_FACTS, NO_OUTCOME_DATE, case_note, led_cases
from models.flags import Judgement, Night, NotComputable, indicator_frame
from models.hint.answer import answer
from models.hint.question import Asked, Explanation, Question, Unknown
from models.own_case import broken_rules, chance_meeting, found_share, rule_hints, rule_indicator
from models.station_size import is_small_station

FAMILY = "duty_not_separated"
RECORD_KIND = "cases"
NEEDS = {
    "core.delivery": (),
    "core.posting": ("posting_id", "officer_id", "post", "started_on", "ended_on"),
    "feature.officer": ("officer_id", "as_of_on"),
    "feature.officer_posting": ("posting_id", "clock", "officer_id", "unit_id", "tenure_began_on", "ended_on"),
    "feature.case_record": (
        *CASE_COLUMNS,
        "co_officer_id",
        "reviewer_officer_id",
        "approver_officer_id",
        "finder_officer_id",
    ),
}
CASE_POST = "case_handling"

EXPLANATIONS = (
    Explanation(
        "two_person_station",
        "不超过两人的机构的案件",
        "cases of stations with at most two officers",
        lambda cases: cases["is_small_station"],
    ),
    Explanation(
        "both_posts",
        "主办人当时兼任巡查与办案岗位的案件",
        "cases led by one who held posts of patrol and of case handling that day",
        lambda cases: cases["has_both_posts"],
    ),
    Explanation(
        "decided_together",
        "经集体讨论的案件",
        "cases that the heads discussed",
        lambda cases: cases["is_collective"],
    ),
)
UNKNOWNS = (
    Unknown(
        "approved_exception",
        "经批准的例外(人员不足、紧急案件等)未交付,请核对",
        "approved exceptions (short of staff, urgency) were not delivered; to be checked",
    ),
)


def judge(night: Night) -> Judgement:
    """Hints about officers who hold two duties in a case, what cannot be told, and the indicator."""
    delivery = night.frames["core.delivery"].iloc[0]
    if not delivery["has_penalty"]:
        return Judgement(not_computable=(_bureau("未交付案件", "no cases were delivered"),))
    cases = _cases(night, has_collective=bool(delivery["has_collective"]))
    gaps = [
        _bureau(f"未交付{zh},无法判断", f"{en} was not delivered: cannot be told")
        for column, zh, en in (
            ("has_reviewer", "审核人员", "who reviewed"),
            ("has_approver", "审批人员", "who approved"),
        )
        if not delivery[column]
    ]
    if not delivery["has_outcome_date"]:
        # the rules wait for the outcome; who was given what he found himself is known from the filing on
        gaps.append(_bureau(*NO_OUTCOME_DATE))
    hits = broken_rules(cases)
    hints = rule_hints(hits, cases, night, UNKNOWNS)
    rules = rule_indicator(hits, cases, night)
    measured = set(rules.loc[rules["as_of_on"] == pd.Timestamp(night.as_of), "officer_id"])
    from_visit = cases[cases["finder_officer_id"].notna()]
    from_visit = from_visit.assign(
        known_on=from_visit["filed_on"],
        is_hit=from_visit["finder_officer_id"] == from_visit["lead_officer_id"],
        found_share=found_share(from_visit),
    )
    if from_visit.empty:
        gaps.append(_bureau("案件未载明由哪次检查发现", "cases do not name the visit they came from"))
        return Judgement(tuple(hints), tuple(gaps), rules)
    question = Question(
        FAMILY,
        "self_handover",
        "penalty",
        ("件检查发现的案件", "cases that came from a visit"),
        ("由发现人自己主办", "are led by the officer who led that visit"),
        CASE_FACTS,
        night.policy.flags.min_decisions,
        case_note,
        explanations=EXPLANATIONS,
        unknowns=UNKNOWNS,
    )
    found = _beyond_chance(answer(night, FAMILY, [Asked(question, from_visit)]), from_visit)
    # who can be measured by the rules is no gap, though his findings are too few for the statistic
    gaps += [gap for gap in found.not_computable if gap.subject_id not in measured]
    return Judgement((*hints, *found.flags), tuple(gaps), _worse(found.indicator, rules))


def _bureau(zh: str, en: str) -> NotComputable:
    return NotComputable("bureau", "all", FAMILY, zh, en)


def _beyond_chance(found: Judgement, cases: pd.DataFrame) -> Judgement:
    """The judgement without the hints that chance explains, their officers' measure taken back; the others say so."""
    told = {flag: chance_meeting(flag, cases) for flag in found.flags if flag.subject_kind == "officer"}
    cleared = {flag.subject_id for flag, chance in told.items() if chance.verdict == "supported"}
    is_cleared = found.indicator["officer_id"].isin(cleared)
    flags = tuple(
        replace(flag, counter_evidence=(told[flag], *flag.counter_evidence)) if flag in told else flag
        for flag in found.flags
        if flag.subject_kind != "officer" or flag.subject_id not in cleared
    )
    return Judgement(
        flags,
        found.not_computable,
        found.indicator.assign(
            index=found.indicator["index"].mask(is_cleared), crosses=found.indicator["crosses"].mask(is_cleared)
        ),
    )


def _cases(night: Night, *, has_collective: bool) -> pd.DataFrame:
    """Cases of the ordinary procedure, with what the explanations point at."""
    cases = night.frames["feature.case_record"]
    cases = led_cases(cases[~cases["is_simple_procedure"].astype(bool)]).reset_index(drop=True)
    is_collective = cases["collective_discussed_on"].notna().astype("boolean")
    postings = night.frames["core.posting"]
    return cases.assign(
        is_small_station=is_small_station(cases["unit_id"], cases["filed_on"], night.frames["feature.officer_posting"]),
        has_both_posts=_holds(cases, postings[postings["post"] == CASE_POST])
        & _holds(cases, postings[postings["post"].isin(night.policy.patrol.patrol_posts)]),
        is_collective=is_collective if has_collective else pd.NA,
    )


def _holds(cases: pd.DataFrame, postings: pd.DataFrame) -> pd.Series:
    """Whether the lead handler of each case held one of these postings on the day of filing."""
    met = cases[["case_id", "officer_id", "filed_on"]].merge(postings, on="officer_id")
    ended = met["ended_on"].fillna(met["filed_on"])
    held = met[(met["started_on"] <= met["filed_on"]) & (ended >= met["filed_on"])]
    return cases["case_id"].isin(held["case_id"])


def _worse(statistic: pd.DataFrame, rules: pd.DataFrame) -> pd.DataFrame:
    """The worse of the two measures of each officer-night; a rule that was broken is not taken away by an explanation."""
    both = pd.concat([statistic, rules], ignore_index=True)
    return indicator_frame(
        both.groupby(["officer_id", "as_of_on"], as_index=False).agg({"index": "max", "crosses": "max"})
    )
