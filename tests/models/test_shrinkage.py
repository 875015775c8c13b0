import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy import stats

from models.shrinkage import (
    benjamini_hochberg,
    cauchy_combination,
    count_tail,
    gamma_shape,
    nested_effects,
    probability_below,
    probability_rate_above,
    probability_words,
    rate_posterior,
)

SHARES = some.lists(some.floats(0, 1), min_size=1, max_size=40)


@given(SHARES)
def test_q_is_what_scipy_says_and_rises_with_p(p_value):
    q_value = benjamini_hochberg(np.array(p_value))
    assert np.allclose(q_value, stats.false_discovery_control(p_value, method="bh"))
    assert (np.diff(q_value[np.argsort(p_value)]) >= -1e-12).all()


def test_no_test_gives_no_q():
    assert len(benjamini_hochberg(np.array([]))) == 0


def test_count_tail_is_the_exact_negative_binomial_tail():
    observed, expected, shape = np.array([0.0, 1, 4, 12]), np.array([0.5, 2, 2, 3]), 2.5
    exact = stats.nbinom.sf(observed - 1, shape, shape / (shape + expected))
    assert np.allclose(count_tail(observed, expected, shape), exact)


def test_rate_posterior_is_the_gamma_of_bayes():
    mean, low, high = rate_posterior(np.array([14.0]), np.array([3.1]), 4.0, 0.95)
    gamma = stats.gamma(18, scale=1 / 7.1)
    assert np.allclose([mean[0], low[0], high[0]], [gamma.mean(), gamma.ppf(0.025), gamma.ppf(0.975)])
    assert np.isclose(probability_rate_above(np.array([14.0]), np.array([3.1]), 4.0, 1.5)[0], gamma.sf(1.5))


@given(some.integers(2, 30), some.floats(0.5, 5), some.floats(0.3, 20))
def test_more_exposure_shrinks_the_same_rate_less(count, rate, shape):
    expected = np.array([count / rate, 4 * count / rate])
    ratio = rate_posterior(np.array([count, 4.0 * count]), expected, shape, 0.95)[0]
    assert abs(ratio[1] - rate) <= abs(ratio[0] - rate) + 1e-12


def test_the_spread_of_rates_is_found_again():
    random = np.random.default_rng(7)
    expected = random.uniform(2, 8, 4000)
    assert 1.8 < gamma_shape(random.poisson(expected * random.gamma(2, 1 / 2, 4000)), expected) < 2.2
    assert gamma_shape(random.poisson(expected), expected) > 50


def bureau_of_stations(mean_by_station: list[list[float]]) -> tuple[np.ndarray, np.ndarray]:
    group = np.repeat(np.arange(len(mean_by_station)), [len(means) for means in mean_by_station])
    return np.concatenate(mean_by_station), group


HONEST = [[0.02, -0.01, 0.0, 0.01], [-0.02, 0.0, 0.02, 0.01], [0.01, -0.01, 0.02, 0.0], [0.0, 0.01, -0.02, 0.0]]


def test_a_member_who_stands_out_is_found_beside_his_station():
    mean, group = bureau_of_stations([*HONEST, [0.0, 0.01, -0.3, 0.01]])
    split = nested_effects(mean, np.full(len(mean), 0.0009), group)
    out = int(np.argmin(mean))
    assert split.member[out] < -0.2 and abs(split.group[out]) < 0.05
    assert probability_below(split.member, split.member_deviation, -0.05)[out] > 0.99
    others = np.delete(np.arange(len(mean)), out)
    assert (probability_below(split.member, split.member_deviation, -0.05)[others] < 0.5).all()


def test_what_all_of_a_station_share_is_the_stations_and_not_its_members():
    mean, group = bureau_of_stations([*HONEST, [-0.28, -0.31, -0.3, -0.29]])
    split = nested_effects(mean, np.full(len(mean), 0.0009), group)
    assert (split.group[-4:] < -0.2).all()
    assert (np.abs(split.member[-4:]) < 0.05).all()


def test_who_has_no_colleague_is_measured_less_surely():
    mean, group = bureau_of_stations([*HONEST, [0.0, 0.01, -0.3, 0.01], [0.1, 0.12], [-0.3]])
    split = nested_effects(mean, np.full(len(mean), 0.0009), group)
    assert split.member_deviation[-1] > split.member_deviation[18]


@settings(max_examples=60, deadline=None)
@given(some.data())
def test_falling_lower_never_raises_the_own_effect_of_one_with_colleagues(data):
    sizes = data.draw(some.lists(some.integers(3, 6), min_size=3, max_size=6))
    means = [data.draw(some.lists(some.floats(-0.1, 0.1), min_size=size, max_size=size)) for size in sizes]
    mean, group = bureau_of_stations(means)
    variance = np.full(len(mean), 0.001)
    chosen = data.draw(some.integers(0, len(mean) - 1))
    lower = mean.copy()
    lower[chosen] -= data.draw(some.floats(0.3, 0.6))
    before = nested_effects(mean, variance, group).member[chosen]
    assert nested_effects(lower, variance, group).member[chosen] <= before + 1e-9


@given(some.permutations(range(16)))
def test_the_order_of_members_changes_nothing(order):
    mean, group = bureau_of_stations(HONEST)
    variance = np.linspace(0.001, 0.002, len(mean))
    order = np.array(order)
    one, other = nested_effects(mean, variance, group), nested_effects(mean[order], variance[order], group[order])
    assert np.allclose(one.member[order], other.member)


@pytest.mark.parametrize(
    ("value", "told"), [(0.00009, "q < 0.0001"), (0.0063, "q = 0.0063"), (0.99999, "q > 0.9999"), (1.0, "q = 1.0000")]
)
def test_a_probability_is_told_to_four_places_and_never_as_nothing(value, told):
    assert probability_words("q", value) == told


@given(some.lists(some.floats(1e-9, 0.5), min_size=3, max_size=3))
def test_the_combined_chance_lies_between_the_best_window_and_its_weighted_bonferroni(chances):
    weight = np.array([0.15, 0.6, 0.25])
    combined = cauchy_combination(np.array([chances]), weight)[0]
    assert min(chances) * (1 - 1e-6) <= combined <= min(np.array(chances) / weight) * (1 + 1e-6)


def test_of_one_test_the_combination_is_its_own_chance_and_of_none_it_says_nothing():
    alone = cauchy_combination(np.array([[1e-8, np.nan], [0.3, np.nan], [0.9, np.nan]]), np.array([1.0, 0.0]))
    np.testing.assert_allclose(alone, [1e-8, 0.3, 0.9], rtol=1e-6)
    assert cauchy_combination(np.array([[np.nan, np.nan]]), np.array([0.6, 0.4]))[0] == 0.5


def test_dependent_tests_are_combined_without_false_alarms():
    """Windows hold one another: a year is part of two."""
    random = np.random.default_rng(3)
    quarter, rest, older = random.normal(0, 1, (3, 400_000))
    year = (quarter + np.sqrt(3) * rest) / 2
    both = (year + older) / np.sqrt(2)
    p_value = stats.norm.sf(np.stack([quarter, year, both], axis=1))
    combined = cauchy_combination(p_value, np.array([0.15, 0.6, 0.25]))
    for level in (0.01, 0.003, 0.001):
        assert 0.7 * level < (combined <= level).mean() < 1.1 * level
