"""Tables of sql/ on one night, made with everything that they read from rows by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb

from models import policy
from pipelines.nights import bound_values
from pipelines.temporary_warehouse import build_needed
from tests.records import raw_records

TONIGHT = date(2026, 6, 30)
PLACES = {
    "institution": [{"institution_id": name, "kind": "station", "name": name} for name in ("S1", "S2")],
    "grid": [{"grid_id": "G1", "institution_id": "S1"}],
}


def warehouse(*tables: str, as_of: date = TONIGHT, absent: tuple[str, ...] = (), **rows: list[dict]):
    """A warehouse with these tables; `absent` names columns, as table.column, that were not delivered."""
    connection = raw_records({**PLACES, **rows}, threads=1)
    for name in absent:
        of, _, column = name.partition(".")
        connection.execute("delete from raw.delivered_column where table_name = ? and column_name = ?", [of, column])
    values = bound_values(as_of, policy.on(as_of), is_training=False)
    build_needed(connection, tables, values, lambda name: None)
    return connection


def rows_of(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    """The rows of a query, by column name; dates as text."""
    asked = connection.execute(query)
    names = [column[0] for column in asked.description]
    return [
        {name: str(value) if isinstance(value, date) else value for name, value in zip(names, row, strict=True)}
        for row in asked.fetchall()
    ]
