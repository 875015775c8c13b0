"""The tables of one night that a rotation plan is made on, typed, from plain rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from models import policy
from models.policy import RotationPolicy

NIGHT = date(2026, 6, 30)
ROTATION = policy.on(NIGHT).rotation

PLACE = ["unit_id", "post", "grid_id"]
COLUMNS = {
    "staff": ["officer_id", "institution_id", "unit_id", "area_id", "unit_kind", "post", "grid_id", "since_on"]
    + ["may_be_certified", "certificate_valid_to_on", "rank", "leaves_on", "handling_years", "handled_case_count"]
    + ["major_case_until_on", "is_extended"],
    "clock": ["officer_id", "clock", "status", "years", "from_post", "from_institution_id", "is_extended"]
    + ["reason_zh", "reason_en", "key_merchant_count"],
    "held": ["officer_id", *PLACE, "last_on", "years"],
    "interest": ["officer_id", "unit_id", "grid_id", "kind"],
    "unit": ["unit_id", "kind", "area_id", "demand", "latitude", "longitude"],
    "decided": ["officer_id", "verdict", *PLACE, "move_on", "decided_on", "is_done"],
    "last": ["officer_id", *PLACE, "move_on"],
}
MOVE = ["officer_id", "role", "from_unit_id", "from_post", "from_grid_id", "to_unit_id", "to_post", "to_grid_id"]
MOVE += ["move_on", "succeeds_officer_id", "chain"]
NUMBERS = {"years", "key_merchant_count", "handling_years", "demand", "latitude", "longitude"}
TRUTHS = {"may_be_certified", "is_extended", "is_done"}
COUNTS = {"handled_case_count", "chain"}


@dataclass(frozen=True, repr=False)
class Bureau:
    """Frames by the names of RotationGround's fields, with the night and the policy they are planned under."""

    frames: dict[str, pd.DataFrame]
    night: date = NIGHT
    policy: RotationPolicy = ROTATION
    label: str = "by hand"

    def __repr__(self) -> str:
        given = {name: value for name, value in self.policy if value != getattr(ROTATION, name)}
        return f"<bureau of {self.label}; {given}>"

    @property
    def asked(self) -> tuple[dict[str, pd.DataFrame], date, RotationPolicy]:
        """What checker, cost and planner by hand take."""
        return self.frames, self.night, self.policy

    def with_policy(self, **given) -> Bureau:
        """The same bureau under other numbers."""
        return replace(self, policy=self.policy.model_copy(update=given))

    def with_frames(self, **given) -> Bureau:
        """The same bureau with some frames exchanged."""
        return replace(self, frames={**self.frames, **given})

    def plan(self, **given):
        """What the solver proposes: models.rotation.RotationPlan."""
        from models.rotation.ground import RotationGround
        from models.rotation.plan import plan_rotation

        # a ground holds what is not carried out yet
        decided = self.frames["decided"]
        ground = RotationGround(**self.frames | {"decided": decided[~decided["is_done"]].reset_index(drop=True)})
        return plan_rotation(ground, self.night, self.policy, **given)


def table(rows: list[dict], columns: list[str]) -> pd.DataFrame:
    """Rows as a frame with exactly these columns; days, numbers and truths typed even where there is no row."""
    strange = {name for row in rows for name in row} - set(columns)
    if strange:
        raise KeyError(f"no such column: {sorted(strange)}")
    return pd.DataFrame({name: pd.Series([row.get(name) for row in rows], dtype=_kind(name)) for name in columns})


def _kind(name: str) -> str | type | None:
    """The type of a column, by its name; None where it is text."""
    if name.endswith("_on"):
        return "datetime64[us]"
    return float if name in NUMBERS else bool if name in TRUTHS else int if name in COUNTS else None


def tables(**rows: list[dict]) -> dict[str, pd.DataFrame]:
    """Every frame of a night; those that are not given have no row. Staff stands in the order of officer_id."""
    made = {name: table(rows.pop(name, []), columns) for name, columns in COLUMNS.items()}
    if rows:
        raise KeyError(f"no such frame: {sorted(rows)}")
    made["staff"] = made["staff"].sort_values("officer_id", ignore_index=True)
    return made


def moves_of(rows: list[dict]) -> pd.DataFrame:
    """Moves as a plan returns them."""
    return table(rows, MOVE)
