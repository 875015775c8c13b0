"""The mend of duckdb-engine, and whether it is still needed."""

import duckdb
import pytest

from pipelines.checks.duckdb_cursor import EagerConnection


@pytest.fixture
def connection():
    connection = duckdb.connect()
    connection.execute("create table visit as select i as visit_id from range(5) as t(i)")
    yield connection
    connection.close()


def rows_after_the_connection_went_back(dbapi_connection):
    import sqlalchemy
    from sqlalchemy.pool import StaticPool

    engine = sqlalchemy.create_engine("duckdb://", creator=lambda: dbapi_connection, poolclass=StaticPool)
    with engine.connect() as borrowed:
        result = borrowed.execute(sqlalchemy.text("select visit_id from visit where visit_id >= :least"), {"least": 3})
    return [row[0] for row in result.fetchall()]


def test_rows_outlive_the_transaction_through_the_mend(connection):
    assert rows_after_the_connection_went_back(EagerConnection(connection.cursor())) == [3, 4]


def test_the_mend_is_still_needed(connection):
    """When this fails, duckdb-engine reads rows in time: take its own ConnectionWrapper and delete the mend."""
    from duckdb_engine import ConnectionWrapper

    assert rows_after_the_connection_went_back(ConnectionWrapper(connection.cursor())) != [3, 4]


def test_a_cursor_gives_each_row_once_in_order(connection):
    cursor = EagerConnection(connection).cursor()
    cursor.execute("select visit_id from visit order by visit_id")
    assert cursor.fetchone() == (0,)
    assert cursor.fetchmany(2) == [(1,), (2,)]
    assert cursor.fetchmany() == [(3,)]
    assert cursor.fetchall() == [(4,)]
    assert cursor.fetchone() is None
    assert cursor.description[0][0] == "visit_id"


def test_closing_leaves_the_nights_connection_open(connection):
    EagerConnection(connection).close()
    assert connection.execute("select count(*) from visit").fetchall() == [(5,)]
