"""Delay and express handling (拖延刁难、加快办理): an officer's investigations are often among the slowest, or the fastest.

What. Cases of the ordinary procedure that he led and whose investigation has ended (where that day was not delivered: the
whole case). Two patterns. slow: slower than four in five like cases of other officers in the year before. fast: faster
than four in five.
Formula: hit = rank of the days from filing to the end of the investigation among others' cases of the same violation, at
or beyond 0.8 (or at or below 0.2); expected = sum of the shares that trees expect of like records, about one in five; his
true odds against those, shrunk, with his station's habit taken off first (models/hint/rate.py).

Example. 52 investigations in 12 months, 48 of them slower than four in five like ones, where 9.7 are expected: shrunk 4.0
times the expected share (95 % credible interval 3.4 to 4.5), P(odds > 1.5) above 0.999.

Strength. weak; moderate where q <= 0.01 or the year before crosses as well (both, where the same is told of his
institution), and no tested explanation takes from it.

Why it matters. Delay is a way to make merchants ask, haste a favour (故意刁难、拖延办理、加快办理: DOMAIN.md 1.7, 3.13).
Innocent explanations, each tested: hearing-sized or otherwise large cases, cases the heads discussed, cases that the
legal review did not approve at once, cases filed when he was given many at once, few records, the same month
elsewhere, station practice. Not on file, so unknown: suspension, appraisal, documents that the party owed.

Unit: ratio of shares, 1 = as expected, higher is worse. Source: 市场监督管理行政处罚程序规定; Jones and Spiegelhalter 2011.
Excluded: the simple procedure, open cases (case_dropped asks those), dropped cases, the first year on record.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.case_record import CASE_COLUMNS, CASE_FACTS, DROPPED, NO_OUTCOME_DATE, case_note, led_cases, party_amount
from models.flags import Judgement, Night, NotComputable
from models.hint.answer import answer
from models.hint.question import Asked, Explanation, Question, Unknown, Words
from models.rank_among_others import share_below

FAMILY = "process_delay"
RECORD_KIND = "cases"
NEEDS = {
    "core.delivery": (),
    "feature.officer": ("officer_id", "as_of_on"),
    "feature.case_record": (*CASE_COLUMNS, "investigation_closed_on"),
}

TAIL_SHARE = 0.2
"""Slowest and fastest fifth: rarer would leave an officer with a handful of records, commoner is nobody's delay."""
LARGE_AMOUNT_SHARE = 0.8
BUSY_SHARE = 0.8
LOAD_DAYS = 60

EXPLANATIONS = (
    Explanation("large_case", "金额较大的案件", "large cases", lambda cases: cases["is_large"]),
    Explanation(
        "decided_together",
        "经集体讨论的案件",
        "cases that the heads discussed",
        lambda cases: cases["is_collective"],
    ),
    Explanation(
        "review_disagreed",
        "法制审核不同意的案件",
        "cases that the legal review did not approve",
        lambda cases: cases["was_disagreed"],
    ),
    Explanation(
        "many_cases_at_once",
        "短期内承办较多时的案件",
        "cases filed when he was given many at once",
        lambda cases: cases["is_busy"],
    ),
)
UNKNOWNS = (
    Unknown(
        "time_not_counted",
        "中止、听证、公告、检测检验鉴定等扣除时间未交付,请核对",
        "time that does not count (suspension, hearing, notice, appraisal) was not delivered; to be checked",
    ),
    Unknown(
        "party_delay",
        "当事人补交材料、申请延期等由谁等待未交付,请核对",
        "who waited for whom (documents or a term that the party asked for) was not delivered; to be checked",
    ),
)


def judge(night: Night) -> Judgement:
    """Hints about officers and stations that are slow or fast, who cannot be measured, and the indicator."""
    delivery = night.frames["core.delivery"].iloc[0]
    if not delivery["has_penalty"]:
        return Judgement(
            not_computable=(NotComputable("bureau", "all", FAMILY, "未交付案件", "no cases were delivered"),)
        )
    if not (delivery["has_stage"] or delivery["has_outcome_date"]):
        return Judgement(not_computable=(NotComputable("bureau", "all", FAMILY, *NO_OUTCOME_DATE),))
    cases = _investigated(night, delivery)
    rank = cases["rank"]
    step = ("立案至调查终结", "from filing to the end of the investigation")
    if not delivery["has_stage"]:
        step = ("立案至办结", "from filing to the outcome")
    slow = _question(
        night, "slow", (f"{step[0]}慢于他人同类八成案件", f"were slower than four in five like ones {step[1]}")
    )
    fast = _question(
        night, "fast", (f"{step[0]}快于他人同类八成案件", f"were faster than four in five like ones {step[1]}")
    )
    return answer(
        night,
        FAMILY,
        [
            Asked(slow, cases.assign(is_hit=rank >= 1 - TAIL_SHARE)),
            Asked(fast, cases.assign(is_hit=rank <= TAIL_SHARE)),
        ],
    )


def _question(night: Night, pattern: str, hit: Words) -> Question:
    return Question(
        FAMILY,
        pattern,
        "penalty",
        ("件案件", "cases"),
        hit,
        CASE_FACTS,
        night.policy.flags.min_decisions,
        _days_note,
        explanations=EXPLANATIONS,
        unknowns=UNKNOWNS,
    )


def _investigated(night: Night, delivery: pd.Series) -> pd.DataFrame:
    """Cases whose step has ended and that can be ranked, known from that day, with what the explanations point at."""
    cases = night.frames["feature.case_record"]
    cases = led_cases(cases[~cases["is_simple_procedure"].astype(bool)])
    ended = pd.to_datetime(cases["investigation_closed_on" if delivery["has_stage"] else "outcome_known_on"])
    cases = cases.assign(known_on=ended, step_days=(ended - pd.to_datetime(cases["filed_on"])).dt.days)
    cases["is_busy"] = _is_busy(cases)
    # what was dropped or never ended says nothing of how long an investigation takes
    cases = cases[ended.notna() & ~cases["outcome"].isin(DROPPED)]
    cases = cases.assign(
        rank=share_below(
            cases["step_days"],
            cases["violation_code"],
            cases["officer_id"],
            cases["known_on"],
            night.policy.flags.window_days,
        )
    )
    cases = cases[cases["rank"].notna()]
    amount_rank = share_below(
        cases["amount_involved_yuan"],
        cases["violation_code"],
        cases["officer_id"],
        cases["known_on"],
        night.policy.flags.window_days,
    )
    hearing = party_amount(cases, lambda rule: rule.hearing_natural_yuan, lambda rule: rule.hearing_legal_yuan)
    is_large = pd.Series(amount_rank >= LARGE_AMOUNT_SHARE, index=cases.index)
    is_large |= cases["total_yuan"].to_numpy(dtype=float, na_value=np.nan) >= hearing
    return cases.assign(
        is_large=is_large if delivery["has_amount_involved"] else pd.NA,
        is_collective=cases["collective_discussed_on"].notna() if delivery["has_collective"] else pd.NA,
        was_disagreed=cases["legal_review_result"].astype("string").eq("disagreed")
        if delivery["has_review_result"]
        else pd.NA,
    )


def _is_busy(cases: pd.DataFrame) -> np.ndarray:
    """Whether a case was filed when its handler had been given more cases in LOAD_DAYS than at four in five filings.

    Cases given to him, not cases open: whoever is slow has many open for that reason alone.
    """
    filed = pd.to_datetime(cases["filed_on"]).to_numpy().astype("datetime64[D]").astype(np.int64)
    officer = pd.factorize(cases["officer_id"], sort=True)[0].astype(np.int64)
    # officer and day in one number, so that one sorted search counts within an officer
    span = int(filed.max(initial=0)) + LOAD_DAYS + 1
    line = np.sort(officer * span + filed)
    given = np.searchsorted(line, officer * span + filed, side="right")
    given -= np.searchsorted(line, officer * span + filed - LOAD_DAYS, side="left")
    return given > np.quantile(given, BUSY_SHARE) if len(cases) else np.zeros(0, dtype=bool)


def _days_note(row: pd.Series) -> Words:
    zh, en = case_note(row)
    return (
        f"{zh};该阶段{int(row['step_days'])}天,慢于同类{row['rank']:.0%}",
        f"{en}; {int(row['step_days'])} days in that step, slower than {row['rank']:.0%} of like cases",
    )
