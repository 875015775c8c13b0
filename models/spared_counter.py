"""Innocent explanations of a spared group, each tested by measuring the officer's findings anew."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from models.flags import CounterEvidence
from models.matched_odds import odds_words, strata_tables
from models.policy import FlagPolicy
from models.severe_finding import COMPANY, INDIVIDUAL, LEVELS, Findings
from models.spared_group import Spared, spared

HALF = 0.5
UNKNOWNS = (
    (
        "rectified_or_elsewhere",
        "整改证明、移送其他部门、时效等未必载入检查记录,请核对",
        "proof of correction, transfer to another authority and limitation may not be on file; to be checked",
    ),
    (
        "strength_of_evidence",
        "证据强弱未载入检查记录,请对照检查材料",
        "how strong the evidence was is not on file; the inspection records are to be compared",
    ),
)


@dataclass(frozen=True)
class SparedCounter:
    """The explanations of an officer's worst group; `findings` are everybody's settled severe visits of the window."""

    findings: Findings
    whole: Spared
    policy: FlagPolicy

    def of(self, officer_id: str, group: str) -> tuple[CounterEvidence, ...]:
        """Every explanation, tested; those that no record can test are named as unknown."""
        own = self.findings.where(self.findings.records["officer_id"] == officer_id)
        records = own.records
        spared_here = records[own.inside(group) & records["is_hit"]].groupby("merchant_id").size()
        first = spared_here.sort_values(ascending=False, kind="stable").index[:1]
        later = replace(own, records=records.assign(is_hit=records["is_hit"] & ~records["is_late"]))
        kind = records["visit_kind"]
        tests = (
            ("finding_count", own, ("finding_level",), "按问题数分层再比", "compared within like numbers of findings"),
            (
                "repeated_offender",
                own,
                ("is_repeated",),
                "按此前有无严重问题分层再比",
                "compared within like histories",
            ),
            (
                "complaint_triggered",
                own.where(kind != "complaint"),
                (),
                "除去投诉触发的检查",
                "without checks of complaints",
            ),
            ("random_draw", own.where(kind != "random"), (), "除去随机抽查", "without random checks"),
            ("referred_late", later, (), "逾期才立案的视为已移送", "cases filed after the term count as referred"),
            (
                "one_merchant",
                own.where(~records["merchant_id"].isin(first)),
                (),
                "除去未移送最多的一户",
                "without the merchant that was spared most",
            ),
        )
        found = [self._anew(officer_id, group, *test) for test in tests]
        others = self._others_too(officer_id, group)
        return (*found, others, *(CounterEvidence(code, "unknown", zh, en) for code, zh, en in UNKNOWNS))

    def _anew(
        self, officer_id: str, group: str, code: str, findings: Findings, beside: tuple[str, ...], zh: str, en: str
    ) -> CounterEvidence:
        even = self.whole.groups.loc[(officer_id, group), "usual_odds"]
        left = spared(findings, self.policy, beside)
        if (officer_id, group) not in left.groups.index:
            return CounterEvidence(code, "unknown", f"{zh};所剩记录过少", f"{en}; too few records are left")
        before, after = self.whole.ratio(officer_id, group), left.ratio(officer_id, group)
        is_smaller = np.log(after / even) <= HALF * np.log(before / even)
        is_lost = after <= even * self.policy.odds_ratio
        return CounterEvidence(
            code,
            "supported" if is_smaller or is_lost else "not_supported",
            f"{zh}:优势比{odds_words(after)[0]}",
            f"{en}: odds ratio {odds_words(after)[1]}",
            after,
        )

    def _others_too(self, officer_id: str, group: str) -> CounterEvidence:
        """Whether other officers refer as little at the same merchants, each beside his own other findings."""
        code, zh, en = "others_too", "其他人员对同一批主体", "other officers at the same merchants"
        if group in (INDIVIDUAL, COMPANY):
            even = self.whole.groups.loc[(officer_id, group), "usual_odds"]
            return CounterEvidence(
                code,
                "not_supported",
                f"{zh}类别的优势比{even:.2f},已作为比较基准",
                f"{en}' kind have odds of {even:.2f}, which is what is held to be even",
                float(even),
            )
        records = self.findings.records
        mine = records["officer_id"] == officer_id
        same = set(records.loc[mine & self.findings.inside(group), "merchant_id"])
        others = records[
            ~mine & records["officer_id"].isin(records.loc[records["merchant_id"].isin(same), "officer_id"])
        ]
        place = np.flatnonzero(others["merchant_id"].isin(same))
        tables = strata_tables(others, place, np.full(len(place), group, dtype=object), LEVELS)
        count = int(tables["group_count"].sum())
        if count < self.policy.min_group_visits:
            return CounterEvidence(code, "unknown", f"{zh}可比检查不足", f"{en}: too few like visits")
        size = tables["group_count"] + tables["other_count"]
        expected = float((tables["group_count"] * (tables["group_hit"] + tables["other_hit"]) / size).sum())
        observed = float(tables["group_hit"].sum())
        ratio = (observed + HALF) / (expected + HALF)
        return CounterEvidence(
            code,
            "supported" if ratio >= self.policy.odds_ratio else "not_supported",
            f"{zh}未移送{observed:.0f}次,按其各自惯例预期{expected:.1f}次",
            f"{en} did not refer {observed:.0f}, where their own practice leads to expect {expected:.1f}",
        )
