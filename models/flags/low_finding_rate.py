"""Low finding rate (检查发现率偏低): an officer's visits find problems far more rarely than like visits do.

What. Visits that he led, where someone was met and checked. Two patterns: visits that find something, where too few are
the pattern (seldom_finds); and visits that found nothing, where an unannounced check by other officers within 60 days
found something, too often (found_by_others).
Formula: expected = sum of the shares that trees expect of like visits (same kind, industry, place, season, and what
other officers had found at the merchant before), which saw no visit of his; his true odds against those, shrunk by the
spread among officers, with his station's habit taken off first (models/hint/rate.py).

Example. 210 visits find something at 13 where like ones do at 42: shrunk 0.44 times the expected share (95 % credible
interval 0.30 to 0.62), P(odds < 1/1.5) = 0.99, exact chance 0.0002 in 12 months.

Strength. weak; moderate where q <= 0.01 or the year before crosses as well (both, where the same is told of his
institution), and no tested explanation takes from it; strong only together with another kind of record
(models/hint/answer.py, models/strength.py).

Why it matters. Whoever never finds anything protects somebody, or does not look (消极执法、流于形式: DOMAIN.md 3.5, 3.6).
Innocent explanations, each tested: rechecks (what was ordered has been corrected), visits made alone, visits that
patrol_padding doubts (their emptiness is told there), few records, the same month elsewhere, station practice. Not on
file, so unknown: advice given on the spot instead of a finding, merchants who have become better.

Unit: ratio of shares, 1 = as expected; of seldom_finds lower is worse, of found_by_others higher. Source: Jones and
Spiegelhalter 2011. Excluded: closed on arrival, not found, visits that he only joined.
"""

from __future__ import annotations

import pandas as pd

from models.flags import Judgement, Night, NotComputable
from models.hint.answer import answer
from models.hint.question import Asked, Explanation, Question, Unknown
from models.visit_record import (
    DOUBTFUL_VISIT,
    VISIT_FACT_SOURCES,
    VISIT_FACTS,
    doubted,
    led_visits,
    visit_note,
)

FAMILY = "low_finding_rate"
RECORD_KIND = "visits"
NEEDS = {
    "core.delivery": (),
    "feature.officer": ("officer_id", "as_of_on"),
    "feature.visit_record": (
        *VISIT_FACT_SOURCES,
        "co_officer_id",
        "first_unannounced_after_on",
        "first_unannounced_finding",
    ),
}

EXPLANATIONS = (
    Explanation("recheck", "复查", "rechecks", lambda visits: visits["visit_kind"] == "recheck"),
    Explanation("visited_alone", "单人检查", "visits made alone", lambda visits: visits["is_alone"]),
    DOUBTFUL_VISIT,
)
UNKNOWNS = (
    Unknown(
        "advice_given",
        "现场行政指导、改好即止的问题未必录入,请核对",
        "advice given on the spot may not be recorded as a finding; to be checked",
    ),
)


def judge(night: Night) -> Judgement:
    """Hints about officers and stations whose visits find little, who cannot be measured, and the indicator."""
    delivery = night.frames["core.delivery"].iloc[0]
    if not delivery["has_patrol"]:
        return Judgement(
            not_computable=(NotComputable("bureau", "all", FAMILY, "未交付巡查记录", "no visits were delivered"),)
        )
    visits = night.frames["feature.visit_record"]
    visits = led_visits(visits[visits["was_inspected"].astype(bool)])
    visits = visits.assign(
        is_alone=visits["co_officer_id"].isna() if delivery["has_co_officer"] else pd.NA,
        is_doubtful=doubted(visits, night.policy.flags),
    )
    least = night.policy.flags.min_visits
    seldom = Question(
        FAMILY,
        "seldom_finds",
        "patrol",
        ("次检查", "visits"),
        ("发现问题", "found something"),
        VISIT_FACTS,
        least,
        visit_note,
        is_fewer_worse=True,
        explanations=EXPLANATIONS,
        unknowns=UNKNOWNS,
    )
    # few visits are followed so soon: the pattern that everybody can be measured by has most of the error rate
    found_by_others = Question(
        FAMILY,
        "found_by_others",
        "patrol",
        ("次未发现问题的检查", "visits that found nothing"),
        (
            "其后60日内被他人突击检查发现问题",
            "were followed within 60 days by an unannounced check of others that found something",
        ),
        VISIT_FACTS,
        night.policy.flags.min_rechecked_visits,
        visit_note,
        explanations=EXPLANATIONS,
        unknowns=UNKNOWNS,
        weight=0.25,
    )
    clean = visits[(visits["finding_count"] == 0) & visits["first_unannounced_finding"].notna()]
    return answer(
        night,
        FAMILY,
        [
            Asked(seldom, visits.assign(is_hit=visits["finding_count"] > 0)),
            Asked(
                found_by_others,
                clean.assign(
                    is_hit=clean["first_unannounced_finding"].astype(bool),
                    known_on=clean[["known_on", "first_unannounced_after_on"]].max(axis=1),
                ),
            ),
        ],
    )
