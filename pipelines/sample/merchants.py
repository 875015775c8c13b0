"""The merchants: where they are, what they do, who owns them, and how risky each is from half-year to half-year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute

from pipelines.sample.calendar import Calendar
from pipelines.sample.columns import NONE, amounts, days, identifiers, table, words
from pipelines.sample.industries import INDUSTRIES
from pipelines.sample.places import Places, grid_names

KINDS = ("individual", "company", "cooperative", "branch", "unlicensed")
INDIVIDUAL, COMPANY, COOPERATIVE, BRANCH, UNLICENSED = range(5)
KIND_SHARES = (0.63, 0.305, 0.02, 0.036, 0.009)
"""The unlicensed share lies within the seed's 0.33 to 1.55 %."""

STATUSES = ("active", "suspended", "revoked", "closed", "unlicensed")
CLASSES = ("A", "B", "C", "D")
CLASS_SHARES = (0.70, 0.18, 0.09, 0.03)
VISITS_PER_YEAR = (1.4, 3.4, 8.8, 17.5)
"""Planned visits by credit risk class; with complaint visits and rechecks about three per merchant and year."""

USCC_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = 3 ** np.arange(17) % 31
HALF_YEAR_DAYS = 183


@dataclass(frozen=True)
class Merchants:
    """One position per merchant in every array."""

    station: np.ndarray
    grid: np.ndarray
    kind: np.ndarray
    industry: np.ndarray
    owner: np.ndarray
    registered: np.ndarray
    closed: np.ndarray
    status: np.ndarray
    latitude: np.ndarray
    longitude: np.ndarray
    risk_class: np.ndarray
    capital: np.ndarray
    risk: np.ndarray
    """Log odds of a severe finding around the average, by merchant and half-year of the window."""
    first_day: int

    @property
    def count(self) -> int:
        """Number of merchants."""
        return len(self.station)

    @property
    def is_legal(self) -> np.ndarray:
        """True for companies, cooperatives and branches."""
        return (self.kind >= COMPANY) & (self.kind <= BRANCH)

    @property
    def is_key(self) -> np.ndarray:
        """True for the key industries."""
        return np.array([industry.is_key for industry in INDUSTRIES])[self.industry]

    def risk_on(self, merchant: np.ndarray, day: np.ndarray) -> np.ndarray:
        """The merchant's risk on that day of the window."""
        return self.risk[merchant, np.clip((day - self.first_day) // HALF_YEAR_DAYS, 0, self.risk.shape[1] - 1)]

    def alive_share(self, calendar: Calendar) -> tuple[np.ndarray, np.ndarray]:
        """From and to which share of the window's work each merchant exists."""
        end = np.where(self.closed == NONE, calendar.last + 1, self.closed)
        return calendar.share(np.maximum(self.registered, calendar.first)), calendar.share(end)


def make_merchants(count: int, places: Places, calendar: Calendar, random: np.random.Generator) -> Merchants:
    """Merchants over the stations and grids, one in twelve sharing its owner with another."""
    grid_weight = places.station_weight[places.grid_station] * np.where(places.grid_kind == "market", 1.25, 1.0)
    grid = random.choice(len(grid_weight), count, p=grid_weight / grid_weight.sum())
    station = places.grid_station[grid]
    kind = random.choice(len(KINDS), count, p=KIND_SHARES)
    shares = np.array([industry.share for industry in INDUSTRIES])
    industry = random.choice(len(INDUSTRIES), count, p=shares / shares.sum())
    shares_owner = random.random(count) < 1 / 12
    owner = np.where(shares_owner, random.integers(0, count, count), np.arange(count))

    age = random.gamma(2.0, 1400, count).astype(np.int64) + 30
    registered = calendar.last - np.minimum(age, 30 * 365)
    is_closed = (random.random(count) < 0.05) & (calendar.last - registered > 200)
    closing = calendar.last - random.integers(1, max(2, calendar.day_count - 60), count)
    closed = np.where(is_closed, np.maximum(closing, registered + 90), NONE)
    odd = random.random(count)
    status = np.where(odd < 0.008, 1, np.where(odd < 0.014, 2, 0))
    status = np.where(is_closed, 3, np.where(kind == UNLICENSED, 4, status))
    closed = np.where(kind == UNLICENSED, NONE, closed)
    status = np.where((status == 3) & (closed == NONE), 0, status)
    status = np.where(kind == UNLICENSED, 4, status)

    young = np.exp(-np.maximum(calendar.first - registered, 0) / 900)
    grid_effect = random.normal(0, 0.2, len(grid_weight)) + 0.15 * np.log(places.grid_hardness)
    own = random.normal(0, 0.75, count) + random.normal(0, 0.3, count)[owner] + 0.9 * (kind == UNLICENSED)
    trait = np.array([each.risk for each in INDUSTRIES])[industry] + 0.45 * young + grid_effect[grid] + own
    halves = calendar.day_count // HALF_YEAR_DAYS + 1
    spells = np.zeros((count, halves))
    spells[:, 0] = random.normal(0, 0.6, count)
    for half in range(1, halves):
        spells[:, half] = 0.8 * spells[:, half - 1] + random.normal(0, 0.36, count)
    trait -= trait.mean()

    noisy = trait + spells[:, halves // 2] + random.normal(0, 0.7, count)
    limits = np.quantile(noisy, np.cumsum(CLASS_SHARES)[:-1])
    grid_place = random.uniform(-0.03, 0.03, (len(grid_weight), 2))
    near = random.normal(0, 0.004, (count, 2))
    capital = np.exp(random.normal(12.5, 1.2, count)).round(-4)
    capital = np.where(kind == INDIVIDUAL, np.exp(random.normal(10.6, 0.7, count)).round(-3), capital)
    return Merchants(
        station=station,
        grid=grid,
        kind=kind,
        industry=industry,
        owner=owner,
        registered=registered,
        closed=closed,
        status=status,
        latitude=(places.station_latitude[station] + grid_place[grid, 0] + near[:, 0]).round(6),
        longitude=(places.station_longitude[station] + grid_place[grid, 1] + near[:, 1]).round(6),
        risk_class=np.searchsorted(limits, noisy),
        capital=np.where(np.isin(kind, (BRANCH, UNLICENSED)), np.nan, capital),
        risk=trait[:, None] + spells,
        first_day=calendar.first,
    )


def credit_codes(kind: np.ndarray, random: np.random.Generator) -> pa.Array:
    """Unified social credit codes with a right check character (GB 32100); none for branches' owners unlicensed."""
    count = len(kind)
    digits = np.zeros((count, 18), dtype=np.int64)
    digits[:, 0] = 9
    digits[:, 1] = np.array([2, 1, 3, 1, 2])[kind]
    digits[:, 2:8] = np.array([9, 9, 0, 0, 0, 0])
    digits[:, 8] = USCC_CHARACTERS.index("M")
    digits[:, 9] = USCC_CHARACTERS.index("A")
    digits[:, 10:17] = random.integers(0, 31, (count, 7))
    digits[:, 17] = (31 - digits[:, :17] @ USCC_WEIGHTS % 31) % 31
    letters = np.frombuffer(USCC_CHARACTERS.encode(), dtype=np.uint8)[digits]
    codes = np.ascontiguousarray(letters).view("S18").ravel().astype("U18")
    return pa.array(codes, pa.string(), mask=kind == UNLICENSED)


def merchant_table(merchants: Merchants, places: Places, random: np.random.Generator) -> pa.Table:
    """The contract's merchant table."""
    numbers = np.arange(merchants.count)
    trades = words([industry.word for industry in INDUSTRIES], merchants.industry)
    return table(
        "merchant",
        {
            "merchant_id": identifiers("M", numbers, 7),
            "uscc": credit_codes(merchants.kind, random),
            "name": pa.compute.binary_join_element_wise(identifiers("商户", numbers, 6), trades, ""),
            "kind": words(KINDS, merchants.kind),
            "industry_code": words([industry.code for industry in INDUSTRIES], merchants.industry),
            "institution_id": words(list(places.institution_names), merchants.station),
            "grid_id": words(list(grid_names(places)), merchants.grid),
            "registered_on": days(merchants.registered),
            "closed_on": days(merchants.closed),
            "status": words(STATUSES, merchants.status),
            "registered_capital_yuan": amounts(merchants.capital),
            "latitude": amounts(merchants.latitude),
            "longitude": amounts(merchants.longitude),
            "credit_risk_class": words(CLASSES, merchants.risk_class),
        },
    )
