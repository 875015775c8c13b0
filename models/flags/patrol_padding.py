"""Padded patrols (巡查凑数、流于形式): visits that look written down rather than made.

What. Five patterns of the visits that he led. doubtful_visit: visits with a hard sign (under 3 minutes; too far from the
visit before it that day for the time between; the same note as at another merchant; on a day of leave or training).
crowded_day: days with more visits than the median and 4.5 robust standard deviations, of officers of such stations and of
his own days around it (who is always busy crowds no day).
late_entry: visits entered after the day. month_end: visits in the last three days of a month. entered_by_other: records
entered by neither of the two who visited.
Formula: true odds of such visits (days) against those expected of like ones (kind, industry, place, season, of other
officers), shrunk by the spread among officers, his station's habit taken off first (models/hint/rate.py). Honest bureaus
have short visits and repeated notes as well: only more than the peers have counts.

Example. 80 of 301 visits with a sign where 8.6 are expected: shrunk 8.71 times the expected share (95 % credible interval
7.11 to 10.47), exact chance below 0.0001 in 12 months.

Strength. weak; moderate where q <= 0.01 or the year before crosses as well (both, where the same is told of his
institution), and no tested explanation takes from it; strong only together with another kind of record
(models/hint/answer.py, models/strength.py).

Why it matters. A visit that was not made protects nobody and hides who was spared (凑数、流于形式: DOMAIN.md 3.6).
Innocent explanations, each tested: stalls side by side in a market hall, rechecks that are ticked off, text that the office
requires (a note that three officers use), the position of the device alone, records entered late by the whole station
(network failure), campaigns, few records, the same month elsewhere, station practice. A pair that shares its note of one
merchant is no sign at all. Not on file, so unknown: leave that was cut short, checks from the desk (非现场检查).

Unit: ratio of shares, 1 = as expected, higher is worse. Source: Jones and Spiegelhalter 2011; DOMAIN.md 3.6. Excluded:
visits that he only joined; visits of which no sign is on file; days of a quarter before which too little is known.
"""

from __future__ import annotations

from dataclasses import replace

from models.flags import Judgement, Night, NotComputable
from models.hint.answer import answer
from models.hint.question import Asked, Explanation, Question, Unknown
from models.visit_day import day_note, visit_days
from models.visit_entry import entered_visits, entry_note, lag_note, sign_note
from models.visit_record import VISIT_FACT_SOURCES, VISIT_FACTS, led_visits, visit_note

FAMILY = "patrol_padding"
RECORD_KIND = "visits"
NEEDS = {
    "core.delivery": (),
    "core.patrol": ("patrol_id", "lead_officer_id", "note_hash"),
    "feature.officer": ("officer_id", "as_of_on"),
    "feature.visit_record": (
        *VISIT_FACT_SOURCES,
        "entry_lag_days",
        "was_entered_by_other",
        "is_month_end",
    ),
}

DAY_FACTS = ("is_market", "is_recheck", "is_rural", "quarter")
MARKET = Explanation("market_hall", "市场商场内相邻摊位", "visits in markets and malls", lambda rows: rows["is_market"])
RECHECK = Explanation("recheck_tick_off", "整改复查", "rechecks", lambda visits: visits["visit_kind"] == "recheck")
TEMPLATE = Explanation(
    "required_text",
    "仅文书相同且为多人共用的模板",
    "visits whose only sign is a note that three or more officers use",
    lambda visits: visits["is_only_template"],
)
POSITION = Explanation(
    "position_drift",
    "仅定位距离异常",
    "visits whose only sign is the position of the device",
    lambda visits: visits["is_only_far"],
)
NETWORK = Explanation(
    "network_failure",
    "本机构多人同日延迟录入(网络故障等)",
    "visits of days that most of the station entered late",
    lambda visits: visits["is_shared_delay"],
)
CAMPAIGN = Explanation("campaign", "专项检查", "checks of campaigns", lambda visits: visits["visit_kind"] == "special")
RECHECK_DAY = Explanation("recheck_tick_off", "以复查为主的日子", "days of rechecks", lambda days: days["is_recheck"])
MARKET_DAY = replace(MARKET, zh="以市场商场为主的日子", en="days in markets and malls")
CUT_SHORT = Unknown(
    "leave_cut_short",
    "休假是否提前结束、是否被召回,记录未载明,请核对",
    "whether leave was cut short is not on file; to be checked",
)
OFF_SITE = Unknown(
    "off_site_check",
    "是否为非现场检查,记录未载明,请核对",
    "whether it was a check from the desk is not on file; to be checked",
)
CLERK = Unknown(
    "clerk_enters",
    "是否按分工由内勤统一录入,记录未载明,请核对",
    "whether a clerk enters records by arrangement is not on file; to be checked",
)
MISSING_SIGNS = {
    "has_visit_time": ("检查结束时间,时长无法核对", "when visits ended: their length cannot be told"),
    "has_visit_place": ("检查坐标,距离无法核对", "where visits were recorded: distances cannot be told"),
    "has_note_hash": ("文书摘要,文书是否相同无法核对", "digests of notes: the same note cannot be told"),
    "has_leave": ("休假培训,休假期间检查无法核对", "leave and training: visits on such days cannot be told"),
    "has_entered_at": ("录入时间,录入延迟无法核对", "when records were entered: late entries cannot be told"),
    "has_entered_by": ("录入人,他人代录无法核对", "who entered records: entries by others cannot be told"),
}


def judge(night: Night) -> Judgement:
    """Hints about officers and stations whose visits look written down, who cannot be measured, and the indicator."""
    delivery = night.frames["core.delivery"].iloc[0]
    if not delivery["has_patrol"]:
        return Judgement(not_computable=(_gap("未交付巡查记录", "no visits were delivered"),))
    policy = night.policy.flags
    visits = entered_visits(led_visits(night.frames["feature.visit_record"]), night.frames["core.patrol"], policy)
    gaps = [
        _gap(f"未交付{zh}", f"not delivered: {en}") for name, (zh, en) in MISSING_SIGNS.items() if not delivery[name]
    ]
    doubtful = Question(
        FAMILY,
        "doubtful_visit",
        "patrol",
        ("次检查", "visits"),
        ("有硬性存疑迹象", "carry a hard sign of doubt"),
        VISIT_FACTS,
        policy.min_visits,
        sign_note,
        explanations=(MARKET, RECHECK, TEMPLATE, POSITION),
        unknowns=(CUT_SHORT, OFF_SITE),
    )
    crowded = Question(
        FAMILY,
        "crowded_day",
        "patrol",
        ("个检查日", "days with visits"),
        ("检查次数超出同类上限", "held more visits than the limit of peers"),
        DAY_FACTS,
        policy.min_visit_days,
        day_note,
        explanations=(MARKET_DAY, RECHECK_DAY),
        unknowns=(OFF_SITE,),
    )
    late = replace(
        doubtful,
        pattern="late_entry",
        hit=("未在当日录入", "were not entered on the day"),
        note=lag_note,
        explanations=(NETWORK,),
        unknowns=(),
    )
    month_end = replace(
        doubtful,
        pattern="month_end",
        hit=("集中在月末三日", "fell on the last three days of a month"),
        note=visit_note,
        explanations=(CAMPAIGN, RECHECK),
        unknowns=(),
    )
    by_other = replace(
        doubtful,
        pattern="entered_by_other",
        hit=("由未参加检查的人员录入", "were entered by somebody who did not visit"),
        note=entry_note,
        explanations=(NETWORK,),
        unknowns=(CLERK,),
    )
    # where two patterns weigh alike, the one asked first is told
    asked = []
    for question, column in (
        (doubtful, "has_sign"),
        (late, "was_late"),
        (by_other, "was_entered_by_other"),
        (month_end, "is_month_end"),
    ):
        known = visits[visits[column].notna()]
        if len(known):
            asked.append(Asked(question, known.assign(is_hit=known[column].astype(bool))))
    days = visit_days(visits, policy)
    if len(days):
        asked.append(Asked(crowded, days))
    else:
        gaps.append(
            _gap("此前记录过少,单日检查上限无法确定", "too few days came before: no limit of visits a day is known")
        )
    judgement = answer(night, FAMILY, asked)
    return replace(judgement, not_computable=(*gaps, *judgement.not_computable))


def _gap(zh: str, en: str) -> NotComputable:
    return NotComputable("bureau", "all", FAMILY, zh, en)
