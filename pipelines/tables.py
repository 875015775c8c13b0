"""raw → core → feature: one asset per table, deps read from the SQL, checks from the contract and the headers."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from dagster import (
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    AssetSpec,
    Failure,
    MaterializeResult,
    TableColumn,
    TableSchema,
    asset,
    multi_asset,
)

from pipelines.checks.asset_checks import dagster_results, dagster_specs
from pipelines.checks.limits import Freshness
from pipelines.checks.run import run_checks
from pipelines.checks.table_spec import TableSpec, contract_spec, header_spec
from pipelines.contract import delivered_tables
from pipelines.desk_delivery import take_in_decisions
from pipelines.draw_delivery import take_in_draws
from pipelines.draw_file import DrawFailed
from pipelines.ingest import DeliveryError, deliveries, intake, load_raw
from pipelines.nights import NIGHTS, RETRY, NightRun, Plan, as_of, bound_values, policy_of
from pipelines.progress import metered
from pipelines.published import NotPublished, deliveries_of, manifest, previous_row_counts
from pipelines.trained import is_training_due, still_kept
from pipelines.warehouse.build import build
from pipelines.warehouse.statement import Statement, statements

if TYPE_CHECKING:
    import duckdb

QUARANTINE = AssetKey(["raw", "quarantine"])
DELIVERED_COLUMN = AssetKey(["raw", "delivered_column"])


def checked(
    night: NightRun, connection: "duckdb.DuckDBPyConnection", specs: Sequence[TableSpec], night_on: date
) -> dict[AssetKey, list]:
    """Check results of the tables just made, by asset; each is also kept in the warehouse for the manifest."""
    results = run_checks(
        connection,
        specs,
        previous_row_counts=previous_row_counts(night.places, night_on),
        fresh=Freshness(as_of=night_on),
    )
    # a step that is tried again says anew what it found
    connection.execute(
        "delete from night.checked where list_contains($tables, asset)", {"tables": [spec.table for spec in specs]}
    )
    connection.executemany(
        "insert into night.checked values (?, ?, ?, ?, ?)",
        [[f"{r.schema}.{r.table}", r.name, r.is_blocking, r.has_passed, r.message] for r in results],
    )
    by_asset: dict[AssetKey, list] = {AssetKey([spec.schema, spec.name]): [] for spec in specs}
    for result in dagster_results(results):
        by_asset[result.asset_key].append(result)
    return by_asset


def begun(context: AssetExecutionContext, night: NightRun) -> Plan:
    """Take the deliveries in, the bureau's, the desk's and that of draws made here, and decide what this night will do.

    A delivery that is refused ends the night at once. A replay uses the models that the night had, unless it is
    told to train or they are no longer there.
    """
    places, night_on = night.places, as_of(context)
    notes: tuple[str, ...] = ()
    model_on = None
    if night.replay:
        try:
            delivery_ids = deliveries_of(places, night_on)
            if night.train != "always":
                model_on = still_kept(places, manifest(places, night_on)["versions"])
        except NotPublished as error:
            raise Failure(str(error), allow_retries=False) from error
    else:
        try:
            notes = intake(
                Path(night.source),
                places.raw,
                delivered_on=night.delivery_day,
                mapping=Path(night.mapping) if night.mapping else None,
            ).notes
            decisions = take_in_decisions(places, night.delivery_day)
            notes += decisions.notes if decisions else ()
            draws = take_in_draws(places, night.delivery_day)
            notes += draws.notes if draws else ()
        except (DeliveryError, DrawFailed) as error:
            raise Failure(str(error), allow_retries=False) from error
        delivery_ids = tuple(delivery.id for delivery in deliveries(places.raw))
    is_training = model_on is None and is_training_due(places, night_on, night.train)
    return Plan(context.run.run_id, night_on, is_training, delivery_ids, notes, model_on or {})


def _raw_assets() -> AssetsDefinition:
    specs = {AssetKey(["raw", table.name]): contract_spec(table) for table in delivered_tables().values()}
    described = [
        AssetSpec(
            key,
            description=f"{delivered_tables()[spec.name].title_zh} · {delivered_tables()[spec.name].title_en}",
            metadata={"dagster/column_schema": _column_schema(spec)},
            partitions_def=NIGHTS,
            group_name="raw",
        )
        for key, spec in specs.items()
    ]
    described += [
        AssetSpec(QUARANTINE, description="隔离行 · rows not taken in", partitions_def=NIGHTS, group_name="raw"),
        AssetSpec(
            DELIVERED_COLUMN, description="已交付的列 · columns delivered", partitions_def=NIGHTS, group_name="raw"
        ),
    ]

    @multi_asset(
        name="raw",
        specs=described,
        check_specs=[check for spec in specs.values() for check in dagster_specs(spec)],
        retry_policy=RETRY,
    )
    def raw(context: AssetExecutionContext, night: NightRun):
        with metered("intake") as taken:
            plan = begun(context, night)
        with night.step(context) as (step, connection):
            night.begin(connection, plan)
            night.keep(connection, taken)
            load_raw(connection, night.places.raw, plan.delivery_ids)
            counts = row_counts(connection, "raw")
            step.row_count = sum(counts.values())
            by_asset = checked(night, connection, list(specs.values()), plan.as_of)
        for spec in described:
            yield MaterializeResult(
                asset_key=spec.key,
                metadata={
                    "dagster/row_count": counts[spec.key.path[-1]],
                    "seconds": round(step.seconds, 3),
                    "deliveries": len(plan.delivery_ids),
                },
                check_results=by_asset.get(spec.key, []),
            )

    return raw


def _table_asset(statement: Statement) -> AssetsDefinition:
    spec = header_spec(statement)
    key = AssetKey([statement.schema, statement.name])

    @asset(
        key=key,
        deps=[AssetKey([schema, name]) for schema, name in statement.upstreams],
        description=f"{statement.zh} · {statement.en}",
        group_name=statement.schema,
        partitions_def=NIGHTS,
        retry_policy=RETRY,
        check_specs=dagster_specs(spec),
        metadata={"dagster/column_schema": _column_schema(spec)},
    )
    def table(context: AssetExecutionContext, night: NightRun) -> MaterializeResult:
        with night.step(context) as (step, connection):
            plan = night.plan(connection)
            values = bound_values(plan.as_of, policy_of(context), is_training=plan.is_training)
            step.row_count = build(connection, statement, values)
            check_results = checked(night, connection, [spec], plan.as_of)[key]
        return MaterializeResult(
            metadata={"dagster/row_count": step.row_count, "seconds": round(step.seconds, 3)},
            check_results=check_results,
        )

    return table


def table_assets() -> list[AssetsDefinition]:
    """The raw tables as one asset group, and every table of sql/ as an asset of its own."""
    return [_raw_assets(), *(_table_asset(statement) for statement in statements().values())]


def _column_schema(spec: TableSpec) -> TableSchema:
    return TableSchema(
        columns=[
            TableColumn(column.name, column.engine_type or column.unit, description=f"{column.zh} · {column.en}")
            for column in spec.columns
        ]
    )


def row_counts(connection: "duckdb.DuckDBPyConnection", schema: str) -> Mapping[str, int]:
    """Rows of every table of a schema, by table name."""
    names = connection.execute(
        "select table_name from information_schema.tables where table_schema = ? order by all", [schema]
    ).fetchall()
    return {name: connection.execute(f"select count(*) from {schema}.{name}").fetchall()[0][0] for (name,) in names}
