"""Officers' shares against expected ones: the exact tail, the interval, and what no hit and no colleague may do."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from models.hint import rate

OFFICERS = 16


def table(hits: list[int], counts: list[int], shares: list[float], units: list[int]) -> pd.DataFrame:
    """Officers with so many hits of so many records, where so large a share is expected of each."""
    return pd.DataFrame(
        {
            "exposure_count": counts,
            "hit_count": np.asarray(hits, dtype=float),
            "expected_count": np.asarray(counts) * np.asarray(shares),
            "unit_id": [f"S{unit}" for unit in units],
        },
        index=pd.Index([f"R{number:02d}" for number in range(len(counts))], name="officer_id"),
    )


@st.composite
def tables(draw) -> pd.DataFrame:
    counts = draw(st.lists(st.integers(10, 120), min_size=OFFICERS, max_size=OFFICERS))
    shares = draw(st.lists(st.floats(0.05, 0.8), min_size=OFFICERS, max_size=OFFICERS))
    parts = draw(st.lists(st.floats(0, 1), min_size=OFFICERS, max_size=OFFICERS))
    hits = [
        min(count, round(2 * part * share * count)) for part, share, count in zip(parts, shares, counts, strict=True)
    ]
    return table(hits, counts, shares, [number // 4 for number in range(OFFICERS)])


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 80), st.floats(0.02, 0.95), st.data())
def test_without_spread_the_tail_is_the_binomial_one(count, share, data):
    hit = data.draw(st.integers(0, count))
    arrays = np.array([count]), np.array([hit]), np.array([share])
    above = rate.binomial_tail(*arrays, 1e-9, is_fewer=False)[0]
    below = rate.binomial_tail(*arrays, 1e-9, is_fewer=True)[0]
    assert above == pytest.approx(max(1e-12, binom.sf(hit - 1, count, share)), rel=1e-6, abs=1e-11)
    assert below == pytest.approx(max(1e-12, binom.cdf(hit, count, share)), rel=1e-6, abs=1e-11)


def test_with_spread_the_tail_is_what_drawn_officers_reach():
    random = np.random.default_rng(1)
    true = 1 / (1 + np.exp(-(np.log(0.2 / 0.8) + random.normal(0, 0.5, 400_000))))
    drawn = (random.binomial(40, true) >= 15).mean()
    tail = rate.binomial_tail(np.array([40]), np.array([15]), np.array([0.2]), 0.5, is_fewer=False)[0]
    assert tail == pytest.approx(drawn, rel=0.03)


@settings(max_examples=25, deadline=None)
@given(tables(), st.booleans())
def test_the_interval_contains_the_ratio_and_chances_are_chances(frame, is_fewer):
    found = rate.officer_rates(frame, 1.5, is_fewer_worse=is_fewer)
    assert (found["ratio_low"] <= found["ratio"] + 1e-9).all() and (found["ratio"] <= found["ratio_high"] + 1e-9).all()
    for name in ("probability", "p_value"):
        assert found[name].between(0, 1).all()


@settings(max_examples=25, deadline=None)
@given(tables(), st.booleans())
def test_colleagues_only_ever_excuse(frame, is_fewer):
    found = rate.officer_rates(frame, 1.5, is_fewer_worse=is_fewer)
    beyond = found["expected_count"] - found["bureau_expected_count"]
    assert (beyond <= 1e-6).all() if is_fewer else (beyond >= -1e-6).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 39))
def test_among_plausible_officers_one_hit_more_never_lowers_the_index(seed, place):
    # one hit moves the spread of all a little, and of a few officers at the ends of what is possible it may change who is
    # taken to stand out: his own index may not fall by more than that
    random = np.random.default_rng(seed)
    counts, share = random.integers(20, 120, 40), random.uniform(0.1, 0.4, 40)
    true = 1 / (1 + np.exp(-(np.log(share / (1 - share)) + random.normal(0, 0.4, 40))))
    hits = np.minimum(random.binomial(counts, true), counts - 1)
    frame = table(hits.tolist(), counts.tolist(), share.tolist(), [number // 8 for number in range(40)])
    more = frame.copy()
    more.iloc[place, more.columns.get_loc("hit_count")] += 1
    before = rate.officer_rates(frame, 1.5, is_fewer_worse=False, with_chance=False)["log_odds_ratio"].iloc[place]
    after = rate.officer_rates(more, 1.5, is_fewer_worse=False, with_chance=False)["log_odds_ratio"].iloc[place]
    assert after >= before - 0.05


@settings(max_examples=15, deadline=None)
@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_the_officers_is_immaterial(frame, random):
    order = list(range(OFFICERS))
    random.shuffle(order)
    found = rate.officer_rates(frame, 1.5, is_fewer_worse=False)
    shuffled = rate.officer_rates(frame.iloc[order], 1.5, is_fewer_worse=False).loc[found.index]
    numbers = found.select_dtypes("number").columns
    np.testing.assert_allclose(shuffled[numbers], found[numbers], rtol=1e-5, atol=1e-7)


def test_strict_colleagues_make_nobody_conspicuous():
    # the last officer withdraws as many as the bureau does; the others of his station hardly any
    units = [number // 4 for number in range(OFFICERS)]
    hits = [20] * 12 + [2, 2, 2, 20]
    found = rate.officer_rates(table(hits, [100] * OFFICERS, [0.2] * OFFICERS, units), 1.5, is_fewer_worse=False)
    assert found["probability"].iloc[-1] < 0.5 and found["p_value"].iloc[-1] > 0.1
    assert found["expected_count"].iloc[-1] == pytest.approx(found["bureau_expected_count"].iloc[-1])


def test_the_index_of_one_who_stands_out_is_hardly_shrunk_and_of_one_with_few_records_much():
    counts = [100] * 14 + [100, 10]
    hits = [20] * 14 + [60, 6]
    found = rate.officer_rates(table(hits, counts, [0.2] * 16, [0] * 16), 1.5, is_fewer_worse=False)
    assert found["ratio"].iloc[14] > 2.2 and 1.2 < found["ratio"].iloc[15] < found["ratio"].iloc[14]


def test_nobody_is_measured_where_nobody_is():
    assert rate.officer_rates(table([], [], [], []), 1.5, is_fewer_worse=False).empty
