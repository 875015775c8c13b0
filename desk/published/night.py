"""The night that `published/current` names, asked in SQL with bound values."""

from __future__ import annotations

import functools
import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from django.conf import settings

if TYPE_CHECKING:
    import duckdb

STALE_DAYS = 2
"""A night older than this many days is told as stale on every page."""

BATCH = 2048
"""Rows fetched at a time: what the engine itself hands on as one vector."""


class NoNight(LookupError):
    """No night is published."""


class Unreadable(NoNight):
    """A night is published and cannot be read."""


class NotPublished(LookupError):
    """This night was published without a table or column that is asked for."""


class Night:
    """One published night: its manifest, and its tables as views by name; every thread asks through a cursor of its own.

    The engine may read the night's folder and nothing else. Raises Unreadable where a file is missing or broken.
    """

    def __init__(self, folder: Path) -> None:
        import duckdb

        try:
            self._open(folder)
        except (OSError, ValueError, KeyError, duckdb.Error) as error:
            raise Unreadable(f"{folder}: {error}") from error

    def _open(self, folder: Path) -> None:
        import duckdb

        self.folder = folder
        self.manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        self.as_of = date.fromisoformat(self.manifest["as_of"])
        self._connection = duckdb.connect(":memory:", config={"threads": 2})
        for limit in (
            f"allowed_directories = [{_quoted(str(folder))}]",
            "enable_external_access = false",
            "lock_configuration = true",
        ):
            self._connection.execute(f"set {limit}")
        self._lock = threading.Lock()
        self._kept: set[str] = set()
        self._local = threading.local()
        for path in sorted(folder.glob("*.parquet")):
            text = f'create view "{path.stem}" as select * from read_parquet({_quoted(str(path))})'
            self._connection.execute(text)
        self.tables = frozenset(path.stem for path in folder.glob("*.parquet"))
        told = self._connection.execute(
            "select table_name, list(column_name) from duckdb_columns() group by 1"
        ).fetchall()
        self._columns = {table: frozenset(names) for table, names in told if table in self.tables}

    def rows(self, sql: str, values: Mapping[str, Any] | Sequence | None = None) -> list[dict[str, Any]]:
        """The rows of a select, each by column name, in the order it asks for."""
        cursor = self._asked(self._cursor(), sql, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def stream(self, sql: str, values: Mapping[str, Any] | Sequence | None = None) -> Iterator[dict[str, Any]]:
        """The rows of a select one by one, through a cursor of its own, so that other questions may be asked between."""
        with self._lock:
            cursor = self._connection.cursor()
        self._asked(cursor, sql, values)
        names = [column[0] for column in cursor.description]
        while some := cursor.fetchmany(BATCH):
            for row in some:
                yield dict(zip(names, row, strict=True))

    def row(self, sql: str, values: Mapping[str, Any] | Sequence | None = None) -> dict[str, Any] | None:
        """The first row, or None."""
        found = self.rows(sql, values)
        return found[0] if found else None

    def value(self, sql: str, values: Mapping[str, Any] | Sequence | None = None) -> Any:
        """The first value of the first row, or None."""
        found = self.row(sql, values)
        return next(iter(found.values())) if found else None

    def kept(self, name: str, select: str) -> str:
        """Name of an in-memory table of this select, made when it is first asked for: the night does not change.

        For what every reader's list is cut from. `select` is our own text; `name` must be that of no published table.
        """
        if name in self.tables or not name.isidentifier():
            raise ValueError(f"{name} is no name for a table of the desk")
        with self._lock:
            if name not in self._kept:
                self._asked(self._connection.cursor(), f'create table "{name}" as {select}', None)
                self._kept.add(name)
        return name

    def columns(self, table: str) -> frozenset[str]:
        """Names of the columns that this night publishes of a table; none where it does not publish the table."""
        return self._columns.get(table, frozenset())

    def paper(self, name: str) -> Any | None:
        """A JSON file that the night publishes beside its tables; None where it publishes none of that name."""
        path = self.folder / name
        return json.loads(path.read_text(encoding="utf-8")) if name in self.manifest["files"] else None

    def days_old(self, today: date) -> int:
        """Days from the night to today."""
        return (today - self.as_of).days

    def _asked(self, cursor: duckdb.DuckDBPyConnection, sql: str, values: Any) -> duckdb.DuckDBPyConnection:
        import duckdb

        try:
            return cursor.execute(sql, values or [])
        except (duckdb.BinderException, duckdb.CatalogException) as error:
            raise NotPublished(f"{self.as_of}: {error}") from error
        except duckdb.IOException as error:
            raise Unreadable(f"{self.folder}: {error}") from error

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        if not hasattr(self._local, "cursor"):
            with self._lock:
                self._local.cursor = self._connection.cursor()
        return self._local.cursor


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def current() -> Night:
    """The current night. Raises NoNight, or Unreadable where there is one that cannot be read."""
    pointer = settings.DEPLOYMENT.published / "current"
    if not pointer.is_symlink():
        raise NoNight(str(settings.DEPLOYMENT.published))
    folder = pointer.resolve()
    try:
        written_at = (folder / "manifest.json").stat().st_mtime_ns
    except OSError as error:
        raise Unreadable(str(error)) from error
    return _opened(folder, written_at)


def once_a_night(asked: Callable) -> Callable:
    """Keep what a function of a night, and of other arguments, answered, as long as that night is in use anywhere."""
    answers: WeakKeyDictionary[Night, dict[tuple, Any]] = WeakKeyDictionary()

    @functools.wraps(asked)
    def kept(night: Night, *more: Any) -> Any:
        told = answers.setdefault(night, {})
        if more not in told:
            told[more] = asked(night, *more)
        return told[more]

    return kept


@functools.lru_cache(maxsize=2)
def _opened(folder: Path, written_at: int) -> Night:
    return Night(folder)
