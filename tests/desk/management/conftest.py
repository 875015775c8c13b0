"""The night of the small bureau, published in the home that the desk reads."""

import pytest

from tests.desk.management.bureau import tables
from tests.desk.small_night import write_night


@pytest.fixture
def bureau(home):
    write_night(home, tables())
    return home
