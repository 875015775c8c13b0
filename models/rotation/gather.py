"""From the tables of a night to the ground of its rotation plan."""

from __future__ import annotations

import numpy as np
import pandas as pd

from models import policy
from models.rotation.ground import RotationGround

HANDLING = "case_handling"
PLACE = ["unit_id", "post", "grid_id"]
DECIDED = ["officer_id", "verdict", *PLACE, "move_on", "decided_on"]
PROPOSED = ["officer_id", *PLACE, "move_on"]


def gathered(
    *,
    staff: pd.DataFrame,
    place: pd.DataFrame,
    interest: pd.DataFrame,
    unit: pd.DataFrame,
    status: pd.DataFrame,
    cases: pd.DataFrame,
    demand: pd.Series,
    decision: pd.DataFrame,
    last: pd.DataFrame,
) -> RotationGround:
    """The ground of a night.

    staff, place, interest, unit : feature.rotation_staff, rotation_place, rotation_interest and rotation_unit. status : what
    `models.tenure.rotation_status` returns. cases : core.penalty. demand : required visits a year by unit_id. decision :
    core.rotation_decision with unit_id, post and grid_id of the place. last : PROPOSED of last night's plan.
    """
    return RotationGround(
        staff=_staff(staff, place, unit, cases),
        clock=status[status["officer_id"].isin(staff["officer_id"])].reset_index(drop=True),
        held=place,
        interest=interest,
        unit=unit.assign(demand=unit["unit_id"].map(demand).fillna(0).astype(float)),
        decided=pending(decision, place),
        last=_still_open(last, staff),
    )


def _still_open(last: pd.DataFrame, staff: pd.DataFrame) -> pd.DataFrame:
    """Last night's proposals but those that were carried out since."""
    now = last[PROPOSED].merge(staff[["officer_id", *PLACE]], on="officer_id", how="left", suffixes=("", "_now"))
    same_grid = (now["grid_id"] == now["grid_id_now"]) | (now["grid_id"].isna() & now["grid_id_now"].isna())
    is_done = (now["unit_id"] == now["unit_id_now"]) & (now["post"] == now["post_now"]) & same_grid
    return now.loc[~is_done, PROPOSED].reset_index(drop=True)


def _staff(staff: pd.DataFrame, place: pd.DataFrame, unit: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    handling = place[place["post"] == HANDLING].groupby("officer_id")["years"].sum()
    where = unit.set_index("unit_id")
    return staff.assign(
        unit_kind=staff["unit_id"].map(where["kind"]),
        area_id=staff["unit_id"].map(where["area_id"]),
        handling_years=staff["officer_id"].map(handling).fillna(0.0),
        major_case_until_on=major_case_until(cases).reindex(staff["officer_id"]).to_numpy(),
    )


def major_case_until(cases: pd.DataFrame) -> pd.Series:
    """The day by which the last open major case of each of its handlers, lead or second, must have ended by law, by officer.

    A case is open while its outcome is not known, and major where the amount involved or the gain reaches the amount that the
    policy of thresholds names for the party (one whose kind is not on file is taken for a legal person). It must end within
    the days of a case and their extension (市场监督管理行政处罚程序规定 Art 64).
    """
    is_open = cases["outcome_known_on"].isna()
    rows = cases[is_open]
    is_natural = rows["party_kind"].eq("natural").fillna(False).to_numpy(dtype=bool)
    filed = rows["filed_on"]
    least = np.where(
        is_natural,
        policy.each("thresholds", lambda rule: rule.major_natural_yuan, filed),
        policy.each("thresholds", lambda rule: rule.major_legal_yuan, filed),
    )
    worth = rows[["amount_involved_yuan", "illegal_gain_yuan"]].astype(float).max(axis=1).to_numpy()
    days = policy.each("deadlines", lambda rule: rule.case_days + rule.case_extension_days, filed)
    is_major = worth >= least
    until = pd.to_datetime(filed)[is_major] + pd.to_timedelta(days[is_major], unit="D")
    handlers = [rows.loc[is_major, f"{role}_officer_id"] for role in ("lead", "co")]
    # who is missing as a second handler groups to nobody
    return pd.concat([until, until]).groupby(pd.concat(handlers)).max()


def pending(decision: pd.DataFrame, place: pd.DataFrame) -> pd.DataFrame:
    """What management decided and still asks to be heeded: the move that holds for each officer, and every refusal.

    An accepted or changed move is done, and left out, once the officer has held that unit and post, and the grid where one was
    named, on a day from the decision on. decision : core.rotation_decision, with institutions under their last names as
    unit_id. place : feature.rotation_place.
    """
    valid = decision[~decision["is_superseded"].astype(bool)].sort_values(["decided_at", "decision_id"])
    valid = valid.assign(decided_on=pd.to_datetime(valid["decided_at"]).dt.normalize())
    held = valid.merge(place, on=["officer_id", "unit_id", "post"], suffixes=("", "_held"))
    same_grid = held["grid_id"].isna() | (held["grid_id"] == held["grid_id_held"])
    done = held.loc[same_grid & (pd.to_datetime(held["last_on"]) >= held["decided_on"]), "decision_id"]
    is_open = (valid["verdict"] == "declined") | ~valid["decision_id"].isin(done)
    rows = valid[is_open]
    return rows[DECIDED].sort_values(["officer_id", "decided_on"], ignore_index=True)
