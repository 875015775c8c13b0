"""How late findings come: of the findings of a year, which share is known by now.

Only what has been closed is on file, and of recent matters only those that were closed fast: the delays on file are
truncated on the right by today. The distribution is therefore estimated backwards: the reverse hazard at a delay x is
the share of exactly x among the matters with a delay of at most x that are old enough to have shown x; the product of
what it leaves, from the longest delay down, is the share known by then (Lagakos, Barraj and De Gruttola, Biometrika 75
(1988); Kalbfleisch and Lawless, JASA 84 (1989); the product-limit estimate of Lynden-Bell (1971), as chain ladder in
insurance). It is relative to the longest delay that enough matters could have shown: what takes longer is beyond it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

LOOK_BACK_DAYS = 3650
"""Older matters say little of how fast they are closed today."""

MIN_AT_RISK = 10
"""A delay is believed as far as this many matters are old enough to have shown it: a single old one would decide all."""


@dataclass(frozen=True)
class Delay:
    """`day` (increasing) and `known_share`: of eventual findings, the share known within so many days of their opening."""

    day: np.ndarray
    known_share: np.ndarray

    def known_within(self, days: np.ndarray) -> np.ndarray:
        """The share known `days` after opening, in the shape of `days`; 1 where no delay could be measured."""
        if len(self.day) == 0:
            return np.ones(np.shape(days))
        place = np.searchsorted(self.day, days, side="right") - 1
        return np.where(place >= 0, self.known_share[np.maximum(place, 0)], 0.0)

    def knowable(self, nights: pd.Series, as_of: pd.Timestamp, horizon_days: int) -> np.ndarray:
        """Of what is opened within the horizon after each night, and will be found, the share known on `as_of`; (n,)."""
        nights = pd.to_datetime(nights)
        unique = np.sort(nights.unique())
        opened_after = np.arange(1, horizon_days + 1)
        elapsed = (pd.Timestamp(as_of) - pd.DatetimeIndex(unique)).days.to_numpy()
        share = self.known_within(elapsed[:, None] - opened_after).mean(axis=1)
        return share[np.searchsorted(unique, nights.to_numpy())]


def estimated_delay(outcomes: pd.DataFrame, as_of: pd.Timestamp) -> Delay:
    """The delay from opening to closing among substantiated matters of LOOK_BACK_DAYS that are known on `as_of`.

    outcomes : rows of core.integrity_outcome. Empty where fewer than MIN_AT_RISK are known.
    """
    as_of = pd.Timestamp(as_of)
    opened, closed = pd.to_datetime(outcomes["opened_on"]), pd.to_datetime(outcomes["closed_on"])
    is_used = (outcomes["result"] == "substantiated") & (closed <= as_of)
    is_used &= opened > as_of - pd.Timedelta(days=LOOK_BACK_DAYS)
    took = np.sort((closed - opened)[is_used].dt.days.to_numpy())
    could_show = np.sort((as_of - opened[is_used]).dt.days.to_numpy())
    day, events = np.unique(took, return_counts=True)
    # took <= x <= could_show: all with a delay of at most x, less those too young to have shown x
    at_risk = np.searchsorted(took, day, side="right") - np.searchsorted(could_show, day, side="left")
    believed = at_risk >= MIN_AT_RISK
    if not believed.any():
        return Delay(np.empty(0), np.empty(0))
    last = np.flatnonzero(believed)[-1] + 1
    day, events, at_risk = day[:last], events[:last], at_risk[:last]
    left = np.where(at_risk > 0, 1 - events / np.maximum(at_risk, 1), 1.0)
    # the share known at x is the product over all longer delays
    known_share = np.append(np.cumprod(left[::-1])[::-1][1:], 1.0)
    return Delay(day, known_share)
