"""What a rotation plan is made on: everybody who serves, the places they hold, and what is known of them that night."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from models.policy import RotationPolicy

STATION = "station"
DUE = ("due", "overdue")


@dataclass(frozen=True)
class RotationGround:
    """Frames of one night; what their columns mean stands beside each.

    staff : one row per serving officer: officer_id, unit_id (the institution under its present name), area_id (what lies
        directly above the unit; empty where nothing does), unit_kind, post, grid_id, since_on (first day in this unit, post
        and grid), may_be_certified (no contract or auxiliary staff), certificate_valid_to_on, rank, leaves_on, handling_years
        (on case handling), handled_case_count (decided as their lead), major_case_until_on (the day by which the last open
        major case that he handles must have ended by law; empty: he handles none), is_extended.
    clock : what `models.tenure.rotation_status` returns, with key_merchant_count of feature.officer_tenure.
    held : officer_id, unit_id, post, grid_id, last_on, years: every place that somebody held, or holds.
    interest : officer_id, unit_id, grid_id: where a merchant lies behind which a declared relative stands or from which he is
        recused.
    unit : unit_id, kind, area_id, demand (required visits a year of its merchants), latitude, longitude.
    decided : what management decided and is not carried out yet: officer_id, verdict (accepted, changed, declined), unit_id,
        post, grid_id, move_on, decided_on.
    last : last night's proposals: officer_id, unit_id, post, grid_id, move_on.
    """

    staff: pd.DataFrame
    clock: pd.DataFrame
    held: pd.DataFrame
    interest: pd.DataFrame
    unit: pd.DataFrame
    decided: pd.DataFrame
    last: pd.DataFrame


def move_days(ground: RotationGround, night: date, policy: RotationPolicy) -> np.ndarray:
    """The days on which people move, datetime64[D]: quarter_count first days of quarters that lie notice_days ahead or more,
    and before them those that are nearer, where management decided a move that falls on such a day."""
    regular = _quarters_from(np.datetime64(night) + policy.notice_days, policy.quarter_count)
    nearer = _quarters_from(np.datetime64(night) + 1, policy.quarter_count)
    nearer = nearer[nearer < regular[0]]
    wished = pd.to_datetime(ground.decided.loc[ground.decided["verdict"] != "declined", "move_on"])
    wished = wished.to_numpy().astype("datetime64[D]")
    wished = wished[wished > np.datetime64(night)]
    is_asked = (wished[:, None] <= nearer[None, :]).any(axis=0)
    return np.concatenate([nearer[is_asked], regular])


def _quarters_from(earliest: np.datetime64, count: int) -> np.ndarray:
    month = earliest.astype("datetime64[M]")
    number = month.astype(np.int64)
    # months since 1970-01: quarters begin where the number is divisible by three
    first = number if number % 3 == 0 and month.astype("datetime64[D]") == earliest else number + 3 - number % 3
    return (first + 3 * np.arange(count)).astype("datetime64[M]").astype("datetime64[D]")
