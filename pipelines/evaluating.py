"""Rolling evaluation of a delivery: a warehouse of its own in a temporary folder, gone when the figures are there."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from models import policy
from models.evaluation import Evaluation, evaluate, origins
from models.merchant_fold import FOLD_DAYS
from pipelines.ingest import deliveries, intake, load_raw
from pipelines.nights import TIMEZONE, bound_values
from pipelines.places import Places
from pipelines.training import LEARNING
from pipelines.warehouse.build import build
from pipelines.warehouse.connection import opened
from pipelines.warehouse.statement import Statement, statements

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

NO_LIMIT = 1_000_000_000

MERCHANTS = """
select * from feature.merchant where list_contains($nights, as_of_on) order by as_of_on, merchant_id
"""

VISITS = """
select merchant_id, lead_officer_id, visit_kind, visited_on, known_on, is_severe
from core.patrol
where was_inspected and is_severe is not null and visited_on > $first_on
order by visited_on, patrol_id
"""


def needed_for(table: str) -> list[Statement]:
    """The statements that a table is made from, itself last, each after what it reads."""
    wanted = {table}
    for name, statement in reversed(statements().items()):
        if name in wanted:
            wanted |= {f"{schema}.{upstream}" for schema, upstream in statement.upstreams}
    return [statement for name, statement in statements().items() if name in wanted]


def evaluated_merchant(
    source: Path,
    as_of: date,
    quarter_count: int,
    *,
    mapping: Path | None = None,
    tell: Callable[[str], None] = lambda message: None,
) -> Evaluation:
    """Judge the last quarters up to `as_of` on the records of a delivery.

    Raises DeliveryError where the delivery cannot be read, NotTrainable where no quarter can be judged.
    """
    with tempfile.TemporaryDirectory() as temporary:
        places = Places(home=Path(temporary))
        tell(f"{source}")
        intake(source, places.raw, delivered_on=datetime.now(ZoneInfo(TIMEZONE)).date(), mapping=mapping)
        nights = origins(as_of, quarter_count)
        with opened(places) as connection:
            load_raw(connection, places.raw, tuple(delivery.id for delivery in deliveries(places.raw)))
            learning, merchants, visits = _described(connection, as_of, nights, tell)
        return evaluate(
            learning, merchants, visits, nights, policy.on, tell=lambda night: tell(f"{night} + {FOLD_DAYS} days")
        )


def _described(
    connection: duckdb.DuckDBPyConnection, as_of: date, nights: list[date], tell: Callable[[str], None]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    in_force = policy.on(as_of)
    begins = nights[0] - timedelta(days=in_force.training.window_days)
    # every quarter learns from as many visits before it as a night would: the limit is kept there
    reach = {"origin_nights": nights, "training_start_on": begins, "training_row_limit": NO_LIMIT}
    values = bound_values(as_of, in_force, is_training=True) | reach
    for statement in needed_for("feature.merchant"):
        tell(statement.table)
        build(connection, statement, values)
    return (
        connection.execute(LEARNING, {"training_start_on": begins}).df(),
        connection.execute(MERCHANTS, {"nights": nights}).df(),
        connection.execute(VISITS, {"first_on": nights[0]}).df(),
    )
