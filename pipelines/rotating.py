"""score → plan: the rotation plan of a night from the clocks, the policy and what management decided before."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
from dagster import AssetExecutionContext, AssetKey, AssetsDefinition, MaterializeResult

from models.flags import NotComputable
from models.rotation.gather import gathered
from models.rotation.plan import plan_rotation
from models.rotation.told import move_frame, plan_frame, summary_frame
from models.tenure import rotation_status
from pipelines.contract import delivered_tables
from pipelines.nights import NightRun, as_of, policy_of
from pipelines.plan_step import plan_step
from pipelines.planning import has_certificates
from pipelines.published import previous_rotation
from pipelines.tables import checked
from pipelines.warehouse.frames import frame_of, write_frame

if TYPE_CHECKING:
    import duckdb

    from models.policy import RotationPolicy
    from models.rotation.ground import RotationGround
    from pipelines.places import Places

ROTATED = ("rotation_plan", "rotation_move", "rotation_summary")
"""What a rotation plan is published as."""

READS = (
    "core.delivery",
    "core.penalty",
    "core.rotation_decision",
    "feature.institution_directory",
    "feature.officer_tenure",
    "feature.rotation_interest",
    "feature.rotation_place",
    "feature.rotation_staff",
    "feature.rotation_unit",
)

DEMAND = """
select directory.unit_id, sum(risk.required_visits_per_year) as required
from score.merchant_risk as risk
inner join feature.institution_directory as directory on directory.institution_id = risk.institution_id
group by directory.unit_id
order by directory.unit_id
"""

DECISION = """
select
    decision.decision_id,
    decision.officer_id,
    decision.verdict,
    coalesce(directory.unit_id, decision.to_institution_id) as unit_id,
    decision.to_post as post,
    decision.to_grid_id as grid_id,
    decision.move_on,
    decision.decided_at,
    decision.is_superseded
from core.rotation_decision as decision
left join feature.institution_directory as directory on directory.institution_id = decision.to_institution_id
order by decision.decision_id
"""

CASES = (
    "case_id",
    "lead_officer_id",
    "co_officer_id",
    "party_kind",
    "filed_on",
    "outcome_known_on",
    "amount_involved_yuan",
    "illegal_gain_yuan",
)


def tenure_tonight(connection: "duckdb.DuckDBPyConnection", night_on: date) -> pd.DataFrame:
    """Rows of feature.officer_tenure of the night itself."""
    query = "select * from feature.officer_tenure where as_of_on = $night order by officer_id, clock"
    return connection.execute(query, {"night": night_on}).df()


def rotation_ground(
    connection: "duckdb.DuckDBPyConnection", places: "Places", night_on: date, policy: "RotationPolicy"
) -> "RotationGround":
    """What the plan of a night is made on, from its warehouse and from what the night before proposed."""
    return gathered(
        staff=frame_of(connection, "feature.rotation_staff"),
        place=frame_of(connection, "feature.rotation_place"),
        interest=frame_of(connection, "feature.rotation_interest"),
        unit=frame_of(connection, "feature.rotation_unit"),
        status=rotation_status(tenure_tonight(connection, night_on), policy),
        cases=_cases(connection),
        demand=connection.execute(DEMAND).df().set_index("unit_id")["required"],
        decision=connection.execute(DECISION).df(),
        last=_under_last_names(connection, previous_rotation(places, night_on)),
    )


def _under_last_names(connection: "duckdb.DuckDBPyConnection", moves: pd.DataFrame) -> pd.DataFrame:
    """Moves with the institutions that were renamed since under the name that they have now."""
    named = frame_of(connection, "feature.institution_directory", ("institution_id", "unit_id"))
    unit = moves["unit_id"].map(named.set_index("institution_id")["unit_id"])
    return moves.assign(unit_id=unit.fillna(moves["unit_id"]))


def _cases(connection: "duckdb.DuckDBPyConnection") -> pd.DataFrame:
    """core.penalty; no case where no day of an outcome was delivered, or every case ever led would be open."""
    cases = frame_of(connection, "core.penalty", CASES)
    return cases if bool(frame_of(connection, "core.delivery")["has_outcome_date"].iloc[0]) else cases.head(0)


def rotation_gaps(connection: "duckdb.DuckDBPyConnection") -> list[NotComputable]:
    """Why no plan of rotation was made, and what one could not respect for want of records."""
    gaps, delivery = [], frame_of(connection, "core.delivery")
    if not has_certificates(connection):
        gaps.append(
            (
                "未交付执法证有效期(officer.certificate_valid_to_on),无法确定谁能接任,未编制轮岗方案",
                "officer.certificate_valid_to_on was not delivered: who could succeed is not known, and no move is proposed",
            )
        )
    if not bool(delivery["has_recusal"].iloc[0]):
        gaps.append(
            (
                "未交付回避(recusal),也未同时交付亲属申报与主体关联人,轮岗方案未考虑任职回避",
                "neither recusals nor declared relatives with the persons behind merchants were delivered: the plan of"
                " rotation knows of no recusal",
            )
        )
    if not bool(delivery["has_outcome_date"].iloc[0]):
        gaps.append(
            (
                "未交付案件的决定或结案日期,轮岗方案不知道哪些重大案件尚未办结",
                "no day of a decision or closing was delivered: the plan of rotation does not know which major cases are open",
            )
        )
    gaps.append(
        (
            "交付内容没有人员之间的亲属关系,轮岗方案未考虑同一机构内的任职回避",
            "kin among officers is in no record: the plan of rotation cannot keep relatives from one station",
        )
    )
    return [NotComputable("bureau", "all", "rotation_plan", zh, en) for zh, en in gaps]


def post_words() -> dict[str, tuple[str, str]]:
    """Chinese and English word of each post, by code."""
    words = delivered_tables()["posting"].column("post").values
    return {code: (zh, code.replace("_", " ")) for code, zh in words.items()}


def rotation_assets() -> AssetsDefinition:
    """The rotation plan, its moves and its figures, as assets of one step."""
    specs, made_here = plan_step("plan__rotation", ROTATED, (*READS, "score.merchant_risk"))

    @made_here
    def rotation(context: AssetExecutionContext, night: NightRun) -> Iterator[MaterializeResult]:
        with night.step(context) as (step, connection):
            night_on, policy = as_of(context), policy_of(context).rotation
            ground = rotation_ground(connection, night.places, night_on, policy)
            can_plan = has_certificates(connection) and len(ground.staff) > 0
            plan = plan_rotation(ground, night_on, policy) if can_plan else None
            frames = {"rotation_plan": plan_frame(ground.clock, plan, night_on)}
            if plan is not None:
                frames["rotation_move"] = move_frame(plan, post_words(), night_on)
                frames["rotation_summary"] = summary_frame(plan, night_on)
            rows = {name: write_frame(connection, "plan", name, frames.get(name, pd.DataFrame())) for name in ROTATED}
            step.row_count = rows["rotation_plan"]
            by_asset = checked(night, connection, specs, night_on)
        for name in ROTATED:
            metadata = {"dagster/row_count": rows[name], "seconds": round(step.seconds, 3)}
            if name == "rotation_summary" and plan is not None:
                metadata |= {"objective": plan.objective, "bound": plan.bound, "optimal": plan.is_optimal}
            key = AssetKey(["plan", name])
            yield MaterializeResult(asset_key=key, metadata=metadata, check_results=by_asset[key])

    return rotation
