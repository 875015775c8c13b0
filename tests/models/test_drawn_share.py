"""Shares among drawn visits: the textbook's exact interval, weighed by whom each visit stands for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.drawn_share import drawn_share, exact_interval, ratio_interval, stratum_weight


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [
        # Clopper and Pearson at 95 %: none of 10 is 1 - 0.025 ** (1 / 10); the others from their beta quantiles
        (0, 10, 0.0, 0.308497),
        (10, 10, 0.691503, 1.0),
        (1, 10, 0.002529, 0.445016),
        (5, 50, 0.033275, 0.218135),
        (10, 100, 0.049005, 0.176223),
    ],
)
def test_the_interval_is_that_of_clopper_and_pearson(hits, count, low, high):
    assert exact_interval(hits, count, 0.95) == pytest.approx((low, high), abs=1e-6)


def test_each_drawn_visit_stands_for_as_many_merchants_as_there_are_per_drawn_visit():
    """Class A: 900 merchants, 2 of 50 severe; D: 100 merchants, 20 of 50. Drawn 22 %, but merchants have 0.9*4+0.1*40 = 7.6 %."""
    hits, count = np.array([2.0, 20.0]), np.array([50.0, 50.0])
    weight = stratum_weight(np.array([900.0, 100.0]), count)
    share = drawn_share(hits, count, weight, 0.95)
    assert share.value == pytest.approx(0.076)
    # Kish: 1 / (0.81 / 50 + 0.01 / 50) = 60.98 of the 100 visits
    assert share.effective_count == pytest.approx(50 / 0.82)
    assert (share.low, share.high) == pytest.approx(exact_interval(0.076 * 50 / 0.82, 50 / 0.82, 0.95))
    assert share.low < 0.076 < share.high


def test_a_pool_drawn_evenly_has_the_plain_share_and_the_exact_interval():
    hits, count = np.array([3.0, 4.0]), np.array([40.0, 60.0])
    share = drawn_share(hits, count, stratum_weight(np.array([400.0, 600.0]), count), 0.95)
    assert share.effective_count == pytest.approx(100)
    assert (share.value, share.low, share.high) == pytest.approx((0.07, *exact_interval(7, 100, 0.95)))


def test_a_stratum_without_a_drawn_visit_is_stood_for_by_nobody_and_the_rest_share_its_weight():
    assert stratum_weight(np.array([50.0, 30.0, 20.0]), np.array([5.0, 0.0, 5.0])) == pytest.approx([5 / 7, 0, 2 / 7])


def test_where_nobody_of_the_strata_is_open_any_more_the_visits_stand_for_themselves():
    assert stratum_weight(np.zeros(2), np.array([3.0, 1.0])) == pytest.approx([0.75, 0.25])


def test_the_ratio_and_its_interval_are_those_of_katz():
    """20 of 100 against 10 of 100: 2, with exp(1.96 * sqrt(0.8 / 20 + 0.9 / 10)) = 2.0272 either way."""
    assert ratio_interval(0.2, 100, 0.1, 100, 0.95) == pytest.approx((2, 2 / 2.02724, 2 * 2.02724), abs=1e-4)


@pytest.mark.parametrize(("share", "base"), [(0.0, 0.1), (0.1, 0.0)])
def test_a_ratio_with_nothing_above_or_below_is_not_told(share, base):
    assert ratio_interval(share, 50, base, 50, 0.95) is None


@given(hits=st.integers(0, 60), more=st.integers(1, 200))
def test_the_exact_interval_holds_the_share_and_never_leaves_zero_to_one(hits, more):
    low, high = exact_interval(hits, hits + more, 0.95)
    assert 0 <= low <= hits / (hits + more) <= high <= 1 and low < high
