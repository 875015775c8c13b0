"""Past draws as sets: objects with class and unit, the merchants they were drawn from, and who could have been sent.

Classes are those of tonight: none of an earlier day is delivered. A renamed unit stands under its last name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from models.draw.chance import Outcome
from models.draw.choice import object_class
from models.policy import SMALL_CELL, TIERS, DrawPolicy, each

BUREAU = "all"
"""unit_id of all units together, and draw_class of all classes."""
POOLED = "all"
"""draw_id of a test over all draws of the period."""


@dataclass(frozen=True)
class Tested:
    """One test: of which draw and unit, how many objects or places it rests on, and its outcome or the code of what lacks."""

    test: str
    draw_id: str
    unit_id: str
    count: int
    outcome: Outcome | None
    lacking: str = ""


@dataclass(frozen=True)
class PastDraws:
    """What is known of past draws.

    places : draw_id, task (empty: by class), merchant_id, officer_id, drawn_on, is_by_hand, unit_id, draw_class (empty: none)
    and is_certified, one row per place. able : drawn_on, unit_id, officer_id of who could be drawn. merchants : merchant_id,
    unit_id, draw_class, begins_on, ends_on (empty while open). has_marks : whether substitutions were ever told. All days are
    datetime64.
    """

    places: pd.DataFrame
    able: pd.DataFrame
    merchants: pd.DataFrame
    has_marks: bool
    policy: DrawPolicy
    night: date

    @property
    def audit_start_on(self) -> pd.Timestamp:
        """First day of the period that is tested."""
        return pd.Timestamp(self.night - timedelta(days=self.policy.audit_days))

    @property
    def class_start_on(self) -> pd.Timestamp:
        """First day of a draw for which tonight's classes still stand."""
        return pd.Timestamp(self.night - timedelta(days=self.policy.class_days))

    def audited(self) -> pd.DataFrame:
        """The places of the period that is tested."""
        return self.places[self.places["drawn_on"] >= self.audit_start_on]

    def told_units(self) -> set[str]:
        """Units where SMALL_CELL or more officers could be sent in that period: a figure of fewer is of a person."""
        recent = self.able[self.able["drawn_on"] >= self.audit_start_on]
        counts = recent.groupby("unit_id")["officer_id"].nunique()
        return set(counts.index[counts >= SMALL_CELL])

    def draws(self) -> pd.DataFrame:
        """Every draw, draw_id and drawn_on (its first day), in the order of days."""
        days = self.places.groupby("draw_id", as_index=False)["drawn_on"].min()
        return days.sort_values(["drawn_on", "draw_id"], ignore_index=True)

    def objects(self, places: pd.DataFrame) -> pd.DataFrame:
        """One row per draw and merchant of these places."""
        return places.drop_duplicates(["draw_id", "merchant_id"]).reset_index(drop=True)

    def pool(self, day: pd.Timestamp) -> pd.DataFrame:
        """The merchants that could be drawn on that day."""
        is_open = (self.merchants["begins_on"] <= day) & ~(self.merchants["ends_on"] <= day)
        return self.merchants[is_open]


def past_draws(frames: Mapping[str, pd.DataFrame], policy: DrawPolicy, night: date) -> PastDraws:
    """Past draws from frames of the night's warehouse.

    frames : `draw` (core.random_draw), `merchant` (core.merchant with the tiers of merchant_risk), `able`
    (feature.draw_officer) and `institution` (institution_id, unit_id).
    """
    unit = frames["institution"].set_index("institution_id")["unit_id"]
    merchant = frames["merchant"]
    merchants = pd.DataFrame(
        {
            "merchant_id": merchant["merchant_id"],
            "unit_id": merchant["institution_id"].map(unit).fillna(merchant["institution_id"]),
            "draw_class": object_class(merchant, policy),
            "begins_on": pd.to_datetime(merchant["registered_on"]),
            "ends_on": pd.to_datetime(merchant["closed_on"]),
        }
    )
    # one that has closed since was open then; one that is suspended or revoked tonight is not drawn
    is_kind = merchant["status"].isin([*policy.object_statuses, "closed"]) & ~(
        (merchant["status"] == "closed") & merchants["ends_on"].isna()
    )
    able = frames["able"].assign(drawn_on=pd.to_datetime(frames["able"]["drawn_on"]))
    able["unit_id"] = able["institution_id"].map(unit).fillna(able["institution_id"])
    able = able[["drawn_on", "unit_id", "officer_id"]].drop_duplicates(ignore_index=True)
    drawn = frames["draw"]
    places = drawn[["draw_id", "task", "merchant_id", "officer_id"]].assign(
        drawn_on=pd.to_datetime(drawn["drawn_on"]),
        is_by_hand=drawn["is_substituted"].astype("boolean").fillna(False).to_numpy(dtype=bool),
    )
    places = places.merge(merchants[["merchant_id", "unit_id", "draw_class"]], on="merchant_id", how="left")
    held = pd.MultiIndex.from_frame(able[["drawn_on", "officer_id"]])
    places["is_certified"] = pd.MultiIndex.from_frame(places[["drawn_on", "officer_id"]]).isin(held)
    places = places.sort_values(["drawn_on", "draw_id", "merchant_id", "officer_id"], ignore_index=True)
    return PastDraws(
        places,
        able,
        merchants[is_kind].reset_index(drop=True),
        bool(drawn["is_substituted"].notna().any()),
        policy,
        night,
    )


def ratios(day: pd.Timestamp) -> np.ndarray:
    """The ratio of each class, A to D, as in force on that day; shape (4,)."""
    days = pd.Series([day])
    return np.array([each("draws", lambda rule, name=name: rule.ratio[name], days)[0] for name in TIERS])


def draw_counts(past: PastDraws) -> pd.DataFrame:
    """The rows of the published table `draw` without as_of and seed: each draw whole, by class, and by unit.

    pool_count, drawn_count : merchants. drawn_share : their quotient. expected_share : the ratio in force that day, of
    classes alone. By class only where tonight's classes still stand. Neither way is worse. place_count, by_hand_count :
    officers sent by lot and by hand.
    """
    rows: list[dict] = []
    for draw_id, places in past.places.groupby("draw_id", sort=True):
        day, tasks = places["drawn_on"].min(), places["task"].dropna()
        pool = past.pool(day)
        named = {"draw_id": draw_id, "task": tasks.max() if len(tasks) else None, "drawn_on": day}
        whole = {"unit_id": BUREAU, "draw_class": BUREAU, "expected_share": np.nan}
        rows.append(named | whole | _counted(len(pool), places))
        if day >= past.class_start_on:
            sizes = pool["draw_class"].value_counts()
            for name, share in zip(TIERS, ratios(day), strict=True):
                of_class = {"draw_class": name, "expected_share": np.nan if len(tasks) else share}
                chosen = places[places["draw_class"] == name]
                rows.append(named | whole | of_class | _counted(int(sizes.get(name, 0)), chosen))
        sizes = pool["unit_id"].value_counts()
        for unit_id, chosen in places.groupby("unit_id", sort=True):
            rows.append(named | whole | {"unit_id": unit_id} | _counted(int(sizes.get(unit_id, 0)), chosen))
    if not rows:
        return pd.DataFrame()
    found = pd.DataFrame(rows)
    found["drawn_share"] = (found["drawn_count"] / found["pool_count"]).where(
        found["pool_count"] >= found["drawn_count"]
    )
    return found


def _counted(pool_count: int, places: pd.DataFrame) -> dict[str, int]:
    return {
        "pool_count": pool_count,
        "drawn_count": places["merchant_id"].nunique(),
        "place_count": int((~places["is_by_hand"]).sum()),
        "by_hand_count": int(places["is_by_hand"].sum()),
    }
