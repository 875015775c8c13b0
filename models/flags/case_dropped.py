"""Cases dropped (有案不立、压案、撤案): an officer's cases, or his grave findings, come to nothing more often than like ones.

What. Four patterns. dropped: cases he led whose outcome is known and is withdrawn or terminated. stalled: cases of
his still open when deadline and extension had passed, among those old enough or ended before: each case counts once,
from the day that settled it. finding_not_filed: visits he led that found something severe, with no case that names
them or is filed at the merchant within 60 days (referral_days), and whose result is not that the case was referred.
later_caught: of his dropped cases, those where others found something at the same merchant within 180 days
(later_finding_days).
Formula: expected = sum of the shares that trees expect of like records, which saw none of his; his true odds against
those, shrunk, with his station's habit taken off first (models/hint/rate.py).

Example. 43 cases ended in 12 months, 19 of them withdrawn or terminated, where like ones lead to expect 1.9: shrunk 8.8
times the expected share (95 % credible interval 5.8 to 12.1), P(odds > 1.5) above 0.999.

Strength. weak; moderate where q <= 0.01 or the year before crosses as well (both, where the same is told of his
institution), and no tested explanation takes from it.

Why it matters. Whoever wants to spare somebody files no case, lets it lie or withdraws it (DOMAIN.md 3.7). Innocent
explanations, each tested: the merchant had closed, other cases of it were open at the same time and may have been merged,
the heads discussed it or the review agreed, grounds of Art 20 are on file (exemption, mitigation, first offence corrected
promptly), the handler left his post within 30 days, a later check by others was clean, a case was open already or filed
late, few records, the same month elsewhere, station practice. Not on file, so unknown: suspension, hearing, appraisal,
evidence that did not suffice, advice instead of a case, who refused to file.

Unit: ratio of shares, 1 = as expected, higher is worse. Source: 市场监督管理行政处罚程序规定 Art 18-20; Jones and Spiegelhalter
2011. Excluded: outcomes not known; transferred cases count as not dropped; the simple procedure.
"""

from __future__ import annotations

from models.case_end import caught_later, deadline_reached, ordinary_cases, visits_to_be_filed
from models.case_record import CASE_COLUMNS, CASE_FACTS, DROPPED, NO_OUTCOME_DATE, case_note
from models.flags import Judgement, Night, NotComputable
from models.hint.answer import answer
from models.hint.question import Asked, Explanation, Question, Unknown, Words
from models.visit_record import VISIT_FACTS, visit_note

FAMILY = "case_dropped"
RECORD_KIND = "cases"
NEEDS = {
    "core.delivery": (),
    "core.merchant": ("merchant_id", "closed_on"),
    "core.posting": ("posting_id", "officer_id", "ended_on"),
    "feature.officer": ("officer_id", "as_of_on"),
    "feature.case_record": (
        *CASE_COLUMNS,
        "mitigation_count",
        "has_exemption",
        "was_corrected_promptly",
        "later_finding_count",
    ),
    "feature.visit_record": (
        "patrol_id",
        "lead_officer_id",
        "unit_id",
        "merchant_id",
        "visited_on",
        "known_on",
        "visit_kind",
        "result",
        "finding_count",
        "is_severe",
        "industry_division",
        "is_market",
        "is_individual_merchant",
        "is_rural",
        "prior_visit_count",
        "prior_finding_count",
        "referred_on",
        "later_other_visit_count",
        "later_other_finding_count",
    ),
}

CLOSED = Explanation(
    "merchant_closed", "主体已注销的案件", "cases whose merchant had closed", lambda cases: cases["is_merchant_closed"]
)
OTHER_CASE = Explanation(
    "merged_case",
    "同户另有在办案件",
    "cases beside another open case of the merchant",
    lambda cases: cases["has_open_case"],
)
AGREED = Explanation(
    "decided_together",
    "经集体讨论或法制审核同意的案件",
    "cases that the heads discussed or the legal review approved",
    lambda cases: cases["is_agreed"],
)
GROUNDS = Explanation(
    "article_20_grounds",
    "载有不予立案或减轻依据的案件",
    "cases with grounds of Art 20 on file",
    lambda cases: cases["has_grounds"],
)
LEAVING = Explanation(
    "handler_leaving",
    "主办人离岗前后30日内的案件",
    "cases within 30 days of the handler's leaving a post",
    lambda cases: cases["is_leaving"],
)
CASE_EXPLANATIONS = (CLOSED, OTHER_CASE, AGREED, GROUNDS, LEAVING)
VISIT_EXPLANATIONS = (
    Explanation(
        "merchant_closed",
        "主体随后注销的检查",
        "visits whose merchant closed before a case was due",
        CLOSED.points_at,
    ),
    Explanation(
        "case_already_open", "同户已有在办案件的检查", "visits to merchants with an open case", OTHER_CASE.points_at
    ),
    Explanation(
        "filed_late", "期限过后立案的检查", "visits whose case was filed later", lambda visits: visits["is_late"]
    ),
    Explanation(
        "clean_later",
        "其后他人检查未再发现问题的检查",
        "visits after which others found nothing",
        lambda visits: visits["is_clean_later"],
    ),
)
CASE_UNKNOWNS = (
    Unknown(
        "time_not_counted",
        "中止、听证、公告、检测鉴定等不计入的时间未交付,请核对",
        "time that does not count (suspension, hearing, notice, appraisal) was not delivered; to be checked",
    ),
    Unknown(
        "evidence_insufficient",
        "证据不足、超过时效、由司法机关优先处理等情形须查阅案卷",
        "insufficient evidence, lapse of time or precedence of a criminal case: only the file tells",
    ),
)
VISIT_UNKNOWNS = (
    Unknown(
        "corrected_on_the_spot",
        "轻微且当场改正、行政指导等不予立案情形未交付,请核对",
        "grounds for not filing (minor and corrected at once, advice) were not delivered; to be checked",
    ),
    Unknown(
        "referred_otherwise",
        "检查结果未载明、而以其他方式移交或由负责人决定不立案的情形未交付,请核对",
        "findings handed over without the result of the visit saying so, or that a head decided not to file, were not "
        "delivered; to be checked",
    ),
)


def judge(night: Night) -> Judgement:
    """Hints about officers and stations whose cases come to nothing, who cannot be measured, and the indicator."""
    delivery = night.frames["core.delivery"].iloc[0]
    if not delivery["has_penalty"]:
        return Judgement(not_computable=(_bureau("未交付案件", "no cases were delivered"),))
    least = night.policy.flags
    if not delivery["has_outcome_date"]:
        return Judgement(not_computable=(_bureau(*NO_OUTCOME_DATE),))
    cases = ordinary_cases(night)
    ended = cases[cases["outcome_known_on"].notna()]
    ended = ended.assign(known_on=ended["outcome_known_on"], is_hit=ended["outcome"].isin(DROPPED))
    asked = [
        Asked(
            _case_question("dropped", ("件办结案件", "ended cases"), ("撤案或终止", "were withdrawn or terminated"),
                           least.min_decisions), ended,
        ),
        Asked(
            _case_question("stalled", ("件到期或已结案件", "cases old enough or ended"),
                           ("超过办案期限(含延长)仍未办结", "were still open when deadline and extension had passed"),
                           least.min_decisions), deadline_reached(cases, night.as_of),
        ),
        Asked(
            _case_question("later_caught", ("件撤案或终止案件", "dropped cases"),
                           (f"其后{least.later_finding_days}日内同户被他人检查发现问题",
                            f"were followed within {least.later_finding_days} days by a finding of others there"),
                           least.min_dropped_cases), caught_later(cases, night.as_of, least.later_finding_days),
        ),
    ]  # fmt: skip
    gaps = ()
    if delivery["has_finding_severity"]:
        question = Question(
            FAMILY,
            "finding_not_filed",
            "patrol",
            ("次发现严重问题的检查", "visits that found something severe"),
            (f"{least.referral_days}日内无案件", f"were followed by no case within {least.referral_days} days"),
            VISIT_FACTS,
            least.min_severe_visits,
            visit_note,
            explanations=VISIT_EXPLANATIONS,
            unknowns=VISIT_UNKNOWNS,
            record_kind="visits",
        )
        asked.append(Asked(question, visits_to_be_filed(night)))
    else:
        gaps = (
            _bureau(
                "未交付严重问题数,无法判断严重问题是否立案",
                "visits carry no number of severe findings: whether those were filed cannot be told",
            ),
        )
    found = answer(night, FAMILY, asked)
    return Judgement(found.flags, (*gaps, *found.not_computable), found.indicator)


def _bureau(zh: str, en: str) -> NotComputable:
    return NotComputable("bureau", "all", FAMILY, zh, en)


def _case_question(pattern: str, record: Words, hit: Words, least: int) -> Question:
    return Question(
        FAMILY,
        pattern,
        "penalty",
        record,
        hit,
        CASE_FACTS,
        least,
        case_note,
        explanations=CASE_EXPLANATIONS,
        unknowns=CASE_UNKNOWNS,
    )
