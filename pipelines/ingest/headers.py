"""Which column of the contract a header is, and which headers stop at the door.

Belongs here: names of columns. Does not belong here: the values below them (values).
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.contract import Table
from pipelines.ingest.delivery import DeliveryError, DroppedColumn
from pipelines.ingest.mapping import TableMapping
from pipelines.ingest.privacy import is_personal_header, without_numbers
from pipelines.ingest.sheet import no_table

_SPACE = " \t\r\n\u3000\u00a0\ufeff"
_LONGEST_SHOWN_HEADER = 40


@dataclass(frozen=True)
class HeaderReading:
    """What a file's header says: position and name of the contract's columns, and the columns that are dropped."""

    chosen: tuple[tuple[int, str], ...]
    dropped: tuple[DroppedColumn, ...]


def read_header(table: Table, mapping: TableMapping, shown_name: str, header: list[str]) -> HeaderReading:
    """Match a header with the contract: by the mapping, else by the English name, else by the Chinese one.

    Raises DeliveryError where no cell or not every required column is known, or two cells mean one column. Messages
    name columns of the contract only: in a file without a header, its cells are somebody's data.
    """
    names = {column.name: column.name for column in table.columns}
    names |= {column.zh: column.name for column in table.columns}
    names |= mapping.columns
    cells = [cell.strip(_SPACE) for cell in header]
    chosen = tuple((position, names[cell]) for position, cell in enumerate(cells) if cell in names)
    if not chosen:
        raise no_table(shown_name, f"its first line names no column of {table.name} {table.title_zh}")
    found = [name for _, name in chosen]
    _refuse_duplicates(shown_name, found)
    missing = [column for column in table.columns if column.must_be_present and column.name not in found]
    if missing:
        listed = ", ".join(f"{column.name} {column.zh}" for column in missing)
        raise DeliveryError(
            f"{shown_name}: {table.name} needs every required column; {len(missing)} are missing: {listed}; add them, "
            "or name their headers in the mapping."
        )
    unknown = {position: cell for position, cell in enumerate(cells) if cell not in names}
    repeated = [position for position, cell in unknown.items() if cell and cells.count(cell) > 1]
    if repeated:
        raise no_table(shown_name, f"columns {', '.join(str(position + 1) for position in repeated)} have one header")
    dropped = tuple(
        DroppedColumn(
            file_name=shown_name,
            header=without_numbers(cell)[:_LONGEST_SHOWN_HEADER] or f"column {position + 1} without a header",
            is_personal=is_personal_header(table.name, cell),
        )
        for position, cell in unknown.items()
    )
    return HeaderReading(chosen, dropped)


def _refuse_duplicates(shown_name: str, found: list[str]) -> None:
    duplicated = sorted({name for name in found if found.count(name) > 1})
    if duplicated:
        raise no_table(shown_name, f"{', '.join(duplicated)} stands in its header more than once")
