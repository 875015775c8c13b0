"""The one connection that writes the warehouse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipelines.places import Places

if TYPE_CHECKING:
    import duckdb


class WarehouseBusy(RuntimeError):
    """Another process writes the warehouse."""


@contextmanager
def opened(places: Places) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse, open for writing until the block ends. Raises WarehouseBusy."""
    import duckdb

    places.home.mkdir(parents=True, exist_ok=True)
    try:
        connection = duckdb.connect(
            str(places.warehouse),
            config={
                "threads": places.threads,
                "memory_limit": f"{places.memory_gib}GiB",
                "temp_directory": str(places.home / "spill"),
            },
        )
    except duckdb.IOException as error:
        if "lock" not in str(error):
            raise
        raise WarehouseBusy(f"{places.warehouse}: another night is writing it; wait until it has ended") from error
    try:
        connection.execute("set TimeZone = 'Asia/Shanghai'")
        yield connection
    finally:
        connection.close()
