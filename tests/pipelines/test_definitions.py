"""What Dagster opens on: an asset per table and step, deps read from the SQL, one schedule, checks that block."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from dagster import AssetKey, AssetSelection

from models.flags import families
from pipelines.contract import delivered_tables, published_tables
from pipelines.definitions import day_ended_before, definitions
from pipelines.publish import SOURCES
from pipelines.warehouse.statement import statements


@pytest.fixture(scope="module")
def graph():
    return definitions.resolve_asset_graph()


def test_file_table_and_asset_have_one_spelling(graph):
    keys = {key.to_user_string() for key in graph.get_all_asset_keys()}
    assert {table.replace(".", "/") for table in statements()} <= keys
    assert {f"raw/{table}" for table in delivered_tables()} <= keys
    assert {f"flag/{family}" for family in families()} <= keys


def test_every_family_of_the_contract_is_looked_for():
    """A family that nobody looks for would read as clean."""
    assert set(published_tables()["red_flag"].column("family").values) == set(families())


def test_what_an_asset_waits_for_is_what_its_text_reads(graph):
    """A dep written by hand goes stale; the text does not."""
    for statement in statements().values():
        waits_for = graph.get(AssetKey([statement.schema, statement.name])).parent_keys
        assert waits_for == {AssetKey(list(upstream)) for upstream in statement.upstreams}


def test_publishing_waits_for_every_table_that_it_publishes(graph):
    assert set(SOURCES) == set(published_tables())
    waits_for = graph.get(AssetKey(["published", "night"])).parent_keys
    assert waits_for == {AssetKey(source.split(".")) for source in SOURCES.values()}


def test_every_asset_but_the_last_leads_to_what_is_published(graph):
    """A table that nothing published rests on is work for nobody."""
    reached = AssetSelection.assets(AssetKey(["published", "night"])).upstream().resolve(graph)
    idle = {key.to_user_string() for key in graph.get_all_asset_keys() - reached}
    kept_for_replay = {f"raw/{table}" for table in delivered_tables()}
    assert idle <= kept_for_replay


def test_the_night_is_scheduled_at_half_past_one_in_shanghai():
    schedule = definitions.resolve_schedule_def("every_night")
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("30 1 * * *", "Asia/Shanghai")


def test_the_run_of_half_past_one_is_for_the_day_that_has_just_ended():
    """A night published for a day that is ninety minutes old would hold nothing of that day."""
    tick = datetime(2026, 7, 1, 1, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert day_ended_before(tick) == day_ended_before(tick.astimezone(UTC)) == date(2026, 6, 30)


def test_every_table_has_checks_that_block_and_a_retry(graph):
    for statement in statements().values():
        key = AssetKey([statement.schema, statement.name])
        blocking = [check for check in graph.get_check_keys_for_assets({key}) if graph.get_check_spec(check).blocking]
        assert {"shape", "grain"} <= {check.name for check in blocking}
