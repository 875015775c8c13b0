"""Records of an honest bureau for the common method: officers differ a little, stations a little, like records are alike."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from models import policy
from models.flags import Night
from models.hint.question import Asked, Question

NIGHT = date(2026, 6, 30)
FACTS = ("kind", "season")


def question(**changed) -> Question:
    """A question about visits, more hits being worse."""
    given = {
        "family": "case_dropped",
        "pattern": "asked",
        "table": "patrol",
        "record": ("次检查", "visits"),
        "hit": ("如所问", "went so"),
        "facts": FACTS,
        "least_exposure": 10,
        "note": lambda row: ("一次", "one"),
    }
    return Question(**{**given, **changed})


def records(
    seed: int,
    officers: int = 40,
    each: int = 60,
    officer_spread: float = 0.3,
    station_spread: float = 0.2,
    days: int = 730,
) -> pd.DataFrame:
    """`each` records of every officer over two years, ten officers to a station; about one in five is a hit."""
    random = np.random.default_rng(seed)
    officer = np.repeat(np.arange(officers), each)
    kind, season = random.integers(0, 3, len(officer)), random.integers(0, 4, len(officer))
    habit = random.normal(0, officer_spread, officers)[officer]
    practice = random.normal(0, station_spread, officers // 10 + 1)[officer // 10]
    log_odds = -1.6 + 0.7 * (kind - 1) + habit + practice
    known = pd.Timestamp(NIGHT) - pd.to_timedelta(random.integers(0, days, len(officer)), unit="D")
    return pd.DataFrame(
        {
            "record_id": [f"P{number:06d}" for number in range(len(officer))],
            "officer_id": [f"R{number:03d}" for number in officer],
            "unit_id": [f"S{number // 10:02d}" for number in officer],
            "known_on": known,
            "is_hit": random.random(len(officer)) < 1 / (1 + np.exp(-log_odds)),
            "kind": kind.astype(float),
            "season": season.astype(float),
        }
    )


def with_share(frame: pd.DataFrame, chosen: pd.Series, share: float, seed: int = 9) -> pd.DataFrame:
    """The records, of those chosen so many as hits."""
    drawn = np.random.default_rng(seed).random(len(frame)) < share
    return frame.assign(is_hit=frame["is_hit"].mask(chosen, pd.Series(drawn, index=frame.index)))


def asked(frame: pd.DataFrame, **changed) -> Asked:
    """The question with its records."""
    return Asked(question(**changed), frame)


def night_of(frame: pd.DataFrame, moments: tuple[date, ...] = (NIGHT,), as_of: date = NIGHT) -> Night:
    """A night on which all officers of the records serve, and one more who has none."""
    names = [*sorted(frame["officer_id"].unique()), "R999"]
    spine = pd.DataFrame(
        [(name, pd.Timestamp(moment)) for name in names for moment in moments], columns=["officer_id", "as_of_on"]
    )
    return Night(as_of, policy.on(as_of), {"feature.officer": spine})


def days_before(count: int) -> date:
    """The day so many days before the night."""
    return NIGHT - timedelta(days=count)
