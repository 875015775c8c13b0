"""One file as rows of text: the same, whether it was CSV, XLSX or Parquet. Reading one is sheet_file's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow

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


def no_table(shown_name: str, why: str) -> DeliveryError:
    """The error for a file that is no table; `why` completes the sentence."""
    return DeliveryError(
        f"{shown_name} is not a table: {why}; deliver it again as CSV, XLSX or Parquet with a header row."
    )
