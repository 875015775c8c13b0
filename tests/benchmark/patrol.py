"""Tiers, overdue list and patrol plan of a bureau of the seeds' own size, beside plans made by hand with the same pairs.

110,000 merchants, 39 stations, 351 officers. Seconds are also told as a multiple of reading and sorting the merchants'
CSV with pandas in the same run. `--merchants N` for another size.
"""

from __future__ import annotations

import argparse
import tempfile
from datetime import date
from pathlib import Path

import pandas as pd
from pyarrow import csv

from models import policy
from models.plan import plan_visits
from pipelines.nights import bound_values
from pipelines.planning import demand_tonight, ground_of
from pipelines.sample import make_bureau
from pipelines.scoring import DUTY, TONIGHT, Tonight, score_merchants
from pipelines.warehouse.build import build
from pipelines.warehouse.frames import write_frame
from pipelines.warehouse.statement import statements
from tests.benchmark.clock import Clock
from tests.models.plan_by_hand import measures, plan_by_hand
from tests.models.plan_checker import broken
from tests.records import raw_records

NIGHT = date(2026, 6, 30)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark.patrol", description=__doc__)
    parser.add_argument("--merchants", type=int, default=110_000)
    given = parser.parse_args()
    in_force = policy.on(NIGHT)
    tables = make_bureau(merchants=given.merchants, years=2, until=NIGHT).tables
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        csv.write_csv(tables["merchant"], Path(folder) / "merchant.csv")
        with clock.step("pandas reads and sorts the merchants"):
            pd.read_csv(Path(folder) / "merchant.csv").sort_values(["grid_id", "merchant_id"])
    connection = raw_records(tables)
    with clock.step("core and feature tables (not part of the sum)"):
        values = bound_values(NIGHT, in_force, is_training=False)
        for statement in statements().values():
            build(connection, statement, values)
    with clock.step("tiers by rule and overdue list"):
        feature = connection.execute(TONIGHT, {"as_of_date": NIGHT}).df()
        tonight = Tonight(NIGHT, in_force, feature, connection.execute(DUTY).df(), None, pd.DataFrame())
        risk = score_merchants(tonight, None)["merchant_risk"]
        write_frame(connection, "score", "merchant_risk", risk)
    with clock.step("visits wanted"):
        demand = demand_tonight(connection, NIGHT, in_force)
        ground = ground_of(connection)
    with clock.step("patrol plan"):
        asked = {**ground, "night": NIGHT, "policy": in_force.patrol}
        plan, unplaced = plan_visits(demand, **asked, last_plan=pd.Series(dtype="datetime64[us]"), has_certificate=True)
    total = sum(clock.seconds[name] for name in ("tiers by rule and overdue list", "visits wanted", "patrol plan"))
    print(f"{'tiers, overdue list and plan together':<44}{total:>8.2f} s")
    told = broken(demand=demand, plan=plan, unplaced=unplaced, **asked)
    stations = (ground["institution"]["kind"] == "station").sum()
    print(
        f"\n{len(risk):,} merchants, {stations} stations, {tables['officer'].num_rows} officers delivered, "
        f"{len(ground['roster'])} on the roster; {int(risk['is_overdue'].sum()):,} merchants overdue; "
        f"{len(demand):,} visits wanted, {len(plan) // 2:,} planned in {plan['round_id'].nunique():,} rounds, "
        f"{len(unplaced):,} found no place; the checker found {len(told)} rules broken"
    )
    lead = plan[plan["role"] == "lead"]
    by_hand = {name: plan_by_hand(demand, **asked, takes_neighbours=name == "neighbours") for name in BY_HAND}
    print(f"\n{'plan':<44}{'visits':>8}{'priority':>10}{'days late':>12}{'km':>7}")
    for name, planned in (("planned", lead), *((f"by hand, {BY_HAND[name]}", each) for name, each in by_hand.items())):
        found = measures(demand, planned, NIGHT, in_force.patrol)
        print(
            f"{name:<44}{found['visits']:>8,}{found['placed_priority']:>10.1f}"
            f"{found['weighted_days_late']:>12.1f}{found['km_from_middle']:>7.2f}"
        )
    print("days late: weighted by priority, from the night on; km: a visit's distance from the middle of its round")


BY_HAND = {
    "urgent": "the most pressing first",
    "neighbours": "the most pressing with its neighbours",
}

if __name__ == "__main__":
    main()
