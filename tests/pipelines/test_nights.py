"""What a night is: its bound values, its lock, its measured steps."""

import fcntl
from datetime import date, timedelta

import pytest

from models import policy
from models.leniency import a_year_apart
from pipelines.nights import NightRun, Plan, bound_values
from pipelines.progress import heard_by, metered
from pipelines.warehouse.connection import WarehouseBusy, opened

NIGHT = date(2026, 6, 30)


def test_a_night_that_does_not_train_describes_recent_visits_and_the_two_nights_that_hints_are_told_from():
    """What a flag says must not depend on whether this night happened to train."""
    trains = bound_values(NIGHT, policy.on(NIGHT), is_training=True)
    rests = bound_values(NIGHT, policy.on(NIGHT), is_training=False)
    recent = NIGHT - timedelta(days=policy.on(NIGHT).drift.recent_days)
    assert rests["training_start_on"] == recent > trains["training_start_on"]
    a_window_back = NIGHT - timedelta(days=policy.on(NIGHT).flags.window_days)
    latest_before = max(night for night in trains["panel_nights"] if night <= a_window_back)
    assert rests["panel_nights"] == [NIGHT, latest_before] and trains["panel_nights"][0] == NIGHT


def test_the_expectation_of_the_night_that_says_whether_a_hint_lasts_is_the_same_whether_or_not_a_night_trains():
    """What a flag says must not depend on whether this night happened to train."""
    trains, rests = (
        a_year_apart(bound_values(NIGHT, policy.on(NIGHT), is_training=is_training)["panel_nights"])
        for is_training in (True, False)
    )
    assert trains[:2] == rests


def test_a_second_night_in_the_same_home_is_refused(tmp_path):
    """Two nights in one warehouse would publish a mixture of both."""
    with (tmp_path / "night.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(WarehouseBusy, match="another night is running here"):
            with NightRun(home=str(tmp_path)).yield_for_execution(None):
                pass


def test_what_was_decided_when_the_night_began_holds_to_its_end(tmp_path):
    night = NightRun(home=str(tmp_path))
    plan = Plan("run", NIGHT, True, ("d1", "d2"), ("a note",), {"merchant": date(2026, 6, 24), "officer": date.min})
    with opened(night.places) as connection:
        connection.execute("create schema core; create table core.left_over as select 1 as x")
        night.begin(connection, plan)
    with opened(night.places) as connection:
        assert night.plan(connection) == plan
        assert connection.execute(
            "select count(*) from information_schema.tables where table_schema = 'core'"
        ).fetchall() == [(0,)]


def test_a_step_tells_when_it_begins_and_when_it_has_ended_with_its_figures():
    heard = []
    with heard_by(lambda step: heard.append((step.name, step.has_ended))):
        with metered("core/patrol") as step:
            step.row_count = 3
    assert heard == [("core/patrol", False), ("core/patrol", True)]
    assert step.seconds >= 0 and step.peak_memory_bytes > 1_000_000


def test_the_earliest_night_has_values_too_though_no_rule_reaches_further_back():
    first = date(2000, 1, 1)
    values = bound_values(first, policy.on(first), is_training=False)
    assert [row["filed_on"] for row in values["case_deadlines"]] == [first]
    assert values["told_months"][0]["month"] == "2000-01" and len(values["told_months"]) == 12
