"""Selective enforcement (选择性执法): severe findings at one group of merchants are not referred, like ones elsewhere are.

What. Visits that he led which found something severe, matched within kind of visit, industry, earlier findings and
quarter (coarser where that leaves too few). Groups: clients of one agent, firms of persons he declared, individual
traders, companies. A hit is a visit after which no case followed within referral_days.
Formula: Mantel-Haenszel odds ratio of not being referred, the group's against his other visits; p is the exact law of
dealing his hits anew within the strata (models/matched_odds.py), which is what drawing permutations approaches. Traders
and companies are held against the odds that the other officers have there. One p an officer: the least over his groups,
times their number; Benjamini-Hochberg over officers.

Example. Of 20 findings at an agent's clients 19 were not referred, of 40 like ones elsewhere 6: odds ratio 85 (95 % 11.5
to 1000 or more), exact p below 0.0001.

Strength. weak; moderate where q <= 0.01 or both this year and the one before cross, and no tested explanation takes from
it. Both need odds beyond odds_ratio with the confidence of the policy. Never strong by itself.

Why it matters. Whoever spares some sells the law (DOMAIN.md 3.4). Innocent explanations, each tested: number of findings,
repeated offenders, checks of complaints, random checks, cases filed late, one merchant only, others do so too. Not on
file, so unknown: strength of the evidence, proof of correction, transfer elsewhere.

Unit: odds ratio, 1 = treated alike. Source: Mantel and Haenszel 1959; Gart 1970. Excluded: visits of the last
referral_days, findings that were not severe, visits he only joined, visits after which a case came from elsewhere. No text
names an agent or a declared person.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from models.flags import Evidence, Flag, Judgement, Night, NotComputable, indicator_frame
from models.hint.told import window_words
from models.matched_odds import interval, median_odds, odds_words
from models.severe_finding import AGENT, COMPANY, INDIVIDUAL, KIN, LEVELS, Findings, severe_visits
from models.shrinkage import benjamini_hochberg, probability_words
from models.spared_counter import SparedCounter
from models.spared_group import Spared, measured_nights, spared, worst_groups
from models.strength import single_strength
from models.visit_record import visit_note

FAMILY = "selective_enforcement"
RECORD_KIND = "visits"
NEEDS = {
    "core.delivery": (),
    "feature.officer": ("officer_id", "as_of_on", "unit_id"),
    "feature.merchant_agent": ("merchant_id", "person_hash", "from_on", "to_on"),
    "feature.kin_contact": ("record_table", "record_id", "role", "is_declared_later"),
    "feature.visit_record": (
        "patrol_id", "lead_officer_id", "merchant_id", "visited_on", "known_on", "visit_kind", "result",
        "was_inspected", "finding_count", "is_severe", "industry_division", "is_individual_merchant",
        "prior_visit_count", "prior_finding_count", "prior_severe_count", "referred_on", "referred_case_id",
    ),
    "feature.case_record": ("case_id", "patrol_id", "case_source"),
}  # fmt: skip

GROUPS = {
    AGENT: ("同一代办人的委托户", "clients of one agent"),
    KIN: ("存在申报的关联的主体", "firms of declared persons"),
    INDIVIDUAL: ("个体工商户", "individual traders"),
    COMPANY: ("企业等非个体主体", "companies"),
}
NEEDED = (
    ("has_patrol", "未交付巡查记录", "no visits were delivered"),
    ("has_penalty", "未交付案件", "no cases were delivered"),
    ("has_finding_severity", "未交付严重问题数", "visits do not carry the number of severe findings"),
)
PARTS = (
    ("has_agent", "未交付代办人,此组未检验", "no agents were delivered; that group was not looked at"),
    (
        "has_relation",
        "未交付亲属申报或关联人,此组未检验",
        "no declared relatives were delivered; that group was not looked at",
    ),
)


def judge(night: Night) -> Judgement:
    """Hints about officers who spare a group, who cannot be measured, and the indicator."""
    delivery, policy = night.frames["core.delivery"].iloc[0], night.policy.flags
    for column, zh, en in NEEDED:
        if not delivery[column]:
            return Judgement(not_computable=(NotComputable("bureau", "all", FAMILY, zh, en),))
    missing = [NotComputable("bureau", "all", FAMILY, zh, en) for column, zh, en in PARTS if not delivery[column]]
    every = severe_visits(night.frames["feature.visit_record"], night.frames["feature.case_record"], policy)
    agents, contacts = night.frames["feature.merchant_agent"], night.frames["feature.kin_contact"]
    every = Findings.of(every, agents, contacts)
    findings = every.settled(night.as_of, policy.long_days)
    spine = night.frames["feature.officer"]
    moments = sorted({moment.date() for moment in pd.to_datetime(spine["as_of_on"])})
    table = measured_nights(every, moments, policy)
    flags, cleared, tested = _hints(night, every, findings) if len(findings.records) else ([], set(), set())
    serving = spine.loc[pd.to_datetime(spine["as_of_on"]) == pd.Timestamp(night.as_of), "officer_id"]
    counts = findings.records["officer_id"].value_counts()
    missing += [_too_few(officer, int(counts.get(officer, 0)), night) for officer in sorted(set(serving) - tested)]
    return Judgement(tuple(flags), tuple(missing), _indicator(table, spine, cleared))


def _hints(night: Night, every: Findings, findings: Findings) -> tuple[list[Flag], set[str], set[str]]:
    """The hints, whom an explanation clears wholly, and who could be measured."""
    policy = night.policy.flags
    measured = spared(findings, policy)
    worst = worst_groups(measured.groups)
    worst["q_value"] = benjamini_hochberg(worst["officer_p"].to_numpy())
    fired = worst[
        (worst["q_value"] <= policy.false_discovery_rate) & (worst["margin_p"] <= 1 - policy.posterior_confidence)
    ]
    counter = SparedCounter(findings, measured, policy)
    flags, cleared = [], set()
    for officer, row in fired.iterrows():
        tested = counter.of(str(officer), row["group"])
        supported = [item for item in tested if item.verdict == "supported"]
        left = [item.score_without for item in supported if item.score_without is not None]
        if any(odds_left <= row["usual_odds"] * policy.odds_ratio for odds_left in left):
            cleared.add(str(officer))
            continue
        is_lasting = _lasts(every, str(officer), row["group"], night)
        strength = single_strength(row["q_value"], is_lasting, "partly" if supported else "not")
        flags.append(_flag(night, str(officer), row, worst, measured, findings, strength, is_lasting, tested))
    return flags, cleared, set(worst.index)


def _lasts(every: Findings, officer: str, group: str, night: Night) -> bool:
    """Whether this year and the year before, which share no visit, both cross for the same group."""
    policy = night.policy.flags
    own = every.where(every.records["officer_id"] == officer)
    for back in (0, policy.window_days):
        year = own.settled(night.as_of - timedelta(days=back), policy.window_days)
        if year.records.empty:
            return False
        groups = spared(year, policy).groups
        if (officer, group) not in groups.index or not groups.loc[(officer, group), "crosses"]:
            return False
    return True


def _indicator(table: pd.DataFrame, spine: pd.DataFrame, cleared: set[str]) -> pd.DataFrame:
    typed = table.astype({"officer_id": object, "index": float, "crosses": bool})
    typed["as_of_on"] = pd.to_datetime(typed["as_of_on"]).astype("datetime64[us]")
    serves = spine[["officer_id", "as_of_on"]]
    serves = serves.assign(as_of_on=pd.to_datetime(serves["as_of_on"]).astype("datetime64[us]"))
    found = serves.merge(typed, on=["officer_id", "as_of_on"])
    is_cleared = found["officer_id"].isin(cleared)
    crosses = found["crosses"].astype("boolean").mask(is_cleared)
    return indicator_frame(found.assign(index=found["index"].mask(is_cleared), crosses=crosses))


def _too_few(officer: str, count: int, night: Night) -> NotComputable:
    policy = night.policy.flags
    return NotComputable(
        "officer",
        officer,
        FAMILY,
        f"{policy.long_days}天内期限已满的严重问题检查{count}次,没有一组达到{policy.min_group_visits}次且另有可比{policy.min_other_visits}次",
        f"{count} settled visits with a severe finding in {policy.long_days} days; no group has {policy.min_group_visits} "
        f"of them and {policy.min_other_visits} like ones beside it",
    )


def _flag(
    night: Night, officer: str, row: pd.Series, worst: pd.DataFrame, measured: Spared, findings: Findings,
    strength: str, is_lasting: bool, tested: tuple,
) -> Flag:  # fmt: skip
    policy = night.policy.flags
    kind = row["group"].partition("|")[0]
    law = measured.law(officer, row["group"])
    ratio, (low, high) = median_odds(law, row["observed"]), interval(law, row["observed"])
    own = findings.where(findings.records["officer_id"] == officer)
    inside = own.inside(row["group"])
    group, others = own.records[inside], own.records[~inside]
    peers = worst[worst["group"].str.partition("|")[0] == kind].drop(index=officer)
    span_zh, span_en = window_words(policy.long_days)
    (ratio_zh, ratio_en), (until_zh, until_en) = odds_words(ratio), odds_words(high)
    return Flag(
        subject_kind="officer",
        subject_id=officer,
        family=FAMILY,
        strength=strength,
        window_start_on=night.as_of - timedelta(days=policy.long_days - 1),
        window_end_on=night.as_of,
        statistic_name="odds_ratio",
        statistic=ratio,
        observed=float(row["observed"]),
        expected=float(row["expected"]),
        interval_low=low,
        interval_high=high,
        exposure_count=int(row["group_count"]),
        exposure_unit="patrol",
        peer_group=kind,
        peer_count=len(peers),
        peer_median=float(peers["odds_ratio"].median()) if len(peers) else None,
        p_value=float(row["officer_p"]),
        q_value=float(row["q_value"]),
        summary_zh=f"风险提示:近{span_zh}对{GROUPS[kind][0]}({group['merchant_id'].nunique()}户)查出严重问题{len(group)}次,"
        f"未移送立案{int(group['is_hit'].sum())}次,对其他主体{len(others)}次中未移送{int(others['is_hit'].sum())}次;"
        f"同类情形下优势比{ratio_zh}(95%区间{low:.1f}至{until_zh}),一视同仁为{row['usual_odds']:.1f}",
        summary_en=f"Risk hint: of {len(group)} severe findings in {span_en} at {GROUPS[kind][1]} "
        f"({group['merchant_id'].nunique()} merchants) {int(group['is_hit'].sum())} were not referred, of {len(others)} at "
        f"his others {int(others['is_hit'].sum())}; among like findings an odds ratio of {ratio_en} (95 % "
        f"interval {low:.1f} to {until_en}), where treating all alike is {row['usual_odds']:.1f}",
        rule_trace=f"group {kind}; matched by {', '.join(LEVELS[int(row['level'])])}: {int(row['group_count'])} of "
        f"{int(row['whole_count'])} have like ones beside them, {int(row['other_count'])} others; Mantel-Haenszel "
        f"{row['odds_ratio']:.1f} (half a pair added to both sums); "
        f"{probability_words('exact p', row['p_value'])}, over his groups {probability_words('p', row['officer_p'])}; "
        f"{probability_words('q', row['q_value'])}, at most {policy.false_discovery_rate} allowed; "
        f"{probability_words(f'p of {policy.odds_ratio} x the usual odds', row['margin_p'])}; "
        f"both years cross: {'yes' if is_lasting else 'no'}",
        facts=(kind,),
        evidence=_evidence(group, others, policy.evidence_limit),
        counter_evidence=tested,
        is_lasting=is_lasting,
    )


def _evidence(group: pd.DataFrame, others: pd.DataFrame, limit: int) -> tuple[Evidence, ...]:
    """Side by side: findings of the group that were not referred, the latest first, and like ones elsewhere that were."""
    spared_here = group[group["is_hit"]].sort_values(["visited_on", "record_id"], ascending=[False, True])
    alike = others[~others["is_hit"] & others["kind_number"].isin(spared_here["kind_number"])]
    order = np.argsort(-pd.to_datetime(alike["visited_on"]).astype("int64").to_numpy(), kind="stable")
    rows = [
        (row, 1.0, "该组,未移送", "in the group, not referred") for _, row in spared_here.head(limit // 2).iterrows()
    ]
    rows += [
        (row, 0.4, "对照,已移送", "elsewhere, referred") for _, row in alike.iloc[order[: limit - len(rows)]].iterrows()
    ]
    return tuple(
        Evidence("patrol", str(row["record_id"]), weight, f"{zh}:{note[0]}", f"{en}: {note[1]}")
        for row, weight, zh, en in rows
        for note in [visit_note(row)]
    )
