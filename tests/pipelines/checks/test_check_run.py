"""Checks on small tables in memory: each kind of defect is found under its own name."""

import datetime
import os
import subprocess
import sys

import duckdb
import pytest

from pipelines.checks.check_result import CheckCrashed, CheckResult
from pipelines.checks.limits import Freshness
from pipelines.checks.run import run_checks
from pipelines.checks.table_spec import ColumnSpec, RuleSpec, TableSpec, contract_spec
from pipelines.contract import delivered_tables

AS_OF = datetime.date(2026, 6, 30)


def column(name, unit, engine_type, **rest):
    return ColumnSpec(name, unit, name, name, engine_type, rest.pop("is_required", False), **rest)


MERCHANT = TableSpec("raw", "merchant", ("merchant_id",), (column("merchant_id", "id", "VARCHAR", is_required=True),))
PATROL = TableSpec(
    schema="raw",
    name="patrol",
    grain=("merchant_id", "started_at"),
    columns=(
        column("merchant_id", "id", "VARCHAR", is_required=True, references=("raw", "merchant", "merchant_id")),
        column("started_at", "timestamp", "TIMESTAMP", is_required=True),
        column("ended_at", "timestamp", "TIMESTAMP"),
        column("result", "enum", "VARCHAR", values=("normal", "warning")),
        column("finding_count", "count", "BIGINT", minimum=0, maximum=1000),
        column("travel_rate", "rate", "DOUBLE", minimum=0),
    ),
    rules=(
        RuleSpec("ended_before_started", "ended_at >= started_at", "结束早于开始", "ended_at is before started_at"),
    ),
    event_column="started_at",
)


@pytest.fixture
def warehouse():
    connection = duckdb.connect()
    connection.execute("create schema raw")
    connection.execute("create table raw.merchant as select 'M' || i as merchant_id from range(3) as t(i)")
    connection.execute(
        "create table raw.patrol as select 'M' || i % 3 as merchant_id, "
        "timestamp '2026-06-20 09:00' + to_days(i::integer) as started_at, started_at + to_hours(1) as ended_at, "
        "['normal', 'warning'][i % 2 + 1] as result, i as finding_count, i / 2.0::double as travel_rate "
        "from range(6) as t(i)"
    )
    yield connection
    connection.close()


def check(connection, **night) -> dict[str, CheckResult]:
    return {result.name: result for result in run_checks(connection, [PATROL], fresh=Freshness(AS_OF), **night)}


def failed(results: dict[str, CheckResult]) -> dict[str, str]:
    return {
        name: "blocking" if result.is_blocking else "warning"
        for name, result in results.items()
        if not result.has_passed
    }


def test_a_good_table_passes_every_check(warehouse):
    results = run_checks(warehouse, [MERCHANT, PATROL], previous_row_counts={"raw.patrol": 6}, fresh=Freshness(AS_OF))
    assert [result.message for result in results if not result.has_passed] == []
    assert {result.table for result in results} == {"merchant", "patrol"}
    assert next(result for result in results if result.name == "result_in_set").observed == "0 of 6 rows"


DEFECTS = {
    "an empty key": ("set merchant_id = null where finding_count = 1", {"merchant_id_not_null": "blocking"}),
    "a repeated grain": (
        "set started_at = '2026-06-20 09:00', merchant_id = 'M0' where finding_count = 1",
        {"grain": "blocking"},
    ),
    "an unknown code": ("set result = 'fine' where finding_count = 1", {"result_in_set": "blocking"}),
    "a number below the unit": (
        "set finding_count = -1 where finding_count = 1",
        {"finding_count_in_range": "blocking"},
    ),
    "a number above the unit": (
        "set finding_count = 1001 where finding_count = 1",
        {"finding_count_in_range": "blocking"},
    ),
    "not a number": ("set travel_rate = 'nan' where finding_count = 1", {"travel_rate_in_range": "blocking"}),
    "an infinite number": ("set travel_rate = 'inf' where finding_count = 1", {"travel_rate_in_range": "blocking"}),
    "a link that leads nowhere": (
        "set merchant_id = 'M9' where finding_count = 1",
        {"merchant_id_in_merchant": "blocking"},
    ),
    "a broken rule": (
        "set ended_at = started_at - to_hours(1) where finding_count = 1",
        {"rule_ended_before_started": "blocking"},
    ),
    "stale events": (
        "set started_at = started_at - to_days(60), ended_at = ended_at - to_days(60)",
        {"started_at_is_fresh": "warning"},
    ),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_planted_defect_fails_under_its_own_name_and_no_other(warehouse, defect):
    change, expected = DEFECTS[defect]
    warehouse.execute(f"update raw.patrol {change}")
    results = check(warehouse)
    assert failed(results) == expected
    assert results[next(iter(expected))].unexpected_count == 1


def test_an_optional_link_that_leads_nowhere_is_a_warning(warehouse):
    warehouse.execute("create table raw.visit as select 'V1' as visit_id, 'M9' as merchant_id")
    visit = TableSpec(
        "raw",
        "visit",
        ("visit_id",),
        (
            column("visit_id", "id", "VARCHAR", is_required=True),
            column("merchant_id", "id", "VARCHAR", references=("raw", "merchant", "merchant_id")),
        ),
    )
    results = {result.name: result for result in run_checks(warehouse, [visit])}
    assert failed(results) == {"merchant_id_in_merchant": "warning"}
    assert results["merchant_id_in_merchant"].observed == "1 found, the first: merchant_id M9, visit_id V1"


def test_an_unpromised_column_breaks_the_shape_unless_the_table_may_have_more(warehouse):
    warehouse.execute("alter table raw.merchant add column source_file varchar")
    exact = run_checks(warehouse, [MERCHANT])
    assert [result.name for result in exact if not result.has_passed] == ["shape"]
    assert "source_file" in exact[0].observed
    more = TableSpec("raw", "merchant", MERCHANT.grain, MERCHANT.columns, may_have_more_columns=True)
    assert all(result.has_passed for result in run_checks(warehouse, [more]))


def test_a_missing_column_breaks_the_shape_and_what_needs_it_is_not_judged(warehouse):
    warehouse.execute("alter table raw.patrol drop column ended_at")
    results = check(warehouse)
    assert failed(results) == {"shape": "blocking", "rule_ended_before_started": "blocking"}
    assert "ended_at" in results["shape"].observed
    assert results["rule_ended_before_started"].error == "raw.patrol has no column ended_at"
    assert results["grain"].has_passed


def test_a_column_of_another_type_breaks_the_shape(warehouse):
    warehouse.execute("alter table raw.patrol alter finding_count type varchar")
    results = check(warehouse)
    assert failed(results) == {"shape": "blocking", "finding_count_in_range": "blocking"}
    assert "VARCHAR" in results["shape"].observed
    assert results["finding_count_in_range"].error == "raw.patrol.finding_count is VARCHAR, not BIGINT"


def test_a_table_that_does_not_exist_passes_no_check(warehouse):
    warehouse.execute("drop table raw.patrol")
    results = check(warehouse)
    assert set(failed(results)) == set(results)
    assert {result.error for result in results.values()} == {"raw.patrol does not exist"}


def test_a_link_into_a_table_that_does_not_exist_is_not_judged(warehouse):
    warehouse.execute("drop table raw.merchant")
    results = check(warehouse)
    assert failed(results) == {"merchant_id_in_merchant": "blocking"}
    assert results["merchant_id_in_merchant"].error == "raw.merchant.merchant_id does not exist"


@pytest.mark.parametrize(
    ("previous", "expected"),
    [
        (6, {}),
        (7, {"row_count_near_previous": "warning"}),
        (13, {"row_count_near_previous": "warning", "row_count_not_collapsed": "blocking"}),
        (2, {"row_count_near_previous": "warning"}),
        (3, {}),
        (0, {}),
    ],
)
def test_the_row_count_is_held_against_the_previous_night(warehouse, previous, expected):
    assert failed(check(warehouse, previous_row_counts={"raw.patrol": previous})) == expected


def test_a_message_names_table_rule_finding_check_and_advice(warehouse):
    warehouse.execute("update raw.patrol set finding_count = -1 where finding_count = 1")
    assert check(warehouse)["finding_count_in_range"].message == (
        "raw.patrol: finding_count must be from 0 to 1,000; 1 of 6 rows, the first: -1 (check finding_count_in_range); "
        "correct the delivery or the statement and run the night again"
    )


@pytest.mark.parametrize("crash", ["no_such_function(ended_at)", "1 % (finding_count - finding_count) = 0"])
def test_a_crashed_check_raises_and_names_itself(warehouse, crash):
    crashing = TableSpec(
        "raw", "patrol", PATROL.grain, PATROL.columns, rules=(RuleSpec("crashing", crash, "崩溃", "it crashes"),)
    )
    with pytest.raises(CheckCrashed, match="raw.patrol: check rule_crashing could not be computed: .+"):
        run_checks(warehouse, [crashing])


def test_braces_colons_and_percent_signs_in_a_rule_reach_the_engine_as_they_are(warehouse):
    codes = "result not in ('{normal}', ':warning', '::x', '{')"
    check_text = f"{codes} and result not like '%w:{{1}}%' and ended_at::date is not null"
    marked = TableSpec(
        "raw", "patrol", PATROL.grain, PATROL.columns, rules=(RuleSpec("marked", check_text, "符号", "marked"),)
    )
    assert all(result.has_passed for result in run_checks(warehouse, [marked]))
    warehouse.execute("update raw.patrol set result = ':warning' where finding_count = 1")
    results = {result.name: result for result in run_checks(warehouse, [marked])}
    assert results["rule_marked"].unexpected_count == 1


def test_every_delivered_table_can_be_checked_while_it_is_empty():
    connection = duckdb.connect()
    connection.execute("create schema raw")
    specs = [contract_spec(table) for table in delivered_tables().values()]
    for spec in specs:
        columns = ", ".join(f'"{column.name}" {column.engine_type}' for column in spec.columns)
        connection.execute(f'create table raw."{spec.name}" ({columns})')
    results = run_checks(connection, specs, fresh=Freshness(AS_OF))
    stale = {(result.table, result.name) for result in results if not result.has_passed}
    assert stale == {(spec.name, f"{spec.event_column}_is_fresh") for spec in specs if spec.event_column}
    assert len({result.table for result in results}) == len(delivered_tables())


def test_the_nights_connection_stays_open_and_its_transaction_untouched(warehouse):
    warehouse.begin()
    warehouse.execute("insert into raw.merchant values ('M9')")
    results = {result.name: result for result in run_checks(warehouse, [MERCHANT])}
    assert results["row_count_near_previous"].observed == "3 rows"
    warehouse.commit()
    assert warehouse.execute("select count(*) from raw.merchant").fetchall() == [(4,)]


def test_a_file_is_checked_and_closed_again(tmp_path):
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema raw; create table raw.merchant as select 'M1' as merchant_id")
    assert all(result.has_passed for result in run_checks(path, [MERCHANT]))
    with duckdb.connect(str(path), config={"threads": 1}) as connection:
        connection.execute("drop table raw.merchant")


def test_a_night_with_its_own_settings_is_checked_through_its_own_connection(tmp_path):
    connection = duckdb.connect(str(tmp_path / "warehouse.duckdb"), config={"threads": 1, "memory_limit": "500MB"})
    connection.execute("create schema raw; create table raw.merchant as select 'M1' as merchant_id")
    assert all(result.has_passed for result in run_checks(connection, [MERCHANT]))
    connection.close()


WRITE_NOTHING = """
import sys
import duckdb
from pipelines.checks.limits import Freshness
from pipelines.checks.run import run_checks
from pipelines.checks.table_spec import contract_spec
from pipelines.contract import delivered_tables
assert not {"great_expectations", "dagster", "pandas", "sqlalchemy"} & set(sys.modules)
connection = duckdb.connect()
connection.execute("create schema raw; create table raw.grid (grid_id varchar, institution_id varchar, name varchar)")
connection.execute("alter table raw.grid add column kind varchar")
results = run_checks(connection, [contract_spec(delivered_tables()["grid"])])
print(sum(result.has_passed for result in results), len(results))
"""


def test_nothing_is_written_or_printed_and_nothing_heavy_imported_beforehand(tmp_path):
    places = {name: tmp_path / name for name in ("home", "work", "temporary")}
    for place in places.values():
        place.mkdir()
    root = os.path.dirname(os.path.dirname(sys.modules["pipelines"].__file__))
    ran = subprocess.run(
        [sys.executable, "-c", WRITE_NOTHING],
        cwd=places["work"],
        env={"HOME": str(places["home"]), "TMPDIR": str(places["temporary"]), "PYTHONPATH": root, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    passed, total = ran.stdout.split()
    assert int(passed) == int(total) - 1
    assert [path for place in places.values() for path in place.rglob("*")] == []
