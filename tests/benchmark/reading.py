"""The baseline: DuckDB alone reads a delivery's CSV files with the contract's types."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import duckdb

from pipelines.contract import Table


def read_with_types(source: Path, tables: Mapping[str, Table]) -> dict[str, int]:
    """Rows of each file of `source`, read with types into memory."""
    connection = duckdb.connect(config={"threads": 2})
    connection.execute("set preserve_insertion_order = false")
    rows = {}
    for path in sorted(source.glob("*.csv")):
        table = tables[path.stem]
        with path.open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        types = {name: table.column(name).engine_type for name in header}
        connection.execute(
            f'create table "{path.stem}" as select * from read_csv(?, columns = {types!r}, header = true)', [str(path)]
        )
        rows[path.stem] = connection.execute(f'select count(*) from "{path.stem}"').fetchall()[0][0]
    return rows
