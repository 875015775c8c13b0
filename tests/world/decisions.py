"""What was decided in a case: its outcome, the fine within the statutory range, and the grounds on file."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.world.ground import Ground
from tests.world.offences import MINOR, RANGES

USUAL_POSITION = 0.40
STRICT_FACTOR = 1.5
STATION_FACTOR = 0.45
"""Of the usual position, what the station takes that is lenient as a whole."""

GROUNDS = ("voluntary", "cooperated", "small_harm", "hardship")
GROUND_SHARES = np.array([0.12, 0.18, 0.14, 0.05])
GROUND_FACTOR = 0.62
EXEMPT_FROM = 20089
"""2025-01-01: before it there was no list of exemptions."""

GENERAL_SHARE = 0.88
"""Of the cases of an officer who is lenient in general, those that he lets down."""

COLLECTIVE_YUAN = 50_000


def decide(cases: pd.DataFrame, ground: Ground, random: np.random.Generator) -> pd.DataFrame:
    """The cases with is_firm, least, most, outcome, fine, proposed (yuan, NaN where there is none), grounds (one column of
    booleans for each), is_exempt, gain and confiscated (yuan)."""
    staff, planted = ground.staff, ground.planted
    count = len(cases)
    lead, filed = cases["lead"].to_numpy(), cases["filed"].to_numpy()
    offence, gravity = cases["offence"].to_numpy(), cases["gravity"].to_numpy()
    is_firm = ground.town.kind[cases["merchant"]] > 0
    least, most = RANGES[offence, is_firm.astype(int)].T
    is_small = np.isin(lead, planted.officers("small_first_offences"))
    grounds = random.random((count, len(GROUNDS))) < GROUND_SHARES * np.where(cases["was_prompt"], 1.5, 0.7)[:, None]
    grounds[:, 1] |= is_small

    is_general = planted.on("general_leniency", lead, filed) & (
        random.random(count) < min(1.0, GENERAL_SHARE * planted.intensity)
    )
    is_favoured = cases["is_favoured"].to_numpy(dtype=bool)
    grounds[is_general | is_favoured] = False

    may_be_exempt = MINOR[offence] & cases["is_first"] & cases["was_prompt"] & (gravity < 0.3) & (filed >= EXEMPT_FROM)
    is_exempt = may_be_exempt.to_numpy() & (random.random(count) < 0.75) & ~is_general & ~is_favoured

    station = staff.station_of(lead, filed)
    style = staff.strictness[lead] * staff.station_style[station]
    style *= np.where(station == planted.lenient_station, STATION_FACTOR, 1.0)
    style *= np.where(planted.on("strict_officer", lead, filed), STRICT_FACTOR, 1.0)
    position = USUAL_POSITION * style * np.exp(0.25 * gravity + random.normal(0, 0.3, count))
    position *= GROUND_FACTOR ** grounds.sum(axis=1) * np.where(cases["is_first"], 0.9, 1.15)
    position = np.where(is_small, position * 0.4, position)
    position = np.where(is_general, random.uniform(0.05, 0.15, count), position)
    position = np.where(is_favoured, random.uniform(0.0, 0.05, count), position).clip(0, 1)
    fine = least + position * (most - least)
    is_below = (grounds.sum(axis=1) >= 2) & (least > 0) & (random.random(count) < 0.4)
    fine = np.where(is_below, least * random.uniform(0.4, 0.9, count), fine)
    step = np.where(most <= 3000, 10, 100)
    fine = np.where(is_below, np.floor(fine / step) * step, np.round(fine / step) * step)

    draw, drop = random.random(count), random.random(count)
    much = np.clip(random.uniform(0.35, 0.5, staff.count) * planted.intensity, 0, 0.9)
    dropping = np.where(planted.on("dropped_cases", lead, filed), much[lead], staff.dropped_share[lead])
    is_dropped = (drop < dropping) & ~is_favoured
    is_warned = np.where(is_favoured, draw < 0.2, MINOR[offence] & (position < 0.3) & (draw < 0.2) & ~is_general)
    is_let_off = is_favoured & (draw >= 0.2) & (draw < 0.7)
    outcome = np.select(
        [
            is_dropped & (drop < 0.65 * dropping),
            is_dropped,
            is_exempt,
            is_let_off,
            is_warned,
            (draw > 0.99) & ~is_favoured,
        ],
        ["withdrawn", "terminated", "no_penalty", "no_penalty", "warned", "transferred"],
        "fined",
    )
    fine = np.where(outcome == "fined", fine, np.where(np.isin(outcome, ("warned", "no_penalty")), 0.0, np.nan))
    is_changed = (outcome == "fined") & (random.random(count) < 0.05)
    proposed = np.where(is_changed, np.round(fine * random.uniform(0.8, 1.3, count) / step) * step, fine)
    has_gain = random.random(count) < 0.35
    gain = np.where(has_gain, (cases["sum_yuan"] * random.uniform(0.1, 0.5, count)).round(2), 0.0)
    decided = np.isin(outcome, ("fined", "warned"))
    return cases.assign(
        is_firm=is_firm,
        least=least,
        most=most,
        outcome=outcome,
        fine=fine,
        proposed=np.minimum(proposed, most),
        ground_codes=_joined(grounds),
        is_exempt=is_exempt & (outcome == "no_penalty"),
        gain=gain,
        confiscated=np.where(decided, np.where(has_gain, gain, 0.0), np.nan),
    )


def _joined(grounds: np.ndarray) -> np.ndarray:
    """The grounds of each case as one text; None where there are none."""
    number = grounds @ (1 << np.arange(len(GROUNDS)))
    texts = [
        ";".join(name for bit, name in enumerate(GROUNDS) if value >> bit & 1) or None
        for value in range(1 << len(GROUNDS))
    ]
    return np.array(texts, dtype=object)[number]
