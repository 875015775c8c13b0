"""What management reads of units and of how many hints there are, asked of the warehouse of a night."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from models.declared_interest import interest_gaps
from models.flags import Judgement, NotComputable
from models.hint_aggregate import evaluable_officers, hint_aggregate, hints_of_officers
from models.policy import AggregatePolicy
from models.unit_aggregate import overdue_share, unit_aggregate, unit_gaps
from pipelines.warehouse.frames import frame_of

if TYPE_CHECKING:
    import duckdb

READS = ("core.delivery", "core.penalty", "feature.officer_directory", "feature.unit_group", "feature.unit_quarter")


@dataclass(frozen=True)
class UnitFigures:
    """The frames that the figures of a night are made from, and the policy that says what of them is told."""

    delivery: pd.DataFrame
    officers: pd.DataFrame
    groups: pd.DataFrame
    quarters: pd.DataFrame
    handlers: Mapping[str, str]
    policy: AggregatePolicy
    night: date

    def gaps(self) -> list[NotComputable]:
        """What cannot be told of units and of declared interests tonight, and why."""
        holds = self.delivery.iloc[0].to_dict()
        return [
            *unit_gaps(_latest(self.groups), _latest(self.quarters), holds, self.policy),
            *interest_gaps(bool(holds["has_relation"])),
        ]

    def units(self, rotation: pd.DataFrame) -> pd.DataFrame:
        """The published unit_aggregate, given the night's rotation_plan."""
        overdue = overdue_share(_latest(self.groups), self.officers, rotation, self.policy)
        return unit_aggregate(self.quarters, overdue, self.policy, self.night)

    def hints(self, flags: pd.DataFrame, judgements: Mapping[str, Judgement]) -> pd.DataFrame:
        """The published hint_aggregate, given the night's red_flag and what the families can measure."""
        unit = self.officers.set_index("officer_id")["unit_id"]
        hints, evaluable = hints_of_officers(flags, self.handlers), evaluable_officers(judgements, self.night)
        return hint_aggregate(hints, evaluable, unit, self.policy, self.night)


def figures_of(connection: duckdb.DuckDBPyConnection, policy: AggregatePolicy, night: date) -> UnitFigures:
    """The figures of a night whose tables READS are made."""
    handlers = frame_of(connection, "core.penalty", ("case_id", "lead_officer_id"))
    return UnitFigures(
        delivery=frame_of(connection, "core.delivery"),
        officers=frame_of(connection, "feature.officer_directory", ("officer_id", "unit_id", "is_serving")),
        groups=frame_of(connection, "feature.unit_group"),
        quarters=frame_of(connection, "feature.unit_quarter"),
        handlers=dict(zip(handlers["case_id"], handlers["lead_officer_id"], strict=True)),
        policy=policy,
        night=night,
    )


def _latest(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of the night's own quarter."""
    return rows[rows["quarter_start_on"] == rows["quarter_start_on"].max()].reset_index(drop=True)
