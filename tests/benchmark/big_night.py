"""A published night of a bureau of the seeds' own size, drawn at random: as many rows as a real one, of no meaning."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow

from pipelines.contract import published_tables
from tests.desk.small_night import ARROW_TYPES, NIGHT

STATIONS, OFFICERS = 39, 351
FEATURES = 42
"""Features of a merchant's reasons, as many as the model has."""
EXPLAINED_SHARE = 0.2
"""Merchants with reasons: tiers C and D, and those on which rule and model differ."""


def filled(name: str, columns: dict[str, Any]) -> pyarrow.Table:
    """A published table of these columns, typed; all others are null, and `as_of` is the night."""
    table = published_tables()[name]
    length = len(next(iter(columns.values())))
    known = {"as_of": np.full(length, NIGHT), **columns}
    return pyarrow.table(
        {
            column.name: pyarrow.array(known[column.name], type=ARROW_TYPES[column.engine_type])
            if column.name in known
            else pyarrow.nulls(length, ARROW_TYPES[column.engine_type])
            for column in table.columns
        }
    )


def tables_of(merchants: int) -> dict[str, pyarrow.Table]:
    """What a night publishes about so many merchants, by table."""
    draw = np.random.default_rng(20_260_630)
    merchant_id = np.array([f"M{number:07d}" for number in range(merchants)])
    station = np.array([f"S{number:02d}" for number in draw.integers(1, STATIONS + 1, merchants)])
    tier = draw.choice(list("ABCD"), merchants, p=[0.6, 0.2, 0.1, 0.1])
    model_tier = draw.choice(list("ABCD"), merchants, p=[0.78, 0.15, 0.05, 0.02])
    days = np.array([NIGHT + timedelta(days=day) for day in range(-400, 400)])
    industry = draw.choice(["5212", "6210", "5251", "5166"], merchants)
    grid = np.char.add(station, draw.choice(["G1", "G2", "G3"], merchants))
    risk = {
        "merchant_id": merchant_id,
        "institution_id": station,
        "grid_id": grid,
        "industry_code": industry,
        "probability": draw.beta(1, 20, merchants),
        "percentile": draw.random(merchants),
        "patrol_tier": tier,
        "patrol_tier_rule": np.full(merchants, "clean"),
        "patrol_tier_reason_zh": np.full(merchants, "近两年无不良行为记录且年报合格"),
        "patrol_tier_reason_en": np.full(merchants, "no bad record of two years"),
        "model_risk_tier": model_tier,
        "last_visit_on": draw.choice(days[:400], merchants),
        "next_due_on": draw.choice(days, merchants),
        "is_overdue": draw.random(merchants) < 0.1,
        "overdue_days": draw.integers(0, 100, merchants),
    }
    explained = np.sort(draw.choice(merchants, int(merchants * EXPLAINED_SHARE), replace=False))
    reason = {
        "merchant_id": np.repeat(merchant_id[explained], FEATURES),
        "feature": np.tile([f"feature_{number:02d}" for number in range(FEATURES)], len(explained)),
        "value": draw.random(len(explained) * FEATURES),
        "contribution": draw.normal(0, 0.1, len(explained) * FEATURES),
        "base_value": np.full(len(explained) * FEATURES, -3.0),
        "raw_score": np.full(len(explained) * FEATURES, -2.9),
    }
    apart = np.sort(draw.choice(merchants, merchants // 10, replace=False))
    disagreement = {
        "merchant_id": merchant_id[apart],
        "institution_id": station[apart],
        "direction": draw.choice(["model_higher", "rule_higher"], len(apart)),
        "reason_zh": np.full(len(apart), "规则判为D类:多次不良行为记录"),
        "reason_en": np.full(len(apart), "tier D by rule: repeated bad records"),
    }
    owed = np.sort(draw.choice(merchants, merchants // 8, replace=False))
    task = {
        "merchant_id": merchant_id[owed],
        "kind": draw.choice(["rectification_due", "annual_report"], len(owed)),
        "record_id": np.array([f"V{number}" for number in range(len(owed))]),
        "due_on": draw.choice(days, len(owed)),
        "status": draw.choice(["due", "overdue", "upcoming"], len(owed)),
    }
    officer_id = np.array([f"R{number:04d}" for number in range(OFFICERS)])
    own_station = np.array([f"S{1 + number % STATIONS:02d}" for number in range(OFFICERS)])
    return {
        "merchant_risk": filled("merchant_risk", risk),
        "merchant_reason": filled("merchant_reason", reason),
        "tier_disagreement": filled("tier_disagreement", disagreement),
        "due_task": filled("due_task", task),
        "patrol_plan": _plan(merchants, merchant_id, station, days[400:430]),
        "unplaced_visit": filled(
            "unplaced_visit",
            {
                "merchant_id": merchant_id[apart],
                "institution_id": station[apart],
                "due_on": draw.choice(days, len(apart)),
                "visit_kind": np.full(len(apart), "routine"),
                "code": np.full(len(apart), "capacity"),
                "reason_zh": np.full(len(apart), "人力已排满"),
                "reason_en": np.full(len(apart), "all hands are taken"),
            },
        ),
        "merchant": filled(
            "merchant",
            {
                "merchant_id": merchant_id,
                "name": np.char.add("第", np.char.add(merchant_id, "号小吃店")),
                "institution_id": station,
                "grid_id": grid,
                "industry_code": industry,
            },
        ),
        "officer": filled(
            "officer",
            {
                "officer_id": officer_id,
                "name": officer_id,
                "institution_id": own_station,
                "unit_id": own_station,
                "is_serving": np.full(OFFICERS, True),
            },
        ),
        "institution": filled(
            "institution",
            {
                "institution_id": np.unique(own_station),
                "unit_id": np.unique(own_station),
                "name": np.char.add(np.unique(own_station), "所"),
                "parent_id": np.full(STATIONS, "B"),
            },
        ),
    }


def _plan(merchants: int, merchant_id: np.ndarray, station: np.ndarray, days: np.ndarray) -> pyarrow.Table:
    # each pair of officers makes eight visits a day, at merchants of its own station
    wanted = min(merchants, OFFICERS // 2 * 8 * 22)
    order = np.argsort(station[:wanted], kind="stable")
    chosen, places = merchant_id[:wanted][order], station[:wanted][order]
    pair = np.arange(wanted) % (OFFICERS // 2)
    day = days[np.arange(wanted) * 22 // wanted]
    twice = {
        "merchant_id": np.repeat(chosen, 2),
        "officer_id": np.array([f"R{number:04d}" for number in np.stack([2 * pair, 2 * pair + 1], 1).ravel()]),
        "role": np.tile(["lead", "co"], wanted),
        "visit_on": np.repeat(day, 2),
        "due_on": np.repeat(day, 2),
        "visit_kind": np.full(2 * wanted, "routine"),
        "institution_id": np.repeat(places, 2),
        "round_id": np.repeat(places, 2),
        "round_order": np.repeat(np.arange(wanted) % 8, 2),
        "reason": np.full(2 * wanted, "应查"),
        "reason_en": np.full(2 * wanted, "it is due"),
    }
    return filled("patrol_plan", twice)
