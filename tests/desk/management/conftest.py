"""Nights of the small bureau, published in the home that the desk reads, and a clock that stands the morning after."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.desk.management.bureau import tables
from tests.desk.management.planned import planned
from tests.desk.small_night import write_night


@pytest.fixture
def bureau(home):
    write_night(home, tables())
    return home


@pytest.fixture
def clock(monkeypatch):
    """Set the time, as read on the bureau's wall: `clock(2026, 7, 1, 9)`."""

    def at(*parts: int) -> None:
        moment = datetime(*parts, tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    at(2026, 7, 1, 9)
    return at


@pytest.fixture
def plan(home, clock):
    """A night with a plan, the morning after."""
    write_night(home, planned())
    return home
