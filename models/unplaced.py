"""Visits that the plan does not hold, and why: what a head needs to know to ask for people, or to decide otherwise."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from models.policy import PatrolPolicy
from models.roster import CREW_SIZE, Unit

WHY = {
    "cap_reached": (
        "本年度检查频次已达上限,此类检查不在豁免之列",
        "the yearly cap on visits is used up, and this kind is not exempt from it",
    ),
    "certificate_not_delivered": (
        "交付中没有执法证有效期,无法确定谁可以执法检查",
        "enforcement certificates were not delivered: who may inspect is not known",
    ),
    "no_working_day": ("今后{horizon}天内没有工作日", "there is no working day within {horizon} days"),
    "no_certified_pair": (
        "本机构及其上级机构在同一天均不足两名持证人员(含替补岗位)",
        "neither the institution nor one above it has two certified officers, relief posts included, on the same day",
    ),
    "on_leave": (
        "本机构及其上级机构的持证人员(含替补岗位)休假或培训,没有一天能有两人同时外出",
        "certified officers here and above, relief posts included, are on leave or in training: on no day can two go out",
    ),
    "recusal": (
        "本机构(含替补岗位)及其上级机构可安排的每个两人组中都有须回避的人员",
        "every pair that could go from here, relief posts included, or from above has an officer recused from this merchant",
    ),
    "not_yet": (
        "今后{horizon}天内,自可检查之日起没有可以前往的两人组",
        "within {horizon} days no pair can go on or after the first day on which the visit may be made",
    ),
    "capacity": (
        "今后{horizon}天可安排{room}次,已排满更紧迫的检查",
        "the {room} visits that can be made within {horizon} days are taken by more pressing ones",
    ),
}
"""Every code with its Chinese and English wording."""


def why_nobody(days: np.ndarray, unit: Unit | None = None) -> str:
    """The code for an institution that no pair ever leaves for; `unit` could serve it if nobody were away, if any could."""
    if not len(days):
        return "no_working_day"
    if unit is not None and (unit.is_certified.sum(axis=0) >= CREW_SIZE).any():
        return "on_leave"
    return "no_certified_pair"


def unplaced_frame(
    demand: pd.DataFrame, code: pd.Series, room: pd.Series, night: date, policy: PatrolPolicy
) -> pd.DataFrame:
    """The published unplaced_visit: every visit of `demand` that has a code, with the reason in both languages.

    `room` is the number of visits that the serving unit can make within the horizon.
    """
    left = (code != "").to_numpy()
    if not left.any():
        return pd.DataFrame()
    frame = demand.loc[left, ["merchant_id", "institution_id", "due_on", "visit_kind"]].assign(
        as_of=pd.Timestamp(night), code=code[left]
    )
    told = frame[["code"]].assign(room=room[left].fillna(0).astype(np.int64))
    for place, language in enumerate(("zh", "en")):
        wording = {
            (each, count): WHY[each][place].format(horizon=policy.horizon_days, room=count)
            for each, count in told.drop_duplicates().itertuples(index=False)
        }
        frame[f"reason_{language}"] = pd.MultiIndex.from_frame(told).map(wording)
    return frame.reset_index(drop=True)
