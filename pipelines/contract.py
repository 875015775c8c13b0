"""The record contract of data/contract, read once into frozen types.

Belongs here: what a table and a column are. Does not belong here: reading a delivery (ingest) or judging one (checks).
"""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

CONTRACT_FOLDER = Path(__file__).resolve().parent.parent / "data" / "contract"


@dataclass(frozen=True)
class ColumnType:
    """What a contract type means to the engine, and the bounds that its unit sets."""

    engine_type: str
    minimum: float | None = None
    maximum: float | None = None


COLUMN_TYPES = {
    "id": ColumnType("VARCHAR"),
    "hash": ColumnType("VARCHAR"),
    "text": ColumnType("VARCHAR"),
    "enum": ColumnType("VARCHAR"),
    "month": ColumnType("VARCHAR"),
    "json": ColumnType("VARCHAR"),
    "date": ColumnType("DATE"),
    "timestamp": ColumnType("TIMESTAMP"),
    "boolean": ColumnType("BOOLEAN"),
    "count": ColumnType("BIGINT", 0, 1e9),
    "yuan": ColumnType("DOUBLE", 0, 1e10),
    "days": ColumnType("BIGINT", 0, 1e5),
    "years": ColumnType("DOUBLE", 0, 150),
    "share": ColumnType("DOUBLE", 0, 1),
    "score": ColumnType("DOUBLE", 0, 100),
    "rate": ColumnType("DOUBLE", 0),
    "ratio": ColumnType("DOUBLE", 0),
    "number": ColumnType("DOUBLE"),
    "position": ColumnType("DOUBLE"),
    "degree": ColumnType("DOUBLE", -180, 180),
    "latitude": ColumnType("DOUBLE", -90, 90),
    "longitude": ColumnType("DOUBLE", -180, 180),
}
"""The types a column of the contract may have: engine type, and the inclusive bounds of the unit."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Strict):
    """One column: its name, type, Chinese header, meaning, and what its values must obey."""

    name: str
    type: str
    zh: str
    en: str
    is_key: bool = False
    is_required: bool = False
    references: str | None = None
    may_be_later: bool = False
    values: dict[str, str] = {}

    def model_post_init(self, _context: object) -> None:
        """Refuse a type that COLUMN_TYPES does not know, and an enum without values."""
        if self.type not in COLUMN_TYPES:
            raise ValueError(f"contract: column {self.name} has type {self.type!r}; use one of {sorted(COLUMN_TYPES)}")
        if (self.type == "enum") != bool(self.values):
            raise ValueError(f"contract: column {self.name}: an enum, and only an enum, lists its values")

    @property
    def must_be_present(self) -> bool:
        """True where a row without this value is a bad row, and a file without this column no delivery."""
        return self.is_key or self.is_required

    @property
    def engine_type(self) -> str:
        """The DuckDB type that the column is stored as."""
        return COLUMN_TYPES[self.type].engine_type

    @property
    def minimum(self) -> float | None:
        """The least value that the unit allows, inclusive, or None."""
        return COLUMN_TYPES[self.type].minimum

    @property
    def maximum(self) -> float | None:
        """The greatest value that the unit allows, inclusive, or None."""
        return COLUMN_TYPES[self.type].maximum


class Rule(_Strict):
    """A rule between columns of one row. A row breaks it where the SQL check is false; null passes."""

    code: str
    check: str
    zh: str
    en: str


class Table(_Strict):
    """One table of the contract, its columns in order."""

    name: str
    order: int
    title_zh: str
    title_en: str
    is_required: bool = True
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        """Names of the columns that identify a row."""
        return tuple(column.name for column in self.columns if column.is_key)

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of all columns, in the contract's order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of that name; KeyError where the table has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")


def _read_tables(folder: Path) -> dict[str, Table]:
    tables = [
        Table(name=path.stem, **tomllib.loads(path.read_text(encoding="utf-8"))) for path in folder.glob("*.toml")
    ]
    return {table.name: table for table in sorted(tables, key=lambda table: table.order)}


@functools.cache
def delivered_tables() -> dict[str, Table]:
    """The tables that a bureau delivers, by name; a table comes after every table that it references."""
    return _read_tables(CONTRACT_FOLDER / "delivered")


@functools.cache
def published_tables() -> dict[str, Table]:
    """The tables that a night publishes, by name."""
    return _read_tables(CONTRACT_FOLDER / "published")
