"""Drift: a stable population stays quiet, a shifted or missing feature is named, too little is said so."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from models import policy
from models.drift import stability
from models.reference import taken, taken_visited

AS_OF = date(2026, 6, 30)
RULES = policy.on(AS_OF).drift
FIRST = AS_OF - timedelta(days=90)


def rows(count: int, seed: int, **changed) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "complaint_count": random.poisson(1.0, size=count).astype(float),
            "age_years": random.gamma(2.0, 4.0, size=count),
            "is_individual": (random.uniform(size=count) < 0.7).astype(float),
            "kind_of_nothing": 4.0,
            "days_since": np.where(random.uniform(size=count) < 0.3, np.nan, random.exponential(200, size=count)),
        }
    )
    return frame.assign(**changed)


@pytest.fixture(scope="module")
def reference():
    return taken("visited", rows(6000, seed=1), date(2023, 7, 1), FIRST - timedelta(days=1))


def judged(reference, current: pd.DataFrame) -> pd.DataFrame:
    return stability(reference, current, FIRST, AS_OF, RULES).set_index(["feature", "measure"])


def test_a_stable_population_has_an_index_near_zero_and_is_called_stable(reference):
    found = judged(reference, rows(2000, seed=2))
    assert (found["status"] == "stable").all()
    assert found.xs("psi", level="measure")["value"].max() < 0.02


def test_a_shifted_feature_is_found_and_no_other_is_blamed(reference):
    fresh = rows(2000, seed=3)
    found = judged(reference, fresh.assign(age_years=fresh["age_years"] + 8))
    assert list(found.index[found["status"] == "shifted"]) == [("age_years", "psi")]
    row = found.loc[("age_years", "psi")]
    assert row["value"] >= RULES.shifted_psi
    assert row["current_value"] - row["reference_value"] == pytest.approx(8, abs=0.5)
    assert "达到预警线0.25" in row["reason_zh"] and "0.25 for a warning" in row["reason_en"]


def test_a_small_shift_is_to_be_watched(reference):
    fresh = rows(4000, seed=4)
    found = judged(reference, fresh.assign(age_years=fresh["age_years"] * 1.35))
    assert found.loc[("age_years", "psi"), "status"] == "watch"


def test_a_constant_that_takes_another_value_has_shifted(reference):
    found = judged(reference, rows(2000, seed=5, kind_of_nothing=5.0))
    assert found.loc[("kind_of_nothing", "psi"), "status"] == "shifted"


@pytest.mark.parametrize(
    "lost", [lambda frame: frame.drop(columns="days_since"), lambda frame: frame.assign(days_since=np.nan)]
)
def test_a_column_that_no_longer_comes_is_a_change_of_the_share_missing(reference, lost):
    found = judged(reference, lost(rows(2000, seed=6)))
    row = found.loc[("days_since", "missing_share")]
    assert (row["status"], row["current_value"]) == ("shifted", 1.0)
    assert row["reference_value"] == pytest.approx(0.3, abs=0.03)
    assert found.loc[("days_since", "psi"), "status"] == "not_computable"
    assert np.isnan(found.loc[("days_since", "psi"), "value"])


def test_too_few_rows_are_said_not_compared(reference):
    found = judged(reference, rows(RULES.min_rows - 1, seed=7))
    assert (found["status"] == "not_computable").all() and found["value"].isna().all()
    assert "at least 300 are needed" in found["reason_en"].iloc[0]


def test_the_rows_of_tonight_as_reference_of_tonight_are_said_to_be_so():
    """Zero because nothing moved, and zero because the same is compared with itself, are two things."""
    frame = rows(500, seed=8)
    found = stability(taken("all_merchants", frame, AS_OF, AS_OF), frame, AS_OF, AS_OF, RULES)
    assert (found["value"] == 0).all()
    assert found["reason_en"].str.startswith("the reference is tonight itself").all()


def test_what_quarters_of_the_training_window_did_as_well_is_watched_and_not_warned_of():
    """The window swings by itself: a warning every night is soon read by nobody."""
    day = np.arange(8 * 91).repeat(8)
    visited_on = np.datetime64(AS_OF) - day
    swinging = pd.DataFrame({"a": np.random.default_rng(9).normal(size=len(day)) + 1.2 * (day // 91 % 2)})
    reference = taken_visited(swinging, visited_on, AS_OF, RULES)
    recent = swinging[visited_on > np.datetime64(FIRST - timedelta(days=1))]
    found = judged(reference, recent).loc[("a", "psi")]
    assert (found["value"] >= RULES.shifted_psi, found["status"]) == (True, "watch")
    assert found["usual_value"] * RULES.usual_multiple >= found["value"]
    assert judged(reference, recent + 4).loc[("a", "psi"), "status"] == "shifted"


def test_five_times_as_many_complaints_are_warned_of_though_quarters_differ_a_little():
    day = np.arange(8 * 91).repeat(8)
    random = np.random.default_rng(10)
    counts = pd.DataFrame({"complaints": random.poisson(1 + 0.1 * (day // 91 % 4)).astype(float)})
    visited_on = np.datetime64(AS_OF) - day
    reference = taken_visited(counts, visited_on, AS_OF, RULES)
    recent = counts[visited_on > np.datetime64(FIRST - timedelta(days=1))]
    assert judged(reference, recent).loc[("complaints", "psi"), "status"] == "stable"
    assert judged(reference, recent * 5).loc[("complaints", "psi"), "status"] == "shifted"
