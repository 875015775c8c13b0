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

    `raw.<table>` for every table of the contract: its columns typed and in order, null where never delivered; one row
    per key, by key. Each value is that of the newest delivery of the key that had the column, and `delivery_number` that
    of the newest delivery of the key. `raw.delivered_column` (table_name, column_name, delivery_number): the columns
    that each delivery had. `raw.quarantine`: bad rows that no later delivery mended or replaced. Replaces what was there.
    Raises DeliveryError where an id is not stored.
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
        _load_table(connection, table, raw_folder, chosen)
    _load_delivered_columns(connection, chosen)
    _load_quarantine(connection, [raw_folder / delivery.folder_name / QUARANTINE_NAME for delivery in chosen])


def waiting_count(raw_folder: Path, delivery: Delivery) -> int:
    """Rows of this stored delivery that are still in quarantine because a row they refer to was not there."""
    path = raw_folder / delivery.folder_name / QUARANTINE_NAME
    is_waiting = "delivery_number = $number and regexp_matches(reasons, '(^|; )unknown_reference: ')"
    with duckdb.connect() as connection:
        waiting = f"select count(*) from read_parquet($path) where {is_waiting}"
        parameters = {"path": str(path), "number": delivery.number}
        if not connection.execute(waiting, parameters).fetchall()[0][0]:
            return 0
        load_raw(connection, raw_folder)
        waiting = f"select count(*) from raw.quarantine where {is_waiting}"
        return connection.execute(waiting, {"number": delivery.number}).fetchall()[0][0]


def _load_table(
    connection: duckdb.DuckDBPyConnection, table: Table, raw_folder: Path, chosen: Sequence[Delivery]
) -> None:
    columns = ", ".join(f"{quoted(column.name)} {column.engine_type}" for column in table.columns)
    name, key = f"raw.{quoted(table.name)}", ", ".join(quoted(column) for column in table.key)
    connection.execute(f"create or replace table {name} ({columns}, delivery_number integer)")
    paths = {
        delivery.number: str(path) for delivery in chosen for path in table_paths(raw_folder, [delivery], table.name)
    }
    if not paths:
        return
    # The newest delivery of each key first: of many nights with the full history, only the last is then read whole.
    connection.execute(
        f"create or replace temp table newest as select {key}, max(delivery_number) as delivery_number "
        f"from read_parquet($paths) group by {key}",
        {"paths": list(paths.values())},
    )
    numbers = {number for (number,) in connection.execute("select distinct delivery_number from newest").fetchall()}
    if numbers:
        holders = {
            column: frozenset(one.number for one in chosen if column in one.delivered_columns.get(table.name, ()))
            for column in table.column_names
        }
        values, joins, held = _values_of_holders(table, holders, numbers)
        held_paths = {f"paths_{held_by}": [paths[number] for number in listed] for held_by, listed in held.items()}
        connection.execute(
            f"insert into {name} by name select {values}, delivery_number "
            f"from (from read_parquet($paths, union_by_name = true) semi join newest using ({key}, delivery_number)) "
            f"{joins} order by {key}",
            {"paths": [path for number, path in paths.items() if number in numbers], **held, **held_paths},
        )
    connection.execute("drop table newest")


def _values_of_holders(
    table: Table, holders: dict[str, frozenset[int]], newest_numbers: set[int]
) -> tuple[str, str, dict[str, list[int]]]:
    """The columns to select for the newest rows, and the joins to what they lack, with the numbers to bind.

    A row whose own delivery had no such column takes it out of the newest delivery that had it. A struct, since
    `arg_max` would pass over a null, and a value that was delivered empty is one.
    """
    key = ", ".join(quoted(column) for column in table.key)
    values = {column: quoted(column) for column, held_by in holders.items() if held_by & newest_numbers}
    incomplete = sorted(
        {tuple(sorted(held_by)) for held_by in holders.values() if held_by and newest_numbers - held_by}
    )
    joins: list[str] = []
    for place, numbers in enumerate(incomplete):
        names = [quoted(column) for column, held_by in holders.items() if held_by == frozenset(numbers)]
        joins.append(
            f"left join (select {key}, arg_max(struct_pack({', '.join(f'{name} := {name}' for name in names)}), "
            f"delivery_number) as held from read_parquet($paths_held_{place}, union_by_name = true) "
            f"semi join (from newest where not list_contains($held_{place}, delivery_number)) using ({key}) "
            f"group by {key}) as earlier_{place} using ({key})"
        )
        for column, held_by in holders.items():
            if held_by == frozenset(numbers):
                name = quoted(column)
                earlier = f"earlier_{place}.held.{name}"
                if column in values:
                    earlier = f"case when list_contains($held_{place}, delivery_number) then {name} else {earlier} end"
                values[column] = f"{earlier} as {name}"
    return (
        ", ".join(values.values()),
        " ".join(joins),
        {f"held_{place}": list(numbers) for place, numbers in enumerate(incomplete)},
    )


def _load_delivered_columns(connection: duckdb.DuckDBPyConnection, chosen: list[Delivery]) -> None:
    rows = sorted(
        (table, name, delivery.number)
        for delivery in chosen
        for table, names in delivery.delivered_columns.items()
        for name in names
    )
    connection.execute(
        "create or replace table raw.delivered_column as select unnest(cast($tables as varchar[])) as table_name, "
        "unnest(cast($names as varchar[])) as column_name, unnest(cast($numbers as integer[])) as delivery_number",
        {
            "tables": [table for table, _, _ in rows],
            "names": [name for _, name, _ in rows],
            "numbers": [number for _, _, number in rows],
        },
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
