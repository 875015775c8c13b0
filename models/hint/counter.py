"""Innocent explanations of a hint, each tested by measuring the whole bureau anew without what it points at.

An explanation is *supported* where (a) its facts are there, and more of them than among the peers, and (b) without them
the hint no longer reaches its threshold and at least half of its effect is gone, which mere loss of records does not
do; *not supported* where the hint stands without them; *unknown* where the records do not say, or too few are left.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from models.complaint_cell import share_words
from models.flags import CounterEvidence
from models.hint.expectation import expected_shares
from models.hint.ledger import Ledger
from models.hint.question import Asked, Explanation, Placebo, Words
from models.hint.told import times
from models.hint.window import Measured, rates_in
from models.policy import Policy

MORE_THAN_PEERS = 1.25
"""Facts explain only where his odds of such records are this many times those of the others."""
BEYOND_CHANCE = 1.645
"""And only where his share is above theirs by this many standard errors: one in twenty, or chance explains it as well."""
FEW_RECORDS = 3
"""A hint that vanishes without his this many weightiest records rests on few of them."""
HALF = 0.5
LEFT_SHARE = 0.5
"""An explanation is tested where so much of the least exposure is left without what it points at."""


def not_on_file(code: str, zh: str, en: str) -> CounterEvidence:
    """The verdict on an explanation whose facts were not delivered."""
    return CounterEvidence(
        code, "unknown", f"交付记录未载明是否{zh}", f"the records delivered do not say which are {en}"
    )


def explained_away(counter: tuple[CounterEvidence, ...], log_odds_margin: float, is_fewer_worse: bool) -> str:
    """'wholly' where a supported explanation leaves no odds beyond the margin, else 'partly' or 'not'.

    The odds are those of `log_odds_left`: a ratio of shares says less, and where the expected share is large it hardly
    rises above the margin at all. A test beside the records asked about has no other measure than its score.
    """
    supported = [item for item in counter if item.verdict == "supported"]
    worse = -1 if is_fewer_worse else 1
    left = [
        worse * float(np.log(item.score_without)) if item.log_odds_left is None else item.log_odds_left
        for item in supported
        if item.log_odds_left is not None or item.score_without is not None
    ]
    if any(effect <= log_odds_margin for effect in left):
        return "wholly"
    return "partly" if supported else "not"


def is_more_than_peers(own: np.ndarray, others: np.ndarray) -> bool:
    """Whether facts are more frequent in his records than in the others', clearly and beyond chance.

    own, others : booleans, one per record, whether the fact is there. Odds and not shares are compared: where 85 % of the
    others' records have it, no share can be 1.25 times as large.
    """
    if len(own) == 0:
        return False
    if len(others) == 0:
        # nobody else has a record in question: whatever his share is, it is more than theirs
        return bool(own.any())
    mine, theirs = float(own.mean()), float(others.mean())
    both = (own.sum() + others.sum()) / (len(own) + len(others))
    error = np.sqrt(both * (1 - both) * (1 / len(own) + 1 / len(others)))
    return bool(
        mine > theirs
        and mine * (1 - theirs) >= MORE_THAN_PEERS * theirs * (1 - mine)
        and mine - theirs >= BEYOND_CHANCE * error
    )


@dataclass
class Counter:
    """The explanations of one question in one window; each is measured once for the whole bureau, and then read."""

    measured: Measured
    days: int
    policy: Policy
    window: slice
    _without: dict[str, tuple[pd.Series, pd.DataFrame]] = field(default_factory=dict)

    def of(self, officer_id: str) -> tuple[CounterEvidence, ...]:
        """Every explanation of one officer's hint, tested; those that no record can test are named as unknown."""
        question = self.measured.asked.question
        tested = [self._pointed_at(explanation, officer_id) for explanation in question.explanations]
        tested += [test(officer_id) for test in question.own_tests]
        tested += [self._placebo(placebo, officer_id) for placebo in self.measured.asked.placebos]
        tested += [self._few_records(officer_id), self._same_month(officer_id), self._station(officer_id)]
        return (*tested, *(unknown.said() for unknown in question.unknowns))

    def _row(self, officer_id: str) -> pd.Series:
        return self.measured.rates[self.days].loc[officer_id]

    def _settled(
        self, code: str, is_there: bool, rates: pd.DataFrame, officer_id: str, zh: str, en: str
    ) -> CounterEvidence:
        if officer_id not in rates.index:
            return CounterEvidence(
                code, "unknown", f"{zh};除去后所剩记录过少,无法再算", f"{en}; too few records are left without them"
            )
        left = rates.loc[officer_id]
        stands = left["probability"] >= self.policy.flags.posterior_confidence
        again_zh, again_en = times(float(left["ratio"]))
        kept = left["log_odds_ratio"] > HALF * self._row(officer_id)["log_odds_ratio"]
        return CounterEvidence(
            code,
            "supported" if is_there and not stands and not kept else "not_supported",
            f"{zh};除去后收缩估计为预期的{again_zh}倍",
            f"{en}; without them the shrunk share is {again_en} times the expected one",
            float(left["ratio"]),
            float(left["log_odds_ratio"]),
        )

    def _pointed_at(self, explanation: Explanation, officer_id: str) -> CounterEvidence:
        ledger = self.measured.ledger
        if explanation.code not in self._without:
            pointed = explanation.points_at(self.measured.asked.records).iloc[ledger.place].reset_index(drop=True)
            kept = ~pointed.fillna(False).to_numpy(dtype=bool)
            # what is left must be half of what a hint needs: shrinkage sees to the rest
            least = round(LEFT_SHARE * self.measured.asked.question.least_exposure)
            rates = rates_in(self.measured.asked, ledger, self.window, self.measured.expected, self.policy, kept, least)
            self._without[explanation.code] = (pointed, rates)
        pointed, rates = self._without[explanation.code]
        pointed = pointed.iloc[self.window]
        if pointed.isna().all():
            return not_on_file(explanation.code, explanation.zh, explanation.en)
        is_pointed = pointed.fillna(False).to_numpy(dtype=bool)
        own = ledger.of_officer(officer_id, self.window)
        # what is asked about is in the hits, or, where too few are found, in the records that are none
        speaking = self._speaking()
        mine, others = is_pointed[own & speaking], is_pointed[~own & speaking]
        own_told, others_told = self._share(mine), self._share(others)
        is_there = is_more_than_peers(mine, others)
        # a hint every record of which is explained has nothing left to stand on, however few others are left
        if is_there and mine.all() and officer_id not in rates.index:
            return CounterEvidence(
                explanation.code,
                "supported",
                f"其所涉记录均为{explanation.zh},别无所余",
                f"{explanation.en} are all of his records in question; none is left without them",
                # what is left is what is expected
                1.0,
                0.0,
            )
        return self._settled(
            explanation.code,
            is_there,
            rates,
            officer_id,
            f"其所涉记录中{explanation.zh}占{own_told[0]},他人占{others_told[0]}",
            f"{explanation.en} are {own_told[1]} of his records in question and {others_told[1]} of the others'",
        )

    def _share(self, facts: np.ndarray) -> Words:
        """The share of records that have a fact, in words; what singles out a person is not told."""
        if self.measured.asked.question.is_confidential:
            return share_words(int(facts.sum()), len(facts))
        share = f"{facts.mean():.0%}" if len(facts) else "0%"
        return share, share

    def _speaking(self) -> np.ndarray:
        hit = self.measured.ledger.hit[self.window] > 0
        return ~hit if self.measured.asked.question.is_fewer_worse else hit

    def _few_records(self, officer_id: str) -> CounterEvidence:
        ledger = self.measured.ledger
        held = np.arange(self.window.start, self.window.stop)
        own = held[ledger.of_officer(officer_id, self.window) & self._speaking()]
        surprise = self.measured.expected[own] * (-1 if self.measured.asked.question.is_fewer_worse else 1)
        weightiest = own[np.argsort(surprise, kind="stable")][:FEW_RECORDS]
        kept = np.ones(len(ledger.day), dtype=bool)
        kept[weightiest] = False
        rates = rates_in(self.measured.asked, ledger, self.window, self.measured.expected, self.policy, kept)
        return self._settled(
            "few_records",
            True,
            rates,
            officer_id,
            f"所涉记录{len(own)}件,除去其中最突出的{len(weightiest)}件",
            f"{len(own)} records in question; his {len(weightiest)} weightiest are taken away",
        )

    def _same_month(self, officer_id: str) -> CounterEvidence:
        """Campaigns, changes of rules and of software: each record against what all others did in the same month."""
        if "same_month" not in self._without:
            ledger, expected = self.measured.ledger, self.measured.expected
            month = (ledger.day.astype("datetime64[D]").astype("datetime64[M]")).astype(np.int64)
            month = month - month.min(initial=0)
            hit = ledger.others_sum(month, ledger.hit, self.window)
            usual = ledger.others_sum(month, expected, self.window)
            # drawn to no change by one hit, so that a month of a handful says little
            level = np.clip(expected * (hit + 1) / (usual + 1), 1e-4, 1 - 1e-4)
            rates = rates_in(self.measured.asked, ledger, self.window, level, self.policy)
            self._without["same_month"] = (pd.Series(dtype=bool), rates)
        return self._settled(
            "same_month",
            True,
            self._without["same_month"][1],
            officer_id,
            "专项行动、规则或系统变更:逐月与全局他人同月比较",
            "campaigns, changes of rules or software: compared month by month with all others of the same month",
        )

    def _placebo(self, placebo: Placebo, officer_id: str) -> CounterEvidence:
        """Where nothing is at stake he should be like others: at least half of his effect there as well is a habit."""
        asked = self.measured.asked
        if placebo.code not in self._without:
            same = Asked(replace(asked.question, explanations=()), placebo.records)
            ledger = Ledger.of(same)
            expected = expected_shares(ledger, self.measured.night, self.policy.training.window_days)
            window = ledger.inside(self.measured.night, self.days)
            self._without[placebo.code] = (pd.Series(dtype=bool), rates_in(same, ledger, window, expected, self.policy))
        rates = self._without[placebo.code][1]
        if officer_id not in rates.index:
            return CounterEvidence(
                placebo.code,
                "unknown",
                f"{placebo.zh}:可比记录不足{asked.question.least_exposure}件",
                f"{placebo.en}: fewer than {asked.question.least_exposure} records to compare",
            )
        effect, habit = self._row(officer_id)["log_odds_ratio"], rates.loc[officer_id, "log_odds_ratio"]
        left = float(np.exp(effect - max(habit, 0.0)))
        return CounterEvidence(
            placebo.code,
            "supported" if habit > HALF * effect else "not_supported",
            f"{placebo.zh}:{rates.loc[officer_id, 'exposure_count']:.0f}件中{rates.loc[officer_id, 'hit_count']:.0f}件,"
            f"该处优势比{np.exp(habit):.2f},扣除后为{left:.2f}",
            f"{placebo.en}: {rates.loc[officer_id, 'hit_count']:.0f} of {rates.loc[officer_id, 'exposure_count']:.0f}, "
            f"odds ratio {np.exp(habit):.2f} there; {left:.2f} beyond it",
            left,
            float(np.log(left)),
        )

    def _station(self, officer_id: str) -> CounterEvidence:
        row = self._row(officer_id)
        shift = row["station_shift"] * (-1 if self.measured.asked.question.is_fewer_worse else 1)
        is_wide = shift > np.log(self.policy.flags.odds_ratio) and shift > row["log_odds_ratio"]
        return CounterEvidence(
            "station_practice",
            "supported" if is_wide else "not_supported",
            f"全局惯例预期{row['bureau_expected_count']:.1f}件,本机构同事共有部分为其优势比的"
            f"{np.exp(row['station_shift']):.2f}倍,计入后预期{row['expected_count']:.1f}件",
            f"the bureau's practice leads to expect {row['bureau_expected_count']:.1f}; his colleagues share "
            f"{np.exp(row['station_shift']):.2f} times the odds of that, which leads to expect {row['expected_count']:.1f}",
            float(row["ratio"]),
            float(row["log_odds_ratio"]),
        )
