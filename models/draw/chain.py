"""A list that only grows, as CSV: each line is chained to the one before, so that none is changed or removed unseen.

A record is a frozen dataclass of texts whose first field is its number, from 1, and whose last is previous_sha256. Its line is
its fields and then the SHA-256 of the text of the line before that last comma; previous_sha256 is the last field of the line
before, of the first line what the list begins from. The end of a list is held by the hash of its last line, which was told.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from typing import Any

from models.draw.pool import sha256


@dataclass(frozen=True)
class Chain:
    """A kind of list: its file, the dataclass of its records, and what a record is called, in Chinese and English."""

    file: str
    record: type
    name_zh: str
    name_en: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the file."""
        return (*(field.name for field in fields(self.record)), "sha256")

    @property
    def header(self) -> str:
        """Its first line, with a line end: a list of nothing."""
        return ",".join(self.columns) + "\n"

    def read(self, text: str, first_sha256: str) -> tuple[list[Any], list[tuple[str, str]]]:
        """The records of a file that are as they were written, and what is wrong with its chain, in Chinese and English.

        first_sha256 : hash that the first line must name.
        """
        found: list[Any] = []
        wrong: list[tuple[str, str]] = []
        lines = text.split("\n")
        if lines[0] + "\n" != self.header or lines[-1] != "":
            told = f"{self.file} does not begin with its header and end with a line end"
            return [], [(f"{self.file}的表头或末行不符", told)]
        before = first_sha256
        for number, line in enumerate(lines[1:-1], start=1):
            values = next(csv.reader([line]), [])
            if len(values) != len(self.columns) or not values[0].isdecimal():
                wrong.append((f"{self.file}第{number}条无法读取", f"{self.file}: line {number} cannot be read"))
                continue
            each = self.record(int(values[0]), *values[1:-1])
            if head(each) != values[-1]:
                wrong.append((f"{self.name_zh}{each.number}被改动", f"{self.name_en} {each.number} was changed"))
                before = values[-1]
                continue
            if each.previous_sha256 != before or each.number != number:
                told = f"a {self.name_en} before number {each.number} was removed or changed"
                wrong.append((f"{self.name_zh}{each.number}之前有记录被删除或改动", told))
            before = values[-1]
            found.append(each)
        return found, wrong


def head(record: Any) -> str:
    """The hash of a record's line."""
    return sha256(_line(astuple(record)))


def line(record: Any) -> str:
    """A record's line, with its hash and a line end."""
    return f"{_line(astuple(record))},{head(record)}\n"


def _line(values: Sequence[object]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="").writerow(values)
    return file.getvalue()
