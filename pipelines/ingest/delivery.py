"""What one delivery was: its files, its rows in and out, and what was said about it.

Belongs here: the frozen record that an intake returns and that `delivery.json` keeps. Does not belong here: making it.
"""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict


class DeliveryError(Exception):
    """A delivery that cannot be taken in. One sentence; the night stops before it changed anything."""


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DeliveredFile(_Frozen):
    """One file as the bureau put it: size in bytes, rows without header and empty rows, encoding where it is text."""

    name: str
    table_name: str
    sha256: str
    byte_count: int
    encoding: str | None
    row_count: int


class DroppedColumn(_Frozen):
    """A column that stopped at the door; `is_personal` where its header announces who reported or how to call them."""

    file_name: str
    header: str
    is_personal: bool


class RowCount(_Frozen):
    """Rows of one table: rows_in = kept + quarantined + collapsed + refused."""

    rows_in: int
    kept: int
    quarantined: int
    collapsed: int
    refused: int


class Delivery(_Frozen):
    """One delivery, as stored. `is_new` is true only for the intake that stored it.

    is_synthetic : all its files were made by `mingjian sample`, and nobody's records are among them.
    """

    id: str
    number: int
    is_new: bool = False
    delivered_on: date
    mapping_sha256: str | None
    tables: dict[str, RowCount]
    files: tuple[DeliveredFile, ...]
    delivered_columns: dict[str, tuple[str, ...]]
    dropped_columns: tuple[DroppedColumn, ...]
    head_officer_ids: tuple[str, ...]
    notes: tuple[str, ...]
    is_synthetic: bool = False

    @property
    def folder_name(self) -> str:
        """The name of the folder below raw: number in six digits and the first twelve characters of the id."""
        return f"{self.number:06d}-{self.id[:12]}"
