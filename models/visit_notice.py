"""Visits that were announced, and those that were not: what each finds, as records of whoever led them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.hint.question import Words
from models.visit_record import visit_note

ANNOUNCED_KINDS = ("routine", "special")
UNANNOUNCED_KINDS = ("random", "targeted", "complaint")
MIX_DAYS = 365
MIX_LEVELS = 20
"""How much of an officer's work is unannounced is told in twentieths: finer says nothing, coarser blurs it."""
FEWEST_IN_MIX = 20
LONG_AFTER_DAYS = 30


def with_notice(visits: pd.DataFrame) -> pd.DataFrame:
    """Rows of `led_visits` with is_announced (of a kind that is announced, and filed before it began) and is_unannounced
    (random, targeted, or of a complaint); rechecks and visits that nobody filed are neither."""
    kind = visits["visit_kind"]
    filed = visits["was_filed"].astype("boolean").fillna(False).astype(bool)
    before = (visits["filing_lag_minutes"].astype("Float64") < 0).fillna(False).astype(bool)
    return visits.assign(
        is_announced=kind.isin(ANNOUNCED_KINDS) & filed & before,
        is_unannounced=kind.isin(UNANNOUNCED_KINDS),
    )


def clean_then_checked(visits: pd.DataFrame) -> pd.DataFrame:
    """Announced visits that found nothing and were followed within 60 days by an unannounced check of others.

    is_hit : that check found something severe; known_on : when that was known. Added: is_complaint_check (it followed a
    complaint), is_long_after (more than LONG_AFTER_DAYS later); NA where that check is not in the frame.
    """
    clean = visits[
        visits["is_announced"]
        & visits["was_inspected"].astype(bool)
        & (visits["finding_count"] == 0)
        & visits["first_unannounced_severe"].notna()
    ]
    known = pd.to_datetime(clean["first_unannounced_after_on"])
    checks = visits.loc[
        visits["is_unannounced"] & visits["merchant_id"].isin(clean["merchant_id"]),
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
    """Visits, announced or not, that found something; is_hit: it was an unannounced one.

    Whoever finds as well at either has as many hits as his work is unannounced: mix_level, that share of his inspected
    visits in the MIX_DAYS up to the visit, in 1/MIX_LEVELS. Visits with fewer than FEWEST_IN_MIX in it are left out.
    """
    held = visits[visits["was_inspected"].astype(bool) & (visits["is_announced"] | visits["is_unannounced"])]
    officer = pd.factorize(held["officer_id"], sort=True)[0].astype(np.int64)
    day = pd.to_datetime(held["visited_on"]).to_numpy().astype("datetime64[D]").astype(np.int64)
    key = officer * (1 << 20) + day
    order = np.argsort(key, kind="stable")
    total = np.concatenate([[0], np.cumsum(held["is_unannounced"].to_numpy(dtype=np.int64)[order])])
    low = np.searchsorted(key[order], key - MIX_DAYS, side="right")
    high = np.searchsorted(key[order], key, side="right")
    count = high - low
    share = (total[high] - total[low]) / np.maximum(count, 1)
    held = held.assign(is_hit=held["is_unannounced"], mix_level=np.round(share * MIX_LEVELS), mix_count=count)
    return held[(held["finding_count"] > 0) & (held["mix_count"] >= FEWEST_IN_MIX)]


def _boolean(values: np.ndarray, is_gone: np.ndarray, index: pd.Index) -> pd.Series:
    return pd.Series(pd.array(values, dtype="boolean"), index=index).mask(is_gone)


def caught_note(row: pd.Series) -> Words:
    """A clean visit and what came after it, in words."""
    zh, en = visit_note(row)
    day = pd.Timestamp(row["first_unannounced_after_on"])
    return (
        f"{zh};其后{day:%Y-%m-%d}已知的突击检查有严重问题",
        f"{en}; an unannounced check known on {day:%Y-%m-%d} found something severe",
    )


def notice_note(row: pd.Series) -> Words:
    """A visit with a finding and whether it was announced, in words."""
    zh, en = visit_note(row)
    return (f"{zh};未预告", f"{en}; unannounced") if row["is_unannounced"] else (f"{zh};预告", f"{en}; announced")
