"""The quarantine: what a bad row leaves behind, so that the bureau can find, mend and deliver it again.

Belongs here: its columns and how they are filled. Does not belong here: deciding that a row is bad (reasons, judging).
`raw` is JSON of the contract's columns as delivered; personal numbers are replaced in it, and so is whatever a digest
column held that is no digest.
"""

from __future__ import annotations

import duckdb

from pipelines.contract import Column, Table
from pipelines.ingest.privacy import REMOVED_VALUE, REPORTER_TABLE
from pipelines.ingest.values import holds_number, quoted, shown

QUARANTINE_COLUMNS = {
    "delivery_number": "integer",
    "table_name": "varchar",
    "source_file": "varchar",
    "row_number": "bigint",
    "record_key": "varchar",
    "reasons": "varchar",
    "raw": "varchar",
}
"""The columns of a quarantined row and their engine types."""

_LONGEST_SHOWN_VALUE = 40


def record_key(table: Table, parts: dict[str, str]) -> str:
    """The expression that names a record in one text: its key's parts, joined by `|`; null where a part is.

    `parts` gives the expression of each key column's text. The same for a bad row and for the good one that mends it.
    """
    return " || '|' || ".join(parts[name] for name in table.key)


def create_quarantine(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the empty table `quarantine` of one delivery."""
    columns = ", ".join(f"{name} {kind}" for name, kind in QUARANTINE_COLUMNS.items())
    connection.execute(f"create temp table quarantine ({columns})")


def quarantine_bad_rows(
    connection: duckdb.DuckDBPyConnection, table: Table, names: tuple[str, ...], number: int
) -> None:
    """Add the rows of `judged_row` that have reasons, and those of `repeated_row` that a later one supersedes."""
    columns = [column for column in table.columns if column.name in names]
    raw = ", ".join(f"{quoted(column.name)} := {shown(table, column)}" for column in columns)
    parts = {column.name: _key_part(table, column) for column in columns if column.is_key}
    found = f"' (found: ' || left(json_extract_string(raw, reason.column_name), {_LONGEST_SHOWN_VALUE}) || ')'"
    connection.execute(
        f"""
insert into quarantine
with bad_row as (
  select file_number, row_number, reasons, {record_key(table, parts)} as record_key,
    to_json(struct_pack({raw})) as raw,
    'duplicate_key: {", ".join(table.key)} was delivered again in row ' || repeated_row.last_row_number || ' of '
      || last_file.name || ', which stays (主键重复，以最后一行为准)' as repetition
  from judged_row join delivered_row using (file_number, row_number)
  left join repeated_row using (file_number, row_number)
  left join file as last_file on last_file.file_number = repeated_row.last_file_number
  where len(reasons) > 0 or not repeated_row.is_alike
),
explained as (
  select file_number, row_number,
    string_agg(reason.sentence || case when reason.shows_value then {found} else '' end, '; ' order by reason.number)
      as sentences
  from (select file_number, row_number, raw, unnest(reasons) as number from bad_row)
  join reason using (number)
  group by file_number, row_number
)
select $number, '{table.name}', file.name, row_number, record_key, coalesce(sentences, repetition), raw
from bad_row left join explained using (file_number, row_number) join file using (file_number)""",
        {"number": number},
    )


def _key_part(table: Table, column: Column) -> str:
    """A key column's text; null where privacy took it away, since two such rows need not be one record."""
    value = f"cast({quoted(column.name)} as varchar)"
    text = value if column.type == "hash" else f"coalesce({value}, {shown(table, column)})"
    is_kept = f"not {holds_number(column.name)}"
    if column.type != "hash":
        is_kept += f" and {shown(table, column)} is distinct from '{REMOVED_VALUE}'"
    return f"case when {is_kept} then {text} end"


def quarantine_malformed_lines(connection: duckdb.DuckDBPyConnection, table: Table, number: int) -> None:
    """Add the lines of `malformed_line`.

    Which field is which cannot be told in them. So where a column of the file was dropped, nothing of the line is
    kept, and where the file has a digest column or says what people reported, only what looks like an identifier, a
    number or a date.
    """
    has_names = "true" if table.name == REPORTER_TABLE else "file.has_digest"
    connection.execute(
        f"""
insert into quarantine
select $number, '{table.name}', file.name, row_number, null, 'malformed_row: ' || problem,
  to_json(struct_pack(line := case when file.has_dropped then '{REMOVED_VALUE}'
    when {has_names} then plain_tokens(numbers_replaced(line)) else numbers_replaced(line) end))
from malformed_line join file using (file_number)""",
        {"number": number},
    )
