"""The assignment is the cheapest there is, and says who found no place."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linear_sum_assignment

from models.assignment import assign


@given(
    st.tuples(st.integers(1, 7), st.integers(1, 7)).flatmap(
        lambda size: arrays(np.int64, size, elements=st.integers(0, 99))
    )
)
def test_no_other_assignment_is_cheaper(cost):
    found = assign(cost, np.ones(cost.shape, dtype=bool), np.ones(cost.shape[1], dtype=np.int64))
    placed = np.flatnonzero(found >= 0)
    assert len(placed) == min(cost.shape) == len(set(found[placed]))
    assert cost[placed, found[placed]].sum() == cost[linear_sum_assignment(cost)].sum()


def test_what_is_not_allowed_stays_without_a_place_and_a_full_place_takes_no_more():
    allowed = np.array([[True, False], [True, False], [False, False]])
    found = assign(np.zeros((3, 2), dtype=np.int64), allowed, np.array([1, 5]))
    assert sorted(found.tolist()) == [-1, -1, 0]
