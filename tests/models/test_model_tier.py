"""The tier by model: cut by the policy's mix, and settled over two nights."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.model_tier import model_tiers, settled_tiers, tier_cuts

LAST_NIGHT, NIGHT = date(2026, 6, 29), date(2026, 6, 30)


def settle(tonight, published=None, own=None, last_fact_on=None, changed_on=None) -> tuple:
    index = pd.Index(["M1"], name="merchant_id")
    previous = pd.DataFrame(
        {
            "model_risk_tier": [published],
            "model_risk_tier_tonight": [own],
            "model_tier_changed_on": pd.to_datetime([changed_on]),
        },
        index=index,
    )
    row = settled_tiers(
        pd.Series([tonight], index=index),
        pd.Series(pd.to_datetime([last_fact_on]), index=index),
        previous,
        LAST_NIGHT,
        NIGHT,
    ).iloc[0]
    changed = row["model_tier_changed_on"]
    return row["model_risk_tier"], row["model_risk_tier_tonight"], None if pd.isna(changed) else changed.date()


def test_one_night_alone_does_not_move_a_tier():
    assert settle("C", published="B", own="B") == ("B", "C", None)


def test_two_consecutive_nights_that_agree_move_it():
    assert settle("C", published="B", own="C") == ("C", "C", NIGHT)


def test_two_nights_that_both_differ_but_not_alike_do_not_move_it():
    assert settle("D", published="B", own="C") == ("B", "D", None)


@pytest.mark.parametrize(("known_on", "tier"), [(NIGHT, "C"), (LAST_NIGHT, "B"), (date(2026, 1, 5), "B")])
def test_a_fact_that_became_known_since_last_night_moves_it_at_once_and_an_older_one_does_not(known_on, tier):
    assert settle("C", published="B", own="B", last_fact_on=known_on)[0] == tier


def test_an_untouched_merchant_whose_own_tier_goes_back_keeps_what_was_published():
    assert settle("B", published="B", own="C", changed_on=date(2026, 5, 1)) == ("B", "B", date(2026, 5, 1))


def test_a_merchant_without_a_tier_last_night_takes_that_of_tonight():
    assert settle("C") == ("C", "C", None)


def test_without_a_night_before_the_tier_of_tonight_stands():
    tonight = pd.Series(["A", "D"], index=pd.Index(["M1", "M2"], name="merchant_id"))
    nothing = pd.DataFrame(
        columns=["model_risk_tier", "model_risk_tier_tonight", "model_tier_changed_on"],
        index=pd.Index([], dtype="str", name="merchant_id"),
    )
    known_on = pd.Series(pd.to_datetime([None, NIGHT]), index=tonight.index)
    settled = settled_tiers(tonight, known_on, nothing, None, NIGHT)
    assert settled["model_risk_tier"].tolist() == ["A", "D"]
    assert settled["model_tier_changed_on"].isna().all()


@given(st.lists(st.sampled_from("ABCD"), min_size=2, max_size=12))
def test_an_untouched_merchant_never_flips_two_nights_in_a_row_without_two_nights_agreeing(nights):
    """However the probability dances round a cut, the published tier only takes a value that stood two nights."""
    published, own = nights[0], nights[0]
    for tonight in nights[1:]:
        before = published
        published = settle(tonight, published=published, own=own)[0]
        assert published == before or tonight == own == published
        own = tonight


def test_cuts_split_the_night_by_the_mix_of_the_policy():
    probability = np.linspace(0, 1, 1001)
    tiers = model_tiers(probability, tier_cuts(probability, {"A": 0.7, "B": 0.2, "C": 0.08, "D": 0.02}))
    shares = {letter: round((tiers == letter).mean(), 2) for letter in "ABCD"}
    assert shares == {"A": 0.7, "B": 0.2, "C": 0.08, "D": 0.02}
