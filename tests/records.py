"""Raw records for tests, as the intake would leave them: every table of the contract, typed, one delivery."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb
import pyarrow

from pipelines.contract import delivered_tables


def raw_records(
    tables: Mapping[str, pyarrow.Table | Sequence[Mapping]], *, threads: int = 2
) -> duckdb.DuckDBPyConnection:
    """A warehouse in memory whose schema raw holds `tables`: Arrow tables, or rows by column name.

    Of a table given as Arrow, the columns it has count as delivered; of one given as rows, or not at all, every column.
    """
    connection = duckdb.connect(config={"threads": threads})
    connection.execute(
        "create schema raw; create table raw.delivered_column"
        " (table_name varchar, column_name varchar, delivery_number integer)"
    )
    for table in delivered_tables().values():
        typed = ", ".join(f'"{column.name}" {column.engine_type}' for column in table.columns)
        connection.execute(f"create table raw.{table.name} ({typed}, delivery_number integer default 1)")
        given = tables.get(table.name, [])
        if isinstance(given, pyarrow.Table):
            connection.register("given", given)
            connection.execute(f"insert into raw.{table.name} by name select * from given")
            delivered = given.column_names
        else:
            for row in given:
                names, marks = ", ".join(row), ", ".join("?" * len(row))
                connection.execute(f"insert into raw.{table.name} ({names}) values ({marks})", list(row.values()))
            delivered = table.column_names
        connection.executemany(
            "insert into raw.delivered_column values (?, ?, 1)", [[table.name, name] for name in delivered]
        )
    return connection
