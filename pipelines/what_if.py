"""The rotation plan of the last night beside the one that another policy would give: nothing is published, nothing is changed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from pydantic import ValidationError

from models import policy
from models.policy import RotationPolicy
from models.rotation.plan import RotationPlan, plan_rotation
from models.rotation.told import summary_frame
from pipelines.places import Places
from pipelines.planning import has_certificates
from pipelines.rotating import READS, rotation_ground
from pipelines.warehouse.connection import opened

MADE_BY_SQL = ("hot_posts", "leading_posts", "merge_gap_days")
"""Settings that the tables of a night are made with: another value needs another night."""


class NotAnswerable(ValueError):
    """The question cannot be put, or the last night cannot answer it; the message says why and what to do."""


@dataclass(frozen=True)
class Comparison:
    """Two plans of one night: under the policy in force, and under the one asked about.

    changes : the settings that differ, value in force and value asked about, by name.
    """

    night: date
    changes: Mapping[str, tuple[Any, Any]]
    plans: tuple[RotationPlan, RotationPlan]

    def summaries(self) -> pd.DataFrame:
        """Figures of both plans: the columns of rotation_summary, one row for each plan."""
        return pd.concat([summary_frame(plan, self.night) for plan in self.plans], ignore_index=True)

    def differing(self) -> pd.DataFrame:
        """Who would move elsewhere, on another day, or not at all: officer_id, and place and day in each plan (empty: stays)."""
        columns = ["to_unit_id", "to_post", "to_grid_id", "move_on"]
        here, there = (plan.moves.set_index("officer_id")[columns].astype(object) for plan in self.plans)
        both = here.join(there, how="outer", lsuffix="_in_force", rsuffix="_asked").sort_index()
        same = pd.Series(True, index=both.index)
        for name in columns:
            one, other = both[f"{name}_in_force"], both[f"{name}_asked"]
            same &= (one == other) | (one.isna() & other.isna())
        return both[~same].rename_axis("officer_id").reset_index()


def asked_policy(in_force: RotationPolicy, asked: Sequence[str]) -> RotationPolicy:
    """The policy in force with settings changed as in ["due_years=4", "post_risk.patrol=2"]; values as in the policy's file.

    Raises NotAnswerable for a setting that is none, is made by SQL, or has a value that the policy refuses.
    """
    changed = in_force.model_dump()
    for text in asked:
        name, _, value = text.partition("=")
        try:
            told = tomllib.loads(f"{name.strip()} = {value.strip()}")
        except tomllib.TOMLDecodeError as error:
            raise NotAnswerable(f"--what-if {text}: write SETTING=VALUE as in models/policy/rotation.toml") from error
        setting = next(iter(told))
        if setting in MADE_BY_SQL:
            raise NotAnswerable(
                f"--what-if {text}: the tables of a night are made with {setting}; change it in models/policy/rotation.toml and "
                "run the night"
            )
        if setting not in RotationPolicy.model_fields:
            raise NotAnswerable(
                f"--what-if {text}: {setting} is no setting of the rotation policy; those there are stand in"
                " models/policy/rotation.toml"
            )
        changed[setting] = _changed(text, changed[setting], told[setting])
    try:
        return RotationPolicy(**changed)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise NotAnswerable(f"--what-if: {where or 'the settings together'}: {first['msg']}") from error


def _changed(text: str, before: Any, value: Any) -> Any:
    """A setting with another value; of one that has parts, those that are not named stay."""
    if not isinstance(value, dict):
        return value
    if not isinstance(before, dict):
        raise NotAnswerable(f"--what-if {text}: the setting has no parts; write SETTING=VALUE")
    return before | {name: _changed(text, before.get(name, {}), part) for name, part in value.items()}


def compared(places: Places, asked: Sequence[str]) -> Comparison:
    """The plan of the night that the warehouse holds, as it is and as asked. Raises NotAnswerable and WarehouseBusy."""
    if not places.warehouse.exists():
        raise NotAnswerable(f"{places.home}: there is no night to ask; run `mingjian night`")
    with opened(places) as connection:
        found = connection.execute("select schema_name || '.' || table_name from duckdb_tables()").fetchall()
        if not {*READS, "plan.rotation_summary"} <= {table for (table,) in found}:
            raise NotAnswerable(f"{places.warehouse}: the last night did not come to its plans; run `mingjian night`")
        night = connection.execute("select as_of from night.plan").fetchall()[0][0]
        if not has_certificates(connection):
            raise NotAnswerable(
                f"{night}: officer.certificate_valid_to_on was not delivered: there is no plan to compare"
            )
        in_force = policy.on(night).rotation
        other = asked_policy(in_force, asked)
        grounds = [rotation_ground(connection, places, night, rules) for rules in (in_force, other)]
    plans = [plan_rotation(ground, night, rules) for ground, rules in zip(grounds, (in_force, other), strict=True)]
    before, after = in_force.model_dump(), other.model_dump()
    changes = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
    return Comparison(night, changes, tuple(plans))
