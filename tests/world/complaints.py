"""Complaints: about officers, where a visit or a counter led to them, and about merchants."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.world.calendar import DAY_SECONDS
from tests.world.ground import Ground
from tests.world.staff import BOTH, DESK, HANDLER, HEAD, LEGAL, PATROL

YEARLY = {HEAD: 1.0, PATROL: 3.0, HANDLER: 2.5, BOTH: 3.0, DESK: 1.8, LEGAL: 0.2}
"""Complaints a year about an officer of each role."""

STRICT_FACTOR = 1.8
ABUSIVE_COUNT = 40
MERCHANT_RATE = 0.09
SHARED_SHARE = 0.04
"""Of the complaints about officers, those that concern two: one event, two rows."""

OFFICER_MATTERS = ("attitude", "delay", "unfair_handling", "unclear_answer", "arbitrary_charge")
MERCHANT_MATTERS = ("food_safety", "price", "after_sales", "advertising", "product_quality")


def about_officers(visits: pd.DataFrame, ground: Ground, random: np.random.Generator) -> pd.DataFrame:
    """Complaints with day, officer, merchant (-1 for none), complainant, event, outcome, original (-1) and kind."""
    staff, calendar, planted = ground.staff, ground.calendar, ground.planted
    hardness = ground.town.grid_hardness[ground.town.merchant_grid[visits["merchant"]]]
    mean = pd.Series(hardness).groupby(visits["lead"].to_numpy()).mean().reindex(range(staff.count))
    relative = (mean / hardness.mean()).fillna(1.0).to_numpy()
    rate = np.array([YEARLY[role] for role in staff.role]) * staff.temper * relative
    rate *= np.where(planted.since["strict_officer"] <= calendar.first, STRICT_FACTOR, 1.0)
    officer = np.repeat(np.arange(staff.count), random.poisson(rate * calendar.years))
    count = len(officer)
    day = random.integers(calendar.first, calendar.last + 1, count)
    merchant = ground.town.merchants_in_station(
        np.minimum(staff.station_of(officer, day), ground.town.station_count - 1), random
    )
    # a visitor is complained about by whom he visited: one of his visits, hard grids more often
    order = np.lexsort([random.random(len(visits)) / hardness, visits["lead"].to_numpy()])
    lead = visits["lead"].to_numpy()[order]
    first, size = np.searchsorted(lead, officer), np.searchsorted(lead, officer, side="right")
    place = first + (random.random(count) ** 1.5 * (size - first)).astype(int)
    has_visit = size > first
    chosen = order[np.where(has_visit, place, 0)]
    day = np.where(has_visit, visits["day"].to_numpy()[chosen] + random.integers(0, 11, count), day)
    merchant = np.where(has_visit, visits["merchant"].to_numpy()[chosen], merchant)
    draw = random.random(count)
    kind = np.select([draw < 0.5, draw < 0.92], ["officer_feedback", "handling_complaint"], "accusation")
    kind = np.where((kind == "accusation") & (staff.role[officer] == HEAD), "handling_complaint", kind)
    usual = _rows(day, officer, np.where(random.random(count) < 0.65, merchant, -1), np.arange(count), kind)
    usual["outcome"] = random.choice(
        ["upheld", "partly_upheld", "not_upheld", "withdrawn"], count, p=(0.12, 0.1, 0.7, 0.08)
    )
    shared = np.flatnonzero(random.random(count) < SHARED_SHARE)
    usual.loc[shared, "event"] = shared
    other = usual.loc[shared].copy()
    station = staff.station_of(officer[shared], day[shared])
    other["officer"] = staff.colleague(station, (PATROL, HANDLER, BOTH), officer[shared], day[shared], random)
    parts = [usual, other[other["officer"] >= 0], _bursts(ground, random), _abuse(ground, random)]
    together = pd.concat(parts, ignore_index=True)
    together = together[together["day"] <= calendar.last].sort_values("day", kind="stable", ignore_index=True)
    return _repeated(together, random)


def _rows(day, officer, merchant, complainant, kind) -> pd.DataFrame:
    numbers = {"day": day, "officer": officer, "merchant": merchant, "complainant": complainant}
    frame = pd.DataFrame(numbers).astype(int)
    return frame.assign(kind=kind, event=-1, outcome="not_upheld", original=-1)


def _bursts(ground: Ground, random: np.random.Generator) -> pd.DataFrame:
    """Twelve to twenty people within a month."""
    planted, parts = ground.planted, [_rows([], [], [], [], [])]
    for number, officer in enumerate(planted.officers("complaint_burst")):
        count = round(random.integers(12, 21) * planted.intensity)
        day = planted.since["complaint_burst"][officer] + random.integers(0, 30, count)
        merchant = ground.town.merchants_in_station(np.full(count, ground.staff.station[officer]), random)
        kind = random.choice(["officer_feedback", "handling_complaint", "accusation"], count, p=(0.3, 0.6, 0.1))
        burst = _rows(day, officer, merchant, 1_000_000 + 1000 * number + np.arange(count), kind)
        burst["outcome"] = random.choice(["upheld", "partly_upheld", "not_upheld"], count, p=(0.25, 0.2, 0.55))
        parts.append(burst)
    return pd.concat(parts, ignore_index=True)


def _abuse(ground: Ground, random: np.random.Generator) -> pd.DataFrame:
    """One person's complaints about one officer, spread over the last ten months; none is upheld."""
    officer = np.repeat(ground.planted.officers("abusive_complainant"), ABUSIVE_COUNT)
    day = ground.calendar.last - random.integers(5, 300, len(officer))
    return _rows(day, officer, -1, 2_000_000 + officer, "handling_complaint")


def _repeated(complaints: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Some repeat the complaint before them about the same officer, by the same person; half of those of one abuser."""
    frame = complaints.copy()
    before = frame.groupby("officer").cumcount().to_numpy() > 0
    is_one_person = frame["complainant"].to_numpy() >= 2_000_000
    repeats = before & ~is_one_person & (random.random(len(frame)) < 0.04) & (frame["event"] < 0).to_numpy()
    repeats &= frame["complainant"].to_numpy() < 1_000_000
    number = pd.Series(np.where(repeats, np.nan, np.arange(len(frame))), index=frame.index)
    original = number.groupby(frame["officer"]).ffill()
    first = pd.Series(np.arange(len(frame))).groupby(frame["complainant"]).transform("min").to_numpy()
    repeats_own = is_one_person & (first < np.arange(len(frame))) & (random.random(len(frame)) < 0.5)
    source = np.where(repeats_own, first, original.fillna(-1).to_numpy()).astype(int)
    repeats = (repeats & (source >= 0)) | repeats_own
    frame["original"] = np.where(repeats, source, -1)
    frame["complainant"] = np.where(repeats, frame["complainant"].to_numpy()[source], frame["complainant"])
    frame["outcome"] = np.where(repeats, "duplicate", frame["outcome"])
    return frame


def about_merchants(ground: Ground, random: np.random.Generator) -> pd.DataFrame:
    """Complaints and reports about merchants, the riskier ones more often."""
    town, calendar = ground.town, ground.calendar
    weight = town.risk / town.risk.mean() * np.sqrt(town.grid_hardness[town.merchant_grid])
    merchant = np.repeat(np.arange(len(weight)), random.poisson(MERCHANT_RATE * calendar.years * weight))
    day = random.integers(calendar.first, calendar.last + 1, len(merchant))
    merchant, day = (values[town.is_open(merchant, day)] for values in (merchant, day))
    count = len(merchant)
    kind = np.where(random.random(count) < 0.7, "consumer_complaint", "violation_report")
    frame = _rows(day, -1, merchant, 3_000_000 + random.integers(0, max(1, int(0.85 * count)), count), kind)
    frame["outcome"] = random.choice(
        ["upheld", "partly_upheld", "not_upheld", "withdrawn"], count, p=(0.2, 0.15, 0.5, 0.15)
    )
    return frame


def run_course(complaints: pd.DataFrame, ground: Ground, random: np.random.Generator) -> pd.DataFrame:
    """The complaints with received, accepted, resolved (seconds, -1 where it lies ahead), station, handler, channel."""
    calendar, staff = ground.calendar, ground.staff
    count = len(complaints)
    day, officer = complaints["day"].to_numpy(), complaints["officer"].to_numpy()
    is_about_officer = officer >= 0
    received = day * DAY_SECONDS + random.integers(8 * 3600, 21 * 3600, count)
    accepted_on = calendar.working_after(day, random.integers(1, 7, count))
    resolved_on = calendar.working_after(accepted_on, 1 + random.lognormal(np.log(11), 0.6, count).astype(int))
    accepted = accepted_on * DAY_SECONDS + random.integers(9 * 3600, 17 * 3600, count)
    resolved = resolved_on * DAY_SECONDS + random.integers(9 * 3600, 17 * 3600, count)
    station = np.where(
        is_about_officer,
        staff.station_of(np.maximum(officer, 0), day),
        ground.town.merchant_station[np.maximum(complaints["merchant"].to_numpy(), 0)],
    )
    heads = staff.seat_of(staff.first_seat[np.minimum(station, ground.town.station_count - 1)], day)
    handler = staff.colleague(station, (PATROL, HANDLER, BOTH), np.full(count, -1), day, random)
    channels = random.choice(["12345", "12315", "online", "letter", "visit", "integrity_card"], count,
                             p=(0.45, 0.2, 0.15, 0.06, 0.06, 0.08))  # fmt: skip
    merchant_channels = random.choice(["12315", "12345", "online", "visit"], count, p=(0.6, 0.25, 0.1, 0.05))
    channel = np.where(is_about_officer, channels, merchant_channels)
    is_open = resolved_on > calendar.last
    return complaints.assign(
        received=received,
        accepted=np.where(accepted_on > calendar.last, -1, accepted),
        resolved=np.where(is_open, -1, resolved),
        outcome=np.where(is_open, "pending", complaints["outcome"]),
        original=np.where(is_open, -1, complaints["original"]),
        station=station,
        handler=np.where(is_about_officer, heads, handler),
        channel=np.where(complaints["kind"] == "accusation", "12388", channel),
        matter=np.where(
            is_about_officer,
            np.array(OFFICER_MATTERS)[random.integers(0, 5, count)],
            np.array(MERCHANT_MATTERS)[random.integers(0, 5, count)],
        ),
    )
