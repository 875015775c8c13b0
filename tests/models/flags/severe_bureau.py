"""Officers with severe findings, some referred and some not: a small seeded bureau for selective enforcement."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from models import policy
from models.flags import Night

NIGHT = date(2026, 6, 30)
CLIENTS = 30
"""Merchants 0..29 of each officer are clients of his grid's agent, the other thirty are nobody's."""


def severe_visits(seed: int, officers: int = 30, each: int = 60, not_referred: float = 0.3) -> pd.DataFrame:
    """`each` severe visits for every officer over two years, not referred at random; columns of feature.visit_record."""
    random = np.random.default_rng(seed)
    count = officers * each
    officer = np.repeat(np.arange(officers), each)
    visited = pd.Timestamp(NIGHT) - pd.to_timedelta(random.integers(61, 720, count), unit="D")
    merchant = random.integers(0, 2 * CLIENTS, count)
    spared = random.random(count) < not_referred
    return pd.DataFrame(
        {
            "patrol_id": [f"P{number:05d}" for number in range(count)],
            "lead_officer_id": [f"R{number:02d}" for number in officer],
            "merchant_id": [f"M{number:02d}-{which:02d}" for number, which in zip(officer, merchant, strict=True)],
            "visited_on": visited.normalize(),
            "known_on": visited.normalize(),
            "visit_kind": random.choice(["routine", "special", "random", "complaint"], count),
            "result": "order_to_correct",
            "was_inspected": True,
            "finding_count": random.integers(1, 4, count),
            "is_severe": True,
            "industry_division": random.choice([52.0, 62.0], count),
            "is_individual_merchant": random.random(count) < 0.5,
            "prior_visit_count": 0,
            "prior_finding_count": 0,
            "prior_severe_count": random.integers(0, 2, count),
            "referred_on": pd.Series(visited.normalize() + timedelta(days=20)).mask(spared),
        }
    )


def is_client(visits: pd.DataFrame) -> pd.Series:
    """Whether the merchant of a visit is a client of the agent."""
    return visits["merchant_id"].str[-2:].astype(int) < CLIENTS


def agents(officers: int = 30) -> pd.DataFrame:
    """feature.merchant_agent: one agent in each officer's grid."""
    rows = [
        (f"M{number:02d}-{which:02d}", f"digest{number:02d}") for number in range(officers) for which in range(CLIENTS)
    ]
    frame = pd.DataFrame(rows, columns=["merchant_id", "person_hash"])
    return frame.assign(from_on=pd.Timestamp("2020-01-01"), to_on=pd.NaT)


def spare(visits: pd.DataFrame, chosen: pd.Series) -> pd.DataFrame:
    """The visits, with those chosen not referred."""
    return visits.assign(referred_on=visits["referred_on"].mask(chosen))


def night_of(
    visits: pd.DataFrame,
    served: pd.DataFrame | None = None,
    contacts: pd.DataFrame | None = None,
    as_of: date = NIGHT,
    **delivered,
) -> Night:
    """A night of that bureau; officers serve tonight and a year ago."""
    officers = [*sorted(visits["lead_officer_id"].unique()), "R99"]
    nights = [pd.Timestamp(NIGHT), pd.Timestamp(NIGHT - timedelta(days=365))]
    spine = pd.DataFrame(
        [(officer, moment) for officer in officers for moment in nights], columns=["officer_id", "as_of_on"]
    )
    names = ("has_patrol", "has_penalty", "has_finding_severity", "has_agent", "has_relation")
    kin = pd.DataFrame({"record_table": [], "record_id": [], "role": [], "is_declared_later": []}, dtype=object)
    frames = {
        "core.delivery": pd.DataFrame([{**dict.fromkeys(names, True), **delivered}]),
        "feature.officer": spine.assign(unit_id="S1"),
        "feature.merchant_agent": agents() if served is None else served,
        "feature.kin_contact": kin if contacts is None else contacts,
        "feature.visit_record": visits,
    }
    return Night(as_of, policy.on(as_of), frames)
