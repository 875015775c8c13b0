"""Visits and filings of visits held against each other, as records of whoever led the visit or made the filing."""

from __future__ import annotations

import pandas as pd

from models.held_unit import with_unit
from models.hint.question import Words
from models.near_in_time import count_near
from models.policy import FlagPolicy
from models.visit_record import VISIT_KINDS, visit_note

MINUTES_PER_DAY = 1440
MOVED_DAYS = 7
"""A filing of another day of the same week is a visit that was put off, or a day written down wrongly."""
VOID = ("rejected", "missing")
"""States of a filing that permits no visit."""


def filed_visits(visits: pd.DataFrame, filings: pd.DataFrame, policy: FlagPolicy) -> pd.DataFrame:
    """Rows of `led_visits` with what is asked of their filing; known_on is the day on which a supplement is too late.

    Added: is_unfiled (no filing in force was made by the end of supplement_days), is_late (a filing came after the
    beginning; NA where the time of one is not on file), is_supplement (late, within supplement_days), is_clock_error
    (late by clock_tolerance_minutes at most), is_filed_nearby (somebody's filing for the same merchant, of a day within
    MOVED_DAYS, that no visit answers, beside an unfiled visit).
    """
    lag = visits["filing_lag_minutes"].astype("Float64")
    was_filed = visits["was_filed"].astype("boolean")
    is_late = (lag > 0).mask(~was_filed.fillna(False))
    too_late = lag > policy.supplement_days * MINUTES_PER_DAY
    is_unfiled = ~was_filed | too_late.fillna(False)
    settled = pd.to_datetime(visits["visited_on"]) + pd.Timedelta(days=policy.supplement_days)
    open_filings = filings[~filings["was_visited"].astype(bool) & ~filings["status"].isin(VOID)]
    near = count_near(
        visits["merchant_id"],
        visits["visited_on"],
        open_filings["merchant_id"],
        open_filings["event_on"],
        -MOVED_DAYS,
        MOVED_DAYS,
    )
    return visits.assign(
        known_on=pd.concat([pd.to_datetime(visits["known_on"]), settled], axis=1).max(axis=1),
        is_unfiled=is_unfiled,
        is_late=is_late,
        is_supplement=is_late & ~too_late,
        is_clock_error=is_late & (lag <= policy.clock_tolerance_minutes),
        is_filed_nearby=is_unfiled & (near > 0),
    )


def awaited_visits(
    filings: pd.DataFrame, visits: pd.DataFrame, postings: pd.DataFrame, policy: FlagPolicy
) -> pd.DataFrame:
    """Rows of feature.visit_filing that permit a visit, as records of who filed: is_hit where none was made.

    postings : feature.officer_posting, for the unit. known_on leaves supplement_days for the visit to be entered.
    Added: quarter, was_visited_otherwise (where none was made, a visit to the merchant within MOVED_DAYS, by whomever).
    """
    filed = filings[~filings["status"].isin(VOID)].sort_values(["known_on", "filing_id"], kind="stable")
    filed = with_unit(filed, "known_on", postings)
    near = count_near(
        filed["merchant_id"],
        filed["event_on"],
        visits["merchant_id"],
        visits["visited_on"],
        -MOVED_DAYS,
        MOVED_DAYS,
    )
    return filed.assign(
        record_id=filed["filing_id"],
        known_on=filed["known_on"] + pd.Timedelta(days=policy.supplement_days),
        is_hit=~filed["was_visited"].astype(bool),
        quarter=pd.to_datetime(filed["event_on"]).dt.quarter.astype(float),
        was_visited_otherwise=~filed["was_visited"].astype(bool) & (near > 0),
    )


def unfiled_note(row: pd.Series) -> Words:
    """A visit and what is on file of its filing, in words."""
    zh, en = visit_note(row)
    if row["is_unfiled"] and bool(row["was_filing_rejected"]):
        return f"{zh};报备未获批准", f"{en}; its filing was rejected"
    lag = row["filing_lag_minutes"]
    if pd.isna(lag):
        return f"{zh};无报备", f"{en}; no filing"
    if lag <= 0:
        return f"{zh};事前报备", f"{en}; filed before it"
    told = _lag_words(float(lag))
    return f"{zh};检查开始后{told[0]}报备", f"{en}; filed {told[1]} after it began"


def _lag_words(minutes: float) -> Words:
    if minutes < MINUTES_PER_DAY:
        return f"{minutes:.0f}分钟", f"{minutes:.0f} minutes"
    return f"{minutes / MINUTES_PER_DAY:.1f}天", f"{minutes / MINUTES_PER_DAY:.1f} days"


def outside_note(row: pd.Series) -> Words:
    """A visit with the time of day at which it began, in words."""
    minute = int(row["start_minute_of_day"])
    kind = VISIT_KINDS[row["visit_kind"]]
    day = pd.Timestamp(row["visited_on"])
    return (
        f"{day:%Y-%m-%d} {minute // 60:02d}:{minute % 60:02d}开始的{kind[0]}",
        f"{kind[1]} begun on {day:%Y-%m-%d} at {minute // 60:02d}:{minute % 60:02d}",
    )


def awaited_note(row: pd.Series) -> Words:
    """A filing of a visit, in words."""
    day = pd.Timestamp(row["event_on"])
    return f"报备{day:%Y-%m-%d}入企检查,无对应巡查记录", f"a visit filed for {day:%Y-%m-%d}, none on record"
