"""Cases: which come from visits, which from elsewhere, and who handles them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.world.ground import Ground
from tests.world.offences import MINOR, OFFENCES, SHARES, USUAL_SUM
from tests.world.staff import BOTH, HANDLER

OTHER_SOURCES = ("complaint", "report", "transfer", "random", "other")
OTHER_SHARES = (0.42, 0.3, 0.1, 0.08, 0.1)
FEW_MERCHANTS = 3
FEW_DAYS = 480
"""The cases of the favoured few lie within so many days of the end."""

FIRST_SHARE, PROMPT_SHARE = 0.8, 0.5


def open_cases(visits: pd.DataFrame, ground: Ground, random: np.random.Generator) -> pd.DataFrame:
    """Cases with lead, merchant, discovered, filed (days), source, visit (row of `visits`, -1), offence, gravity (a
    standard deviate), is_favoured, is_first, was_prompt, sum_yuan; in order of filing."""
    usual = _of_visits(visits, ground, random)
    frames = [usual, _of_other_sources(usual, ground, random), _favoured(ground, random)]
    cases = pd.concat(frames, ignore_index=True)
    cases = cases[cases["filed"] <= ground.calendar.last]
    cases = cases[ground.town.is_open(cases["merchant"].to_numpy(), cases["discovered"].to_numpy())]
    cases = cases.sort_values(["filed", "lead", "merchant"], kind="stable", ignore_index=True)
    lead, count = cases["lead"].to_numpy(), len(cases)
    is_small = np.isin(lead, ground.planted.officers("small_first_offences"))
    minor = np.flatnonzero(MINOR)
    offence = random.choice(len(OFFENCES), count, p=SHARES / SHARES.sum())
    cases["offence"] = np.where(is_small, minor[random.integers(0, len(minor), count)], offence)
    cases["gravity"] = np.where(is_small, -np.abs(random.normal(0, 1, count)), random.normal(0, 1, count))
    is_known_first = cases.groupby("merchant").cumcount().to_numpy() == 0
    cases["is_first"] = is_known_first & (is_small | (random.random(count) < FIRST_SHARE))
    cases["was_prompt"] = is_small | (random.random(count) < PROMPT_SHARE)
    scatter = np.exp(0.7 * cases["gravity"] + random.normal(0, 0.5, count))
    cases["sum_yuan"] = (USUAL_SUM[cases["offence"]] * scatter).round(2)
    return cases


def _frame(lead, merchant, discovered, filed, source, visit, is_favoured=False) -> pd.DataFrame:
    columns = {"lead": lead, "merchant": merchant, "discovered": discovered, "filed": filed}
    return pd.DataFrame(columns).astype(int).assign(source=source, visit=visit, is_favoured=is_favoured)


def _of_visits(visits: pd.DataFrame, ground: Ground, random: np.random.Generator) -> pd.DataFrame:
    """A case for every visit whose result is a referral, handled at the visitor's station."""
    referred = np.flatnonzero((visits["result"] == "case_referred").to_numpy())
    day = visits["day"].to_numpy()[referred]
    filed = ground.calendar.working_after(day, random.integers(1, 10, len(referred)))
    station = visits["station"].to_numpy()[referred]
    lead = ground.staff.colleague(station, (HANDLER, HANDLER, BOTH), np.full(len(day), -1), filed, random)
    small = np.isin(lead, ground.planted.officers("small_first_offences"))
    kept = (lead >= 0) & ~small
    cases = _frame(lead, visits["merchant"].to_numpy()[referred], day, filed, "patrol", referred)
    return cases[kept]


def _of_other_sources(usual: pd.DataFrame, ground: Ground, random: np.random.Generator) -> pd.DataFrame:
    """So many cases from complaints, reports and other bodies that each handler has his year's number."""
    staff, calendar = ground.staff, ground.calendar
    has = np.bincount(usual["lead"].to_numpy(dtype=int), minlength=staff.count)
    lead = np.repeat(np.arange(staff.count), np.maximum(random.poisson(staff.cases_per_year * calendar.years) - has, 0))
    filed = calendar.working_days(len(lead), random)
    discovered = np.maximum(filed - random.integers(0, 15, len(lead)), calendar.first)
    station = np.minimum(staff.station_of(lead, filed), ground.town.station_count - 1)
    merchant = ground.town.merchants_in_station(station, random)
    source = random.choice(OTHER_SOURCES, len(lead), p=OTHER_SHARES)
    cases = _frame(lead, merchant, discovered, filed, source, -1)
    is_small = np.isin(cases["lead"], ground.planted.officers("small_first_offences"))
    is_repeat = cases["merchant"].isin(usual["merchant"]) | cases.duplicated("merchant", keep=False)
    return cases[~(is_small & is_repeat)]


def _favoured(ground: Ground, random: np.random.Generator) -> pd.DataFrame:
    """Three merchants of the officer's station, three to six cases each in the last sixteen months."""
    staff, calendar, town = ground.staff, ground.calendar, ground.town
    parts = [_frame([], [], [], [], [], [])]
    for officer in ground.planted.officers("leniency_to_a_few"):
        since = max(int(ground.planted.since["leniency_to_a_few"][officer]), calendar.last - FEW_DAYS)
        station = staff.station[officer]
        inside = np.flatnonzero(
            (town.merchant_station == station) & (town.registered < since) & (town.closed > calendar.last)
        )
        chosen = random.choice(inside, FEW_MERCHANTS, replace=False)
        size = np.maximum(2, np.round(random.integers(3, 7, FEW_MERCHANTS) * ground.planted.intensity)).astype(int)
        merchant = np.repeat(chosen, size)
        filed = calendar.working_after(random.integers(since, calendar.last - 60, len(merchant)), 0)
        source = random.choice(OTHER_SOURCES, len(merchant), p=OTHER_SHARES)
        parts.append(_frame(officer, merchant, filed - random.integers(0, 5, len(filed)), filed, source, -1, True))
    return pd.concat(parts, ignore_index=True)
