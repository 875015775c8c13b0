"""The plan that a head makes by hand with the same pairs: day by day, the most pressing visit first."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from models.dispatch import dispatch
from models.policy import PatrolPolicy
from models.roster import serving_units, working_days


def plan_by_hand(
    demand: pd.DataFrame,
    roster: pd.DataFrame,
    leave: pd.DataFrame,
    recusal: pd.DataFrame,
    institution: pd.DataFrame,
    night: date,
    policy: PatrolPolicy,
    *,
    takes_neighbours: bool,
) -> pd.DataFrame:
    """Planned visits as merchant_id, visit_on and round_id, one row per visit.

    Each pair takes the most pressing visit that is left, then either its nearest neighbours or the next most pressing.
    """
    days = working_days(night, policy)
    units = serving_units(institution, roster, leave, days, policy)
    demand = demand[~demand["is_capped_out"]]
    made = []
    for part in dispatch(demand, units, institution, recusal, days, policy):
        unit, crews, left = part.unit, part.crews, part.visits
        merchants = left["merchant_id"].to_numpy()
        place = left[["latitude", "longitude"]].to_numpy(dtype=float)
        is_free = np.ones(len(left), dtype=bool)
        for number in range(len(crews)):
            may = np.array(
                [not part.closed[visit][number] if visit in part.closed else True for visit in range(len(left))]
            )
            open_visits = np.flatnonzero(is_free & may)
            if takes_neighbours and len(open_visits):
                away = np.hypot(*(place[open_visits] - place[open_visits[0]]).T)
                open_visits = open_visits[np.argsort(np.nan_to_num(away), kind="stable")]
            taken = open_visits[: unit.visits_per_pair_day]
            is_free[taken] = False
            for visit in taken:
                made.append(
                    (merchants[visit], pd.Timestamp(days[crews.day[number]]), f"{unit.institution_id}-{number}")
                )
    return pd.DataFrame(made, columns=["merchant_id", "visit_on", "round_id"]).astype({"visit_on": "datetime64[us]"})


def measures(demand: pd.DataFrame, planned: pd.DataFrame, night: date, policy: PatrolPolicy) -> dict[str, float]:
    """What a plan is worth, in figures.

    Placed priority; days late from the night on, weighted by priority and of due tasks alone, where who is not placed
    is late to the end; km from a visit to the middle of its round. `planned` has one row per visit, in the order of each round.
    """
    until = pd.Timestamp(night) + pd.Timedelta(days=policy.horizon_days)
    both = demand.merge(planned[["merchant_id", "visit_on", "round_id"]], on="merchant_id", how="left")
    begun = both["due_on"].clip(lower=pd.Timestamp(night))
    late = (both["visit_on"].fillna(until) - begun).dt.days.clip(lower=0)
    met = both[both["visit_on"].notna()]
    north = met["latitude"].astype(float) * 111.2
    east = met["longitude"].astype(float) * 111.2 * np.cos(np.radians(met["latitude"].astype(float).mean()))
    middle = [axis.groupby(met["round_id"]).transform("mean") for axis in (north, east)]
    return {
        "visits": len(met),
        "placed_priority": float(met["priority"].sum()),
        "weighted_days_late": float((both["priority"] * late).sum()),
        "task_days_late": float(late[both["priority"] > 1].sum()),
        "km_from_middle": 0.0 if met.empty else float(np.hypot(north - middle[0], east - middle[1]).mean()),
    }
