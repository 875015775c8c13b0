"""plan → lists: what the lists that management signs take from tonight's plan, and what of them cannot be told.

The lists themselves are made in sql/feature; two of them say besides when a visit is planned, and for whom.
"""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from dagster import AssetExecutionContext, AssetKey, AssetsDefinition, MaterializeResult

from models.flags import NotComputable
from models.list_gap import list_gaps
from models.officer_task import officer_tasks, planned_visits
from models.policy import Policy
from pipelines.nights import NightRun, as_of, policy_of
from pipelines.plan_step import plan_step
from pipelines.tables import checked
from pipelines.warehouse.frames import frame_of, write_frame

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

WITH_PLAN = ("key_industry_coverage", "officer_task")
"""Lists that are made once the plan is there; the others are published as sql/feature makes them."""

READS = ("feature.key_industry_coverage", "feature.officer_duty", "plan.patrol_plan")


def gaps_of_lists(connection: "duckdb.DuckDBPyConnection") -> list[NotComputable]:
    """What of the lists cannot be told tonight, and why."""
    return list_gaps(frame_of(connection, "core.delivery").iloc[0].to_dict())


def lists_tonight(
    connection: "duckdb.DuckDBPyConnection", night_on: date, in_force: Policy
) -> "dict[str, pd.DataFrame]":
    """The lists of WITH_PLAN, from the warehouse of the night with its plan."""
    plan = connection.execute("from plan.patrol_plan order by merchant_id, officer_id").df()
    visits = planned_visits(plan).drop(columns="lead_id").rename(columns={"visit_on": "planned_visit_on"})
    key = frame_of(connection, "feature.key_industry_coverage")
    return {
        "key_industry_coverage": key.merge(visits, on="merchant_id", how="left", validate="one_to_one"),
        "officer_task": officer_tasks(
            frame_of(connection, "feature.officer_duty"), plan, night_on, in_force.due_tasks.due_soon_days
        ),
    }


def work_list_assets() -> AssetsDefinition:
    """The lists of WITH_PLAN as assets of one step."""
    specs, made_here = plan_step("plan__lists", WITH_PLAN, READS)

    @made_here
    def lists(context: AssetExecutionContext, night: NightRun) -> Iterator[MaterializeResult]:
        with night.step(context) as (step, connection):
            night_on = as_of(context)
            frames = lists_tonight(connection, night_on, policy_of(context))
            rows = {name: write_frame(connection, "plan", name, frame) for name, frame in frames.items()}
            step.row_count = sum(rows.values())
            by_asset = checked(night, connection, specs, night_on)
        for name, count in rows.items():
            key = AssetKey(["plan", name])
            metadata = {"dagster/row_count": count, "seconds": round(step.seconds, 3)}
            yield MaterializeResult(asset_key=key, metadata=metadata, check_results=by_asset[key])

    return lists
