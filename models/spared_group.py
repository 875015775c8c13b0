"""Officers' groups of merchants, measured: is a severe finding there less often referred than his like findings elsewhere?

An agent's clients and firms of declared persons are held against even odds; traders against companies, and the other way
round, against what the other officers of the bureau do, for the law itself may treat the two apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from models.matched_odds import HALF_PAIR, exact_law, median_odds, odds, strata_tables, upper_tail
from models.policy import FlagPolicy
from models.severe_finding import COMPANY, INDIVIDUAL, LEVELS, Findings
from models.strength import CLEAR_Q

WORTH_COUNTING = 1.645
"""Standard deviations from which the exact chance is worked out; below it is told as 1."""


@dataclass(frozen=True)
class Spared:
    """Groups measured over a window: one row of `groups` per officer and group with enough visits, and their tables.

    groups : columns of `matched_odds.odds`, usual_odds (what is even there), p_value (exact chance of as many hits at
    the usual odds), margin_p (the same at odds_ratio times those), crosses; indexed by officer_id and group.
    """

    groups: pd.DataFrame
    tables: pd.DataFrame

    def law(self, officer_id: str, group: str) -> np.ndarray:
        """The exact law of one group's hits."""
        return exact_law(self.tables[(self.tables["officer_id"] == officer_id) & (self.tables["group"] == group)])

    def ratio(self, officer_id: str, group: str) -> float:
        """The odds ratio of one group, median-unbiased by the exact law."""
        return median_odds(self.law(officer_id, group), self.groups.loc[(officer_id, group), "observed"])


def spared(findings: Findings, policy: FlagPolicy, beside: Sequence[str] = ()) -> Spared:
    """Measure every group of these findings that has enough and others beside; `beside` adds to what makes them alike."""
    levels = [(*level, *beside) for level in LEVELS]
    least = policy.min_group_visits, policy.min_other_visits
    tables = strata_tables(findings.records, findings.place, findings.group, levels, *least)
    every = odds(tables)
    is_enough = (every["group_count"] >= policy.min_group_visits) & (every["other_count"] >= policy.min_other_visits)
    groups = every.assign(usual_odds=_usual_odds(every))[is_enough]
    found = Spared(groups, tables)
    is_near = (groups["odds_ratio"] > groups["usual_odds"]) & (groups["deviate"] > WORTH_COUNTING)
    chance = np.ones((len(groups), 2))
    for row in np.flatnonzero(is_near.to_numpy()):
        law = found.law(*groups.index[row])
        observed, even = groups["observed"].iloc[row], groups["usual_odds"].iloc[row]
        chance[row] = [upper_tail(law, observed, times * even) for times in (1.0, policy.odds_ratio)]
    tests = groups.groupby("officer_id")["observed"].transform("size")
    officer_p = np.minimum(chance[:, 0] * tests, 1.0)
    measured = groups.assign(
        p_value=chance[:, 0],
        margin_p=chance[:, 1],
        officer_p=officer_p,
        crosses=(officer_p <= CLEAR_Q) & (chance[:, 1] <= 1 - policy.posterior_confidence),
    )
    return Spared(measured, tables)


def worst_groups(groups: pd.DataFrame) -> pd.DataFrame:
    """The group of each officer that is least likely by chance, indexed by officer_id, with its name as `group`."""
    ranked = groups.reset_index().sort_values(
        ["officer_id", "p_value", "odds_ratio", "group"], ascending=[True, True, False, True]
    )
    return ranked.drop_duplicates("officer_id").set_index("officer_id")


def measured_nights(findings: Findings, nights: Sequence[date], policy: FlagPolicy) -> pd.DataFrame:
    """officer_id, as_of_on, index (log odds ratio of the worst group beyond the usual one) and crosses, window_days each."""
    parts = []
    for night in nights:
        window = findings.settled(night, policy.window_days)
        if window.records.empty:
            continue
        worst = worst_groups(spared(window, policy).groups)
        parts.append(
            pd.DataFrame(
                {
                    "officer_id": worst.index,
                    "as_of_on": pd.Timestamp(night),
                    "index": np.log(worst["odds_ratio"] / worst["usual_odds"]).to_numpy(),
                    "crosses": worst["crosses"].to_numpy(),
                }
            )
        )
    if not parts:
        return pd.DataFrame({"officer_id": [], "as_of_on": [], "index": [], "crosses": []})
    return pd.concat(parts, ignore_index=True)


def _usual_odds(every: pd.DataFrame) -> pd.Series:
    """1, but for traders and companies what the other officers do, drawn to 1 by a pair where they are few."""
    sums = every.groupby("group")[["concordant", "discordant"]].transform("sum") - every[["concordant", "discordant"]]
    usual = (sums["concordant"] + HALF_PAIR) / (sums["discordant"] + HALF_PAIR)
    is_kind = every.index.get_level_values("group").isin([INDIVIDUAL, COMPANY])
    return usual.where(is_kind, 1.0)
