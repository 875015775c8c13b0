"""Unlicensed operation: how merchants without a licence go through the eight stages, some of them never to the end."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from models.policy.unlicensed import STAGES
from pipelines.sample.calendar import DAY_SECONDS
from pipelines.sample.columns import NONE, identifiers, instants, table, words
from pipelines.sample.ground import Ground
from pipelines.sample.merchants import UNLICENSED

PATROL, FOUND, RECORDED, DISPOSED, RECHECKED, COPIED, INVESTIGATED, REPORTED_BACK = range(8)
USUAL = (PATROL, FOUND, RECORDED, DISPOSED, RECHECKED, COPIED, INVESTIGATED, REPORTED_BACK)
AGAIN = (PATROL, FOUND, RECORDED, DISPOSED, RECHECKED, FOUND, DISPOSED, RECHECKED, FOUND, DISPOSED, RECHECKED, COPIED)
"""Who opens again after each disposal, and is found again at each recheck."""

AGAIN_SHARE, STOPPED_SHARE = 0.15, 0.25
"""Of merchants without a licence: those who open again, and those whose matter rests at some stage."""

USUAL_DAYS = (0, 1, 2, 12, 24, 8, 9, 45)
"""Mean days from the stage before to each stage."""

DISPOSALS = ("引导办照", "教育整改", "跟踪回访", "取缔", "转许可部门")
DISPOSAL_SHARES = (0.45, 0.3, 0.1, 0.05, 0.1)


def unlicensed_event_table(ground: Ground, random: np.random.Generator) -> pa.Table:
    """The contract's stages of unlicensed operation, in order of merchant and time, as far as the last day knows them."""
    last, first = ground.calendar.last, ground.calendar.first
    merchant = np.flatnonzero(ground.merchants.kind == UNLICENSED)
    count, width = len(merchant), len(AGAIN)
    opened = np.maximum(ground.merchants.registered[merchant], first)
    began = opened + (random.random(count) * np.maximum(last - opened, 1)).astype(np.int64)
    path = np.full((count, width), NONE)
    path[:, : len(USUAL)] = USUAL
    path[random.random(count) < AGAIN_SHARE] = AGAIN
    rests_from = np.where(random.random(count) < STOPPED_SHARE, random.integers(2, 7, count), width)
    took = np.ceil(random.gamma(2.0, 0.5, (count, width)) * np.array(USUAL_DAYS)[np.maximum(path, 0)]).astype(np.int64)
    day = began[:, None] + np.cumsum(took, axis=1)
    second = random.integers(9 * 3600, 17 * 3600, (count, width))
    disposal = random.choice(len(DISPOSALS), (count, width), p=DISPOSAL_SHARES)
    slot = ground.places.field_slot(ground.merchants.station[merchant], random.integers(0, 1 << 30, count))
    is_told = (path != NONE) & (day <= last) & (np.arange(width) < rests_from[:, None])
    row, step = np.nonzero(is_told)
    stage, day = path[row, step], day[row, step]
    # stages of one day come one after the other
    at = day * DAY_SECONDS + np.sort(second, axis=1)[row, step]
    return table(
        "unlicensed_event",
        {
            "merchant_id": identifiers("M", merchant[row], 7),
            "stage": words(STAGES, stage),
            "occurred_at": instants(at),
            "officer_id": identifiers("R", ground.staff.officer_at(slot[row], day), 4),
            "disposal": words(DISPOSALS, np.where(stage == DISPOSED, disposal[row, step], NONE)),
        },
    )
