"""A file of the delivery: its rows as CSV in UTF-8, the first column the identifier of what was decided."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence


def sheet(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The file; no bytes where there is no row."""
    told = list(rows)
    if not told:
        return b""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(told)
    return text.getvalue().encode()


def identifiers(content: bytes) -> set[str]:
    """The identifiers of a file, without the name of their column."""
    rows = csv.reader(io.StringIO(content.decode("utf-8", "replace"), newline=""))
    return {row[0] for row in list(rows)[1:] if row}
