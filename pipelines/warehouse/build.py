"""Makes the tables of sql/ in the warehouse, with bound values only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pipelines.warehouse.statement import Statement

if TYPE_CHECKING:
    import duckdb


def build(connection: duckdb.DuckDBPyConnection, statement: Statement, values: Mapping[str, Any]) -> int:
    """Make the statement's table anew and return its row count.

    `values` holds every value that a night binds; the statement takes those it names. Raises KeyError, naming the
    table, where one is missing, and ValueError where the table made is not the table that the header describes.
    """
    missing = [name for name in statement.parameters if name not in values]
    if missing:
        raise KeyError(f"{statement.table}: no value is given for ${', $'.join(missing)}")
    bound = {name: values[name] for name in statement.parameters}
    connection.execute(f"create schema if not exists {statement.schema}")
    connection.execute(f"create or replace table {statement.table} as {statement.text}", bound)
    promised = [(column.name, column.engine_type) for column in statement.columns]
    made = described(connection, statement.table)
    if made != promised:
        differing = [f"{a} (header: {b})" for a, b in zip(made, promised, strict=False) if a != b]
        raise ValueError(
            f"{statement.table}: the table must be what its header says; "
            f"{len(made)} columns made, {len(promised)} promised, first difference: {(differing or ['the number'])[0]}"
        )
    return connection.execute(f"select count(*) from {statement.table}").fetchall()[0][0]


def described(connection: duckdb.DuckDBPyConnection, table: str) -> list[tuple[str, str]]:
    """Names and engine types of a table's columns, in order."""
    return [(row[0], row[1]) for row in connection.execute(f"describe {table}").fetchall()]
