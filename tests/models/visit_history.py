"""A made history of visits: every column that the merchant model reads, who led each visit, and what it found."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from models.merchant_feature import DIRECTION

AS_OF = date(2026, 6, 30)
GAPS = ("capital_log", "days_since_visit", "permit_days_left")
"""Columns that are not known of every merchant."""


def history(rows: int = 4000, seed: int = 5, officers: int = 6, years: int = 3) -> pd.DataFrame:
    """Rows as `train` takes them: one per visit, in order of the day.

    Risk is told by severe_excess_730 and a little by complaint_count_365; officer R0 finds most, the last one least. Every
    third visit was drawn at random.
    """
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(random.normal(size=(rows, len(DIRECTION))), columns=list(DIRECTION))
    for column in DIRECTION:
        if "count" in column:
            frame[column] = random.poisson(1.0, size=rows).astype(float)
    frame["age_years"] = random.uniform(0, 20, size=rows)
    frame["days_since_visit"] = random.integers(1, 700, size=rows).astype(float)
    frame["is_key_industry"] = random.uniform(size=rows) < 0.2
    frame["is_individual"] = random.uniform(size=rows) < 0.7
    for column in GAPS:
        frame.loc[random.uniform(size=rows) < 0.15, column] = np.nan
    officer = random.integers(0, officers, size=rows)
    strictness = np.linspace(0.8, -0.8, officers)[officer] if officers > 1 else 0.0
    odds = 1.5 * frame["severe_excess_730"] + 0.3 * frame["complaint_count_365"] - 2.3 + strictness
    ago = random.integers(1, 365 * years, size=rows)
    visited_on = pd.to_datetime([AS_OF - timedelta(days=int(days)) for days in ago])
    return frame.assign(
        merchant_id=[f"M{row % (rows // 4):04d}" for row in range(rows)],
        as_of_on=visited_on - pd.Timedelta(days=1),
        kind="company",
        status="active",
        patrol_id=[f"P{row:05d}" for row in range(rows)],
        lead_officer_id=[f"R{number}" for number in officer],
        visit_kind=random.choice(["routine", "complaint"], size=rows, p=[0.8, 0.2]),
        was_drawn=np.arange(rows) % 3 == 0,
        draw_stratum="",
        visited_on=visited_on,
        known_on=visited_on + pd.to_timedelta(random.integers(0, 3, size=rows), unit="D"),
        is_severe=random.uniform(size=rows) < 1 / (1 + np.exp(-odds)),
    ).sort_values(["visited_on", "patrol_id"], ignore_index=True)
