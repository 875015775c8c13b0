"""What is expected of a record: from others only, from the past only, and from what makes records alike."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.hint.expectation import FEWEST_HITS, expected_shares
from models.hint.ledger import Ledger
from tests.models.hint.honest_bureau import NIGHT, asked, days_before, records

HONEST = records(1)
DAYS = 1095


def expected(frame: pd.DataFrame, learned_on=NIGHT) -> pd.Series:
    """The expected share of every record, by its name."""
    ledger = Ledger.of(asked(frame))
    return pd.Series(expected_shares(ledger, learned_on, DAYS), index=frame["record_id"].to_numpy()[ledger.place])


BASE = expected(HONEST)


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 39), st.sampled_from([0.0, 1.0]))
def test_an_officer_s_own_records_never_change_what_is_expected_of_him(number, share):
    own = HONEST["officer_id"] == f"R{number:03d}"
    changed = HONEST.assign(is_hit=HONEST["is_hit"].mask(own, bool(share)))
    names = HONEST.loc[own, "record_id"]
    np.testing.assert_array_equal(expected(changed)[names], BASE[names])


def test_what_others_do_does_change_it():
    others = HONEST["officer_id"] != "R000"
    changed = HONEST.assign(is_hit=HONEST["is_hit"] | (others & (HONEST.index % 3 == 0)))
    names = HONEST.loc[~others, "record_id"]
    assert (expected(changed)[names] > BASE[names]).mean() > 0.95


def test_like_records_are_expected_alike_and_unlike_ones_are_not():
    by_kind = BASE[HONEST["record_id"]].groupby(HONEST["kind"].to_numpy()).mean()
    found = HONEST.groupby("kind")["is_hit"].mean()
    assert by_kind.is_monotonic_increasing
    np.testing.assert_allclose(by_kind, found, atol=0.04)


def test_all_that_is_expected_adds_up_to_about_what_was_found():
    assert BASE.sum() == pytest.approx(HONEST["is_hit"].sum(), rel=0.03)


def test_with_a_handful_of_hits_all_records_are_expected_alike():
    rare = HONEST.assign(is_hit=HONEST.index < FEWEST_HITS // 2)
    share = expected(rare)
    assert share.groupby(HONEST.set_index("record_id")["officer_id"]).nunique().eq(1).all()


def test_nothing_learned_later_enters():
    later = pd.to_datetime(HONEST["known_on"]) > pd.Timestamp(days_before(365))
    changed = HONEST.assign(is_hit=HONEST["is_hit"] ^ later)
    pd.testing.assert_series_equal(expected(changed, days_before(365)), expected(HONEST, days_before(365)))


def test_shares_are_never_certain():
    assert expected(HONEST.assign(is_hit=False)).between(1e-4, 0.01).all()
    assert expected(HONEST.assign(is_hit=True)).between(0.99, 1 - 1e-4).all()
