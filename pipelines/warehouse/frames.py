"""Tables of sql/ as frames, and frames of judgement into the warehouse as the contract's published tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipelines.contract import published_tables
from pipelines.warehouse.statement import statements

if TYPE_CHECKING:
    import duckdb
    import pandas as pd


def frame_of(connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str] = ()) -> pd.DataFrame:
    """A table of sql/ as a frame, in the order of its grain: the columns named, or all where none is."""
    order = ", ".join(statements()[table].grain)
    return connection.execute(f"select {', '.join(columns) or '*'} from {table} order by {order}").df()


def write_frame(connection: duckdb.DuckDBPyConnection, schema: str, name: str, frame: pd.DataFrame) -> int:
    """Make `schema.name` from a frame in the columns of the published table `name`; return its row count.

    A frame without rows makes an empty table. Raises KeyError, naming table and column, where the frame lacks a column
    or has one that the contract does not know.
    """
    table = published_tables()[name]
    connection.execute(f"create schema if not exists {schema}")
    if len(frame) == 0:
        casts = ", ".join(f'cast(null as {column.engine_type}) as "{column.name}"' for column in table.columns)
        connection.execute(f"create or replace table {schema}.{name} as select {casts} where false")
        return 0
    differing = sorted(set(frame.columns) ^ set(table.column_names))
    if differing:
        raise KeyError(
            f"{schema}.{name}: the frame must have the contract's columns; {len(differing)} differ "
            f"(first: {differing[0]})"
        )
    casts = ", ".join(f'cast("{column.name}" as {column.engine_type}) as "{column.name}"' for column in table.columns)
    connection.register("judged", frame)
    connection.execute(f"create or replace table {schema}.{name} as select {casts} from judged")
    connection.unregister("judged")
    return len(frame)
