"""What every step has in common that makes published tables of schema plan: its assets and their checks."""

from collections.abc import Callable, Sequence

from dagster import AssetKey, AssetsDefinition, AssetSpec, multi_asset

from pipelines.checks.asset_checks import dagster_specs
from pipelines.checks.table_spec import TableSpec, published_spec
from pipelines.contract import published_tables
from pipelines.nights import NIGHTS, RETRY


def plan_step(
    name: str, published: Sequence[str], reads: Sequence[str]
) -> tuple[list[TableSpec], Callable[[Callable], AssetsDefinition]]:
    """The specs of these published tables, to be checked, and the decorator of the step that makes them all.

    name : of the step. reads : tables that it reads, as schema.table.
    """
    tables = [published_tables()[table] for table in published]
    specs = [published_spec(table, "plan") for table in tables]
    made = multi_asset(
        name=name,
        specs=[
            AssetSpec(
                AssetKey(["plan", table.name]),
                deps=[AssetKey(read.split(".")) for read in reads],
                description=f"{table.title_zh} · {table.title_en}",
                partitions_def=NIGHTS,
                group_name="plan",
            )
            for table in tables
        ],
        check_specs=[check for spec in specs for check in dagster_specs(spec)],
        retry_policy=RETRY,
    )
    return specs, made
