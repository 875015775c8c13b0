from itertools import combinations

import numpy as np

from models.permutation import FINE_DRAWS, low_tail, said


def labels(count: int) -> np.ndarray:
    return np.array([f"case{number:04d}" for number in range(count)])


def test_the_tail_is_the_one_that_counting_all_deals_gives():
    value = np.array([-3.0, -2.0, 0.0, 1.0, 2.0, 2.5, 3.0, 4.0])
    member = np.array(["a"] * 3 + ["b"] * 5)
    exact = np.mean([sum(deal) <= -5.0 for deal in combinations(value, 3)])
    found = low_tail(value, member, np.full(8, "station"), labels(8))["a"]
    assert abs(found - exact) < 4 * np.sqrt(exact * (1 - exact) / FINE_DRAWS)


def test_of_a_member_alone_in_his_stratum_nothing_can_be_told():
    found = low_tail(
        np.array([-9.0, -8.0, 1.0, 2.0]), np.array(["a", "a", "b", "c"]), np.array(list("xxyy")), labels(4)
    )
    assert np.isnan(found["a"]) and not np.isnan(found["b"])


def test_the_order_of_rows_changes_nothing():
    random = np.random.default_rng(3)
    value, member, stratum = random.normal(size=60), np.repeat(list("abcdef"), 10), np.repeat(["s", "t"], 30)
    order = random.permutation(60)
    assert low_tail(value, member, stratum, labels(60)) == low_tail(
        value[order], member[order], stratum[order], labels(60)[order]
    )


def test_a_member_of_two_strata_is_judged_on_both_together():
    random = np.random.default_rng(5)
    value = random.normal(size=80)
    member = np.tile(np.repeat(["a", "b"], 20), 2)
    stratum = np.repeat(["s", "t"], 40)
    value[member == "a"] -= 1.5
    assert low_tail(value, member, stratum, labels(80))["a"] < 0.001


def test_p_is_uniform_where_nobody_differs():
    random = np.random.default_rng(11)
    found = np.concatenate(
        [
            list(
                low_tail(
                    random.normal(size=90), np.repeat(np.arange(9), 10), np.full(90, f"s{run}"), labels(90)
                ).values()
            )
            for run in range(25)
        ]
    )
    shares = [np.mean(found <= level) for level in (0.1, 0.25, 0.5, 0.75)]
    assert np.allclose(shares, (0.1, 0.25, 0.5, 0.75), atol=0.08)


def test_a_value_below_what_the_draws_can_tell_is_not_said_exactly():
    floor = 1 / (FINE_DRAWS + 1)
    assert said("p", floor, floor) == "p < 0.0001"
    assert said("q", 40 * floor, floor) == "q ≤ 0.0020"
    assert said("q", 0.0123, 0.004) == "q = 0.0123"
