"""What a table of the warehouse promises, whether the contract or the header of a SQL text promises it.

Belongs here: reading a promise into one form. Does not belong here: which expectations follow from it (suite).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pipelines.contract import COLUMN_TYPES, delivered_tables

if TYPE_CHECKING:
    from pipelines.contract import Column, Table

EVENT_COLUMNS = {
    "patrol": "started_at",
    "complaint": "received_at",
    "penalty": "filed_on",
    "filing": "filed_at",
}
"""The delivered tables that grow every day, with the column that dates a row."""


@dataclass(frozen=True)
class ColumnSpec:
    """One promised column. `engine_type` None means any type; bounds are inclusive, None where there is none."""

    name: str
    unit: str
    zh: str
    en: str
    engine_type: str | None
    is_required: bool
    values: tuple[str, ...] | None = None
    minimum: float | None = None
    maximum: float | None = None
    references: tuple[str, str, str] | None = None

    @property
    def is_number(self) -> bool:
        """True where the unit is a measured or counted number."""
        return COLUMN_TYPES[self.unit].engine_type in ("BIGINT", "DOUBLE")


@dataclass(frozen=True)
class RuleSpec:
    """A rule between the columns of one row: SQL that is false where the row breaks it. Null passes."""

    code: str
    check: str
    zh: str
    en: str

    @property
    def words(self) -> frozenset[str]:
        """The words of the check, the names of its columns among them."""
        return frozenset(re.findall(r"\w+", self.check))


@dataclass(frozen=True)
class TableSpec:
    """One promised table. `grain` names the columns that identify a row, `event_column` the one that dates it."""

    schema: str
    name: str
    grain: tuple[str, ...]
    columns: tuple[ColumnSpec, ...]
    rules: tuple[RuleSpec, ...] = ()
    event_column: str | None = None
    may_have_more_columns: bool = False

    @property
    def table(self) -> str:
        """The schema-qualified name."""
        return f"{self.schema}.{self.name}"


class HeaderColumn(Protocol):
    """A column line of a SQL header."""

    name: str
    unit: str
    zh: str
    en: str
    is_nullable: bool
    values: Sequence[str] | None

    @property
    def engine_type(self) -> str:
        """The DuckDB type that the unit calls for."""


class Statement(Protocol):
    """The part of a SQL text's header that a promise is read from."""

    schema: str
    name: str
    grain: tuple[str, ...]
    columns: Sequence[HeaderColumn]


def contract_spec(table: Table) -> TableSpec:
    """What `raw.<table>` promises by the contract; loading may add columns of its own, such as where a row is from."""
    return TableSpec(
        schema="raw",
        name=table.name,
        grain=table.key,
        columns=tuple(_contract_column(column) for column in table.columns),
        rules=tuple(RuleSpec(rule.code, rule.check, rule.zh, rule.en) for rule in table.rules),
        event_column=EVENT_COLUMNS.get(table.name),
        may_have_more_columns=True,
    )


def published_spec(table: Table, schema: str) -> TableSpec:
    """What a table to be published promises by the contract, before it leaves the warehouse schema it is made in."""
    return TableSpec(schema, table.name, table.key, tuple(_contract_column(column) for column in table.columns))


def header_spec(statement: Statement) -> TableSpec:
    """What a table of sql/ promises by its header, no column more.

    Raises ValueError, naming table and column, where a unit has no home in COLUMN_TYPES.
    """
    table = f"{statement.schema}.{statement.name}"
    return TableSpec(
        schema=statement.schema,
        name=statement.name,
        grain=tuple(statement.grain),
        columns=tuple(_header_column(table, column, statement.grain) for column in statement.columns),
    )


def _contract_column(column: Column) -> ColumnSpec:
    references = None
    if column.references is not None:
        (key,) = delivered_tables()[column.references].key
        references = ("raw", column.references, key)
    return ColumnSpec(
        name=column.name,
        unit=column.type,
        zh=column.zh,
        en=column.en,
        engine_type=column.engine_type,
        is_required=column.must_be_present,
        values=tuple(column.values) or None,
        minimum=column.minimum,
        maximum=column.maximum,
        references=references,
    )


def _header_column(table: str, column: HeaderColumn, grain: Sequence[str]) -> ColumnSpec:
    if column.unit not in COLUMN_TYPES:
        raise ValueError(
            f"{table}: column {column.name} has unit {column.unit!r}; use one of {sorted(COLUMN_TYPES)} "
            "or give the unit its bounds in COLUMN_TYPES"
        )
    bounds = COLUMN_TYPES[column.unit]
    return ColumnSpec(
        name=column.name,
        unit=column.unit,
        zh=column.zh,
        en=column.en,
        engine_type=column.engine_type,
        is_required=column.name in grain or not column.is_nullable,
        values=tuple(column.values) if column.values else None,
        minimum=bounds.minimum,
        maximum=bounds.maximum,
    )
