"""The mapping file: how a source whose headers, codes or dates differ is read, without code.

Belongs here: its shape and what it may say. Does not belong here: applying it (headers, values).
"""

from __future__ import annotations

import fnmatch
import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from pipelines.contract import Column, Table, delivered_tables
from pipelines.ingest.delivery import DeliveryError
from pipelines.ingest.privacy import is_personal_header, without_numbers

BOOLEAN_SPELLINGS = {
    **dict.fromkeys(("1", "1.0", "true", "True", "TRUE", "是"), "true"),
    **dict.fromkeys(("0", "0.0", "false", "False", "FALSE", "否"), "false"),
}
"""What a boolean may be written as, and what it then is."""


class TableMapping(BaseModel):
    """What differs for one table: file patterns, header → column, column → value → code, column → date format(s)."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    files: list[str] = []
    columns: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    date_formats: dict[str, str | list[str]] = {}

    def matches(self, file_name: str) -> bool:
        """True where the name fits one of the file patterns."""
        return any(fnmatch.fnmatchcase(file_name, pattern) for pattern in self.files)

    def formats(self, column_name: str) -> list[str]:
        """The strptime formats of a column; empty where the mapping names none."""
        formats = self.date_formats.get(column_name, [])
        return [formats] if isinstance(formats, str) else formats


Mapping = dict[str, TableMapping]


def read_mapping(path: Path) -> Mapping:
    """The mapping of that file, by table name.

    Raises DeliveryError where it is no TOML, or names a table, column or code that the contract does not have.
    """
    try:
        mapping = TypeAdapter(Mapping).validate_python(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except OSError as error:
        raise DeliveryError(
            f"{path.name}: the mapping cannot be read ({error.strerror}); give its right path."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise DeliveryError(f"{path.name}: the mapping is not TOML in UTF-8; correct it.") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise DeliveryError(f"{path.name}: {place}: {first['msg']}; correct the mapping.") from None
    for table_name, table_mapping in mapping.items():
        table = delivered_tables().get(table_name)
        if table is None:
            raise DeliveryError(f"{path.name}: [{table_name}] is no table of the contract; correct the mapping.")
        _check(f"{path.name}: [{table_name}]", table, table_mapping)
    return mapping


def _check(place: str, table: Table, mapping: TableMapping) -> None:
    for header, column_name in mapping.columns.items():
        _column(place, table, column_name)
        if is_personal_header(table.name, header):
            raise DeliveryError(
                f"{place} maps {header} onto {column_name}, but that column names or numbers a person and is never "
                "stored; deliver an irreversible digest under another header."
            )
    for column_name, codes in mapping.values.items():
        column = _column(place, table, column_name)
        if column.type not in ("enum", "boolean", "id", "text"):
            raise DeliveryError(f"{place} gives values for {column_name}, which has no codes; remove them.")
        allowed = column.values if column.type == "enum" else BOOLEAN_SPELLINGS if column.type == "boolean" else None
        unknown = [code for code in codes.values() if allowed is not None and code not in allowed]
        if unknown:
            raise DeliveryError(
                f"{place} gives {column_name} {len(unknown)} codes that the contract does not have "
                f"(first: {unknown[0]}); use {', '.join(allowed or ())}."
            )
        if any(without_numbers(code) != code for code in codes.values()):
            raise DeliveryError(f"{place} gives {column_name} a telephone or identity-card number; use another code.")
    for column_name in mapping.date_formats:
        column = _column(place, table, column_name)
        if column.type not in ("date", "timestamp"):
            raise DeliveryError(f"{place} gives a date format for {column_name}, which is no date; remove it.")
        for date_format in mapping.formats(column_name):
            _check_date_format(place, column_name, date_format)


def _column(place: str, table: Table, column_name: str) -> Column:
    if column_name not in table.column_names:
        raise DeliveryError(f"{place} names {column_name}, which is no column of {table.name}; correct the mapping.")
    return table.column(column_name)


def _check_date_format(place: str, column_name: str, date_format: str) -> None:
    import duckdb

    wrong = DeliveryError(
        f"{place} gives {column_name} the date format {date_format!r}, which cannot be read; write it with %Y %m %d %H "
        "%M %S (a time with an offset needs no format when it is written as in ISO 8601)."
    )
    if "%z" in date_format or "%Z" in date_format or "%Y" not in date_format.replace("%y", "%Y"):
        raise wrong
    try:
        duckdb.execute("select try_strptime('', $format)", {"format": date_format}).fetchall()
    except duckdb.Error:
        raise wrong from None
