"""Pairs for every day: nobody twice, nobody too often, as many as the days allow, and not always the same two."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.crew import day_limits, make_crews

SHARES = st.sampled_from([0.3, 0.5, 0.8, 1.0])


def fitness():
    shape = st.tuples(st.integers(0, 8), st.integers(0, 12))
    return shape.flatmap(lambda size: arrays(bool, size))


@given(fitness(), SHARES)
def test_a_pair_is_two_fit_officers_once_a_day_within_their_days(is_fit, share):
    crews = make_crews(is_fit, share)
    out = np.zeros(is_fit.shape, dtype=int)
    for one, other, day in zip(crews.first, crews.second, crews.day, strict=True):
        assert one < other
        out[[one, other], day] += 1
    assert (out <= is_fit).all()
    assert (out.sum(axis=1) <= day_limits(is_fit, share)).all()


@given(fitness(), SHARES)
def test_nobody_stays_who_could_have_gone_with_another(is_fit, share):
    """A pair-day that is not used is eight visits that somebody waits for."""
    crews = make_crews(is_fit, share)
    left = day_limits(is_fit, share)
    np.subtract.at(left, crews.first, 1)
    np.subtract.at(left, crews.second, 1)
    for day in range(is_fit.shape[1]):
        out = {*crews.first[crews.day == day], *crews.second[crews.day == day]}
        idle = [who for who in np.flatnonzero(is_fit[:, day] & (left > 0)) if who not in out]
        assert len(idle) < 2


def test_a_station_of_four_is_out_on_every_day_of_the_month_and_each_with_each():
    crews = make_crews(np.ones((4, 22), dtype=bool), 0.8)
    assert set(crews.day) == set(range(22))
    assert len(set(zip(crews.first, crews.second, strict=True))) == 6
    assert len(crews) == 4 * 17 // 2


def test_half_a_month_is_not_used_up_in_its_first_days():
    crews = make_crews(np.ones((4, 20), dtype=bool), 0.5)
    first, second = (crews.day < 10).sum(), (crews.day >= 10).sum()
    assert abs(first - second) <= 1
