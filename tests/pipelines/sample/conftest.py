"""One bureau of the default size, and the same one in a database, for all tests of this room."""

import duckdb
import pytest

from pipelines.sample import make_bureau


@pytest.fixture(scope="session")
def bureau():
    return make_bureau()


@pytest.fixture(scope="session")
def database(bureau):
    connection = duckdb.connect()
    for name, rows in bureau.tables.items():
        connection.register(name, rows)
    connection.register("truth", bureau.truth)
    return connection
