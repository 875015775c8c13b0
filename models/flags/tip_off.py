"""Tip-off before inspections (通风报信): visits filed ahead find nothing, checks at the same merchants do.

What. Two groups of visits: routine or of a campaign and filed before they began (filed ahead); and random, targeted or of a
complaint (checks). Whether a merchant was told of either is not on file. Three patterns. clean_then_caught: visits filed
ahead that he led and that found nothing, where a check of others within 60 days found something severe.
closed_on_arrival: visits filed ahead that he led where nobody was met. finds_at_checks_only: of his visits that found
something, those that were checks, where more than his work is checks are the pattern.
Formula: true odds of such records against those expected of like ones (kind, industry, place, season, what others had
found at the merchant; in the third pattern how much of his own work was checks), of other officers, shrunk, his
station's habit taken off first (models/hint/rate.py).

Example. At 193 of 1443 visits filed ahead the merchant was closed where 17.2 are expected: shrunk 10.47 times the expected
share (95 % credible interval 9.13 to 11.95), exact chance below 0.0001 in 12 months.

Strength. weak; moderate where q <= 0.01 or the year before crosses as well (both, where the same is told of his
institution), and no tested explanation takes from it; strong only together with another kind of record
(models/hint/answer.py, models/strength.py).

Why it matters. Whoever is warned cleans up for a day, and what is wrong stays (通风报信: DOMAIN.md 3.5). Innocent
explanations, each tested: he finds little at checks too (that is low_finding_rate's to tell), or at visits filed ahead as
much as others do (then he only finds more at checks), a different kind of check (one that followed a complaint looks where
the complaint points), a long time between, visits that patrol_padding doubts, few records (small sample), the same month
elsewhere, station practice. Not on file, so unknown: whether the merchant was told at all, checks that the law has
announced (检查通知), plans that are public, merchants who became better or worse, who else knew.

Unit: ratio of shares, 1 = as expected, higher is worse. Source: Jones and Spiegelhalter 2011; DOMAIN.md 3.5. Excluded:
visits that he only joined; rechecks; routine visits without a filing before them (whether they were known is not on file).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from models.flags import CounterEvidence, Judgement, Night, NotComputable
from models.hint.answer import answer
from models.hint.question import Asked, Explanation, Question, Unknown
from models.hint.window import measured
from models.visit_notice import caught_note, clean_then_checked, found_visits, notice_note, with_notice
from models.visit_record import DOUBTFUL_VISIT, VISIT_FACT_SOURCES, VISIT_FACTS, doubted, led_visits, visit_note

FAMILY = "tip_off"
RECORD_KIND = "visits"
NEEDS = {
    "core.delivery": (),
    "feature.officer": ("officer_id", "as_of_on"),
    "feature.visit_record": (
        *VISIT_FACT_SOURCES,
        "was_filed",
        "filing_lag_minutes",
        "first_unannounced_after_on",
        "first_unannounced_severe",
    ),
}

FOUND_FACTS = ("mix_level", "industry_division", "is_market", "is_individual_merchant", "is_rural", "quarter")
COMPLAINT_CHECK = Explanation(
    "different_check",
    "其后检查系投诉核查,内容不同",
    "visits followed by the check of a complaint, which looks elsewhere",
    lambda visits: visits["is_complaint_check"],
)
LONG_AFTER = Explanation(
    "long_after",
    "其后检查相隔逾30日",
    "visits followed more than 30 days later",
    lambda visits: visits["is_long_after"],
)
SPECIAL = Explanation("campaign", "专项检查", "checks of campaigns", lambda visits: visits["visit_kind"] == "special")
TOLD = Unknown(
    "merchant_told",
    "主体事前是否获知检查,记录未载明(仅有检查类型与内部报备),请核对",
    "whether the merchant was told beforehand is not on file, only the kind and the internal filing are; to be checked",
)
NOTICE = Unknown(
    "notice_required",
    "该类检查是否依法应事先通知,记录未载明,请核对",
    "whether the law has such checks announced is not on file; to be checked",
)
PLAN = Unknown(
    "plan_public",
    "检查计划是否依规公开、何人知悉,记录未载明,请核对",
    "whether the plan was public, and who knew of it, is not on file; to be checked",
)
CHANGED = Unknown(
    "merchant_changed",
    "主体其间是否整改或情况变化,记录未载明,请核对",
    "whether the merchant changed in between is not on file; to be checked",
)


def judge(night: Night) -> Judgement:
    """Hints about officers whose visits filed ahead find nothing, who cannot be measured, and the indicator."""
    delivery = night.frames["core.delivery"].iloc[0]
    if not delivery["has_patrol"]:
        return Judgement(not_computable=(_gap("未交付巡查记录", "no visits were delivered"),))
    if not delivery["has_visit_filing"]:
        return Judgement(
            not_computable=(
                _gap(
                    "未交付入企检查报备,何者事前报备无法判断",
                    "no filings of visits were delivered: which were filed ahead cannot be told",
                ),
            )
        )
    policy = night.policy.flags
    visits = with_notice(led_visits(night.frames["feature.visit_record"]))
    visits = visits[visits["is_filed_ahead"] | visits["is_check"]]
    visits = visits.assign(is_doubtful=doubted(visits, policy))
    caught = Question(
        FAMILY,
        "clean_then_caught",
        "patrol",
        ("次事前报备而未发现问题的日常或专项检查", "routine or campaign visits filed ahead that found nothing"),
        (
            "其后60日内经他人随机、重点或投诉核查发现严重问题",
            "were followed within 60 days by a random, targeted or complaint check of others that found something severe",
        ),
        VISIT_FACTS,
        policy.min_rechecked_visits,
        caught_note,
        explanations=(COMPLAINT_CHECK, LONG_AFTER, DOUBTFUL_VISIT),
        unknowns=(TOLD, NOTICE, PLAN, CHANGED),
        own_tests=(_detects(LITTLE_ANYWAY, _Detection(night, visits, "is_check"), policy.odds_ratio),),
    )
    closed = replace(
        caught,
        pattern="closed_on_arrival",
        record=("次事前报备的日常或专项检查", "routine or campaign visits filed ahead"),
        hit=("到场关门", "found the merchant closed"),
        least_exposure=policy.min_visits,
        note=visit_note,
        explanations=(SPECIAL, DOUBTFUL_VISIT),
        own_tests=(),
    )
    checks_only = replace(
        caught,
        pattern="finds_at_checks_only",
        record=("次发现问题的检查", "visits that found something"),
        hit=("为随机、重点或投诉核查", "were random, targeted or complaint checks"),
        facts=FOUND_FACTS,
        least_exposure=policy.min_found_visits,
        note=notice_note,
        explanations=(),
        own_tests=(_detects(AS_USUAL, _Detection(night, visits, "is_filed_ahead"), policy.odds_ratio),),
    )
    filed_ahead = visits[visits["is_filed_ahead"]]
    return answer(
        night,
        FAMILY,
        [
            Asked(caught, clean_then_checked(visits)),
            Asked(closed, filed_ahead.assign(is_hit=filed_ahead["result"] == "closed_on_arrival")),
            Asked(checks_only, found_visits(visits)),
        ],
    )


class _Detection:
    """How often an officer finds something at visits filed ahead (or at checks): measured once, when first asked."""

    def __init__(self, night: Night, visits: pd.DataFrame, kind: str) -> None:
        self._night, self._visits, self._rates = night, visits[visits[kind]], None

    def row(self, officer_id: str) -> pd.Series | None:
        """His row of `officer_rates` over the long window, fewer being worse; None where he has too few visits."""
        if self._rates is None:
            policy, visits = self._night.policy, self._visits[self._visits["was_inspected"].astype(bool)]
            question = Question(
                FAMILY,
                "detection",
                "patrol",
                ("次检查", "visits"),
                ("发现问题", "found something"),
                VISIT_FACTS,
                policy.flags.min_rechecked_visits,
                visit_note,
                is_fewer_worse=True,
            )
            found = measured(
                Asked(question, visits.assign(is_hit=visits["finding_count"] > 0)), self._night.as_of, policy
            )
            self._rates = found.rates[policy.flags.long_days]
        return self._rates.loc[officer_id] if officer_id in self._rates.index else None


@dataclass(frozen=True)
class _Beside:
    """What he finds at the other group of visits: code, the group in words, whether finding as little there explains."""

    code: str
    zh: str
    en: str
    is_little_supported: bool


LITTLE_ANYWAY = _Beside("finds_little_anyway", "随机、重点或投诉核查", "random, targeted and complaint checks", True)
AS_USUAL = _Beside("planned_as_usual", "事前报备的检查", "visits filed ahead", False)


def _detects(beside: _Beside, detection: _Detection, odds_ratio: float) -> Callable[[str], CounterEvidence]:
    """The test of one of them: supported where he finds little there as well, or where he finds there what others find."""

    def test(officer_id: str) -> CounterEvidence:
        row = detection.row(officer_id)
        if row is None:
            return CounterEvidence(
                beside.code, "unknown", f"其主检的{beside.zh}过少,无法比较", f"he led too few {beside.en} to compare"
            )
        is_little = bool(row["log_odds_ratio"] > np.log(odds_ratio))
        return CounterEvidence(
            beside.code,
            "supported" if is_little == beside.is_little_supported else "not_supported",
            f"其主检的{beside.zh}发现问题的份额为预期的{row['ratio']:.2f}倍",
            f"at {beside.en} that he led, the share with findings is {row['ratio']:.2f} times the expected one",
            None if beside.is_little_supported else float(1 / row["ratio"]),
        )

    return test


def _gap(zh: str, en: str) -> NotComputable:
    return NotComputable("bureau", "all", FAMILY, zh, en)
