"""No fact is used before it was known: what happens later cannot change what a night says."""

from datetime import date, timedelta

import duckdb
import pandas as pd
import pytest

from models import policy
from pipelines.contract import delivered_tables
from pipelines.nights import bound_values
from pipelines.sample import make_bureau
from pipelines.temporary_warehouse import needed_for
from pipelines.warehouse.build import build
from pipelines.warehouse.statement import statements
from tests.records import raw_records

AS_OF = date(2026, 6, 30)
CUT = AS_OF - timedelta(days=91 * 3)
ALTERED = {
    "patrol": ("finding_count = finding_count + 7, severe_finding_count = 1, result = 'case_referred'", "started_at"),
    "complaint": ("outcome = 'upheld'", "resolved_at"),
    "penalty": (
        "outcome = 'no_penalty', fine_yuan = 0, confiscated_yuan = 9, discretion_tier = 'no_penalty'",
        "coalesce(decided_on, closed_on)",
    ),
    "integrity_outcome": ("result = 'substantiated'", "closed_on"),
    "rectification": ("status = 'done', closed_by = 'R9999', evidence_ref = 'later'", "closed_on"),
    "self_check": ("problem_count = problem_count + 5", "reported_on"),
    "unlicensed_event": ("stage = 'reported_back', disposal = 'later', officer_id = 'R9999'", "occurred_at"),
}
OF_ONE_NIGHT = (
    "feature.merchant_duty",
    "feature.due_task",
    "feature.visit_record",
    "feature.case_record",
    "feature.visit_filing",
    "feature.merchant_agent",
    "feature.kin_contact",
    "feature.officer_directory",
    "feature.institution_directory",
    "feature.merchant_directory",
    "feature.declared_interest",
    "feature.unit_group",
    "feature.unit_quarter",
    "core.self_check",
    "core.rectification",
    "core.random_draw",
    "feature.draw_pair",
    "feature.draw_officer",
    "feature.recusal_directory",
    "core.unlicensed_event",
    "feature.unlicensed_register",
    "feature.unlicensed_bulletin",
    "feature.key_industry_coverage",
    "feature.hot_industry_coverage",
    "feature.officer_duty",
    "feature.officer_month",
)
"""Tables that describe the night they are made on, and no other."""


@pytest.fixture(scope="module")
def tables() -> dict:
    return make_bureau(merchants=500, years=2, seed=11, until=AS_OF).tables


def shift_all_after(connection: duckdb.DuckDBPyConnection, cut: date) -> None:
    """Change what later facts say, then move each of them 45 days on."""
    for name, (change, known) in ALTERED.items():
        connection.execute(f"update raw.{name} set {change} where cast({known} as date) > ?", [cut])
    # an annual report that is missing on a night and comes later is missing on that night all the same
    connection.execute(
        "update raw.filing set filed_at = cast(? as timestamp) + interval 30 day, status = 'late'"
        " where kind = 'annual_report' and filed_at is null and due_on < ?",
        [cut, cut],
    )
    for table in delivered_tables().values():
        for column in table.columns:
            if column.type in ("date", "timestamp") and not column.may_be_later:
                connection.execute(
                    f"update raw.{table.name} set {column.name} = {column.name} + interval 45 day"
                    f" where cast({column.name} as date) > ?",
                    [cut],
                )


def with_relatives(tables: dict) -> duckdb.DuckDBPyConnection:
    """The records, with those behind the merchants that an officer visited declared his relatives, half of them late."""
    connection = raw_records(tables)
    connection.execute(
        "insert into raw.declared_relative (officer_id, person_hash, relation, declared_on)"
        " select distinct lead_officer_id, person_hash, 'other',"
        " cast(? as date) + case when person_hash < '8' then 30 else -30 end"
        " from raw.patrol inner join raw.merchant_relation using (merchant_id)",
        [CUT],
    )
    return connection


def features(connection: duckdb.DuckDBPyConnection) -> dict[str, pd.DataFrame]:
    values = bound_values(AS_OF, policy.on(AS_OF), is_training=True)
    found = {}
    for table, statement in statements().items():
        build(connection, statement, values)
        if statement.schema == "feature" and "as_of_on" in statement.grain:
            order = ", ".join(statement.grain)
            query = f"select * from {table} where as_of_on <= ? order by {order}"
            found[table] = connection.execute(query, [CUT]).df()
    return found


@pytest.fixture(scope="module")
def before(tables) -> dict[str, pd.DataFrame]:
    return features(raw_records(tables))


def test_moving_and_changing_every_later_fact_leaves_the_features_of_earlier_nights_as_they_were(tables, before):
    """A model that saw the future in training looks excellent, and fails everyone from the first night on."""
    connection = raw_records(tables)
    shift_all_after(connection, CUT)
    after = features(connection)
    assert len(before) >= 10
    for table, expected in before.items():
        # a visit that was moved is asked for on another day: compare the nights that both describe
        keys = list(statements()[table].grain)
        shared = expected[keys].merge(after[table][keys])
        assert len(shared) > 0.9 * len(expected) > 0, table
        left = expected.merge(shared, on=keys).sort_values(keys, ignore_index=True)
        right = after[table].merge(shared, on=keys).sort_values(keys, ignore_index=True)
        pd.testing.assert_frame_equal(left, right, obj=table)


def test_the_day_before_a_visit_describes_a_merchant_as_that_night_would_have(tables, before):
    """One text serves training and scoring: past rows are what the night of that day would have said."""
    connection = raw_records(tables)
    learned = before["feature.merchant"]
    night = learned["as_of_on"].value_counts().index[0].date()
    values = bound_values(night, policy.on(night), is_training=False)
    for statement in statements().values():
        build(connection, statement, values)
    query = "select * from feature.merchant where as_of_on = ? order by merchant_id"
    then = connection.execute(query, [night]).df().set_index("merchant_id")
    learned = learned[learned["as_of_on"] == pd.Timestamp(night)].set_index("merchant_id")
    both = learned.index.intersection(then.index)
    assert len(both) >= 3
    pd.testing.assert_frame_equal(learned.loc[both], then.loc[both])


def test_the_same_records_in_another_order_give_the_same_features(tables, before):
    """Threads and file order must not decide what a merchant looks like, not even in the last digit."""
    turned = {name: table.take(list(reversed(range(table.num_rows)))) for name, table in tables.items()}
    after = features(raw_records(turned))
    for table, expected in before.items():
        pd.testing.assert_frame_equal(expected, after[table], check_exact=True, obj=table)


def test_what_a_night_says_of_itself_is_not_changed_by_what_happens_later(tables):
    """These tables describe one night alone: that night, asked again when more is known, must say the same."""
    values = bound_values(CUT, policy.on(CUT), is_training=False)
    needed = {statement.table for table in OF_ONE_NIGHT for statement in needed_for(table)}
    said = []
    for is_altered in (False, True):
        connection = with_relatives(tables)
        if is_altered:
            shift_all_after(connection, CUT)
        for table, statement in statements().items():
            if table in needed:
                build(connection, statement, values)
        said.append([connection.execute(f"from {table} order by all").df() for table in OF_ONE_NIGHT])
    for table, before, after in zip(OF_ONE_NIGHT, *said, strict=True):
        assert len(before) > 0, table
        pd.testing.assert_frame_equal(before, after, obj=table)


def test_the_records_in_another_order_make_the_same_visits_and_cases(tables):
    """What came before and what is the best match must not hang on the order in which a file was written."""
    values = bound_values(AS_OF, policy.on(AS_OF), is_training=False)
    turned = {name: table.take(list(reversed(range(table.num_rows)))) for name, table in tables.items()}
    said = []
    for records in (tables, turned):
        connection = with_relatives(records)
        for table in ("feature.visit_record", "feature.case_record", "feature.kin_contact"):
            for statement in needed_for(table):
                build(connection, statement, values)
            said.append((table, connection.execute(f"from {table} order by all").df()))
    for (table, before), (_, after) in zip(said[:3], said[3:], strict=True):
        assert len(before) > 0, table
        pd.testing.assert_frame_equal(before, after, check_exact=True, obj=table)
