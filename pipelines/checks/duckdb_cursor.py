"""Lets SQLAlchemy read the night's own open DuckDB connection.

Great Expectations reads the rows of a query after it gave the connection back, and giving back rolls back, which
empties an open DuckDB result: every check then fails with "list index out of range". So rows are fetched at once.
A cursor of the night's connection sees the same open database; a second `duckdb.connect` on the file would need the
very same configuration. The test of this file fails when duckdb-engine no longer needs the mend.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb


class EagerCursor:
    """A DB-API cursor that holds all rows of its last statement, so that they outlive the transaction."""

    arraysize = 1
    rowcount = -1

    def __init__(self, connection: EagerConnection) -> None:
        self.connection = connection
        self.description: list[tuple] | None = None
        self._rows: list[tuple] = []

    def execute(self, statement: str, parameters: Sequence[Any] | None = None) -> None:
        """Run one statement with bound parameters and take all its rows."""
        engine = self.connection.engine_connection
        engine.execute(statement, parameters or None)
        self.description = engine.description
        self._rows = engine.fetchall() if self.description else []

    def fetchone(self) -> tuple | None:
        """The next row, or None where none is left."""
        return self._rows.pop(0) if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[tuple]:
        """The next `size` rows, fewer where fewer are left."""
        size = size or self.arraysize
        taken, self._rows = self._rows[:size], self._rows[size:]
        return taken

    def fetchall(self) -> list[tuple]:
        """All rows that are left."""
        taken, self._rows = self._rows, []
        return taken

    def close(self) -> None:
        """Let the rows go."""
        self._rows = []


class EagerConnection:
    """A DB-API connection over one DuckDB connection, which stays its maker's to close."""

    def __init__(self, engine_connection: duckdb.DuckDBPyConnection) -> None:
        self.engine_connection = engine_connection
        self.notices: list[str] = []

    def cursor(self) -> EagerCursor:
        """A cursor that fetches at once."""
        return EagerCursor(self)

    def begin(self) -> None:
        """Begin a transaction."""
        self.engine_connection.begin()

    def commit(self) -> None:
        """End the transaction and keep what it wrote."""
        self.engine_connection.commit()

    def rollback(self) -> None:
        """End the transaction and drop what it wrote."""
        self.engine_connection.rollback()

    def close(self) -> None:
        """Leave the DuckDB connection open: whoever made it closes it."""
