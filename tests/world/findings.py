"""What a visit found, by the merchant's risk, the officer's eye, his station's habit and the season."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.world.ground import Ground

FOUND_SHARE = 0.15
"""Visits with a finding, for an ordinary merchant and officer."""

SEVERE_SHARE = 0.3
"""Of visits with a finding, those with a severe one."""

KIND_FACTORS = np.array([1.0, 1.1, 1.5, 1.0, 1.8, 0.9])
STRICT_FACTOR = 1.7
HARDEST_FACTOR = 1.5


def find(visits: pd.DataFrame, ground: Ground, random: np.random.Generator) -> pd.DataFrame:
    """The visits with finding_count, severe_finding_count, result."""
    staff, town, planted = ground.staff, ground.town, ground.planted
    lead, day, merchant = (visits[name].to_numpy() for name in ("lead", "day", "merchant"))
    count = len(visits)
    eye = staff.strictness[lead] * staff.station_style[visits["station"]]
    eye *= np.where(planted.on("strict_officer", lead, day), STRICT_FACTOR, 1.0)
    blind = np.clip(1 - (1 - random.uniform(0.2, 0.35, staff.count)) * planted.intensity, 0.05, 1.0)
    eye *= np.where(planted.on("low_finding_rate", lead, day), blind[lead], 1.0)
    chance = FOUND_SHARE * town.risk[merchant] / town.risk.mean() * eye * KIND_FACTORS[visits["kind"]]
    chance *= np.where(ground.calendar.is_campaign(day), 1.15, 1.0)
    chance *= np.where(town.merchant_grid[merchant] == town.hardest_grid, HARDEST_FACTOR, 1.0)
    is_found = (random.random(count) < np.minimum(chance, 0.85)) & ~visits["is_made_up"].to_numpy()
    severe = is_found & (random.random(count) < SEVERE_SHARE)
    findings = np.where(is_found, 1 + random.poisson(0.8, count), 0)
    draw = random.random(count)
    result = np.select(
        [
            severe & (draw < 0.6),
            severe & (draw < 0.9),
            severe,
            is_found & (draw < 0.65),
            is_found,
            (draw < 0.025) & ~visits["is_made_up"],
            (draw < 0.035) & ~visits["is_made_up"],
        ],
        [
            "case_referred",
            "order_to_correct",
            "warning",
            "order_to_correct",
            "warning",
            "closed_on_arrival",
            "not_found",
        ],
        "normal",
    )
    return visits.assign(
        finding_count=findings,
        severe_finding_count=np.where(severe, np.minimum(findings, 1 + (draw < 0.2)), 0),
        result=result,
    )
