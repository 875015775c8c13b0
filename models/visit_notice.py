"""Planned visits that were filed beforehand, and checks by lot, target or complaint: what each finds, by who led them.

The kind of a visit and the bureau's own filing of it are on file; whether the merchant was told is not, and nothing here says
so.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.hint.question import Words
from models.visit_record import visit_note

PLANNED_KINDS = ("routine", "special")
CHECK_KINDS = ("random", "targeted", "complaint")
MIX_DAYS = 365
MIX_LEVELS = 20
"""How much of an officer's work is such checks is told in twentieths: finer says nothing, coarser blurs it."""
FEWEST_IN_MIX = 20
LONG_AFTER_DAYS = 30


def with_notice(visits: pd.DataFrame) -> pd.DataFrame:
    """Rows of `led_visits` with is_filed_ahead (routine or of a campaign, and filed before it began) and is_check (random,
    targeted, or of a complaint, filed or not); rechecks and planned visits that nobody filed before are neither."""
    kind = visits["visit_kind"]
    filed = visits["was_filed"].astype("boolean").fillna(False).astype(bool)
    before = (visits["filing_lag_minutes"].astype("Float64") < 0).fillna(False).astype(bool)
    return visits.assign(
        is_filed_ahead=kind.isin(PLANNED_KINDS) & filed & before,
        is_check=kind.isin(CHECK_KINDS),
    )


def clean_then_checked(visits: pd.DataFrame) -> pd.DataFrame:
    """Visits filed ahead that found nothing and were followed within 60 days by a check of others (`with_notice`).

    is_hit : that check found something severe; known_on : when that was known. Added: is_complaint_check (it followed a
    complaint), is_long_after (more than LONG_AFTER_DAYS later); NA where that check is not in the frame.
    """
    clean = visits[
        visits["is_filed_ahead"]
        & visits["was_inspected"].astype(bool)
        & (visits["finding_count"] == 0)
        & visits["first_unannounced_severe"].notna()
    ]
    known = pd.to_datetime(clean["first_unannounced_after_on"])
    checks = visits.loc[
        visits["is_check"] & visits["merchant_id"].isin(clean["merchant_id"]),
        ["merchant_id", "known_on", "visited_on", "visit_kind", "record_id"],
    ].sort_values("record_id")
    checks = checks.assign(known_on=pd.to_datetime(checks["known_on"])).drop_duplicates(["merchant_id", "known_on"])
    asked = pd.DataFrame({"merchant_id": clean["merchant_id"].to_numpy(), "known_on": known.to_numpy()})
    found = asked.merge(
        checks.astype({"known_on": asked["known_on"].dtype}), on=["merchant_id", "known_on"], how="left"
    )
    gap = pd.to_datetime(found["visited_on"]).to_numpy() - pd.to_datetime(clean["visited_on"]).to_numpy()
    is_gone = found["visit_kind"].isna().to_numpy()
    return clean.assign(
        is_hit=clean["first_unannounced_severe"].astype(bool),
        known_on=pd.concat([pd.to_datetime(clean["known_on"]), known], axis=1).max(axis=1),
        is_complaint_check=_boolean(found["visit_kind"].to_numpy() == "complaint", is_gone, clean.index),
        is_long_after=_boolean(gap > np.timedelta64(LONG_AFTER_DAYS, "D"), is_gone, clean.index),
    )


def found_visits(visits: pd.DataFrame) -> pd.DataFrame:
    """Visits filed ahead, and checks, that found something; is_hit: it was a check.

    Whoever finds as well at either has as many hits as his work is checks: mix_level, that share of his inspected
    visits in the MIX_DAYS up to the visit, in 1/MIX_LEVELS. Visits with fewer than FEWEST_IN_MIX in it are left out.
    """
    held = visits[visits["was_inspected"].astype(bool) & (visits["is_filed_ahead"] | visits["is_check"])]
    officer = pd.factorize(held["officer_id"], sort=True)[0].astype(np.int64)
    day = pd.to_datetime(held["visited_on"]).to_numpy().astype("datetime64[D]").astype(np.int64)
    key = officer * (1 << 20) + day
    order = np.argsort(key, kind="stable")
    total = np.concatenate([[0], np.cumsum(held["is_check"].to_numpy(dtype=np.int64)[order])])
    low = np.searchsorted(key[order], key - MIX_DAYS, side="right")
    high = np.searchsorted(key[order], key, side="right")
    count = high - low
    share = (total[high] - total[low]) / np.maximum(count, 1)
    held = held.assign(is_hit=held["is_check"], mix_level=np.round(share * MIX_LEVELS), mix_count=count)
    return held[(held["finding_count"] > 0) & (held["mix_count"] >= FEWEST_IN_MIX)]


def _boolean(values: np.ndarray, is_gone: np.ndarray, index: pd.Index) -> pd.Series:
    return pd.Series(pd.array(values, dtype="boolean"), index=index).mask(is_gone)


def caught_note(row: pd.Series) -> Words:
    """A clean visit and what came after it, in words."""
    zh, en = visit_note(row)
    day = pd.Timestamp(row["first_unannounced_after_on"])
    return (
        f"{zh};其后{day:%Y-%m-%d}已知的随机、重点或投诉核查有严重问题",
        f"{en}; a random, targeted or complaint check known on {day:%Y-%m-%d} found something severe",
    )


def notice_note(row: pd.Series) -> Words:
    """A visit with a finding and which of the two it was, in words."""
    zh, en = visit_note(row)
    if row["is_check"]:
        return f"{zh};属随机、重点或投诉核查", f"{en}; a random, targeted or complaint check"
    return f"{zh};事前已报备", f"{en}; filed before it began"
