"""A severe finding more in a merchant's past never lowers its risk, from the record to the score."""

from datetime import date

import duckdb
import numpy as np
import pandas as pd
import pytest

from models import policy
from models.boosted_regression import BoostedRegression
from models.merchant import ground
from models.merchant_feature import DIRECTION, features
from models.merchant_setting import Setting
from pipelines.nights import bound_values
from pipelines.sample import make_bureau
from pipelines.training import LEARNING, TONIGHT
from pipelines.warehouse.build import build
from pipelines.warehouse.statement import statements
from tests.records import raw_records

AS_OF = date(2026, 6, 30)
SETTING = Setting(rounds=60, depth=3, leaves=8, learning_rate=0.1, min_rows_per_leaf=30, ridge=1.0)
ROUNDING = 1e-9
"""What the leaves of the trees may add to differently, log-odds; the features themselves are compared exactly."""

AGAINST = [name for name, sign in DIRECTION.items() if sign > 0]
FREE = [name for name, sign in DIRECTION.items() if not sign]

VISITS = """
select
    patrol_id,
    merchant_id,
    row_number() over (partition by merchant_id order by visited_on, patrol_id) as visit_number,
    count(*) over (partition by merchant_id) as visit_count
from core.patrol
inner join core.merchant using (merchant_id)
where was_inspected and not is_severe and status <> 'closed'
order by patrol_id
"""


def read_by(table: str) -> set[str]:
    """That table of sql/ and all that it is made from."""
    upstreams = {f"{schema}.{name}" for schema, name in statements()[table].upstreams} & set(statements())
    return {table}.union(*(read_by(upstream) for upstream in upstreams))


def made_from(table: str) -> set[str]:
    """All tables of sql/ that change with that table of raw."""
    found: set[str] = set()
    for name, statement in statements().items():
        upstreams = {f"{schema}.{upstream}" for schema, upstream in statement.upstreams}
        if upstreams & (found | {table}):
            found.add(name)
    return found


NEEDED = read_by("feature.merchant") | read_by("feature.random_visit")
CHANGED = NEEDED & made_from("raw.patrol")


class World:
    """A small bureau in a warehouse, the score that was learned from it, and its features of tonight."""

    def __init__(self, seed: int):
        self.connection: duckdb.DuckDBPyConnection = raw_records(
            make_bureau(merchants=300, years=2, seed=seed, until=AS_OF).tables
        )
        values = self.built(NEEDED, is_training=True)
        learning = self.connection.execute(LEARNING, {"training_start_on": values["training_start_on"]}).df()
        self.score: BoostedRegression = ground(learning).grown(SETTING)
        self.before = self.tonight()
        self.visits = self.connection.execute(VISITS).df()

    def built(self, tables: set[str], *, is_training: bool = False) -> dict:
        values = bound_values(AS_OF, policy.on(AS_OF), is_training=is_training)
        for name, statement in statements().items():
            if name in tables:
                build(self.connection, statement, values)
        return values

    def tonight(self) -> pd.DataFrame:
        return features(self.connection.execute(TONIGHT, {"as_of_date": AS_OF}).df())

    def altered(self, patrol_id: str) -> pd.DataFrame:
        """Tonight's features if that visit had found something severe more; the record is put back afterwards."""
        self.connection.execute("create or replace temp table kept as from raw.patrol")
        self.connection.execute(
            "update raw.patrol set severe_finding_count = 1, finding_count = finding_count + 1 where patrol_id = ?",
            [patrol_id],
        )
        self.built(CHANGED)
        self.connection.execute("delete from raw.patrol; insert into raw.patrol from kept")
        return self.tonight()


@pytest.fixture(scope="module", params=[4, 7])
def world(request) -> World:
    return World(request.param)


def chosen(visits: pd.DataFrame) -> pd.DataFrame:
    """The only visit of some merchants, and the first, the last and one between of others."""
    parts = [
        visits[visits["visit_count"] == 1],
        visits[(visits["visit_number"] == 1) & (visits["visit_count"] > 2)],
        visits[(visits["visit_number"] == visits["visit_count"]) & (visits["visit_count"] > 2)],
        visits[(visits["visit_number"] > 1) & (visits["visit_number"] < visits["visit_count"])],
    ]
    return pd.concat([part.sample(min(len(part), 4), random_state=5) for part in parts])


def test_a_severe_finding_more_lowers_no_feature_that_speaks_against_the_merchant_and_not_its_score(world):
    """One visit of one merchant at a time. All that it is judged by is compared, so that this holds of any model."""
    picked = chosen(world.visits)
    assert len(picked) >= 12 and picked["merchant_id"].nunique() >= 10
    for patrol_id, merchant in zip(picked["patrol_id"], picked["merchant_id"], strict=True):
        before, after = world.before.loc[[merchant]], world.altered(patrol_id).loc[[merchant]]
        lowered = [name for name in AGAINST if after[name].iloc[0] < before[name].iloc[0]]
        assert not lowered, (patrol_id, merchant)
        pd.testing.assert_frame_equal(after[FREE], before[FREE], check_exact=True)
        assert after["severe_excess_730"].iloc[0] > before["severe_excess_730"].iloc[0]
        assert after["finding_excess_730"].iloc[0] > before["finding_excess_730"].iloc[0]
        assert world.score.raw_score(after)[0] >= world.score.raw_score(before)[0] - ROUNDING


def test_what_the_neighbours_and_the_industry_found_does_not_move_with_what_is_found_at_the_merchant(world):
    """A severe finding makes its officer look strict: if that made his other findings weigh less, it would excuse."""
    around = [name for name in DIRECTION if name.startswith(("industry_", "grid_", "neighbour_", "owner_"))]
    picked = chosen(world.visits).head(6)
    for patrol_id, merchant in zip(picked["patrol_id"], picked["merchant_id"], strict=True):
        after = world.altered(patrol_id)
        assert np.array_equal(after.loc[merchant, around], world.before.loc[merchant, around], equal_nan=True)
        # others see it
        assert not after[around].equals(world.before[around])


def test_the_score_is_one_that_findings_move():
    scored = World(4)
    patrol = scored.visits[scored.visits["visit_count"] == 2].iloc[0]
    after, before = (
        frame.loc[[patrol["merchant_id"]]] for frame in (scored.altered(patrol["patrol_id"]), scored.before)
    )
    assert scored.score.raw_score(after)[0] > scored.score.raw_score(before)[0] + 0.05
