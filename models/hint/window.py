"""One question over 3, 12 and 24 months, over the year before, and on every past night of the panel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

import numpy as np
import pandas as pd

from models.flags import WindowMeasure
from models.hint.expectation import expected_shares
from models.hint.ledger import Ledger
from models.hint.question import Asked
from models.hint.rate import officer_rates
from models.policy import FlagPolicy, Policy
from models.shrinkage import cauchy_combination

Moment = TypeVar("Moment", bound=date)

VINTAGE_DAYS = 365
"""What is usual is learned anew for tonight and for every year before it."""


def window_weights(policy: FlagPolicy) -> dict[int, float]:
    """Share of the error rate that each window may spend, by its days, the shortest first; they add up to 1."""
    usual = 1 - policy.recent_weight - policy.long_weight
    return {
        policy.recent_days: policy.recent_weight,
        policy.window_days: usual,
        policy.long_days: policy.long_weight,
    }


@dataclass(frozen=True)
class Measured:
    """A question measured on a night.

    expected : share of hits expected of each record of the ledger, as of tonight. rates : `officer_rates` by days of the
    window, of the officers with at least least_exposure records in it. before : the same of the year before tonight's.
    """

    asked: Asked
    night: date
    ledger: Ledger
    expected: np.ndarray
    rates: dict[int, pd.DataFrame]
    before: pd.DataFrame

    def crosses(self, days: int, confidence: float) -> pd.Series:
        """Whether each officer measured in a window lies beyond the margin, as surely as the policy asks."""
        return self.rates[days]["probability"] >= confidence

    def over_windows(self, policy: FlagPolicy) -> pd.DataFrame:
        """p_value and days of every subject measured in any window, indexed by subject in its order.

        p_value : chance over all windows together, which hold one another and so are not independent; 1 where the subject
        lies beyond the margin in none of them, or has too few hits there. days : of these windows the weightiest, by its
        own chance and weight; where it is none, any.
        """
        weights = window_weights(policy)
        subjects = sorted(set().union(*(rates.index for rates in self.rates.values())))
        chance = pd.DataFrame(np.nan, index=pd.Index(subjects, dtype=object), columns=list(weights))
        weighed = chance.copy()
        for days, weight in weights.items():
            rates = self.rates[days]
            speaks = self.crosses(days, policy.posterior_confidence)
            if not self.asked.question.is_fewer_worse:
                speaks &= rates["hit_count"] >= self.asked.question.fewest_hits
            chance.loc[rates.index, days] = rates["p_value"]
            weighed.loc[rates.index, days] = np.where(speaks, rates["p_value"] / weight, np.inf)
        spoke = np.isfinite(weighed.to_numpy()).any(axis=1)
        combined = cauchy_combination(chance.to_numpy(), np.array(list(weights.values())))
        best = np.argmin(weighed.fillna(np.inf).to_numpy(), axis=1) if subjects else np.empty(0, int)
        return pd.DataFrame(
            {"p_value": np.where(spoke, combined, 1.0), "days": np.array(list(weights))[best]}, index=chance.index
        )

    def lasts(self, subject: str, days: int, policy: FlagPolicy) -> bool:
        """Whether two windows that share no record both cross for this officer, where one of `days` crosses tonight.

        A window of a year or less shares none with the year before; a longer one holds that year, so that each of the
        two must cross by itself.
        """
        years = [self.before] if days <= policy.window_days else [self.before, self.rates[policy.window_days]]
        return all(
            subject in year.index and bool(year.loc[subject, "probability"] >= policy.posterior_confidence)
            for year in years
        )

    def windows_of(self, officer_id: str) -> tuple[WindowMeasure, ...]:
        """The measure of one officer in every window in which he can be measured, the shortest first."""
        return tuple(
            WindowMeasure(
                days,
                int(row["exposure_count"]),
                float(row["hit_count"]),
                float(row["expected_count"]),
                float(row["ratio"]),
                float(row["ratio_low"]),
                float(row["ratio_high"]),
                float(row["probability"]),
            )
            for days, rates in sorted(self.rates.items())
            if officer_id in rates.index
            for row in [rates.loc[officer_id]]
        )


def measured(asked: Asked, night: date, policy: Policy) -> Measured:
    """The question over every window of the policy, each record against what tonight knows of like ones."""
    ledger = Ledger.of(asked)
    expected = expected_shares(ledger, night, policy.training.window_days)
    days = policy.flags.window_days
    before_on = night - timedelta(days=days)
    return Measured(
        asked=asked,
        night=night,
        ledger=ledger,
        expected=expected,
        rates={
            length: rates_in(asked, ledger, ledger.inside(night, length), expected, policy, with_chance=True)
            for length in window_weights(policy.flags)
        },
        before=rates_in(asked, ledger, ledger.inside(before_on, days), expected, policy),
    )


def rates_in(
    asked: Asked,
    ledger: Ledger,
    window: slice,
    expected: np.ndarray,
    policy: Policy,
    kept: np.ndarray | None = None,
    least: int | None = None,
    *,
    with_chance: bool = False,
) -> pd.DataFrame:
    """`officer_rates` of a window, of the officers with enough records (`least`); with only those `kept` where given.

    with_chance : with p_value as well; only tonight's own windows are asked for it.

    Officers with fewer records still speak for their station and for how much officers differ.
    """
    table = ledger.table(window, expected, kept)
    rates = officer_rates(
        table, policy.flags.odds_ratio, is_fewer_worse=asked.question.is_fewer_worse, with_chance=with_chance
    )
    return rates[rates["exposure_count"] >= (asked.question.least_exposure if least is None else least)]


def indicator_rows(rates: pd.DataFrame, moment: date, policy: Policy) -> pd.DataFrame:
    """officer_id, as_of_on, index (log-odds ratio, higher = worse) and crosses of the officers measured on one night."""
    return pd.DataFrame(
        {
            "officer_id": rates.index,
            "as_of_on": pd.Timestamp(moment),
            "index": rates["log_odds_ratio"].to_numpy(),
            "crosses": (rates["probability"] >= policy.flags.posterior_confidence).to_numpy(),
        }
    )


def indicator(asked: Asked, ledger: Ledger, nights: Sequence[date], policy: Policy) -> pd.DataFrame:
    """`indicator_rows` of each past night, by what it knew."""
    parts = []
    for moment, expected in _vintages(ledger, nights, policy):
        window = ledger.inside(moment, policy.flags.window_days)
        if window.start == window.stop:
            continue
        parts.append(indicator_rows(rates_in(asked, ledger, window, expected, policy), moment, policy))
    if not parts:
        return pd.DataFrame({"officer_id": [], "as_of_on": [], "index": [], "crosses": []})
    return pd.concat(parts, ignore_index=True)


def _vintages(ledger: Ledger, nights: Sequence[date], policy: Policy) -> Iterator[tuple[date, np.ndarray]]:
    """Each night, the latest first, with the shares expected by the youngest vintage that is not of its future."""
    for year in years(nights):
        expected = expected_shares(ledger, year[-1], policy.training.window_days)
        for night in year:
            yield night, expected


def years(nights: Iterable[Moment]) -> Iterator[list[Moment]]:
    """The nights by the year they lie in, counted back from the latest; the oldest of a year is what all of it may know."""
    ordered = sorted(nights, reverse=True)
    while ordered:
        year = [night for night in ordered if (ordered[0] - night).days < VINTAGE_DAYS]
        yield year
        ordered = ordered[len(year) :]
