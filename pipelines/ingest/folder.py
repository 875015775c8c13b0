"""The folder that the bureau put down: which file is which table, and what identifies the delivery.

Belongs here: names, sizes and digests of files. Does not belong here: what is in them (sheet), where copies go (store).
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from pipelines.contract import Table, delivered_tables
from pipelines.ingest.delivery import DeliveryError
from pipelines.ingest.mapping import Mapping
from pipelines.ingest.privacy import without_numbers

FILE_SUFFIXES = (".csv", ".xlsx", ".parquet")
MAPPING_NAME = "mapping.toml"
MARK_NAME = "synthetic.sha256"
"""Beside the files of a synthetic bureau: their identity, so that the mark is worth nothing beside other files."""


@dataclass(frozen=True)
class FoundFile:
    """One file of a table, as it lies in the source; the name that is shown holds no personal number."""

    path: Path
    table: Table
    byte_count: int
    modified_ns: int
    sha256: str

    @property
    def shown_name(self) -> str:
        """The file's name as notes and quarantine give it."""
        return without_numbers(self.path.name)

    def check_unchanged(self) -> None:
        """Raise DeliveryError where the file is no longer the one whose digest was taken."""
        status = self.path.stat()
        if (status.st_size, status.st_mtime_ns) != (self.byte_count, self.modified_ns):
            raise DeliveryError(
                f"{self.shown_name} changed while it was read; start again when the delivery is complete."
            )


def find_files(source: Path, mapping: Mapping, mapping_path: Path | None) -> tuple[list[FoundFile], list[str]]:
    """The files that are tables, by table and then name, and the names of what else lies there but mapping and mark.

    A file is a table's when a pattern of the mapping says so, or when its name is the table's name or Chinese title,
    alone or followed by `_` and anything. Raises DeliveryError where there is no folder or no table in it.
    """
    if not source.is_dir():
        raise DeliveryError(f"The delivery {source} is not a folder; give the folder that the bureau put down.")
    found: list[FoundFile] = []
    others: list[str] = []
    for path in sorted(source.iterdir(), key=lambda path: path.name):
        table = _table_of(path, mapping) if path.is_file() else None
        if table is not None:
            found.append(_measure(path, table))
        elif path.name != MARK_NAME and (mapping_path is None or path.resolve() != mapping_path.resolve()):
            others.append(without_numbers(path.name))
    if not found:
        raise DeliveryError(
            f"The delivery {source} holds no table; expected files such as patrol.csv or 巡查记录.xlsx, or a mapping "
            "that names the files."
        )
    return sorted(found, key=lambda file: (file.table.order, file.path.name)), others


def check_complete(found: list[FoundFile], others: list[str]) -> None:
    """Raise DeliveryError where a required table has no file; for the first delivery of all."""
    present = {file.table.name for file in found}
    missing = [table for table in delivered_tables().values() if table.is_required and table.name not in present]
    if missing:
        names = ", ".join(f"{table.name} {table.title_zh}" for table in missing)
        unread = f" (files that are no table: {', '.join(others)})" if others else ""
        raise DeliveryError(
            f"The delivery lacks {len(missing)} required tables: {names}{unread}; add them, a table without rows as a "
            "file with its header alone."
        )


def identity(found: list[FoundFile], mapping_sha256: str | None) -> str:
    """The delivery's id: sha256 over its files' names and digests and the mapping's digest, in hexadecimal."""
    lines = sorted(f"{file.path.name}\0{file.sha256}" for file in found)
    return hashlib.sha256("\n".join([*lines, mapping_sha256 or ""]).encode()).hexdigest()


def mark_synthetic(source: Path, names: Collection[str]) -> None:
    """Write the mark that the files of these names are of nobody; beside files of other names it is worth nothing."""
    made = [file for file in find_files(source, {}, None)[0] if file.path.name in names]
    (source / MARK_NAME).write_text(identity(made, None) + "\n", encoding="ascii")


def is_synthetic(source: Path, found: list[FoundFile]) -> bool:
    """Whether the mark says of exactly these files that they are of nobody."""
    mark = source / MARK_NAME
    return mark.is_file() and mark.read_bytes().strip() == identity(found, None).encode()


def repeated_identity(first_id: str, number: int) -> str:
    """The id of a delivery that is taken in once more, as that number, so that every stored id stays another."""
    return hashlib.sha256(f"{first_id}\n{number}".encode()).hexdigest()


def file_sha256(path: Path) -> str:
    """The sha256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _measure(path: Path, table: Table) -> FoundFile:
    try:
        status = path.stat()
        return FoundFile(path, table, status.st_size, status.st_mtime_ns, file_sha256(path))
    except OSError as error:
        name = without_numbers(path.name)
        raise DeliveryError(f"{name} cannot be read ({error.strerror}); let this account read the delivery.") from None


def _table_of(path: Path, mapping: Mapping) -> Table | None:
    name = unicodedata.normalize("NFC", path.name)
    if name.startswith((".", "~$")):
        return None
    tables = delivered_tables()
    mapped = [tables[table_name] for table_name, part in mapping.items() if part.matches(name)]
    if len(mapped) > 1:
        names = ", ".join(table.name for table in mapped)
        raise DeliveryError(f"{without_numbers(name)} fits the mapping's files of {names}; let it fit one table.")
    is_table_file = path.suffix.lower() in FILE_SUFFIXES
    if mapped:
        if not is_table_file:
            raise DeliveryError(
                f"{without_numbers(name)} is named by the mapping but is none of {' '.join(FILE_SUFFIXES)}."
            )
        return mapped[0]
    stem = Path(name).stem
    if not is_table_file or stem.endswith(".truth"):
        return None
    titles = [(title, table) for table in tables.values() for title in (table.name, table.title_zh)]
    fitting = [(len(title), table) for title, table in titles if stem == title or stem.startswith(f"{title}_")]
    return max(fitting, key=lambda fit: fit[0])[1] if fitting else None
