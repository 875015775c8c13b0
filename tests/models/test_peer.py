"""Peers are told by what was measured of them, never by who they are."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.peer import PEER_LIMIT, told_peers


def rows(**statistic: float) -> pd.DataFrame:
    return pd.DataFrame({"statistic": statistic, "observed": dict.fromkeys(statistic, 1.0)})


def test_the_subject_comes_first_and_the_others_by_their_statistic():
    told = told_peers(rows(R1=0.9, R2=0.3, R3=2.0, R4=0.5), "R3")
    assert [peer.statistic for peer in told] == [2.0, 0.3, 0.5, 0.9]


@given(st.lists(st.floats(0, 9), min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_who_a_peer_is_changes_nothing_that_is_told(values, random):
    """Whoever has the list of officers must not find out which of the peers is whom."""
    others = [f"R{number}" for number in range(1, len(values))]
    shuffled = random.sample(others, len(others))
    told = told_peers(rows(**dict(zip(["R0", *others], values, strict=True))), "R0")
    assert told == told_peers(rows(**dict(zip(["R0", *shuffled], values, strict=True))), "R0")


def test_what_is_left_out_or_a_gap_is_empty_and_never_zero():
    table = pd.DataFrame({"statistic": [1.0, 2.0], "exposure_count": [3, None]}, index=["R1", "R2"])
    own, other = told_peers(table, "R1")
    assert (own.exposure_count, own.observed, other.exposure_count) == (3, None, None)
    assert isinstance(own.exposure_count, int)


def test_of_too_many_peers_every_so_manieth_is_told_from_the_lowest_to_the_highest():
    many = rows(**{f"R{number}": float(number) for number in range(1001)})
    told = told_peers(many, "R500")
    others = [peer.statistic for peer in told[1:]]
    assert len(others) == PEER_LIMIT and (others[0], others[-1]) == (0.0, 1000.0)
    assert abs(pd.Series(others).median() - 500) < 3


def test_who_has_no_peer_has_none_told():
    assert told_peers(rows(R1=0.9), "R1") == ()


def test_a_column_that_names_the_peer_is_refused():
    with pytest.raises(KeyError, match="peers are told by exposure_count"):
        told_peers(rows(R1=0.9, R2=0.3).assign(officer_id=["R1", "R2"]), "R1")
