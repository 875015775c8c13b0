"""Places given by hand after a draw: how many, whether to the same officer, without certificate, or at lower classes.

Of units and of the period, never of a person; what each test holds against what stands in models/draw/audit.py.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from models.draw.chance import Outcome, at_least, at_least_drawn, crews_at_random, generator, upper_tail
from models.draw.past import BUREAU, POOLED, PastDraws, Tested

LOW_CLASSES = ("A", "B")


def by_hand_tests(past: PastDraws, places: pd.DataFrame) -> Iterator[Tested]:
    """Share, direction and repetition of places given by hand; `places` are those of the period."""
    names = ("by_hand_share", "by_hand_same", "by_hand_uncertified", "by_hand_low_class")
    if not past.has_marks:
        for name in names:
            yield Tested(name, POOLED, BUREAU, len(places), None, "marks")
        return
    least = past.policy.min_audit_count
    units = [*places[places["unit_id"].isin(past.told_units())].groupby("unit_id", sort=True)]
    for unit_id, of_unit in [*units, (BUREAU, places)]:
        count = len(of_unit)
        chances = np.full(count, past.policy.substitution_limit)
        outcome = at_least(int(of_unit["is_by_hand"].sum()), chances) if count >= least else None
        yield Tested("by_hand_share", POOLED, unit_id, count, outcome, "" if outcome else "few")
    by_hand = places[places["is_by_hand"]]
    if len(by_hand) < least:
        for name in names[1:]:
            yield Tested(name, POOLED, BUREAU, len(by_hand), None, "few")
        return
    yield _same(past, by_hand)
    if past.able.empty:
        yield Tested(names[2], POOLED, BUREAU, len(by_hand), None, "certificate")
    else:
        marked = int((~places["is_certified"]).sum())
        found = int((~by_hand["is_certified"]).sum())
        yield Tested(names[2], POOLED, BUREAU, len(by_hand), at_least_drawn(found, len(places), marked, len(by_hand)))
    known = places[places["draw_class"].notna()]
    taken = known[known["is_by_hand"]]
    marked, found = (int(rows["draw_class"].isin(LOW_CLASSES).sum()) for rows in (known, taken))
    yield Tested(names[3], POOLED, BUREAU, len(taken), at_least_drawn(found, len(known), marked, len(taken)))


def _same(past: PastDraws, by_hand: pd.DataFrame) -> Tested:
    recent = past.able[past.able["drawn_on"] >= past.audit_start_on]
    observed, simulated = 0, np.zeros((), dtype=np.int64)
    for unit_id, rows in by_hand.groupby("unit_id", sort=True):
        there = set(recent.loc[recent["unit_id"] == unit_id, "officer_id"]) | set(rows["officer_id"])
        counts = rows["officer_id"].value_counts().to_numpy()
        observed += int((counts * (counts - 1) // 2).sum())
        chance = crews_at_random(len(there), 1, len(rows), generator("by_hand_same", unit_id))
        simulated = simulated + (chance * (chance - 1) // 2).sum(axis=1)
    outcome = Outcome(float(observed), float(simulated.mean()), float(observed), upper_tail(observed, simulated))
    return Tested("by_hand_same", POOLED, BUREAU, len(by_hand), outcome)
