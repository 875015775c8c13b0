"""Pairs for every day: nobody twice, nobody too often, as many as the days allow, and not always the same two."""

import numpy as np
import pytest
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
    crews = make_crews(is_fit, share, np.arange(is_fit.shape[1]))
    out = np.zeros(is_fit.shape, dtype=int)
    for one, other, day in zip(crews.first, crews.second, crews.day, strict=True):
        assert one < other
        out[[one, other], day] += 1
    assert (out <= is_fit).all()
    assert (out.sum(axis=1) <= day_limits(is_fit, share)).all()


@given(fitness(), SHARES)
def test_nobody_stays_who_could_have_gone_with_another(is_fit, share):
    """A pair-day that is not used is eight visits that somebody waits for."""
    crews = make_crews(is_fit, share, np.arange(is_fit.shape[1]))
    left = day_limits(is_fit, share)
    np.subtract.at(left, crews.first, 1)
    np.subtract.at(left, crews.second, 1)
    for day in range(is_fit.shape[1]):
        out = {*crews.first[crews.day == day], *crews.second[crews.day == day]}
        idle = [who for who in np.flatnonzero(is_fit[:, day] & (left > 0)) if who not in out]
        assert len(idle) < 2


def test_a_station_of_four_is_out_on_every_day_of_the_month_and_each_with_each():
    crews = make_crews(np.ones((4, 22), dtype=bool), 0.8, np.arange(22))
    assert set(crews.day) == set(range(22))
    assert len(set(zip(crews.first, crews.second, strict=True))) == 6
    assert len(crews) == 4 * 17 // 2


def test_half_a_month_is_not_used_up_in_its_first_days():
    crews = make_crews(np.ones((4, 20), dtype=bool), 0.5, np.arange(20))
    first, second = (crews.day < 10).sum(), (crews.day >= 10).sum()
    assert abs(first - second) <= 1


def carried_out(officers: int, nights: int) -> list[list[tuple[int, int]]]:
    """The pairs of the first day of a plan of 22 days that is made anew every night."""
    is_fit = np.ones((officers, 22), dtype=bool)
    made = [make_crews(is_fit, 0.8, night + np.arange(22)) for night in range(3000, 3000 + nights)]
    return [[pair for *pair, day in zip(each.first, each.second, each.day, strict=True) if day == 0] for each in made]


@pytest.mark.parametrize("officers", range(3, 10))
def test_over_a_month_of_first_days_everyone_goes_out_about_as_often_and_no_two_always_together(officers):
    """Only the first day of a plan is ever carried out: a rotation that begins anew each night never turns."""
    pairs = [tuple(pair) for day in carried_out(officers, 22) for pair in day]
    days = np.bincount(np.ravel(pairs), minlength=officers)
    assert days.min() > 0 and days.max() - days.min() <= 4
    most = max(pairs.count(pair) for pair in pairs)
    assert most <= -(-len(pairs) // (officers * (officers - 1) // 2)) + 2


def test_a_date_has_the_same_pairs_on_whichever_night_it_is_planned():
    def planned(night: int) -> dict[int, set]:
        crews = make_crews(np.ones((5, 22), dtype=bool), 0.8, night + np.arange(22))
        return {
            night + day: {
                tuple(pair) for *pair, on in zip(crews.first, crews.second, crews.day, strict=True) if on == day
            }
            for day in range(15)
        }

    tonight, tomorrow = planned(100), planned(101)
    assert all(tonight[day] == tomorrow[day] for day in range(101, 115))
