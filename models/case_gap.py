"""Steps that a case lacks or takes out of order, by the rules in force on the day of the act: one column each."""

from __future__ import annotations

import numpy as np
import pandas as pd

from models import policy
from models.case_record import DECIDED, party_amount
from models.hint.question import Words
from models.policy import PatrolPolicy
from models.roster import working_day_numbers

FILE_GAPS: dict[str, Words] = {
    "filed_late": ("立案超过核查期限(含延长)", "filed later than the term of verification and its extension"),
    "decided_late": ("超过办案期限且无集体讨论延期", "ended after deadline and extension, no joint extension on file"),
    "second_handler_missing": ("普通程序无第二名办案人员", "no second handler in the ordinary procedure"),
    "certificate_invalid": ("立案时执法证已过期", "a handler's certificate had run out when the case was filed"),
    "above_simple_ceiling": ("当场处罚超过简易程序限额", "a fine above what the simple procedure allows"),
    "decided_before_investigation": ("决定早于调查终结", "decided before the investigation had ended"),
}
"""What lies in the handler's hand, in Chinese and English."""
SIGNED_GAPS: dict[str, Words] = {
    "review_missing": ("重大案件决定前无法制审核", "a major case decided without a legal review before"),
    "decided_despite_review": ("法制审核不同意仍作出决定", "decided although the legal review disagreed"),
    "discussion_missing": (
        "重大或减轻处罚案件决定前无集体讨论",
        "a major or mitigated case decided without discussion",
    ),
}
"""What who signs the decision must have seen."""
GAPS = {**FILE_GAPS, **SIGNED_GAPS}


def case_gaps(cases: pd.DataFrame, delivery: pd.Series, calendar: PatrolPolicy) -> pd.DataFrame:
    """GAPS as nullable booleans, one row per ended case of feature.case_record; NA: not on file, or no such duty.

    delivery : the row of core.delivery. calendar : the policy with the public holidays. Extensions by the head were not
    delivered and are granted to everybody.
    """
    decided = cases["decided_on"]
    is_simple = cases["is_simple_procedure"].astype(bool)
    is_decided = cases["outcome"].isin(DECIDED) & decided.notna()
    is_major = major(cases)
    ceiling = party_amount(cases, lambda rule: rule.simple_natural_yuan, lambda rule: rule.simple_legal_yuan)
    limit = policy.each("deadlines", lambda rule: rule.case_days + rule.case_extension_days, cases["filed_on"])
    days = (cases["outcome_known_on"] - cases["filed_on"]).dt.days
    reviewed, discussed = cases["legal_reviewed_on"], cases["collective_discussed_on"]
    is_discussed = discussed.notna() & (discussed <= cases["outcome_known_on"])
    has_second = cases["co_officer_id"].notna() & (cases["co_officer_id"] != cases["lead_officer_id"])
    certified = [cases[name].astype("boolean") for name in ("is_lead_certified", "is_co_certified")]
    gaps = {
        "filed_late": _filed_late(cases, calendar),
        "decided_late": ((days > limit) & ~is_discussed).where(~is_simple),
        "second_handler_missing": (~has_second).where(~is_simple),
        # one certificate that ran out is enough, whatever is known of the other
        "certificate_invalid": ~certified[0] | ~certified[1],
        "above_simple_ceiling": (cases["fine_yuan"] > ceiling).where(is_simple & cases["fine_yuan"].notna()),
        "decided_before_investigation": (decided < cases["investigation_closed_on"]).where(decided.notna()),
        "review_missing": (~(reviewed <= decided)).where(is_decided & is_major & ~is_simple),
        "decided_despite_review": cases["legal_review_result"].astype("string").eq("disagreed").where(is_decided),
        "discussion_missing": (~(discussed <= decided)).where(is_decided & is_major & ~is_simple),
    }
    on_file = {
        "filed_late": "has_discovered",
        "decided_late": "has_collective",
        "second_handler_missing": "has_case_co_officer",
        "certificate_invalid": "has_certificate",
        "decided_before_investigation": "has_stage",
        "review_missing": "has_review",
        "decided_despite_review": "has_review",
        "discussion_missing": "has_collective",
    }
    found = pd.DataFrame({name: pd.Series(gap, index=cases.index).astype("boolean") for name, gap in gaps.items()})
    for name, column in on_file.items():
        if not delivery[column]:
            found[name] = pd.array([pd.NA] * len(found), dtype="boolean")
    return found[list(GAPS)]


def gap_words(row: pd.Series) -> Words:
    """The gaps of one case in words; the row has the columns of GAPS."""
    named = [words for name, words in GAPS.items() if row[name] is not pd.NA and bool(row[name])]
    return "、".join(zh for zh, _ in named), "; ".join(en for _, en in named)


def major(cases: pd.DataFrame) -> pd.Series:
    """Whether a decision is major: fine and confiscation at the party's amount or above, or below the legal minimum."""
    amount = party_amount(cases, lambda rule: rule.major_natural_yuan, lambda rule: rule.major_legal_yuan)
    return (cases["total_yuan"] >= amount) | cases["discretion_tier"].eq("mitigated")


def _filed_late(cases: pd.DataFrame, calendar: PatrolPolicy) -> pd.Series:
    """Whether more working days passed from discovery to filing than term and extension allow; NA without a discovery."""
    discovered = pd.to_datetime(cases["discovered_on"])
    known = discovered.notna().to_numpy()
    days = np.zeros(len(cases))
    first, last = discovered[known], cases["filed_on"][known]
    days[known] = _number(last, calendar) - _number(first, calendar)
    allowed = policy.each(
        "deadlines", lambda rule: rule.filing_workdays + rule.filing_extension_workdays, cases["filed_on"]
    )
    listed = {holiday.year for holiday in calendar.public_holidays}
    is_listed = cases["filed_on"].dt.year.isin(listed) & discovered.dt.year.isin(listed)
    spared = policy.each("deadlines", lambda rule: rule.unlisted_holiday_workdays, cases["filed_on"])
    late = days > allowed + np.where(is_listed, 0.0, spared)
    return pd.Series(late, index=cases.index).astype("boolean").where(known)


def _number(days: pd.Series, calendar: PatrolPolicy) -> np.ndarray:
    return working_day_numbers(pd.to_datetime(days).to_numpy().astype("datetime64[D]"), calendar)
