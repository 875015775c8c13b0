"""The log's last entry as nights told it: kept beside the database, for whoever has not kept it elsewhere."""

from __future__ import annotations

import csv
import os
import re
from datetime import date
from pathlib import Path

from django.conf import settings

HEAD = re.compile(r"(\d+):([0-9a-f]{64})")


def path() -> Path:
    """The file, one line a night: night, number, hash."""
    return settings.DEPLOYMENT.folder / "heads.csv"


def keep(night: date, number: int, told_hash: str) -> None:
    """Add a line, whole and on the disk before anybody is told."""
    with path().open("a", encoding="ascii") as file:
        file.write(f"{night.isoformat()},{number},{told_hash}\n")
        file.flush()
        os.fsync(file.fileno())


def kept() -> list[tuple[int, str]]:
    """Number and hash of every line. Raises ValueError for a line that is none."""
    if not path().exists():
        return []
    with path().open(encoding="ascii", newline="") as file:
        return [read(f"{number}:{told_hash}") for _night, number, told_hash in csv.reader(file)]


def read(text: str) -> tuple[int, str]:
    """Number and hash from `NUMBER:HASH`. Raises ValueError."""
    found = HEAD.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no head of the log; a night prints it as NUMBER:HASH")
    return int(found[1]), found[2]
