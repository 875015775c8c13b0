"""Decisions near an amount at which a case takes another way, as records: just below it or not, lowered, or split."""

from __future__ import annotations

import numpy as np
import pandas as pd

from models import policy
from models.case_record import led_cases, party_amount

NEAR = 0.9
"""Just below: from this part of the threshold up to it."""
AROUND = (0.6, 1.6)
"""Decisions between these parts of the threshold are compared: further off, nobody has a reason to count."""
SPLIT_DAYS = 30
PLACEBO_YUAN = (1000.0, 2000.0, 5000.0, 20_000.0, 50_000.0)
"""Round amounts at which nothing is at stake (as long as no policy says otherwise)."""


def fined_cases(cases: pd.DataFrame) -> pd.DataFrame:
    """Fined cases with a day of decision, as records of their lead handler; known from the decision on.

    near_yuan : the threshold of that day and party that lies around the fine and confiscation; near_number : which one
    (0 collective, 1 hearing); NaN where none does. collective_yuan, hearing_yuan : the thresholds; NaN where the kind of
    party is not known.
    """
    fined = led_cases(cases[(cases["outcome"] == "fined") & cases["decided_on"].notna() & cases["total_yuan"].notna()])
    day = fined["decided_on"]
    hearing = party_amount(fined, lambda rule: rule.hearing_natural_yuan, lambda rule: rule.hearing_legal_yuan)
    hearing[fined["is_natural_person"].isna().to_numpy()] = np.nan
    fined = fined.assign(
        known_on=day,
        collective_yuan=policy.each("thresholds", lambda rule: rule.collective_station_yuan, day),
        hearing_yuan=hearing,
    )
    total = fined["total_yuan"].to_numpy(dtype=float)
    near = [_is_around(total, fined[name].to_numpy()) for name in ("collective_yuan", "hearing_yuan")]
    return fined.assign(
        near_yuan=np.select(near, [fined["collective_yuan"], fined["hearing_yuan"]], np.nan),
        near_number=np.select(near, [0.0, 1.0], np.nan),
    )


def around_threshold(fined: pd.DataFrame) -> pd.DataFrame:
    """Decisions of the ordinary procedure around a threshold; a hit where just below it. is_above : just above it."""
    records = fined[fined["near_yuan"].notna() & ~fined["is_simple_procedure"].astype(bool)]
    part = records["total_yuan"] / records["near_yuan"]
    highest = records["statutory_max_yuan"] / records["near_yuan"]
    return records.assign(
        is_hit=(part >= NEAR) & (part < 1),
        is_above=(part >= 1) & (part < 1 / NEAR),
        is_capped=(highest >= NEAR) & (highest <= 1),
    )


def around_placebo(fined: pd.DataFrame) -> pd.DataFrame:
    """Decisions of the ordinary procedure around round amounts that are no threshold; a hit where just below one.

    Decisions just below a real threshold are left out: they must not speak for or against a habit.
    """
    records = fined[~fined["is_simple_procedure"].astype(bool)]
    total = records["total_yuan"].to_numpy(dtype=float)
    real = records["near_yuan"].to_numpy(dtype=float)
    records = records[~((total >= NEAR * real) & (total < real))]
    total = np.maximum(records["total_yuan"].to_numpy(dtype=float), 1.0)
    distance = np.abs(np.log(total[:, None] / np.array(PLACEBO_YUAN)))
    number = distance.argmin(axis=1)
    amount = np.array(PLACEBO_YUAN)[number]
    is_threshold = (amount == records["collective_yuan"].to_numpy()) | (amount == records["hearing_yuan"].to_numpy())
    kept = _is_around(total, amount) & ~is_threshold
    is_hit = (total >= NEAR * amount) & (total < amount)
    return records.assign(near_number=number.astype(float), is_hit=is_hit)[kept]


def lowered_cases(fined: pd.DataFrame) -> pd.DataFrame:
    """Decisions whose proposal (with the confiscation) lay at or above a threshold; a hit where the decision lies below."""
    proposed = fined["proposed_fine_yuan"].to_numpy(dtype=float) + fined["confiscated_yuan"].fillna(0).to_numpy(float)
    collective, hearing = fined["collective_yuan"].to_numpy(), fined["hearing_yuan"].to_numpy()
    high = proposed >= hearing
    # a proposal far above says nothing: it could not come to lie below
    threshold = np.where(high, hearing, collective)
    near = (proposed >= threshold) & (proposed <= AROUND[1] * threshold) & ~fined["is_simple_procedure"].astype(bool)
    records = fined.assign(near_yuan=threshold, near_number=high.astype(float))[near]
    return records.assign(
        is_hit=records["total_yuan"] < records["near_yuan"],
        was_disagreed=records["legal_review_result"].astype("string").eq("disagreed"),
    )


def split_cases(fined: pd.DataFrame) -> pd.DataFrame:
    """All fined decisions; a hit where those of the same merchant and handler in the SPLIT_DAYS up to it, at least two and
    each below a threshold, together reach it. Only the one that reaches it counts.

    is_other_violation : none of the earlier ones is about the same violation.
    """
    records = fined.sort_values(["decided_on", "case_id"], kind="stable")
    columns = ["case_id", "merchant_id", "officer_id", "decided_on", "total_yuan", "violation_code"]
    earlier = records[columns].assign(place=np.arange(len(records)))
    pairs = earlier.merge(earlier, on=["merchant_id", "officer_id"], suffixes=("", "_before"))
    gap = (pairs["decided_on"] - pairs["decided_on_before"]).dt.days
    pairs = pairs[(pairs["place_before"] < pairs["place"]) & (gap <= SPLIT_DAYS)]
    hit, other = np.zeros(len(records), dtype=bool), np.zeros(len(records), dtype=bool)
    total = records["total_yuan"].to_numpy(dtype=float)
    for name in ("collective_yuan", "hearing_yuan"):
        threshold = records[name].to_numpy(dtype=float)
        below = pairs[pairs["total_yuan_before"].to_numpy() < threshold[pairs["place"]]]
        before = np.bincount(below["place"], weights=below["total_yuan_before"], minlength=len(records))
        hit |= (before > 0) & (total < threshold) & (total + before >= threshold)
    same = pairs.loc[pairs["violation_code"] == pairs["violation_code_before"], "place"]
    other[pairs["place"].unique()] = True
    other[same.unique()] = False
    return records.assign(is_hit=hit, is_other_violation=other)


def _is_around(total: np.ndarray, threshold: np.ndarray) -> np.ndarray:
    return (total >= AROUND[0] * threshold) & (total < AROUND[1] * threshold)
