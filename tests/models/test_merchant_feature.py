"""What a merchant is judged by: nothing of officers, and no fact against a merchant that would come out in its favour."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.boosted_regression import BoostedRegression
from models.merchant import ground
from models.merchant_feature import DIRECTION, features
from models.merchant_setting import Setting
from pipelines.warehouse.statement import statements
from tests.models.visit_history import history

AGAINST = [name for name, sign in DIRECTION.items() if sign > 0]
DEEP = Setting(rounds=120, depth=4, leaves=12, learning_rate=0.1, min_rows_per_leaf=20, ridge=1.0, feature_share=1.0)
ROUNDING = 1e-9


@pytest.fixture(scope="module")
def visits() -> pd.DataFrame:
    return history(rows=2500, seed=8)


@pytest.fixture(scope="module")
def score(visits) -> BoostedRegression:
    """Trees deep and quick enough to follow noise, so that a direction holds because it is held."""
    return ground(visits).grown(DEEP)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_more_of_what_speaks_against_a_merchant_never_lowers_its_score(visits, score, data):
    row = data.draw(st.integers(0, len(visits) - 1), "visit")
    name = data.draw(st.sampled_from(AGAINST), "feature")
    low = data.draw(st.floats(-6, 60), "from")
    more = data.draw(st.floats(0, 200), "more")
    frame = features(visits.iloc[[row, row]])
    frame.iloc[:, frame.columns.get_loc(name)] = [low, low + more]
    before, after = score.raw_score(frame)
    assert after >= before - ROUNDING


def test_the_model_is_not_held_so_hard_that_nothing_moves_it(visits, score):
    frame = features(visits.head(200))
    raised = score.raw_score(frame.assign(severe_excess_730=frame["severe_excess_730"] + 2))
    assert (raised - score.raw_score(frame)).min() > 0.1


def test_no_feature_names_an_officer_or_any_other_person(score):
    """An officer's leniency would leak into the merchant's risk, and come back as an excuse for it."""
    person = re.compile(r"(^|_)(officer|lead|inspector|handler|person)(_|$)|_id$|_hash$")
    # how many merchants one officer of the institution looks after is a workload, of no officer in particular
    assert [name for name in DIRECTION if person.search(name)] == ["merchant_per_officer"]
    assert score.columns_ == score.linear.columns == tuple(DIRECTION)


def test_every_feature_is_a_number_of_the_merchants_table():
    units = {column.name: column.unit for column in statements()["feature.merchant"].columns}
    assert set(DIRECTION) <= set(units)
    assert not {units[name] for name in DIRECTION} & {"id", "text", "enum", "date", "timestamp"}


def test_what_is_not_known_stays_unknown_and_a_yes_is_one():
    frame = history(rows=40).assign(is_key_industry=pd.array([True, None] * 20, dtype="boolean"))
    numbers = features(frame)
    assert list(numbers.columns) == list(DIRECTION) and (numbers.dtypes == np.float64).all()
    assert numbers["is_key_industry"].iloc[0] == 1 and np.isnan(numbers["is_key_industry"].iloc[1])
    assert numbers["capital_log"].isna().to_numpy().tolist() == frame["capital_log"].isna().to_numpy().tolist()
