"""Neighbours stand next to each other, and no place is lost."""

import numpy as np
import pandas as pd

from models.rounds import hilbert, make_rounds, place_rank


def grid_of_places(side: int) -> np.ndarray:
    return np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2) / 1000


def test_the_walk_through_a_square_never_jumps():
    """A Hilbert curve goes from field to neighbouring field; a walk that jumps sends a pair across the town."""
    side = 16
    place = (grid_of_places(side) * 1000 + 0.5) / side
    place = np.vstack([place, [[0, 0], [1, 1]]])
    walk = place[:-2][np.argsort(hilbert(place)[:-2])] * side
    steps = np.abs(np.diff(walk, axis=0)).sum(axis=1)
    assert np.allclose(steps, 1, atol=1e-3)


def test_what_has_no_coordinates_is_told_apart_and_follows_its_grid_then_its_trade():
    visits = pd.DataFrame(
        {
            "merchant_id": ["a", "b", "c", "d", "e"],
            "grid_id": ["G1", "G1", "G2", "G2", "G1"],
            "industry_code": ["2", "1", "2", "1", "1"],
            "latitude": np.nan,
            "longitude": np.nan,
        }
    )
    walk = visits["merchant_id"].to_numpy()[np.argsort(place_rank(visits))]
    assert walk.tolist() == ["b", "e", "a", "d", "c"]


def test_a_merchant_without_coordinates_is_visited_with_its_grid():
    visits = pd.DataFrame(
        {
            "merchant_id": list("abcd"),
            "grid_id": ["G1", "G1", "G2", "G2"],
            "industry_code": "1",
            "latitude": [28.0, np.nan, 29.0, 29.1],
            "longitude": [124.0, np.nan, 125.0, 125.1],
        }
    )
    rank = place_rank(visits)
    assert abs(rank[0] - rank[1]) == abs(rank[2] - rank[3]) == 1


def test_rounds_are_full_but_for_the_last():
    nothing = np.zeros(17, dtype=bool)
    assert np.bincount(make_rounds(np.arange(17)[::-1], np.zeros(17), nothing, 8)).tolist() == [8, 8, 1]


def test_tasks_of_one_day_share_a_round_and_their_neighbours_fill_it():
    """A task spread over every round of the week would be late in half of them."""
    rank, day = np.arange(9), np.array([0, 0, 0, 0, 3, 0, 0, 1, 3])
    number = make_rounds(rank, day, np.isin(rank, [4, 7, 8]), 3)
    rounds = {frozenset(rank[number == each].tolist()) for each in set(number)}
    assert rounds == {frozenset({5, 6, 7}), frozenset({3, 4, 8}), frozenset({0, 1, 2})}
