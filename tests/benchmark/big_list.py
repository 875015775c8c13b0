"""The lists of a night of the seeds' own size, drawn at random: as many rows as a real one, of no meaning."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pyarrow

from desk.lists.words import YEAR
from models.policy.unlicensed import STAGES
from tests.benchmark.big_night import OFFICERS, STATIONS, filled
from tests.desk.small_night import NIGHT

KEY_SHARE, UNLICENSED_SHARE, TASK_SHARE = 0.35, 0.009, 0.3
"""Of all merchants: in key industries, without a licence, and with a task or a planned visit."""


def list_tables(merchants: int) -> dict[str, pyarrow.Table]:
    """What a night lists about so many merchants and the bureau's officers, by table."""
    draw = np.random.default_rng(20_260_702)
    days = np.array([NIGHT + timedelta(days=number) for number in range(-180, 31)])

    def some(share: float) -> tuple[np.ndarray, np.ndarray]:
        chosen = np.sort(draw.choice(merchants, int(merchants * share), replace=False))
        units = np.array([f"S{number:02d}" for number in draw.integers(1, STATIONS + 1, len(chosen))])
        return np.array([f"M{number:07d}" for number in chosen]), units

    def officers(count: int) -> np.ndarray:
        return np.array([f"R{number:04d}" for number in draw.integers(0, OFFICERS, count)])

    key, key_unit = some(KEY_SHARE)
    bare, bare_unit = some(UNLICENSED_SHARE)
    busy, busy_unit = some(TASK_SHARE)
    periods = [
        YEAR,
        *(f"2026-{month:02d}" for month in range(6, 0, -1)),
        *(f"2025-{month}" for month in range(12, 6, -1)),
    ]
    person = np.repeat(np.array([f"R{number:04d}" for number in range(OFFICERS)]), len(periods))
    return {
        "key_industry_coverage": filled(
            "key_industry_coverage",
            {
                "merchant_id": key,
                "institution_id": key_unit,
                "is_visited": draw.random(len(key)) < 0.8,
                "planned_visit_on": draw.choice(days, len(key)),
            },
        ),
        "unlicensed_register": filled(
            "unlicensed_register",
            {
                "merchant_id": bare,
                "institution_id": bare_unit,
                "stage": draw.choice(STAGES, len(bare)),
                "is_late": draw.random(len(bare)) < 0.4,
                "is_closed": draw.random(len(bare)) < 0.5,
                "officer_id": officers(len(bare)),
            },
        ),
        "officer_task": filled(
            "officer_task",
            {
                "merchant_id": busy,
                "kind": draw.choice(["rectification_due", "planned_visit"], len(busy)),
                "charge": draw.choice(["lead", "co", "grid"], len(busy)),
                "officer_id": officers(len(busy)),
                "institution_id": busy_unit,
                "due_on": draw.choice(days, len(busy)),
                "status": draw.choice(["overdue", "due", "upcoming"], len(busy)),
            },
        ),
        "officer_month": filled(
            "officer_month",
            {
                "officer_id": person,
                "period": np.tile(np.array(periods), OFFICERS),
                "institution_id": np.array([f"S{1 + int(name[1:]) % STATIONS:02d}" for name in person]),
                "led_visit_count": draw.integers(0, 90, len(person)),
                "same_day_share": draw.random(len(person)),
            },
        ),
    }
