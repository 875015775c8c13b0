"""A small bureau of visits: six stations of five officers, two years, everybody honest; tests bend what one of them does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import ModuleType

import numpy as np
import pandas as pd

from models import policy
from models.flags import Flag, Judgement, Night

TONIGHT = date(2026, 6, 30)
RULES = policy.on(TONIGHT)
NIGHTS = [pd.Timestamp(TONIGHT) - pd.Timedelta(days=91 * step) for step in range(9)]
OFFICERS = [f"S{station}O{number}" for station in range(1, 7) for number in range(1, 6)]
ODD = "S2O3"
"""The officer whom tests bend."""
DELIVERED = (
    "has_patrol",
    "has_visit_filing",
    "has_visit_time",
    "has_visit_place",
    "has_note_hash",
    "has_leave",
    "has_entered_at",
    "has_entered_by",
    "has_co_officer",
    "has_penalty",
    "has_complaint_officer",
    "has_complaint_merchant",
)


def delivery(**missing: bool) -> pd.DataFrame:
    """Everything delivered but what is given as False."""
    return pd.DataFrame([dict.fromkeys(DELIVERED, True) | missing])


def officers() -> pd.DataFrame:
    """feature.officer: who serves on the nights of the panel."""
    rows = [(name, night, name[:2]) for night in NIGHTS for name in OFFICERS]
    return pd.DataFrame(rows, columns=["officer_id", "as_of_on", "unit_id"])


def postings(officers: tuple[str, ...] = OFFICERS, unit: str | None = None) -> pd.DataFrame:
    """feature.officer_posting: everybody in one unit (that of his name where None) since long ago."""
    return pd.DataFrame(
        {
            "posting_id": [f"P{name}" for name in officers],
            "clock": "post",
            "officer_id": list(officers),
            "unit_id": [unit or name[:2] for name in officers],
            "started_on": pd.Timestamp("2010-01-01"),
            "ended_on": pd.NaT,
        }
    )


def visits(seed: int = 1, per_officer: int = 200) -> pd.DataFrame:
    """feature.visit_record of two years: a sixth finds something, 5 % unfiled, 2 % short, 12 % entered late."""
    random = np.random.default_rng(seed)
    count = per_officer * len(OFFICERS)
    lead = np.repeat(OFFICERS, per_officer)
    # two visits a day, every seventh day or so, so that a day is no crowd
    back = np.tile(np.linspace(0, 727, per_officer // 2).astype(int).repeat(2), len(OFFICERS))
    visited = pd.Timestamp(TONIGHT) - pd.to_timedelta(back, unit="D")
    kind = random.choice(
        ["routine", "special", "targeted", "random", "complaint", "recheck"],
        count,
        p=(0.5, 0.12, 0.08, 0.14, 0.1, 0.06),
    )
    found = random.random(count) < 0.17
    filed = random.random(count) >= 0.05
    late_days = np.where(random.random(count) < 0.12, random.integers(1, 4, count), 0)
    known = np.minimum(visited + pd.to_timedelta(late_days, unit="D"), pd.Timestamp(TONIGHT))
    followed = random.random(count) < 0.4
    colleague = np.array([name[:-1] + str(int(name[-1]) % 5 + 1) for name in lead])
    return pd.DataFrame(
        {
            "patrol_id": [f"V{number:06d}" for number in range(count)],
            "lead_officer_id": lead,
            "co_officer_id": colleague,
            "unit_id": [name[:2] for name in lead],
            "merchant_id": [f"M{number:06d}" for number in range(count)],
            "visited_on": visited,
            "known_on": known,
            "visit_kind": kind,
            "result": np.where(found, "order_to_correct", "normal"),
            "was_inspected": True,
            "finding_count": found.astype(int),
            "industry_division": 52.0,
            "is_market": pd.array(random.random(count) < 0.2, dtype="boolean"),
            "is_individual_merchant": pd.array(random.random(count) < 0.6, dtype="boolean"),
            "is_rural": pd.array(np.array([name[1] > "3" for name in lead]), dtype="boolean"),
            "prior_visit_count": 0,
            "prior_finding_count": 0,
            "visit_minutes": np.where(random.random(count) < 0.02, 2.0, 25.0),
            "start_minute_of_day": 600.0,
            "previous_kilometres": np.nan,
            "previous_gap_minutes": np.nan,
            "note_repeat_count": (random.random(count) < 0.02).astype(float),
            "is_on_leave": pd.array([False] * count, dtype="boolean"),
            "is_month_end": (visited + pd.Timedelta(days=3)).month != visited.month,
            "is_outside_hours": pd.array(random.random(count) < 0.02, dtype="boolean"),
            "entry_lag_days": late_days.astype(float),
            "was_entered_by_other": pd.array(random.random(count) < 0.02, dtype="boolean"),
            "was_filed": pd.array(filed, dtype="boolean"),
            "filing_lag_minutes": np.where(filed, -600.0, np.nan),
            "was_filing_rejected": pd.array([False] * count, dtype="boolean"),
            "first_unannounced_after_on": pd.Series(visited + pd.Timedelta(days=20)).where(followed).to_numpy(),
            "first_unannounced_severe": pd.array(random.random(count) < 0.08, dtype="boolean"),
            "first_unannounced_finding": pd.array(random.random(count) < 0.2, dtype="boolean"),
        }
    ).assign(
        first_unannounced_severe=lambda frame: frame["first_unannounced_severe"].mask(~followed),
        first_unannounced_finding=lambda frame: frame["first_unannounced_finding"].mask(~followed),
    )


def some(frame: pd.DataFrame, share: float, officer: str = ODD, seed: int = 7) -> pd.Series:
    """A share of the visits that the officer led, drawn by lot: a boolean mask."""
    return (frame["lead_officer_id"] == officer) & (np.random.default_rng(seed).random(len(frame)) < share)


def bent(frame: pd.DataFrame, where: pd.Series, **values) -> pd.DataFrame:
    """The frame with these values in these rows."""
    changed = frame.copy()
    for name, value in values.items():
        changed.loc[where, name] = value
    return changed


def judged(family: ModuleType, frames: Mapping[str, pd.DataFrame], as_of: date = TONIGHT) -> Judgement:
    """What a family says of a night of these frames; the columns that it does not ask for are kept from it."""
    given = {name: frames[name][list(columns)] if columns else frames[name] for name, columns in family.NEEDS.items()}
    return family.judge(Night(as_of, policy.on(as_of), given))


def of_officers(judgement: Judgement, pattern: str | None = None) -> dict[str, Flag]:
    """The hints about officers (of one pattern) by officer."""
    return {
        flag.subject_id: flag
        for flag in judgement.flags
        if flag.subject_kind == "officer" and (pattern is None or flag.facts == (pattern,))
    }


def verdict(flag: Flag, code: str) -> str:
    """The verdict on one innocent explanation of a hint."""
    return next(item.verdict for item in flag.counter_evidence if item.code == code)
