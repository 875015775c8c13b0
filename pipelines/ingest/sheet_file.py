"""Reads one delivered file into a sheet: workbooks and Parquet here, CSV by comma_separated.

Does not belong here: types and rules (values, reasons).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pyarrow
import pyarrow.compute
import pyarrow.parquet

from pipelines.ingest.comma_separated import read_comma_separated
from pipelines.ingest.sheet import MALFORMED, ROW_NUMBER, ChosenColumns, Sheet, no_table


def read_sheet(path: Path, shown_name: str, choose: Callable[[list[str]], ChosenColumns]) -> Sheet:
    """Read one file; `choose` is given its header and says which columns are wanted, or raises DeliveryError.

    Nothing is read of the columns that are not chosen. Raises DeliveryError where the file is no table.
    """
    if path.stat().st_size == 0:
        raise no_table(shown_name, "it is empty")
    match path.suffix.lower():
        case ".csv":
            return read_comma_separated(path, shown_name, choose)
        case ".xlsx":
            return _read_workbook(path, shown_name, choose)
        case _:
            return _read_parquet(path, shown_name, choose)


def _read_workbook(path: Path, shown_name: str, choose: Callable[[list[str]], ChosenColumns]) -> Sheet:
    import python_calamine

    try:
        lines = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, OSError, IndexError):
        raise no_table(shown_name, "the workbook cannot be opened") from None
    if not lines:
        raise no_table(shown_name, "its first sheet is empty")
    chosen = choose([_cell_text(cell) or "" for cell in lines[0]])
    columns = {
        name: pyarrow.array([_cell_text(line[position]) for line in lines[1:]], pyarrow.string())
        for position, name in chosen
    }
    columns[ROW_NUMBER] = pyarrow.array(range(2, len(lines) + 1), pyarrow.int64())
    return Sheet(pyarrow.table(columns), MALFORMED.empty_table(), None)


def _cell_text(cell: object) -> str | None:
    """The text of a spreadsheet cell, spelled as a CSV export of the same sheet would."""
    if isinstance(cell, float) and math.isfinite(cell) and cell == int(cell):
        return str(int(cell))
    if isinstance(cell, date | datetime):
        return cell.isoformat()
    return None if cell is None or cell == "" else str(cell)


def _read_parquet(path: Path, shown_name: str, choose: Callable[[list[str]], ChosenColumns]) -> Sheet:
    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            header = file.schema_arrow.names
            chosen = choose(header)
            table = file.read(columns=[header[position] for position, _ in chosen])
    except (pyarrow.ArrowException, OSError):
        raise no_table(shown_name, "the Parquet file cannot be opened") from None
    columns = {name: _plain_numbers(table.column(header[position])) for position, name in chosen}
    columns[ROW_NUMBER] = pyarrow.array(range(2, table.num_rows + 2), pyarrow.int64())
    return Sheet(pyarrow.table(columns), MALFORMED.empty_table(), None)


def _plain_numbers(column: pyarrow.ChunkedArray) -> pyarrow.ChunkedArray:
    """A column of fractions without what data frames put there: NaN for a missing value, 7.0 for an identifier 7."""
    if not pyarrow.types.is_floating(column.type):
        return column
    compute = pyarrow.compute
    column = compute.if_else(compute.is_nan(column), None, column)
    is_whole = compute.and_(compute.equal(column, compute.floor(column)), compute.less(compute.abs(column), 2.0**53))
    return column.cast(pyarrow.int64()) if compute.all(is_whole).as_py() else column
