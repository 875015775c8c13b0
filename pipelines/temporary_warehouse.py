"""A delivery in a warehouse of its own, in a temporary folder that is gone when the figures are there."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pipelines.ingest import deliveries, intake, load_raw
from pipelines.nights import TIMEZONE
from pipelines.places import Places
from pipelines.warehouse.build import build
from pipelines.warehouse.connection import opened
from pipelines.warehouse.statement import Statement, statements

if TYPE_CHECKING:
    import duckdb


@contextmanager
def delivery_warehouse(source: Path, *, mapping: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """The raw tables of the delivery at `source`, until the block ends. Raises DeliveryError where it cannot be read."""
    with tempfile.TemporaryDirectory() as temporary:
        places = Places(home=Path(temporary))
        intake(source, places.raw, delivered_on=datetime.now(ZoneInfo(TIMEZONE)).date(), mapping=mapping)
        with opened(places) as connection:
            load_raw(connection, places.raw, tuple(delivery.id for delivery in deliveries(places.raw)))
            yield connection


def needed_for(*tables: str) -> list[Statement]:
    """The statements that these tables are made from and they themselves, each after what it reads."""
    wanted = set(tables)
    for name, statement in reversed(statements().items()):
        if name in wanted:
            wanted |= {f"{schema}.{upstream}" for schema, upstream in statement.upstreams}
    return [statement for name, statement in statements().items() if name in wanted]


def build_needed(
    connection: duckdb.DuckDBPyConnection,
    tables: tuple[str, ...],
    values: Mapping[str, Any],
    tell: Callable[[str], None],
) -> None:
    """Make these tables of sql/ and all that they read; `tell` hears the name of each before it is made."""
    for statement in needed_for(*tables):
        tell(statement.table)
        build(connection, statement, values)
