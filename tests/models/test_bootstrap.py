"""Intervals by resampling: whole clusters, the same draws every time, and a width that is the one of theory."""

import numpy as np
import pytest

from models.bootstrap import cluster_weights, interval


def test_rows_of_one_cluster_are_drawn_together_and_every_draw_has_as_many_clusters():
    cluster = np.array(["b", "a", "b", "c", "a"])
    weight = np.concatenate(list(cluster_weights(cluster, draws=60)))
    assert weight.shape == (60, 5)
    assert (weight[:, 0] == weight[:, 2]).all() and (weight[:, 1] == weight[:, 4]).all()
    assert (weight[:, [0, 1, 3]].sum(axis=1) == 3).all()


def test_the_draws_are_the_same_every_time_and_others_by_another_seed():
    first, again, other = (np.concatenate(list(cluster_weights(np.arange(40), 30, *seed))) for seed in ((), (), (7,)))
    assert np.array_equal(first, again) and not np.array_equal(first, other)


def test_the_interval_of_a_mean_is_as_wide_as_theory_says_and_wider_where_rows_go_together():
    value = np.random.default_rng(1).normal(size=400)
    alone = np.concatenate([weight @ value / 400 for weight in cluster_weights(np.arange(400), 600)])
    low, high = interval(alone)
    assert high - low == pytest.approx(2 * 1.96 * value.std() / 20, rel=0.1)
    fourfold = np.repeat(value[:100], 4)
    by_cluster, by_row = (
        interval(np.concatenate([weight @ fourfold / 400 for weight in cluster_weights(cluster, 600)]))
        for cluster in (np.repeat(np.arange(100), 4), np.arange(400))
    )
    assert np.diff(by_cluster)[0] == pytest.approx(2 * np.diff(by_row)[0], rel=0.15)


def test_draws_without_the_figure_are_left_out_and_without_any_there_is_no_interval():
    assert interval(np.array([np.nan, 1.0, 1.0])) == (1.0, 1.0)
    assert interval(np.array([np.nan, np.nan])) == (None, None)
