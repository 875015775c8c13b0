"""Small bureaus for the patrol plan: rows by hand, and random ones by hypothesis."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pandas as pd
from hypothesis import strategies as st

from models import policy
from models.plan import plan_visits
from models.policy import PatrolPolicy
from tests.models.plan_checker import broken

NIGHT = date(2026, 6, 30)
PATROL = policy.on(NIGHT).patrol


def day(offset: int) -> pd.Timestamp:
    """So many days after the night."""
    return pd.Timestamp(NIGHT + timedelta(days=offset))


def visit(merchant: str, **given) -> dict:
    """A visit that is wanted, of an ordinary merchant of station S1 due in ten days."""
    usual = {
        "merchant_id": merchant,
        "institution_id": "S1",
        "grid_id": "G1",
        "industry_code": "5211",
        "latitude": 28.6,
        "longitude": 124.2,
        "last_lead_officer_id": None,
        "last_co_officer_id": None,
        "visit_kind": "routine",
        "due_on": day(10),
        "earliest_on": pd.NaT,
        "priority": 0.05,
        "is_capped_out": False,
        "reason_zh": "应检查",
        "reason_en": "a visit is due",
    }
    return {**usual, **given}


def officer(name: str, **given) -> dict:
    """A certified patrol officer of station S1 without a grid."""
    usual = {
        "officer_id": name,
        "institution_id": "S1",
        "grid_id": None,
        "post": "patrol",
        "is_relief": False,
        "may_be_certified": True,
        "certificate_valid_to_on": day(1000),
        "serves_until_on": pd.NaT,
    }
    return {**usual, **given}


@dataclass(frozen=True)
class SmallBureau:
    """What a plan is made from, as rows; planned and checked by the methods."""

    visits: list[dict]
    officers: list[dict]
    leave: list[tuple[str, int, int]] = ()
    recusals: list[tuple[str, str]] = ()
    institutions: list[tuple[str, str | None, bool | None]] = (("B", None, None), ("S1", "B", False), ("S2", "B", True))
    patrol: PatrolPolicy = PATROL
    has_certificate: bool = True
    last_plan: dict[str, pd.Timestamp] = field(default_factory=dict)

    def with_policy(self, **given) -> SmallBureau:
        """The same bureau under other numbers."""
        return replace(self, patrol=PATROL.model_copy(update=given))

    @property
    def frames(self) -> dict:
        """What `plan_visits` and the checker take."""
        demand = pd.DataFrame(self.visits, columns=list(visit("")))
        demand = demand.astype(
            {"priority": float, "is_capped_out": bool, "due_on": "datetime64[us]", "earliest_on": "datetime64[us]"}
        )
        recusal = pd.DataFrame(self.recusals, columns=["officer_id", "merchant_id"])
        return {
            "demand": demand.sort_values(
                ["priority", "due_on", "merchant_id"], ascending=[False, True, True], ignore_index=True
            ),
            "roster": pd.DataFrame(self.officers, columns=list(officer(""))).astype(
                {
                    "is_relief": bool,
                    "may_be_certified": bool,
                    **dict.fromkeys(["certificate_valid_to_on", "serves_until_on"], "datetime64[us]"),
                }
            ),
            "leave": pd.DataFrame(
                [(name, day(first), day(last)) for name, first, last in self.leave],
                columns=["officer_id", "from_on", "to_on"],
            ),
            "recusal": recusal.drop_duplicates(),
            "institution": pd.DataFrame(self.institutions, columns=["institution_id", "parent_id", "is_rural"]),
            "night": NIGHT,
            "policy": self.patrol,
        }

    def plan(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The plan and what it does not hold."""
        return plan_visits(
            **self.frames,
            last_plan=pd.Series(self.last_plan, dtype="datetime64[us]"),
            has_certificate=self.has_certificate,
        )

    def checked_plan(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The same, once the checker has found nothing broken."""
        plan, unplaced = self.plan()
        assert not broken(plan=plan, unplaced=unplaced, **self.frames)
        return plan, unplaced


@st.composite
def bureaus(draw) -> SmallBureau:
    """A bureau of two stations below a head office, with every trouble that a roster can have."""
    unit = st.sampled_from(["S1", "S2", "B"])
    grids = st.sampled_from(["G1", "G2", "G3"])
    officers = [
        officer(
            f"R{number}",
            institution_id=draw(unit),
            grid_id=draw(st.none() | grids),
            is_relief=draw(st.booleans()),
            may_be_certified=draw(st.sampled_from([True, True, True, False])),
            certificate_valid_to_on=draw(st.sampled_from([day(1000), day(1000), day(9), day(-1), pd.NaT])),
            serves_until_on=draw(st.sampled_from([pd.NaT, pd.NaT, day(3)])),
        )
        for number in range(draw(st.integers(0, 7)))
    ]
    names = [each["officer_id"] for each in officers] or ["R0"]
    somebody = st.sampled_from(names)
    visits = [
        visit(
            f"M{number:02d}",
            institution_id=draw(st.sampled_from(["S1", "S2"])),
            grid_id=draw(grids),
            latitude=draw(st.sampled_from([None, 28.6, 28.61, 28.7])),
            longitude=draw(st.sampled_from([124.2, 124.25])),
            last_lead_officer_id=draw(st.none() | somebody),
            last_co_officer_id=draw(st.none() | somebody),
            visit_kind=draw(st.sampled_from(["routine", "recheck"])),
            due_on=day(draw(st.integers(-300, 9))),
            earliest_on=draw(st.sampled_from([pd.NaT, pd.NaT, day(4), day(9)])),
            priority=draw(st.integers(1, 200)) / 100,
            is_capped_out=draw(st.sampled_from([False, False, False, True])),
        )
        for number in range(draw(st.integers(0, 30)))
    ]
    first = draw(st.lists(st.tuples(somebody, st.integers(-5, 9), st.integers(0, 6)), max_size=4))
    apart = st.tuples(somebody, st.integers(0, 29).map(lambda number: f"M{number:02d}"))
    bureau = SmallBureau(
        visits,
        officers,
        leave=[(name, start, start + length) for name, start, length in first],
        recusals=draw(st.lists(apart, max_size=20)),
    )
    rural = draw(st.integers(1, 3))
    return bureau.with_policy(
        horizon_days=9,
        visits_per_pair_day=rural + draw(st.integers(0, 2)),
        rural_visits_per_pair_day=rural,
        grouping_days=draw(st.integers(1, 5)),
        public_holidays=(date(2026, 7, 2),),
        working_weekend_days=(date(2026, 7, 4),),
    )
