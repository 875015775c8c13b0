"""A published night for tests of the desk, made of rows by hand and laid down as a real night is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow

from pipelines.contract import Table, published_tables
from pipelines.places import Places
from pipelines.publish import publish

NIGHT = date(2026, 6, 30)
RUN = "by-hand"
ARROW_TYPES = {
    "VARCHAR": pyarrow.string(),
    "DATE": pyarrow.date32(),
    "TIMESTAMP": pyarrow.timestamp("us"),
    "BOOLEAN": pyarrow.bool_(),
    "BIGINT": pyarrow.int64(),
    "DOUBLE": pyarrow.float64(),
}


def facts(**other: Any) -> dict[str, Any]:
    """What the manifest of a quiet night says: one delivery of two tables, ten rows in quarantine, no warning, no drift."""
    return {
        "versions": {"code": "0" * 64, "policy": "1" * 64, "models": {"merchant": None, "officer": None}},
        "deliveries": [
            {
                "id": "2026-06-30-0001",
                "number": 1,
                "delivered_on": "2026-06-30",
                "files": [],
                "tables": {
                    "visit": {"rows_in": 900, "kept": 890, "quarantined": 10, "collapsed": 0, "refused": 0},
                    "merchant": {"rows_in": 100, "kept": 100, "quarantined": 0, "collapsed": 0, "refused": 0},
                },
                "dropped_columns": [],
                "notes": [],
            }
        ],
        "drift": {"features": {}, "worst": []},
        "flags": {},
        "rotation": {},
        "quarantined": {"visit": 10},
        "refused": {},
        "is_hindsight": False,
        "intake_notes": [],
        "warehouse_row_counts": {},
        "checks": {"run": 1, "passed": 1, "warnings": []},
        "steps": [{"name": "core/visit", "row_count": 890, "seconds": 0.5, "peak_memory_bytes": 1_000_000}],
        **other,
    }


def write_night(
    home: Path,
    tables: Mapping[str, Sequence[Mapping[str, Any]] | pyarrow.Table] | None = None,
    as_of: date = NIGHT,
    *,
    absent: Collection[str] = (),
    manifest: Mapping[str, Any] | None = None,
) -> Path:
    """Publish a night under `home` and point `current` to it; return its folder.

    tables : rows by table, or Arrow tables. Every table of the contract is written, typed: columns that a row does not
    give are null, except `as_of`, which is the night; a table that is not given is empty, one of `absent` is not written.
    A table that the contract does not know is typed by its rows. Raises KeyError for a column the contract does not know.
    """
    given = dict(tables or {})
    made = {
        name: _typed(table, given.get(name, []), as_of)
        for name, table in published_tables().items()
        if name not in absent
    }
    for name in sorted(set(given) - set(published_tables())):
        rows = given[name]
        made[name] = rows if isinstance(rows, pyarrow.Table) else pyarrow.Table.from_pylist([dict(row) for row in rows])
    return publish(Places(home=home), as_of, RUN, iter(made.items()), {}, dict(manifest or facts()))


def _typed(table: Table, rows: Sequence[Mapping[str, Any]] | pyarrow.Table, as_of: date) -> pyarrow.Table:
    if isinstance(rows, pyarrow.Table):
        return rows
    for row in rows:
        unknown = sorted(set(row) - set(table.column_names))
        if unknown:
            raise KeyError(f"{table.name} has no column {unknown[0]}")
    columns = {
        column.name: pyarrow.array(
            [row.get(column.name, as_of if column.name == "as_of" else None) for row in rows],
            type=ARROW_TYPES[column.engine_type],
        )
        for column in table.columns
    }
    return pyarrow.table(columns)
