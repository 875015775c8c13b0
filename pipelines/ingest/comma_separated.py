"""CSV as rows of text, each with the number a spreadsheet would show, and the lines that are no row beside them.

Belongs here: lines, quotes, field counts. Does not belong here: encodings (encoding), headers' meaning (headers).

A quotation mark that is never closed would swallow the lines after it. So lines whose marks do not pair are taken out
and read one by one: alone, or together with the lines up to the mark that closes them; what fits neither way is
malformed, and the next line is a row again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import numpy
import pyarrow
import pyarrow.csv

from pipelines.ingest.encoding import to_utf8
from pipelines.ingest.sheet import MALFORMED, ROW_NUMBER, ChosenColumns, Sheet, no_table

_NEWLINE, _RETURN, _QUOTE = 10, 13, 34
_LONGEST_ROW_LINES = 1000
_BLOCK_BYTES = 1 << 24
_UNCLOSED = "a quotation mark is not closed (引号未闭合)"


def read_comma_separated(path: Path, shown_name: str, choose: Callable[[list[str]], ChosenColumns]) -> Sheet:
    """Read a CSV file; see `read_sheet`. Raises DeliveryError where it is no text or has no header."""
    text = to_utf8(path.read_bytes())
    if text is None:
        raise no_table(shown_name, "it is neither clean UTF-8 nor clean GB18030 text")
    data, encoding = text
    if data.count(b"\r") != data.count(b"\r\n"):
        # A lone return ends the line where nothing else does; elsewhere it is a stray character in a field.
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b" " if b"\n" in data else b"\n")
    lines = _Lines(data)
    header = lines.fields(0, 1) if lines.count else None
    if not header or not any(cell.strip() for cell in header):
        raise no_table(shown_name, "its first line is no header")
    chosen = choose(header)
    for is_taken_out in (lines.is_odd, lines.is_quoted):
        sheet = _read(lines, len(header), chosen, is_taken_out, encoding)
        if sheet is not None:
            return sheet
    raise no_table(shown_name, "its lines cannot be told apart")


class _Lines:
    """The physical lines of a text: where each begins and ends, and how its quotation marks stand."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        octets = numpy.frombuffer(data, numpy.uint8)
        ends = numpy.flatnonzero(octets == _NEWLINE)
        if len(octets) and octets[-1] != _NEWLINE:
            ends = numpy.append(ends, len(octets))
        self.ends = ends
        self.starts = numpy.concatenate([numpy.zeros(min(1, len(ends)), ends.dtype), ends[:-1] + 1])
        self.count = len(ends)
        lengths = ends - self.starts
        self.is_blank = (lengths == 0) | (
            (lengths == 1) & (octets[numpy.minimum(self.starts, len(octets) - 1)] == _RETURN)
        )
        self.is_quoted = self.is_odd = numpy.zeros(self.count, bool)
        if b'"' in data:
            marks = (octets == _QUOTE).view(numpy.uint8)
            self.is_odd = numpy.bitwise_xor.reduceat(marks, self.starts).astype(bool) & ~self.is_blank
            self.is_quoted = numpy.bitwise_or.reduceat(marks, self.starts).astype(bool) & ~self.is_blank

    def text(self, first: int, after: int) -> str:
        """The lines from `first` to before `after`, as they stand."""
        return self.data[self.starts[first] : self.ends[after - 1]].decode("utf-8").removesuffix("\r")

    def fields(self, first: int, after: int) -> list[str] | None:
        """The fields of these lines read as one row; None where a mark stays open or stands where none may."""
        try:
            records = list(csv.reader(io.StringIO(self.text(first, after), newline=""), strict=True))
        except csv.Error:
            return None
        return records[0] if len(records) == 1 else None


def _read(lines: _Lines, width: int, chosen: ChosenColumns, is_taken_out: numpy.ndarray, encoding: str) -> Sheet | None:
    """The sheet, with the lines taken out read one by one; None where marks swallowed a line among the others."""
    is_plain = ~lines.is_blank
    is_plain[0] = False
    # A row that spans lines counts once, as in a spreadsheet: its later lines do not advance the row number.
    advances = numpy.ones(lines.count, numpy.int64)
    slow_lines: list[int] = []
    slow_fields: list[list[str]] = []
    malformed: list[tuple[int, str, str]] = []
    consumed = 1
    for first in numpy.flatnonzero(is_taken_out):
        if first < consumed:
            continue
        after, fields = _row_from(lines, int(first), width)
        consumed = after
        is_plain[first:after] = False
        advances[first + 1 : after] = 0
        if fields is None:
            malformed.append((int(first), lines.text(first, after), _UNCLOSED))
        elif len(fields) != width:
            malformed.append((int(first), lines.text(first, after), _wrong_width(len(fields), width)))
        else:
            slow_lines.append(int(first))
            slow_fields.append(fields)
    row_numbers = numpy.cumsum(advances)
    plain_lines = numpy.flatnonzero(is_plain)
    try:
        table, rejected = _read_plain(lines, plain_lines, width, chosen)
    except pyarrow.ArrowInvalid:
        return None
    rejected_positions = numpy.array([position for position, _, _ in rejected], dtype=numpy.int64)
    if table.num_rows + len(rejected) != len(plain_lines):
        return None
    rows = table.append_column(ROW_NUMBER, pyarrow.array(row_numbers[numpy.delete(plain_lines, rejected_positions)]))
    slow = {name: pyarrow.array([row[position] for row in slow_fields], pyarrow.string()) for position, name in chosen}
    slow[ROW_NUMBER] = pyarrow.array(row_numbers[slow_lines] if slow_lines else [], pyarrow.int64())
    malformed += [(int(plain_lines[position]), line, problem) for position, line, problem in rejected]
    bad = {
        ROW_NUMBER: [int(row_numbers[index]) for index, _, _ in malformed],
        "line": [line for _, line, _ in malformed],
        "problem": [problem for _, _, problem in malformed],
    }
    return Sheet(pyarrow.concat_tables([rows, pyarrow.table(slow)]), pyarrow.table(bad, MALFORMED), encoding)


def _row_from(lines: _Lines, first: int, width: int) -> tuple[int, list[str] | None]:
    """The line after the row that begins at `first`, and its fields; None where only that line itself is malformed."""
    fields = lines.fields(first, first + 1)
    if fields is not None:
        return first + 1, fields
    for after in range(first + 2, min(first + _LONGEST_ROW_LINES, lines.count) + 1):
        if lines.is_quoted[after - 1]:
            fields = lines.fields(first, after)
            if fields is not None:
                return (after, fields) if len(fields) == width else (first + 1, None)
    return first + 1, None


def _read_plain(
    lines: _Lines, plain_lines: numpy.ndarray, width: int, chosen: ChosenColumns
) -> tuple[pyarrow.Table, list[tuple[int, str, str]]]:
    """The rows of these lines, and those of another width: position among the lines, text, problem."""
    rejected: list[tuple[int, str, str]] = []

    def reject(row: pyarrow.csv.InvalidRow) -> str:
        rejected.append((row.number - 1, row.text, _wrong_width(row.actual_columns, width)))
        return "skip"

    if not len(plain_lines):
        return pyarrow.table({name: pyarrow.array([], pyarrow.string()) for _, name in chosen}), rejected
    names = [f"column {position}" for position in range(width)]
    wanted = [names[position] for position, _ in chosen]
    table = pyarrow.csv.read_csv(
        pyarrow.BufferReader(_joined(lines, plain_lines)),
        # One thread: only then does a rejected row know its number.
        read_options=pyarrow.csv.ReadOptions(column_names=names, use_threads=False, block_size=_BLOCK_BYTES),
        parse_options=pyarrow.csv.ParseOptions(ignore_empty_lines=False, invalid_row_handler=reject),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pyarrow.string()), include_columns=wanted, check_utf8=False
        ),
    )
    return table.rename_columns([name for _, name in chosen]), rejected


def _joined(lines: _Lines, plain_lines: numpy.ndarray) -> memoryview | bytes:
    """The bytes of these lines; a view where they lie together, as they do in nearly every file."""
    breaks = numpy.flatnonzero(numpy.diff(plain_lines) != 1)
    firsts = plain_lines[numpy.concatenate([[0], breaks + 1])]
    lasts = plain_lines[numpy.concatenate([breaks, [len(plain_lines) - 1]])]
    data = memoryview(lines.data)
    pieces = [data[lines.starts[first] : lines.ends[last] + 1] for first, last in zip(firsts, lasts, strict=True)]
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _wrong_width(found: int, width: int) -> str:
    return f"{found} fields where the header has {width} (字段数与表头不符)"
