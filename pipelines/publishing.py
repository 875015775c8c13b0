"""The last asset of a night: everything judged is published, or nothing is."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from dagster import AssetExecutionContext, AssetKey, AssetsDefinition, MaterializeResult, MetadataValue, asset

from models import policy
from models.policy import Policy
from pipelines.desk_delivery import TABLES as DESK_TABLES
from pipelines.draw_delivery import TABLES
from pipelines.drifting import drift_facts
from pipelines.ingest import Delivery, deliveries
from pipelines.nights import NIGHTS, NightRun, as_of, policy_of
from pipelines.pictures import calibration_picture, drift_picture, flag_picture, patrol_picture, score_picture, svg
from pipelines.publish import SOURCES, publish, refuse_unless_checked, tables_of
from pipelines.tables import row_counts
from pipelines.trained import MODELS, code_fingerprint, last_challenge

if TYPE_CHECKING:
    import duckdb

    from pipelines.nights import Plan


def facts_of(connection: "duckdb.DuckDBPyConnection", night: NightRun, plan: "Plan") -> dict[str, Any]:
    """What the manifest says of a night besides its files."""
    taken = [delivery for delivery in deliveries(night.places.raw) if delivery.id in plan.delivery_ids]
    models = {name: night.model(connection, name) for name in MODELS}
    steps = connection.execute(
        "select name, row_count, round(seconds, 3), peak_memory_bytes from night.step"
    ).fetchall()
    checks = connection.execute("select count(*), count(*) filter (where has_passed) from night.checked").fetchall()[0]
    warnings = connection.execute(
        "select message from night.checked where not has_passed and not is_blocking order by asset, name"
    ).fetchall()
    return {
        "versions": {
            "code": code_fingerprint(),
            "policy": policy.fingerprint(),
            "models": {
                name: None
                if model is None
                else {
                    "trained_on": model.trained_on.isoformat(),
                    "sha256": model.sha256,
                    "exists": model.trees is not None,
                    "challenge": last_challenge(night.places, name, plan.as_of),
                    "correction": model.state.get("correction"),
                    "is_corrected": model.state.get("is_corrected"),
                }
                for name, model in models.items()
            },
        },
        "deliveries": [
            {
                "id": delivery.id,
                "number": delivery.number,
                "delivered_on": delivery.delivered_on.isoformat(),
                "files": [file.model_dump() for file in delivery.files],
                "tables": {name: count.model_dump() for name, count in delivery.tables.items()},
                "dropped_columns": [column.model_dump() for column in delivery.dropped_columns],
                "notes": list(delivery.notes),
            }
            for delivery in taken
        ],
        "drift": drift_facts(connection),
        "flags": _counted(connection, "flag.red_flag", "strength"),
        "rotation": _counted(connection, "plan.rotation_plan", "status"),
        "quarantined": _counted(connection, "flag.quarantine", '"table"'),
        "refused": dict(
            sum(
                (Counter({name: count.refused}) for delivery in taken for name, count in delivery.tables.items()),
                Counter(),
            )
        ),
        "is_synthetic": is_synthetic(taken),
        "is_hindsight": any(delivery.delivered_on > plan.as_of + timedelta(days=1) for delivery in taken),
        "intake_notes": list(plan.notes),
        "warehouse_row_counts": {
            f"{schema}.{name}": count
            for schema in ("raw", "core", "feature", "score", "flag")
            for name, count in row_counts(connection, schema).items()
        },
        "checks": {"run": checks[0], "passed": checks[1], "warnings": [message for (message,) in warnings]},
        "steps": [
            {"name": name, "row_count": rows, "seconds": seconds, "peak_memory_bytes": peak}
            for name, rows, seconds, peak in steps
        ],
    }


HERE = TABLES | DESK_TABLES
"""Tables that come from here and not from the bureau: what the desk decided, and what was drawn."""


def is_synthetic(taken: Iterable[Delivery]) -> bool:
    """Whether a night was made from records of nobody; what was decided or drawn here about them does not change that."""
    delivered = [delivery for delivery in taken if not set(delivery.tables) <= HERE]
    return bool(delivered) and all(delivery.is_synthetic for delivery in delivered)


def _counted(connection: "duckdb.DuckDBPyConnection", table: str, column: str) -> dict[str, int]:
    return dict(connection.execute(f"select {column}, count(*) from {table} group by 1 order by 1").fetchall())


def pictures_of(
    connection: "duckdb.DuckDBPyConnection", card: Mapping[str, Any] | None, in_force: Policy
) -> dict[str, str]:
    """The pictures of a night as SVG by file name; one that has nothing to show is left out."""
    pictures = {}
    risk = connection.execute(
        "select probability, model_risk_tier from score.merchant_risk where probability is not null order by merchant_id"
    ).df()
    if len(risk):
        pictures["merchant_risk.svg"] = svg(score_picture(risk["probability"], risk["model_risk_tier"]))
    if card is not None and card["calibration"]["deciles"]:
        pictures["calibration.svg"] = svg(calibration_picture(card["calibration"]["deciles"]))
    drift = connection.execute("from score.drift order by population, feature").df()
    if drift["value"].notna().any():
        pictures["drift.svg"] = svg(drift_picture(drift, in_force.drift))
    flags = connection.execute("select family, strength from flag.red_flag order by flag_id").df()
    if len(flags):
        pictures["red_flag.svg"] = svg(flag_picture(flags))
    plan = connection.execute("select institution_id, role from plan.patrol_plan").df()
    unplaced = connection.execute("select institution_id, code from plan.unplaced_visit").df()
    if len(plan) or len(unplaced):
        pictures["patrol_plan.svg"] = svg(patrol_picture(plan, unplaced))
    return pictures


def published_asset() -> AssetsDefinition:
    """The published night as an asset; it depends on every table that it publishes."""

    @asset(
        key=AssetKey(["published", "night"]),
        deps=[AssetKey(source.split(".")) for source in SOURCES.values()],
        description="发布 · a whole night, published or not at all",
        group_name="published",
        partitions_def=NIGHTS,
    )
    def published_night(context: AssetExecutionContext, night: NightRun) -> MaterializeResult:
        with night.step(context) as (step, connection):
            plan = night.plan(connection)
            refuse_unless_checked(connection)
            merchant = night.model(connection, "merchant")
            in_use = merchant is not None and merchant.trees is not None
            pictures = pictures_of(connection, merchant.card if in_use else None, policy_of(context))
            papers = {f"merchant_{name}": text for name, text in merchant.papers.items()} if in_use else {}
            folder = publish(
                night.places,
                as_of(context),
                plan.run_id,
                tables_of(connection),
                {**pictures, **papers},
                facts_of(connection, night, plan),
            )
            step.row_count = sum(row_counts(connection, "score").values())
        return MaterializeResult(
            metadata={"folder": MetadataValue.path(str(folder)), "seconds": round(step.seconds, 3)}
        )

    return published_night
