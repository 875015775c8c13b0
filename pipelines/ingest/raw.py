"""The stored deliveries as the warehouse's schema `raw`: every table of the contract, the newest version of each row.

Belongs here: how deliveries follow one another. Does not belong here: judging a row, which was done at the door.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from pipelines.contract import Table, delivered_tables
from pipelines.ingest.delivery import Delivery, DeliveryError
from pipelines.ingest.quarantine import QUARANTINE_COLUMNS, record_key
from pipelines.ingest.store import QUARANTINE_NAME, deliveries, table_paths
from pipelines.ingest.values import quoted


def load_raw(
    connection: duckdb.DuckDBPyConnection, raw_folder: Path, delivery_ids: Sequence[str] | None = None
) -> None:
    """Make schema `raw` in the warehouse out of the stored deliveries; of all, or of those with these ids.

    `raw.<table>` for every table of the contract: its columns typed and in order, null where never delivered, and
    `delivery_number`; one row per key, the newest; by key. `raw.delivered_column` (table_name, column_name): what any
    delivery's header had. `raw.quarantine`: bad rows that no later delivery mended or replaced. Replaces what was
    there. Raises DeliveryError where an id is not stored.
    """
    chosen = deliveries(raw_folder)
    if delivery_ids is not None:
        unknown = set(delivery_ids) - {delivery.id for delivery in chosen}
        if unknown:
            raise DeliveryError(
                f"raw: {len(unknown)} deliveries are not stored (first: {min(unknown)}); take them in again."
            )
        chosen = [delivery for delivery in chosen if delivery.id in delivery_ids]
    connection.execute("create schema if not exists raw")
    for table in delivered_tables().values():
        _load_table(connection, table, table_paths(raw_folder, chosen, table.name))
    _load_delivered_columns(connection, chosen)
    _load_quarantine(connection, [raw_folder / delivery.folder_name / QUARANTINE_NAME for delivery in chosen])


def _load_table(connection: duckdb.DuckDBPyConnection, table: Table, paths: list[Path]) -> None:
    columns = ", ".join(f"{quoted(column.name)} {column.engine_type}" for column in table.columns)
    name, key = f"raw.{quoted(table.name)}", ", ".join(quoted(column) for column in table.key)
    connection.execute(f"create or replace table {name} ({columns}, delivery_number integer)")
    if not paths:
        return
    # The newest delivery of each key first: of many nights with the full history, only the last is then read whole.
    connection.execute(
        f"create or replace temp table newest as select {key}, max(delivery_number) as delivery_number "
        f"from read_parquet($paths) group by {key}",
        {"paths": [str(path) for path in paths]},
    )
    numbers = {number for (number,) in connection.execute("select distinct delivery_number from newest").fetchall()}
    parameters = {"paths": [str(path) for path in paths if int(path.parent.name.split("-")[0]) in numbers]}
    if numbers:
        stored = connection.execute("describe from read_parquet($paths, union_by_name = true)", parameters).fetchall()
        # A delivery stored before the contract gained a column does not have it.
        wanted = [quoted(row[0]) for row in stored if row[0] in (*table.column_names, "delivery_number")]
        connection.execute(
            f"insert into {name} by name select {', '.join(wanted)} from read_parquet($paths, union_by_name = true) "
            f"semi join newest using ({key}, delivery_number) order by {key}",
            parameters,
        )
    connection.execute("drop table newest")


def _load_delivered_columns(connection: duckdb.DuckDBPyConnection, chosen: list[Delivery]) -> None:
    pairs = sorted(
        {(table, name) for delivery in chosen for table, names in delivery.delivered_columns.items() for name in names}
    )
    connection.execute(
        "create or replace table raw.delivered_column as select unnest(cast($tables as varchar[])) as table_name, "
        "unnest(cast($names as varchar[])) as column_name",
        {"tables": [table for table, _ in pairs], "names": [name for _, name in pairs]},
    )


def _load_quarantine(connection: duckdb.DuckDBPyConnection, paths: list[Path]) -> None:
    """Of a record's bad versions the newest delivery's; none where a later delivery had a good one.

    A row without a whole key cannot be followed; the same row of the same file, delivered again, replaces itself.
    """
    columns = ", ".join(f"{name} {kind}" for name, kind in QUARANTINE_COLUMNS.items())
    connection.execute(f"create or replace table raw.quarantine ({columns})")
    if not paths:
        return
    connection.execute(
        f"insert into raw.quarantine select {', '.join(QUARANTINE_COLUMNS)} from read_parquet($paths) "
        "qualify rank() over (partition by table_name, record_key, case when record_key is null then source_file end, "
        "case when record_key is null then raw end order by delivery_number desc) = 1 "
        "order by table_name, source_file, row_number, delivery_number",
        {"paths": [str(path) for path in paths]},
    )
    held = connection.execute("select distinct table_name from raw.quarantine where record_key is not null").fetchall()
    for (table_name,) in held:
        table = delivered_tables()[table_name]
        key = record_key(table, {name: f"cast({quoted(name)} as varchar)" for name in table.key})
        connection.execute(
            f"delete from raw.quarantine as bad using (select {key} as record_key, delivery_number from "
            f"raw.{quoted(table_name)}) as good where bad.table_name = $name and bad.record_key = good.record_key "
            "and good.delivery_number > bad.delivery_number",
            {"name": table_name},
        )
