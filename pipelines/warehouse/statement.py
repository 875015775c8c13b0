"""One SQL text of sql/: its header is the contract of the table it makes, its body tells what it is made from.

The header is a comment at the top: the table with its titles, the grain, then one line per column
(`-- name | unit | Chinese label | English label`). A unit that ends in `?` may be empty; `enum(a,b)` lists its values.
"""

from __future__ import annotations

import functools
import itertools
import re
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path

from pipelines.contract import COLUMN_TYPES

SQL_FOLDER = Path(__file__).resolve().parent.parent.parent / "sql"

_UNIT = re.compile(r"^(?P<unit>[a-z]+)(?:\((?P<values>[^)]*)\))?(?P<nullable>\?)?$")


@dataclass(frozen=True)
class HeaderColumn:
    """One column line of a header: name, unit, labels in both languages, and whether it may be empty."""

    name: str
    unit: str
    zh: str
    en: str
    is_nullable: bool
    values: tuple[str, ...] | None

    @property
    def engine_type(self) -> str:
        """The DuckDB type that the unit calls for."""
        return COLUMN_TYPES[self.unit].engine_type


@dataclass(frozen=True)
class Statement:
    """A table of sql/: where its text lies, what its header promises, what it reads and which values it binds."""

    schema: str
    name: str
    zh: str
    en: str
    grain: tuple[str, ...]
    columns: tuple[HeaderColumn, ...]
    text: str
    upstreams: tuple[tuple[str, str], ...]
    parameters: tuple[str, ...]

    @property
    def table(self) -> str:
        """The schema-qualified name."""
        return f"{self.schema}.{self.name}"

    def column(self, name: str) -> HeaderColumn:
        """The column line of that name; KeyError where the header has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.table} has no column {name}")


def parse(text: str, where: str) -> Statement:
    """The statement that a SQL text holds.

    Raises ValueError, naming the file and the line, where the header does not follow the form.
    """
    header = [line[2:].strip() for line in itertools.takewhile(lambda line: line.startswith("--"), text.splitlines())]
    if len(header) < 3 or not header[1].startswith("grain:"):
        raise ValueError(f"{where}: the header must begin with the table's line and a 'grain:' line, then its columns")
    table, zh, en = (part.strip() for part in header[0].split(" · ", 2))
    schema, _, name = table.partition(".")
    columns = tuple(_column(line, where) for line in header[2:])
    grain = tuple(part.strip() for part in header[1].removeprefix("grain:").split(","))
    missing = [part for part in grain if part not in {column.name for column in columns}]
    if missing:
        raise ValueError(f"{where}: the grain names {', '.join(missing)}, which no column line describes")
    upstreams, parameters = _read_body(text)
    return Statement(schema, name, zh, en, grain, columns, text, upstreams, parameters)


def _column(line: str, where: str) -> HeaderColumn:
    parts = [part.strip() for part in line.split(" | ")]
    unit = _UNIT.match(parts[1]) if len(parts) == 4 else None
    if unit is None:
        raise ValueError(f"{where}: a column line is 'name | unit | Chinese | English', found {line!r}")
    if unit["unit"] not in COLUMN_TYPES:
        raise ValueError(f"{where}: column {parts[0]} has unit {unit['unit']!r}; use one of {sorted(COLUMN_TYPES)}")
    values = tuple(unit["values"].split(",")) if unit["values"] else None
    return HeaderColumn(parts[0], unit["unit"], parts[2], parts[3], bool(unit["nullable"]), values)


def _read_body(text: str) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    import sqlglot
    from sqlglot import expressions

    tree = sqlglot.parse_one(text, read="duckdb")
    upstreams = {(table.db, table.name) for table in tree.find_all(expressions.Table) if table.db}
    parameters = {parameter.this.name for parameter in tree.find_all(expressions.Parameter)}
    parameters |= {holder.this for holder in tree.find_all(expressions.Placeholder) if holder.this}
    return tuple(sorted(upstreams)), tuple(sorted(str(parameter) for parameter in parameters))


@functools.cache
def statements() -> dict[str, Statement]:
    """All statements of sql/ by table name, each after everything that it reads.

    Raises ValueError where a file's place and its header disagree.
    """
    found = {}
    for path in sorted(SQL_FOLDER.glob("*/*.sql")):
        where = path.relative_to(SQL_FOLDER.parent).as_posix()
        statement = parse(path.read_text(encoding="utf-8"), where)
        if statement.table != f"{path.parent.name}.{path.stem}":
            raise ValueError(f"{where}: its header calls it {statement.table}; folder, file and header must agree")
        found[statement.table] = statement
    graph = {
        table: [f"{schema}.{name}" for schema, name in statement.upstreams if f"{schema}.{name}" in found]
        for table, statement in found.items()
    }
    return {table: found[table] for table in TopologicalSorter(graph).static_order()}
