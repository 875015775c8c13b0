"""The checks inside a Dagster run."""

import duckdb
import pytest

from pipelines.checks.asset_checks import dagster_results, dagster_specs
from pipelines.checks.run import run_checks
from pipelines.checks.table_spec import contract_spec
from pipelines.contract import delivered_tables

GRID = contract_spec(delivered_tables()["grid"])


@pytest.fixture
def warehouse():
    connection = duckdb.connect()
    connection.execute(
        "create schema raw; create table raw.institution as select 'I1' as institution_id; "
        "create table raw.grid as select 'G1' as grid_id, 'I1' as institution_id, 'east' as name, 'market' as kind"
    )
    yield connection
    connection.close()


def materialize(warehouse):
    import dagster

    @dagster.asset(key=["raw", "grid"])
    def grid():
        pass

    @dagster.multi_asset_check(specs=dagster_specs(GRID))
    def grid_checks():
        yield from dagster_results(run_checks(warehouse, [GRID]))

    @dagster.asset(deps=[grid])
    def downstream():
        pass

    with dagster.DagsterInstance.ephemeral() as instance:
        run = dagster.materialize([grid, grid_checks, downstream], raise_on_error=False, instance=instance)
    evaluations = {evaluation.check_name: evaluation for evaluation in run.get_asset_check_evaluations()}
    materialized = {event.asset_key.path[-1] for event in run.get_asset_materialization_events()}
    return run, evaluations, materialized


def test_every_aspect_is_an_asset_check_of_its_table(warehouse):
    run, evaluations, materialized = materialize(warehouse)
    assert run.success
    assert set(evaluations) == {spec.name for spec in dagster_specs(GRID)}
    assert all(evaluation.passed for evaluation in evaluations.values())
    assert materialized == {"grid", "downstream"}


def test_a_failed_blocking_check_stops_what_follows(warehouse):
    warehouse.execute("update raw.grid set kind = 'moon'")
    run, evaluations, materialized = materialize(warehouse)
    assert not run.success
    assert [name for name, evaluation in evaluations.items() if not evaluation.passed] == ["enum"]
    assert evaluations["enum"].metadata["kind_in_set"].value == "1 of 1 rows, the first: moon"
    assert materialized == {"grid"}


def test_a_warning_stops_nothing(warehouse):
    import dagster

    results = run_checks(warehouse, [GRID], previous_row_counts={"raw.grid": 2})
    (failed,) = [result for result in dagster_results(results) if not result.passed]
    assert failed.check_name == "row_count_warning"
    assert "row_count_near_previous" in failed.metadata
    assert failed.severity == dagster.AssetCheckSeverity.WARN
    blocking = {spec.name: spec.blocking for spec in dagster_specs(GRID)}
    assert not blocking["row_count_warning"]
    assert blocking["row_count"]


def test_another_asset_key_may_be_given(warehouse):
    import dagster

    key = dagster.AssetKey(["night", "grid"])
    assert {spec.asset_key for spec in dagster_specs(GRID, key)} == {key}
    assert {result.asset_key for result in dagster_results(run_checks(warehouse, [GRID]), key)} == {key}
