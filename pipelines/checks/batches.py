"""Great Expectations on one DuckDB cursor: no files, no analytics, no progress bars, no second connection."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipelines.checks.duckdb_cursor import EagerConnection

if TYPE_CHECKING:
    import duckdb
    from great_expectations.datasource.fluent.interfaces import Batch


@contextmanager
def opened_batches(cursor: duckdb.DuckDBPyConnection) -> Iterator[Callable[[str, str], Batch]]:
    """Yield a function from schema and table to the Great Expectations batch of the whole table.

    The batches read through the cursor and are of no use after it is closed.
    """
    # Read when great_expectations is imported.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )
    from sqlalchemy.pool import StaticPool

    context = great_expectations.get_context(
        mode="ephemeral",
        project_config=DataContextConfig(
            store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
            analytics_enabled=False,
            progress_bars=ProgressBarsConfig(globally=False),
        ),
    )
    source = context.data_sources.add_sql(
        "warehouse",
        connection_string="duckdb://",
        kwargs={"creator": lambda: EagerConnection(cursor), "poolclass": StaticPool},
    )

    def batch_of(schema: str, table: str) -> Batch:
        with warnings.catch_warnings():
            # A DuckDB source has no schema of its own, so each table must name one.
            warnings.filterwarnings("ignore", message=".*schema_name.*", category=DeprecationWarning)
            asset = source.add_table_asset(f"{schema}.{table}", table_name=table, schema_name=schema)
        return asset.add_batch_definition_whole_table("whole table").get_batch()

    try:
        yield batch_of
    finally:
        context.data_sources.delete("warehouse")
