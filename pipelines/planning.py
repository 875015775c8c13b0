"""score → plan: the visits of the next days over officers and days, those that found no place, and who is covered."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from dagster import AssetExecutionContext, AssetKey, AssetsDefinition, MaterializeResult

from models.coverage import coverage
from models.demand import visit_demand
from models.flags import NotComputable
from models.plan import plan_visits
from models.policy import PatrolPolicy, Policy
from models.roster import years_without_holidays
from pipelines.nights import NightRun, as_of, policy_of
from pipelines.pictures import patrol_picture, shown
from pipelines.plan_step import plan_step
from pipelines.published import previous_plan
from pipelines.tables import checked
from pipelines.warehouse.frames import frame_of, write_frame

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

PLANNED = ("patrol_plan", "unplaced_visit")
"""What a plan is made of. Coverage, which is held against it, lies in schema plan beside it."""

READS = (
    "core.delivery",
    "core.institution",
    "core.leave",
    "feature.due_task",
    "feature.merchant_duty",
    "feature.patrol_place",
    "feature.patrol_recusal",
    "feature.patrol_roster",
)


HELD = """
select
    merchant_id,
    any_value(risk.percentile) as percentile,
    any_value(risk.next_due_on) as next_due_on,
    any_value(risk.is_overdue) as is_overdue,
    any_value(risk.capped_visits_left_this_year) as capped_visits_left_this_year,
    count(planned.merchant_id) as planned_visit_count
from score.merchant_risk as risk
left join (select merchant_id from plan.patrol_plan where role = 'lead') as planned using (merchant_id)
group by merchant_id
"""
"""What coverage is measured by besides feature.merchant_duty: risk, duty and tonight's planned visits."""


def patrol_gaps(delivery: "pd.DataFrame", night_on: date, policy: PatrolPolicy) -> list[NotComputable]:
    """What the plan could not respect for want of records or of a calendar; `delivery` is core.delivery of the night."""
    gaps = (
        (
            "has_certificate",
            "未交付执法证有效期(officer.certificate_valid_to_on),无法确定谁可以执法检查,未编制巡查计划",
            "officer.certificate_valid_to_on was not delivered: who may inspect is not known, and no visit is planned",
        ),
        (
            "has_leave",
            "未交付休假培训(leave),计划未避开休假",
            "leave was not delivered: the plan does not know who is away",
        ),
        (
            "has_recusal",
            "未交付回避(recusal),也未同时交付亲属申报与主体关联人,计划未执行回避",
            "neither recusals nor declared relatives with the persons behind merchants were delivered: the plan knows of"
            " no recusal",
        ),
    )
    told = [(zh, en) for column, zh, en in gaps if not bool(delivery[column].iloc[0])]
    told += [
        (
            f"{year}年节假日安排未录入,计划可能落在法定节假日",
            f"the public holidays of {year} are not entered: the plan may fall on one of them",
        )
        for year in years_without_holidays(night_on, policy)
    ]
    return [NotComputable("bureau", "all", "patrol_plan", zh, en) for zh, en in told]


def has_certificates(connection: "duckdb.DuckDBPyConnection") -> bool:
    """Whether certificates were delivered: without them nobody is known to be fit for any post that asks for one."""
    return bool(frame_of(connection, "core.delivery")["has_certificate"].iloc[0])


def demand_tonight(connection: "duckdb.DuckDBPyConnection", night_on: date, in_force: Policy) -> "pd.DataFrame":
    """The visits wanted within the horizon, from the warehouse of the night."""
    risk = connection.execute("select * from score.merchant_risk order by merchant_id").df()
    due_task = frame_of(connection, "feature.due_task")
    return visit_demand(risk, due_task, frame_of(connection, "feature.patrol_place"), night_on, in_force)


def ground_of(connection: "duckdb.DuckDBPyConnection") -> "dict[str, pd.DataFrame]":
    """What a plan is made on besides the demand: `roster`, `leave`, `recusal` and `institution`."""
    return {
        "roster": frame_of(connection, "feature.patrol_roster"),
        "leave": frame_of(connection, "core.leave"),
        "recusal": frame_of(connection, "feature.patrol_recusal"),
        "institution": frame_of(connection, "core.institution"),
    }


def coverage_tonight(connection: "duckdb.DuckDBPyConnection", night_on: date, in_force: Policy) -> "pd.DataFrame":
    """The published table coverage, from the warehouse of the night with its plan."""
    held = connection.execute(HELD).df()
    return coverage(
        frame_of(connection, "feature.merchant_duty").merge(held, on="merchant_id", validate="one_to_one"),
        in_force,
        night_on,
    )


def patrol_plan_assets() -> AssetsDefinition:
    """The patrol plan, what it does not hold and the coverage, as assets of one step."""
    names = (*PLANNED, "coverage")
    specs, made_here = plan_step("plan__patrol", names, (*READS, "score.merchant_risk"))

    @made_here
    def patrol(context: AssetExecutionContext, night: NightRun) -> Iterator[MaterializeResult]:
        with night.step(context) as (step, connection):
            night_on, in_force = as_of(context), policy_of(context)
            made = plan_visits(
                demand_tonight(connection, night_on, in_force),
                **ground_of(connection),
                night=night_on,
                policy=in_force.patrol,
                last_plan=previous_plan(night.places, night_on),
                has_certificate=has_certificates(connection),
            )
            frames = dict(zip(PLANNED, made, strict=True))
            rows = {name: write_frame(connection, "plan", name, frames[name]) for name in PLANNED}
            covered = coverage_tonight(connection, night_on, in_force)
            rows["coverage"] = write_frame(connection, "plan", "coverage", covered)
            step.row_count = rows["patrol_plan"]
            by_asset = checked(night, connection, specs, night_on)
        for name in names:
            metadata = {"dagster/row_count": rows[name], "seconds": round(step.seconds, 3)}
            if name == "patrol_plan" and any(rows[name] for name in PLANNED):
                metadata["by institution"] = shown(patrol_picture(frames["patrol_plan"], frames["unplaced_visit"]))
            key = AssetKey(["plan", name])
            yield MaterializeResult(asset_key=key, metadata=metadata, check_results=by_asset[key])

    return patrol
