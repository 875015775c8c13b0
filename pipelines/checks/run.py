"""Runs the checks of many tables on the night's open warehouse and says what each found.

The night's own connection lends a cursor: one process, one open file, no second configuration, and what the checks
begin or roll back never touches the night's transaction. The night commits what is to be checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.checks.batches import opened_batches
from pipelines.checks.check_result import CheckCrashed, CheckResult, Verdict, crash_of, verdict_of
from pipelines.checks.limits import Freshness, RowCountLimits
from pipelines.checks.suite import Expectation, suite_for

if TYPE_CHECKING:
    import duckdb
    from great_expectations.datasource.fluent.interfaces import Batch

    from pipelines.checks.table_spec import TableSpec

    Types = Mapping[str, Mapping[str, str]]


def run_checks(
    database: Path | str | duckdb.DuckDBPyConnection,
    specs: Sequence[TableSpec],
    *,
    previous_row_counts: Mapping[str, int] | None = None,
    fresh: Freshness | None = None,
    limits: RowCountLimits | None = None,
) -> list[CheckResult]:
    """The results of every check of every table, in the order of the specs and of their suites.

    `database` is the night's open connection (what it has committed is checked; it stays open), or a file that is
    opened read-only for the while. `previous_row_counts` maps `schema.table` to the previous night's row count.
    Raises CheckCrashed, naming the check, where one could not be computed.
    """
    previous = previous_row_counts or {}
    with _opened(database) as cursor, opened_batches(cursor) as batch_of:
        types = _types(cursor)
        results = []
        for spec in specs:
            suite = suite_for(spec, previous_row_count=previous.get(spec.table), fresh=fresh, limits=limits)
            results += _check_table(batch_of, types, spec, suite)
    return results


@contextmanager
def _opened(database: Path | str | duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    if isinstance(database, (str, Path)):
        import duckdb

        connection = duckdb.connect(str(database), read_only=True)
    else:
        connection = database.cursor()
    try:
        yield connection
    finally:
        connection.close()


def _types(cursor: duckdb.DuckDBPyConnection) -> Types:
    """Engine type by column name, by `schema.table`."""
    found: dict[str, dict[str, str]] = {}
    for schema, table, column, engine_type in cursor.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() "
        "where database_name = current_database()"
    ).fetchall():
        found.setdefault(f"{schema}.{table}", {})[column] = engine_type
    return found


def _check_table(
    batch_of: Callable[[str, str], Batch], types: Types, spec: TableSpec, suite: list[Expectation]
) -> list[CheckResult]:
    obstacles = {expectation.name: _obstacle(types, spec, expectation) for expectation in suite}
    judged = [expectation for expectation in suite if not obstacles[expectation.name]]
    verdicts = _judge(batch_of(spec.schema, spec.name), spec, judged) if judged else {}
    return [
        CheckResult.of(spec, expectation, verdicts.get(expectation.name), obstacles[expectation.name])
        for expectation in suite
    ]


def _obstacle(types: Types, spec: TableSpec, expectation: Expectation) -> str:
    """Why the expectation cannot be judged, empty where it can: what it reads must be there, each of its type."""
    found = types.get(spec.table)
    if found is None:
        return f"{spec.table} does not exist"
    for column in spec.columns:
        if column.name not in expectation.columns:
            continue
        if column.name not in found:
            return f"{spec.table} has no column {column.name}"
        if column.engine_type not in (None, found[column.name]):
            return f"{spec.table}.{column.name} is {found[column.name]}, not {column.engine_type}"
    if expectation.reads is not None:
        schema, table, key = expectation.reads
        if key not in types.get(f"{schema}.{table}", {}):
            return f"{schema}.{table}.{key} does not exist"
    return ""


def _judge(batch: Batch, spec: TableSpec, judged: list[Expectation]) -> dict[str, Verdict]:
    """By name of the check, what it found."""
    found = _validate(batch, spec, judged, "BASIC")
    # Only the complete format shows the rows of a query, and only a failed query has any to show.
    failed = [each for each in judged if each.shows_rows and not found[each.name].success]
    if failed:
        found |= _validate(batch, spec, failed, "COMPLETE")
    return {name: verdict_of(result) for name, result in found.items()}


def _validate(batch: Batch, spec: TableSpec, judged: list[Expectation], result_format: str) -> dict[str, Any]:
    import great_expectations

    suite = great_expectations.ExpectationSuite(
        name=spec.table, expectations=[expectation.as_great_expectation() for expectation in judged]
    )
    results = batch.validate(suite, result_format=result_format).results
    found = {result.expectation_config.meta["name"]: result for result in results}
    for expectation in judged:
        result = found.get(expectation.name)
        # A suite drops what it cannot configure, with no more than a line in a log.
        crash = "Great Expectations gave no result" if result is None else crash_of(result)
        if crash:
            raise CheckCrashed(f"{spec.table}: check {expectation.name} could not be computed: {crash}")
    return found
