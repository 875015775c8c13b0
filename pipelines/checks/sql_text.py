"""The set-based SQL of the checks that Great Expectations has no expectation for.

Each query returns the rows that are wrong, one row for each, in order, and nothing where all is well. Names of tables
and columns come from the contract or a header and are quoted; no value of a record is ever written into the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.checks.table_spec import TableSpec


def identifier(name: str) -> str:
    """The name as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def shape_differences(spec: TableSpec) -> str:
    """Rows: column_name, promised type, found type, of every column that is missing, unpromised or of another type."""
    promised = ", ".join(f"({_text(column.name)}, {_text(column.engine_type)})" for column in spec.columns)
    join = "left join" if spec.may_have_more_columns else "full join"
    # Great Expectations wants its batch named; the catalogue is what this query reads.
    return (
        _escaped(
            f"select coalesce(promised.name, found.column_name) as column_name, promised.type, found.data_type "
            f"from (values {promised}) as promised(name, type) {join} ("
            f"select column_name, data_type from duckdb_columns() where database_name = current_database() "
            f"and schema_name = {_text(spec.schema)} and table_name = {_text(spec.name)}"
            f") as found on found.column_name = promised.name "
            f"where promised.name is null or found.data_type is null or found.data_type <> promised.type order by all"
        )
        + " /* {batch} */"
    )


def repeated_keys(grain: Sequence[str]) -> str:
    """Rows: the key and how many rows bear it, for every key that more than one row bears."""
    key = ", ".join(identifier(name) for name in grain)
    return f"select {_escaped(key)}, count(*) as row_count from {{batch}} group by all having count(*) > 1 order by all"


def dangling_rows(column: str, references: tuple[str, str, str], grain: Sequence[str]) -> str:
    """Rows: the reference and the row's key, for every reference that its table does not hold."""
    schema, table, key = (_escaped(identifier(name)) for name in references)
    shown = ", ".join(_escaped(identifier(name)) for name in dict.fromkeys((column, *grain)))
    child = _escaped(identifier(column))
    held = f"select {key} from {schema}.{table} where {key} is not null"
    return f"select {shown} from {{batch}} where {child} is not null and {child} not in ({held}) order by all"


def breaking_rows(check: str, grain: Sequence[str]) -> str:
    """Rows: the key (the whole row where the table has none) of every row for which the rule is false."""
    shown = ", ".join(_escaped(identifier(name)) for name in grain) or "*"
    return f"select {shown} from {{batch}} where not ({_escaped(check)}) order by all"


def _text(value: str | None) -> str:
    return "null" if value is None else "'" + value.replace("'", "''") + "'"


def _escaped(sql: str) -> str:
    # Braces are Great Expectations' placeholders, a colon would begin a SQLAlchemy parameter.
    return sql.replace("{", "{{").replace("}", "}}").replace(":", r"\:")
