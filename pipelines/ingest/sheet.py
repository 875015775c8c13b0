"""One file as rows of text: the same, whether it was CSV, XLSX or Parquet.

Belongs here: workbooks, Parquet, and the choice between the three. Does not belong here: CSV (comma_separated),
types and rules (values, reasons).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pyarrow
import pyarrow.compute
import pyarrow.parquet

from pipelines.ingest.delivery import DeliveryError

ROW_NUMBER = "row_number"

ChosenColumns = Sequence[tuple[int, str]]
"""Positions in the file's header, and the contract's column that each one is."""


@dataclass(frozen=True)
class Sheet:
    """What one file held.

    `rows` has the chosen columns and `row_number` (the header is row 1, as a spreadsheet counts); `malformed` has
    `row_number`, `line` (as it stood in the file) and `problem`, for lines that are no row of the table.
    """

    rows: pyarrow.Table
    malformed: pyarrow.Table
    encoding: str | None


MALFORMED = pyarrow.schema([(ROW_NUMBER, pyarrow.int64()), ("line", pyarrow.string()), ("problem", pyarrow.string())])


def read_sheet(path: Path, shown_name: str, choose: Callable[[list[str]], ChosenColumns]) -> Sheet:
    """Read one file; `choose` is given its header and says which columns are wanted, or raises DeliveryError.

    Nothing is read of the columns that are not chosen. Raises DeliveryError where the file is no table.
    """
    from pipelines.ingest.comma_separated import read_comma_separated

    if path.stat().st_size == 0:
        raise no_table(shown_name, "it is empty")
    match path.suffix.lower():
        case ".csv":
            return read_comma_separated(path, shown_name, choose)
        case ".xlsx":
            return _read_workbook(path, shown_name, choose)
        case _:
            return _read_parquet(path, shown_name, choose)


def no_table(shown_name: str, why: str) -> DeliveryError:
    """The error for a file that is no table; `why` completes the sentence."""
    return DeliveryError(
        f"{shown_name} is not a table: {why}; deliver it again as CSV, XLSX or Parquet with a header row."
    )


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
