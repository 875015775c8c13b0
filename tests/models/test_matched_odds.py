"""The exact law of hits in a group: against brute force, against drawn permutations, and at its ends."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import matched_odds, permutation


def tables(*rows: tuple[int, int, int, int]) -> pd.DataFrame:
    """group_count, group_hit, other_count, other_hit of each stratum of one group."""
    names = ["group_count", "group_hit", "other_count", "other_hit"]
    frame = pd.DataFrame(rows, columns=names).assign(officer_id="R1", group="g", level=0)
    return frame.assign(whole_count=frame["group_count"].sum())


def brute_tail(rows: pd.DataFrame) -> float:
    """Deal the hits of every stratum in every way there is."""
    sums = np.array([0])
    for row in rows.itertuples():
        size, hits = row.group_count + row.other_count, row.group_hit + row.other_hit
        deals = [
            sum(place < row.group_count for place in chosen) for chosen in itertools.combinations(range(size), hits)
        ]
        sums = (sums[:, None] + np.array(deals)[None, :]).ravel()
    return float((sums >= rows["group_hit"].sum()).mean())


STRATUM = st.tuples(st.integers(1, 4), st.integers(0, 4), st.integers(1, 4), st.integers(0, 4)).map(
    lambda row: (row[0], min(row[1], row[0]), row[2], min(row[3], row[2]))
)


@settings(max_examples=60, deadline=None)
@given(st.lists(STRATUM, min_size=1, max_size=3))
def test_the_exact_tail_is_that_of_dealing_the_hits_in_every_way(rows):
    frame = tables(*rows)
    law = matched_odds.exact_law(frame)
    assert matched_odds.upper_tail(law, frame["group_hit"].sum(), 1.0) == pytest.approx(brute_tail(frame), abs=1e-9)


def test_drawn_permutations_approach_the_exact_tail():
    frame = tables((4, 4, 6, 2), (3, 2, 5, 1))
    value, member, stratum = [], [], []
    for number, row in enumerate(frame.itertuples()):
        value += [-1.0] * row.group_hit + [0.0] * (row.group_count - row.group_hit)
        value += [-1.0] * row.other_hit + [0.0] * (row.other_count - row.other_hit)
        member += ["in"] * row.group_count + ["out"] * row.other_count
        stratum += [number] * (row.group_count + row.other_count)
    drawn = permutation.low_tail(np.array(value), np.array(member), np.array(stratum), np.arange(len(value)))["in"]
    exact = matched_odds.upper_tail(matched_odds.exact_law(frame), 6, 1.0)
    assert drawn == pytest.approx(exact, rel=0.1)


@settings(max_examples=60, deadline=None)
@given(st.lists(STRATUM, min_size=1, max_size=3))
def test_the_interval_contains_the_median_odds(rows):
    frame = tables(*rows)
    law, observed = matched_odds.exact_law(frame), frame["group_hit"].sum()
    low, high = matched_odds.interval(law, observed)
    middle = matched_odds.median_odds(law, observed)
    assert low <= middle * (1 + 1e-9) and (high is None or middle <= high * (1 + 1e-9))


def test_a_larger_true_ratio_makes_many_hits_likelier():
    law = matched_odds.exact_law(tables((5, 4, 5, 1)))
    tails = [matched_odds.upper_tail(law, 4, ratio) for ratio in (0.5, 1.0, 2.0, 10.0)]
    assert tails == sorted(tails) and tails[0] < tails[-1]


def test_where_the_margins_leave_no_choice_all_were_treated_alike():
    law = matched_odds.exact_law(tables((3, 3, 4, 4)))
    assert matched_odds.median_odds(law, 3) == 1.0 and matched_odds.upper_tail(law, 3, 1.0) == 1.0


def test_mantel_haenszel_by_hand():
    found = matched_odds.odds(tables((10, 6, 20, 4), (5, 3, 5, 1))).loc[("R1", "g")]
    concordant, discordant = 6 * 16 / 30 + 3 * 4 / 10, 4 * 4 / 30 + 1 * 2 / 10
    assert found["odds_ratio"] == pytest.approx((concordant + 0.5) / (discordant + 0.5))
    assert found["expected"] == pytest.approx(10 * 10 / 30 + 5 * 4 / 10)


def records(rows: list[tuple]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["officer_id", "is_hit", "fine", "coarse"])


def test_a_group_is_matched_as_finely_as_leaves_half_of_it_company():
    frame = records([("R1", True, 1.0, 0.0), ("R1", True, 2.0, 0.0), ("R1", False, 1.0, 0.0), ("R1", False, 3.0, 0.0)])
    place, group = np.array([0, 1]), np.array(["g", "g"], dtype=object)
    half = matched_odds.strata_tables(frame, place, group, [["fine"], ["coarse"]])
    assert half["level"].tolist() == [0] and half["group_count"].tolist() == [1] and half["whole_count"].tolist() == [2]
    wide = matched_odds.strata_tables(frame, place, group, [["fine"], ["coarse"]], least_others=2)
    assert wide["level"].tolist() == [1] and wide["other_count"].tolist() == [2]
    alone = frame.assign(fine=[1.0, 2.0, 3.0, 4.0])
    coarse = matched_odds.strata_tables(alone, place, group, [["fine"], ["coarse"]])
    assert coarse["level"].tolist() == [1] and coarse["other_count"].tolist() == [2]


def test_an_end_of_what_is_sought_is_told_as_or_more():
    assert matched_odds.odds_words(None)[0] == "1000以上" and matched_odds.odds_words(3.14)[1] == "3.1"
