"""The text of one table's files, brought into the engine.

Belongs here: `file`, `delivered_row` and `malformed_line`, trimmed and with empty text as null. Does not belong here:
what the text means (values), what becomes of it (judging).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from pipelines.contract import Table
from pipelines.ingest.delivery import DroppedColumn
from pipelines.ingest.sheet import ROW_NUMBER, Sheet
from pipelines.ingest.values import WHITESPACE, delivered, quoted


@dataclass(frozen=True)
class DeliveredSheet:
    """One file's sheet with the name to show, and the columns of it that stopped at the door."""

    name: str
    sheet: Sheet
    dropped: tuple[DroppedColumn, ...]


@dataclass(frozen=True)
class LoadedFile:
    """What one file brought: rows (malformed ones too), rows that were empty in every column, contract columns."""

    encoding: str | None
    row_count: int
    empty_count: int
    column_names: frozenset[str]
    dropped: tuple[DroppedColumn, ...]


def load_sheets(
    connection: duckdb.DuckDBPyConnection, table: Table, sheets: Iterable[DeliveredSheet]
) -> tuple[LoadedFile, ...]:
    """Fill `file`, `delivered_row` (a text for each column of the contract) and `malformed_line`, file by file."""
    texts = ", ".join(f"{delivered(name)} varchar" for name in table.column_names)
    connection.execute("create temp table file (file_number integer, name varchar, has_dropped bool, has_digest bool)")
    connection.execute(f"create temp table delivered_row (file_number integer, row_number bigint, {texts})")
    connection.execute(
        "create temp table malformed_line (file_number integer, row_number bigint, line varchar, problem varchar)"
    )
    return tuple(_load(connection, table, number, sheet) for number, sheet in enumerate(sheets))


def _load(connection: duckdb.DuckDBPyConnection, table: Table, number: int, one: DeliveredSheet) -> LoadedFile:
    rows, malformed = one.sheet.rows, one.sheet.malformed
    present = [name for name in rows.column_names if name != ROW_NUMBER]
    has_digest = any(table.column(name).type == "hash" for name in present)
    connection.execute(
        "insert into file values ($number, $name, $has_dropped, $has_digest)",
        {"number": number, "name": one.name, "has_dropped": bool(one.dropped), "has_digest": has_digest},
    )
    trimmed = ", ".join(
        f"nullif(trim(cast({quoted(name)} as varchar), '{WHITESPACE}'), '') as {delivered(name)}" for name in present
    )
    connection.register("sheet", rows)
    row_count = connection.execute(
        f"insert into delivered_row by name select * from "
        f"(select $number as file_number, row_number, {trimmed} from sheet) "
        f"where coalesce({', '.join(delivered(name) for name in present)}) is not null",
        {"number": number},
    ).fetchall()[0][0]
    connection.unregister("sheet")
    connection.register("malformed", malformed)
    connection.execute(
        "insert into malformed_line select $number, row_number, line, problem from malformed", {"number": number}
    )
    connection.unregister("malformed")
    return LoadedFile(
        encoding=one.sheet.encoding,
        row_count=row_count + malformed.num_rows,
        empty_count=rows.num_rows - row_count,
        column_names=frozenset(present),
        dropped=one.dropped,
    )
