"""The stages of a case with their days, who reviewed and approved, and what of it is known on the last day."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.world.decisions import COLLECTIVE_YUAN
from tests.world.ground import Ground
from tests.world.staff import BOTH, HANDLER, HEAD, LEGAL, PATROL

SIMPLE_LIMITS = (200, 3000)
"""Fines up to which the simple procedure may be taken, for persons and firms."""


def run_stages(cases: pd.DataFrame, ground: Ground, random: np.random.Generator) -> pd.DataFrame:
    """The cases with station, co, reviewer, approver (-1 for none), is_simple, and the days investigated, reviewed,
    discussed, decided, closed (-1 where there is none or it lies ahead), tier, is_approved; undecided ones pending."""
    calendar, staff = ground.calendar, ground.staff
    count = len(cases)
    lead, filed, outcome = (cases[name].to_numpy() for name in ("lead", "filed", "outcome"))
    fine = cases["fine"].to_numpy()
    station = staff.station_of(lead, filed)
    is_decision = np.isin(outcome, ("fined", "warned", "no_penalty"))
    limit = np.where(cases["is_firm"], *SIMPLE_LIMITS[::-1])
    is_simple = np.isin(outcome, ("fined", "warned")) & (np.nan_to_num(fine) <= limit) & (random.random(count) < 0.45)
    investigated = filed + np.where(is_simple, 0, random.lognormal(np.log(32), 0.45, count)).astype(int)
    is_reviewed = is_decision & ~is_simple
    reviewed = calendar.working_after(investigated, random.integers(1, 7, count))
    is_below = (outcome == "fined") & (fine < cases["least"])
    is_collective = is_reviewed & ((np.nan_to_num(fine) >= COLLECTIVE_YUAN) | is_below) & (random.random(count) < 0.97)
    discussed = calendar.working_after(reviewed, random.integers(1, 6, count))
    latest = np.where(is_collective, discussed, np.where(is_reviewed, reviewed, investigated))
    decided = np.where(is_simple, filed, calendar.working_after(latest, random.integers(1, 8, count)))
    closed = decided + np.where(outcome == "fined", random.integers(1, 30, count), random.integers(0, 3, count))
    nobody = np.full(count, -1)
    co = staff.colleague(station, (HANDLER, BOTH, PATROL), lead, filed, random)
    legal = staff.colleague(np.full(count, ground.town.station_count), (LEGAL,), nobody, investigated, random)
    heads = staff.colleague(station, (HEAD,), nobody, np.minimum(decided, calendar.last), random)
    alone = staff.seat_of(staff.first_seat[station], np.minimum(decided, calendar.last))
    last = calendar.last
    is_pending = decided > last
    position = (fine - cases["least"]) / (cases["most"] - cases["least"])
    by_fine = np.select([position < 0, position < 0.3, position < 0.7], ["mitigated", "lenient", "ordinary"], "heavy")
    tier = np.select(
        [outcome == "fined", outcome == "warned", outcome == "no_penalty"], [by_fine, "lenient", "no_penalty"], ""
    )
    known = is_reviewed & (reviewed <= last)
    return cases.assign(
        station=station,
        co=np.where(is_simple & (random.random(count) < 0.3), -1, co),
        reviewer=np.where(known, legal, -1),
        approver=np.where(np.where(is_decision, is_pending, closed > last), -1, np.where(heads >= 0, heads, alone)),
        is_simple=is_simple,
        investigated=np.where(investigated <= last, investigated, -1),
        reviewed=np.where(known, reviewed, -1),
        discussed=np.where(is_collective & (discussed <= last), discussed, -1),
        decided=np.where(is_pending | ~is_decision, -1, decided),
        closed=np.where(closed <= last, closed, -1),
        outcome=np.where(np.where(is_decision, is_pending, closed > last), "pending", outcome),
        fine=np.where(is_pending, np.nan, fine),
        proposed=np.where(is_pending, np.nan, cases["proposed"]),
        confiscated=np.where(is_pending, np.nan, cases["confiscated"]),
        is_exempt=cases["is_exempt"] & ~is_pending,
        tier=np.where(is_pending, "", tier),
        is_approved=random.random(count) < 0.96,
    )
