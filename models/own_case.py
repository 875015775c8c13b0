"""Cases that somebody reviewed or approved although he handled them: counted, never estimated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pandas as pd

from models.case_record import case_note
from models.flags import CounterEvidence, Evidence, Flag, Night, indicator_frame
from models.hint.question import Unknown, Words

FAMILY = "duty_not_separated"
RULES: dict[str, Words] = {
    "reviewed_own": ("由办案人员自己审核", "reviewed by one of its own handlers"),
    "approved_own": ("由主办人员自己审批", "approved by its own lead handler"),
}
CHANCE = 0.01
"""What chance does more often than once in so many is no habit."""
YEAR_DAYS = 365
HITS = ["record_id", "officer_id", "pattern", "known_on", "is_small_station", "is_collective", "is_explained"]


def broken_rules(cases: pd.DataFrame) -> pd.DataFrame:
    """One row per case and rule that it breaks: HITS; officer_id is who held both duties, known from the outcome on.

    is_explained : of a station of two, or discussed by the heads; such a case is told, but nothing rests on it.
    Self-approvals at a station of two are no rule broken: there is nobody else.
    """
    ended = cases[cases["outcome_known_on"].notna()].assign(known_on=lambda rows: rows["outcome_known_on"])
    reviewer, approver = ended["reviewer_officer_id"], ended["approver_officer_id"]
    is_reviewed = reviewer.notna() & ((reviewer == ended["lead_officer_id"]) | (reviewer == ended["co_officer_id"]))
    is_approved = approver.notna() & (approver == ended["lead_officer_id"]) & ~ended["is_small_station"]
    reviewed = ended[is_reviewed].assign(officer_id=reviewer[is_reviewed], pattern="reviewed_own")
    approved = ended[is_approved].assign(officer_id=approver[is_approved], pattern="approved_own")
    hits = pd.concat([reviewed, approved], ignore_index=True)
    is_together = hits["is_collective"].astype("boolean").fillna(False).to_numpy(dtype=bool)
    return hits.assign(is_explained=hits["is_small_station"].to_numpy(dtype=bool) | is_together)[HITS]


def found_share(cases: pd.DataFrame) -> np.ndarray:
    """How much of what led to the station's cases in the year before was found by each case's lead, shape (n,), 0..1: the
    chance with which he would meet his own finding if cases were dealt at random. Of cases with a finder.
    """
    filed = cases["filed_on"].to_numpy().astype("datetime64[D]").astype(np.int64)
    unit = pd.factorize(cases["unit_id"], sort=True)[0].astype(np.int64)
    people = pd.Index(sorted({*cases["finder_officer_id"], *cases["lead_officer_id"]}))
    finder, lead = people.get_indexer(cases["finder_officer_id"]), people.get_indexer(cases["lead_officer_id"])
    all_found = _in_year_before(unit, filed, unit, filed)
    by_lead = _in_year_before(unit * len(people) + finder, filed, unit * len(people) + lead, filed)
    return by_lead / np.maximum(all_found, 1)


def chance_meeting(flag: Flag, cases: pd.DataFrame) -> CounterEvidence:
    """Whether so many of his own findings among his cases are what chance leads to (exact binomial tail >= CHANCE).

    cases : those with a finder, with known_on, is_hit and found_share. score_without : observed over by chance, a ratio.
    """
    from scipy.stats import binom

    own = cases[(cases["officer_id"] == flag.subject_id) & (cases["known_on"] >= pd.Timestamp(flag.window_start_on))]
    count, hit, share = len(own), int(own["is_hit"].sum()), float(own["found_share"].mean())
    tail = float(binom.sf(hit - 1, count, share))
    return CounterEvidence(
        "chance_meeting",
        "supported" if tail >= CHANCE else "not_supported",
        f"其所发现占本机构同期检查发现案件的{share:.0%},随机分案预期{count * share:.1f}件,实为{hit}件",
        f"he found {share:.0%} of what led to the station's cases: dealt at random, {count * share:.1f} would be his own, "
        f"{hit} are",
        hit / max(count * share, 0.5),
    )


def _in_year_before(kept: np.ndarray, kept_on: np.ndarray, asked: np.ndarray, asked_on: np.ndarray) -> np.ndarray:
    """How many of the kept, shape (m,), have the key of each asked, shape (n,), and lie in the year before its day."""
    # key and day in one number, so that one sorted search counts within a key
    span = int(max(kept_on.max(initial=0), asked_on.max(initial=0))) + YEAR_DAYS + 1
    line = np.sort(kept * span + kept_on)
    begin = np.searchsorted(line, asked * span + np.maximum(asked_on - YEAR_DAYS, 0), side="left")
    return np.searchsorted(line, asked * span + asked_on, side="left") - begin


def rule_hints(hits: pd.DataFrame, cases: pd.DataFrame, night: Night, unknowns: Sequence[Unknown]) -> list[Flag]:
    """One hint per officer and rule over the longest window; moderate from min_rule_cases unexplained cases on."""
    days = night.policy.flags.long_days
    begin = pd.Timestamp(night.as_of - timedelta(days=days))
    recent = hits[hits["known_on"] > begin]
    ended = cases[cases["outcome_known_on"] > begin]
    per_rule = {
        rule: recent[recent["pattern"] == rule].groupby("officer_id").size().reindex(_acting(ended, rule)).fillna(0)
        for rule in RULES
    }
    told = cases.set_index("case_id", drop=False)
    return [
        _hint(str(officer), str(rule), part, per_rule[str(rule)], _handled(ended, str(officer)), told, night, unknowns)
        for (officer, rule), part in recent.groupby(["officer_id", "pattern"])
    ]


def rule_indicator(hits: pd.DataFrame, cases: pd.DataFrame, night: Night) -> pd.DataFrame:
    """index (ln of one and the number of such cases in the year before) and crosses (min_rule_cases of them unexplained) of
    every officer-night that the rules can measure: who broke one, or handled min_rule_cases cases that ended in that year.
    """
    spine = night.frames["feature.officer"][["officer_id", "as_of_on"]].drop_duplicates()
    spine = spine.assign(as_of_on=pd.to_datetime(spine["as_of_on"])).reset_index(drop=True)
    ended = cases[cases["outcome_known_on"].notna()]
    handled = pd.concat(
        [
            ended[[column, "outcome_known_on"]].set_axis(["officer_id", "known_on"], axis=1)
            for column in ("lead_officer_id", "co_officer_id")
        ]
    ).dropna()
    clear = hits[~hits["is_explained"].astype(bool)]
    count, clear_count, handled_count = (_counted(spine, records) for records in (hits, clear, handled))
    least = night.policy.flags.min_rule_cases
    is_measured = (count > 0) | (handled_count >= least)
    return indicator_frame(spine.assign(index=np.log1p(count), crosses=clear_count >= least)[is_measured])


def _counted(spine: pd.DataFrame, records: pd.DataFrame) -> np.ndarray:
    """How many of the officer's records were known in the year up to each night of the spine."""
    people = pd.Index(sorted({*spine["officer_id"], *records["officer_id"]}))
    known, night = (
        pd.to_datetime(days).to_numpy().astype("datetime64[D]").astype(np.int64)
        for days in (records["known_on"], spine["as_of_on"])
    )
    officer = people.get_indexer(records["officer_id"])
    # the night itself belongs to its year, the same day a year before does not
    return _in_year_before(officer, known, people.get_indexer(spine["officer_id"]), night + 1)


def _acting(cases: pd.DataFrame, rule: str) -> pd.Index:
    """The officers who could have held both duties: those who handled cases with a reviewer, or an approver."""
    column = "reviewer_officer_id" if rule == "reviewed_own" else "approver_officer_id"
    return pd.Index(sorted(cases.loc[cases[column].notna(), "lead_officer_id"].unique()))


def _handled(cases: pd.DataFrame, officer_id: str) -> int:
    return int(((cases["lead_officer_id"] == officer_id) | (cases["co_officer_id"] == officer_id)).sum())


def _hint(
    officer_id: str,
    rule: str,
    hits: pd.DataFrame,
    counts: pd.Series,
    handled: int,
    cases: pd.DataFrame,
    night: Night,
    unknowns: Sequence[Unknown],
) -> Flag:
    policy = night.policy.flags
    count, clear_count = len(hits), int((~hits["is_explained"].astype(bool)).sum())
    small = _share_of(
        hits["is_small_station"],
        "two_person_station",
        "不超过两人的机构的案件",
        "cases of a station of two",
        policy.min_rule_cases,
    )
    together = _share_of(
        hits["is_collective"],
        "decided_together",
        "经集体讨论的案件",
        "cases that the heads discussed",
        policy.min_rule_cases,
    )
    others = counts.drop(index=officer_id, errors="ignore")
    zh, en = RULES[rule]
    return Flag(
        subject_kind="officer",
        subject_id=officer_id,
        family=FAMILY,
        strength="moderate" if clear_count >= policy.min_rule_cases else "weak",
        window_start_on=night.as_of - timedelta(days=policy.long_days - 1),
        window_end_on=night.as_of,
        statistic_name="case_count",
        statistic=float(count),
        observed=float(count),
        expected=0.0,
        interval_low=None,
        interval_high=None,
        exposure_count=handled,
        exposure_unit="penalty",
        peer_group="case handlers",
        peer_count=len(others),
        peer_median=float(others.median()) if len(others) else None,
        p_value=None,
        q_value=None,
        summary_zh=f"风险提示:近{policy.long_days}天其办理的{handled}件普通程序案件中{count}件{zh},按规定应为0;"
        f"其他办案人员{len(others)}人中{int((others > 0).sum())}人有此情形",
        summary_en=f"Risk hint: {count} of the {handled} cases of the ordinary procedure that he handled in "
        f"{policy.long_days} days: {en}, where the rules leave none; {int((others > 0).sum())} of {len(others)} other "
        "handlers have any",
        rule_trace=f"rule {rule}, window {policy.long_days} days; cases {count}, unexplained "
        f"{clear_count}, moderate from {policy.min_rule_cases}",
        facts=(rule,),
        evidence=_evidence(hits, cases, policy.evidence_limit, RULES[rule]),
        counter_evidence=(small, together, *(unknown.said() for unknown in unknowns)),
    )


def _share_of(pointed: pd.Series, code: str, zh: str, en: str, least: int) -> CounterEvidence:
    """Supported where there are such cases and fewer than `least` are left without them."""
    known = pointed.astype("boolean")
    if known.isna().all():
        return CounterEvidence(code, "unknown", f"交付记录未载明是否{zh}", f"the records do not say which are {en}")
    count = int(known.fillna(False).sum())
    left = len(known) - count
    return CounterEvidence(
        code,
        "supported" if count and left < least else "not_supported",
        f"其中{zh}{count}件,除去后{left}件",
        f"{count} are {en}; {left} are left without them",
        float(left),
    )


def _evidence(hits: pd.DataFrame, cases: pd.DataFrame, limit: int, words: Words) -> tuple[Evidence, ...]:
    latest = hits.sort_values(["known_on", "record_id"], ascending=[False, True], kind="stable").head(limit)
    notes = [(name, case_note(cases.loc[name])) for name in latest["record_id"]]
    return tuple(
        Evidence("penalty", str(name), 1.0, f"{zh};{words[0]}", f"{en}; {words[1]}") for name, (zh, en) in notes
    )
