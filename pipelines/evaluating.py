"""Rolling evaluation of the merchant model on the records of a delivery."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from models import policy
from models.evaluation import Evaluation, evaluate, origins
from models.merchant_fold import FOLD_DAYS
from pipelines.nights import bound_values
from pipelines.random_arm import with_class
from pipelines.temporary_warehouse import build_needed, delivery_warehouse
from pipelines.training import LEARNING

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
    tell(f"{source}")
    nights = origins(as_of, quarter_count)
    with delivery_warehouse(source, mapping=mapping) as connection:
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
    build_needed(connection, ("feature.merchant", "feature.random_visit"), values, tell)
    return (
        with_class(connection, connection.execute(LEARNING, {"training_start_on": begins}).df(), in_force),
        with_class(connection, connection.execute(MERCHANTS, {"nights": nights}).df(), in_force),
        connection.execute(VISITS, {"first_on": nights[0]}).df(),
    )
