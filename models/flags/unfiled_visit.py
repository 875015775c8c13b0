"""Unfiled visits (未报备入企): visits without a filing, filings without a visit, visits at odd hours, meals with a party.

What. Five patterns. no_filing: visits that he led for which no filing in force was made (none, rejected, or later
than a supplement may come). filed_late: filings that came after the visit began. filing_without_visit: filings that
permit a visit which nobody made. outside_hours: visits begun before 07:00 or after 20:00. meal_with_case_party (a
rule): meals and activities filed with the party to a case that he handled, from its discovery or filing to 30 days
after its outcome.
Formula: the first four: true odds of such records against those expected of like ones (kind, industry, place, season, of
other officers), shrunk, his station's habit taken off first (models/hint/rate.py). The rule counts records.

Example. 81 of 149 visits without a filing where 8.3 are expected: shrunk 9.10 times the expected share (95 % credible
interval 7.70 to 10.50), exact chance below 0.0001 in 12 months.

Strength. weak; moderate where q <= 0.01 or the year before crosses as well (both, where the same is told of his
institution), and no tested explanation takes from it. The rule: weak; moderate from two filings on that were rejected,
late or missing. Strong only together with another kind of record.

Why it matters. A visit that nobody knows of is where asking, warning and taking happen (擅自入企: DOMAIN.md 3.11, 国办发
〔2024〕54号). Innocent explanations, each tested: an urgent check of a complaint (supplement within 10 days), a
colleague's filing (a filing of the second officer counts; one for a day nearby, by whomever, is an explanation), a
clock that is minutes off, filed beforehand (odd hours), visits that patrol_padding doubts, few records, the same
month elsewhere, station practice; of filings: a visit of somebody within a week; of meals: approval, and that he
filed them openly. Not on file, so unknown: service visits that a firm asked for, checks that were called off.

Unit: ratio of shares, 1 = as expected, higher is worse; of the rule records. Source: Jones and Spiegelhalter 2011;
DOMAIN.md 3.11. Excluded: visits that he only joined; visits whose term of supplement still runs; filings rejected.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from models.case_meal import case_meals, meal_hints
from models.flags import Judgement, Night, NotComputable
from models.hint.answer import answer
from models.hint.question import Asked, Explanation, Question, Unknown
from models.visit_filing import awaited_note, awaited_visits, filed_visits, outside_note, unfiled_note
from models.visit_record import DOUBTFUL_VISIT, VISIT_FACT_SOURCES, VISIT_FACTS, doubted, led_visits

FAMILY = "unfiled_visit"
RECORD_KIND = "filings"
NEEDS = {
    "core.delivery": (),
    "core.filing": ("filing_id", "kind", "officer_id", "merchant_id", "filed_on", "event_at", "status"),
    "core.penalty": (
        "case_id",
        "lead_officer_id",
        "co_officer_id",
        "merchant_id",
        "discovered_on",
        "filed_on",
        "outcome_known_on",
    ),
    "feature.officer": ("officer_id", "as_of_on"),
    "feature.officer_posting": ("posting_id", "clock", "officer_id", "unit_id", "started_on", "ended_on"),
    "feature.visit_filing": (
        "filing_id",
        "officer_id",
        "merchant_id",
        "event_on",
        "status",
        "was_visited",
        "known_on",
    ),
    "feature.visit_record": (
        *VISIT_FACT_SOURCES,
        "start_minute_of_day",
        "is_outside_hours",
        "was_filed",
        "filing_lag_minutes",
        "was_filing_rejected",
    ),
}

URGENT_KINDS = ("complaint", "targeted")
URGENT = Explanation(
    "urgent_check",
    "投诉核查、重点检查等即时检查",
    "immediate checks (of a complaint, targeted)",
    lambda visits: visits["visit_kind"].isin(URGENT_KINDS),
)
SUPPLEMENTED = Explanation(
    "urgent_supplement",
    "即时检查且限期内补报",
    "immediate checks supplemented in time",
    lambda visits: visits["visit_kind"].isin(URGENT_KINDS) & visits["is_supplement"],
)
CLOCK = Explanation(
    "clock_error", "数分钟内的时钟误差", "clocks that are minutes off", lambda visits: visits["is_clock_error"]
)
NEARBY = Explanation(
    "partner_filed",
    "同事报备或改期(一周内同一主体有未对应的报备)",
    "visits with a colleague's filing, or one of another day of the week",
    lambda visits: visits["is_filed_nearby"],
)
FILED_BEFORE = Explanation(
    "filed_beforehand",
    "非工作时段但事前已报备",
    "visits at odd hours that were filed beforehand",
    lambda visits: (visits["was_filed"].astype("boolean") & ~visits["is_late"] & visits["is_outside_hours"]).mask(
        visits["was_filed"].isna()
    ),
)
VISITED_OTHERWISE = Explanation(
    "visited_otherwise",
    "一周内有人到过该主体",
    "filings whose merchant somebody visited within a week",
    lambda filings: filings["was_visited_otherwise"],
)
SERVICE = Unknown(
    "service_visit",
    "应企业请求上门服务、走访是否须报备,记录未载明,请核对",
    "whether the visit was a service that the firm asked for is not on file; to be checked",
)
CALLED_OFF = Unknown(
    "called_off",
    "检查任务是否被取消或改派,记录未载明,请核对",
    "whether the check was called off or given to another is not on file; to be checked",
)
NIGHT_TRADE = Unknown(
    "night_trade",
    "夜间经营主体的检查只能在其营业时进行,请核对",
    "merchants who trade at night can only be checked then; to be checked",
)


def judge(night: Night) -> Judgement:
    """Hints about visits, filings and meals, who cannot be measured, and the indicator of the first four patterns."""
    delivery = night.frames["core.delivery"].iloc[0]
    policy = night.policy.flags
    asked, gaps, meals = [], [], []
    if delivery["has_patrol"]:
        visits = led_visits(night.frames["feature.visit_record"])
        visits = visits.assign(is_doubtful=doubted(visits, policy))
        if delivery["has_visit_filing"]:
            visits = filed_visits(visits, night.frames["feature.visit_filing"], policy)
            asked += _of_filings(night, visits)
        else:
            gaps.append(_gap("未交付入企检查报备", "no filings of visits were delivered"))
            visits = visits.assign(is_late=pd.Series(pd.NA, index=visits.index, dtype="boolean"))
        timed = visits[visits["is_outside_hours"].notna()]
        if len(timed):
            asked.append(_of_hours(timed, policy.min_visits))
        else:
            gaps.append(
                _gap("检查记录未载明时刻,非工作时段无法判断", "visits carry no time of day: odd hours cannot be told")
            )
    else:
        gaps.append(_gap("未交付巡查记录", "no visits were delivered"))
    if delivery["has_penalty"]:
        found = case_meals(night.frames["core.filing"], night.frames["core.penalty"], night.as_of, policy)
        meals = meal_hints(found, FAMILY, night.as_of, policy)
    else:
        gaps.append(_gap("未交付案件,餐饮活动无从比对", "no cases were delivered: meals cannot be held against them"))
    judgement = answer(night, FAMILY, asked) if asked else Judgement()
    return replace(
        judgement,
        flags=(*judgement.flags, *meals),
        not_computable=(*gaps, *judgement.not_computable),
    )


def _of_filings(night: Night, visits: pd.DataFrame) -> list[Asked]:
    """The patterns of visits against their filings; `visits` as of `filed_visits`."""
    policy = night.policy.flags
    no_filing = Question(
        FAMILY,
        "no_filing",
        "patrol",
        ("次检查", "visits"),
        ("无有效报备", "had no filing in force"),
        VISIT_FACTS,
        policy.min_visits,
        unfiled_note,
        explanations=(URGENT, NEARBY, DOUBTFUL_VISIT),
        unknowns=(SERVICE,),
    )
    late = replace(
        no_filing,
        pattern="filed_late",
        record=("次已报备的检查", "visits that were filed"),
        hit=("在检查开始后才报备", "were filed after they had begun"),
        explanations=(SUPPLEMENTED, CLOCK, DOUBTFUL_VISIT),
    )
    awaited = replace(
        no_filing,
        pattern="filing_without_visit",
        table="filing",
        record=("件入企检查报备", "filings of visits"),
        hit=("没有对应的检查", "had no visit"),
        facts=("quarter",),
        least_exposure=policy.min_filings,
        note=awaited_note,
        explanations=(VISITED_OTHERWISE,),
        unknowns=(CALLED_OFF,),
    )
    filings = awaited_visits(
        night.frames["feature.visit_filing"], visits, night.frames["feature.officer_posting"], policy
    )
    timed = visits[visits["is_late"].notna()]
    return [
        Asked(no_filing, visits.assign(is_hit=visits["is_unfiled"].astype(bool))),
        Asked(late, timed.assign(is_hit=timed["is_late"].astype(bool))),
        Asked(awaited, filings),
    ]


def _of_hours(visits: pd.DataFrame, least: int) -> Asked:
    """The pattern of odd hours; `visits` carry their time of day."""
    question = Question(
        FAMILY,
        "outside_hours",
        "patrol",
        ("次检查", "visits"),
        ("在非工作时段开始", "began at odd hours"),
        VISIT_FACTS,
        least,
        outside_note,
        explanations=(URGENT, FILED_BEFORE, DOUBTFUL_VISIT),
        unknowns=(NIGHT_TRADE,),
        record_kind="visits",
    )
    return Asked(question, visits.assign(is_hit=visits["is_outside_hours"].astype(bool)))


def _gap(zh: str, en: str) -> NotComputable:
    return NotComputable("bureau", "all", FAMILY, zh, en)
