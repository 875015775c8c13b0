"""A night: its partition, its schedule's hour, the values that SQL binds, and the run that the assets share."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from dagster import (
    AssetExecutionContext,
    ConfigurableResource,
    DailyPartitionsDefinition,
    InitResourceContext,
    RetryPolicy,
)

from models import policy
from models.policy import Policy
from pipelines.list_values import list_values
from pipelines.places import Places
from pipelines.progress import Step, metered
from pipelines.trained import Trained, youngest
from pipelines.warehouse.connection import WarehouseBusy, opened

if TYPE_CHECKING:
    import duckdb

TIMEZONE = "Asia/Shanghai"
FIRST_NIGHT = date(2000, 1, 1)
NIGHTS = DailyPartitionsDefinition(start_date=FIRST_NIGHT.isoformat(), timezone=TIMEZONE, end_offset=1)
RETRY = RetryPolicy(max_retries=1, delay=2)


def bound_values(as_of: date, in_force: Policy, *, is_training: bool) -> dict[str, Any]:
    """Every value that a SQL text may bind on that night, finished: dates and patterns, no arithmetic left to do."""
    training, due_tasks = in_force.training, in_force.due_tasks
    window_days = training.window_days if is_training else in_force.drift.recent_days
    return {
        "as_of_date": as_of,
        "window_start_on": as_of - timedelta(days=in_force.flags.window_days),
        "record_start_on": as_of - timedelta(days=in_force.flags.record_days),
        "referral_days": in_force.flags.referral_days,
        "later_finding_days": in_force.flags.later_finding_days,
        "training_start_on": as_of - timedelta(days=window_days),
        "training_row_limit": training.row_limit,
        "origin_nights": [],
        "panel_nights": _panel_nights(as_of, in_force, is_training),
        "key_industry_pattern": in_force.tiers.key_industry_pattern,
        "year_start_on": as_of.replace(month=1, day=1),
        "last_year_start_on": date(as_of.year - 1, 1, 1),
        "cap_exempt_visit_kinds": list(in_force.tiers.cap_exempt_visit_kinds),
        "hot_industry_visit_kinds": list(in_force.coverage.hot_industry_visit_kinds),
        "due_task_rules": due_tasks.rule_rows(),
        "due_task_start_on": as_of - timedelta(days=due_tasks.lookback_days),
        "due_soon_until_on": as_of + timedelta(days=due_tasks.due_soon_days),
        "annual_report_due_on": due_tasks.annual_report_due_on(as_of),
        "annual_report_year_start_on": due_tasks.annual_report_due_on(as_of).replace(month=1, day=1),
        "hot_posts": list(in_force.rotation.hot_posts),
        "leading_posts": list(in_force.rotation.leading_posts),
        "merge_gap_days": in_force.rotation.merge_gap_days,
        "patrol_posts": list(in_force.patrol.patrol_posts),
        "relief_posts": list(in_force.patrol.relief_posts),
        "draw_posts": list(in_force.draws.officer_posts),
        "draw_start_on": as_of - timedelta(days=in_force.draws.audit_days),
        "unit_quarters": in_force.aggregate.quarters(as_of),
        "min_unit_officers": in_force.aggregate.min_officers,
        **list_values(as_of, in_force),
        "draw_visit_days": in_force.random_arm.draw_visit_days,
    }


def _panel_nights(as_of: date, in_force: Policy, is_training: bool) -> list[date]:
    """The nights on which officers are described, tonight first: all of the panel where the officer model learns from it,
    else tonight and the latest that lies a whole window back, which says whether a hint lasts."""
    training = in_force.training
    steps = range(training.panel_nights)
    if not is_training:
        back = -(-in_force.flags.window_days // training.panel_step_days)
        steps = (0, back)
    return [as_of - timedelta(days=training.panel_step_days * step) for step in steps]


@dataclass(frozen=True)
class Plan:
    """What was decided when the night began, and holds to its end.

    `model_on` says, by model, of which night the model must be; a model not named is the youngest (see trained.py).
    """

    run_id: str
    as_of: date
    is_training: bool
    delivery_ids: tuple[str, ...]
    notes: tuple[str, ...] = ()
    model_on: Mapping[str, date] = field(default_factory=dict)


class NightRun(ConfigurableResource):
    """What every asset of one night shares: the bureau's home, the delivery to take in, and whether to train.

    `delivered_on` is the day the delivery reached the bureau (empty: today); nothing in it may be dated later.
    `replay` takes no delivery in and uses those that the night had when it was last published.
    """

    home: str
    source: str = ""
    mapping: str = ""
    delivered_on: str = ""
    train: str = "auto"
    replay: bool = False

    @property
    def places(self) -> Places:
        """The folders of the bureau."""
        return Places(home=Path(self.home))

    @property
    def delivery_day(self) -> date:
        """The day the delivery reached the bureau, in the bureau's own time."""
        return date.fromisoformat(self.delivered_on) if self.delivered_on else datetime.now(ZoneInfo(TIMEZONE)).date()

    @contextmanager
    def yield_for_execution(self, context: InitResourceContext) -> Iterator[NightRun]:
        """Hold the bureau's home for one night at a time, its files for their owner alone. Raises WarehouseBusy."""
        os.umask(0o077)
        self.places.home.mkdir(parents=True, exist_ok=True)
        with (self.places.home / "night.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise WarehouseBusy(
                    f"{self.places.home}: another night is running here; wait until it has ended"
                ) from error
            yield self

    def begin(self, connection: duckdb.DuckDBPyConnection, plan: Plan) -> None:
        """Clear what an earlier night left in the warehouse, and keep the plan of this one."""
        for schema in ("raw", "core", "feature", "score", "plan", "flag", "night"):
            connection.execute(f"drop schema if exists {schema} cascade")
        connection.execute("create schema night")
        connection.execute(
            "create table night.plan (run_id varchar, as_of date, is_training boolean, delivery_ids varchar[],"
            " notes varchar[], model_on map(varchar, date))"
        )
        connection.execute(
            "insert into night.plan values (?, ?, ?, ?, ?, map(cast(? as varchar[]), cast(? as date[])))",
            [
                plan.run_id,
                plan.as_of,
                plan.is_training,
                list(plan.delivery_ids),
                list(plan.notes),
                list(plan.model_on),
                list(plan.model_on.values()),
            ],
        )
        connection.execute(
            "create table night.step (name varchar, row_count bigint, seconds double, peak_memory_bytes bigint)"
        )
        connection.execute(
            "create table night.checked"
            " (asset varchar, name varchar, is_blocking boolean, has_passed boolean, message varchar)"
        )

    def plan(self, connection: duckdb.DuckDBPyConnection) -> Plan:
        """The plan of the night that the warehouse holds."""
        run_id, as_of, is_training, delivery_ids, notes, model_on = connection.execute("from night.plan").fetchall()[0]
        return Plan(run_id, as_of, is_training, tuple(delivery_ids), tuple(notes), model_on)

    def model(self, connection: duckdb.DuckDBPyConnection, name: str) -> Trained | None:
        """The model of that name that this night uses, or the note that says why there is none."""
        plan = self.plan(connection)
        return youngest(self.places, name, plan.model_on.get(name, plan.as_of))

    @contextmanager
    def step(self, context: AssetExecutionContext) -> Iterator[tuple[Step, duckdb.DuckDBPyConnection]]:
        """The warehouse for one step, which is measured; its figures are kept for the manifest."""
        name = context.op_execution_context.op.name.replace("__", "/")
        with opened(self.places) as connection, metered(name) as step:
            yield step, connection
        with opened(self.places) as connection:
            self.keep(connection, step)

    def keep(self, connection: duckdb.DuckDBPyConnection, step: Step) -> None:
        """Keep the figures of a step that has ended, for the manifest."""
        connection.execute(
            "insert into night.step values (?, ?, ?, ?)",
            [step.name, step.row_count, step.seconds, step.peak_memory_bytes],
        )


def as_of(context: AssetExecutionContext) -> date:
    """The night of a run."""
    return date.fromisoformat(context.partition_key)


def policy_of(context: AssetExecutionContext) -> Policy:
    """The policy in force on the night of a run."""
    return policy.on(as_of(context))
