"""What a finding owes to who visited: strict is positive, names are nothing, and nobody's own finding is in it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.officer_effect import cross_fitted, visit_offset

SHARE = {"R1": 0.30, "R2": 0.10, "R3": 0.03}


def visits(rows: int = 3000, seed: int = 1) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Visits at which each officer finds his own share, whomever he visits; usual is the same for all."""
    random = np.random.default_rng(seed)
    officer = random.choice(list(SHARE), size=rows)
    frame = pd.DataFrame(
        {
            "merchant_id": [f"M{number:03d}" for number in random.integers(0, rows // 5, size=rows)],
            "lead_officer_id": officer,
            "visit_kind": random.choice(["routine", "complaint"], size=rows),
            "visited_on": pd.Timestamp("2025-01-01") + pd.to_timedelta(random.integers(0, 500, size=rows), unit="D"),
        }
    )
    label = (random.uniform(size=rows) < np.array([SHARE[name] for name in officer])).astype(float)
    return frame, label, np.full(rows, label.mean())


def test_who_finds_more_than_others_would_has_a_positive_offset_and_who_finds_less_a_negative_one():
    frame, label, usual = visits()
    offset = pd.Series(visit_offset(frame, label, usual)).groupby(frame["lead_officer_id"]).mean()
    assert offset["R1"] > 0.5 > offset["R2"] > offset["R3"] and offset["R3"] < -0.8
    log_odds = {name: np.log(share / (1 - share)) for name, share in SHARE.items()}
    assert offset["R1"] - offset["R3"] == pytest.approx(log_odds["R1"] - log_odds["R3"], abs=0.5)


def test_who_visits_worse_merchants_is_not_strict_for_what_he_finds_there():
    frame, _, _ = visits()
    usual = np.where(frame["lead_officer_id"] == "R1", 0.3, 0.1)
    label = (np.random.default_rng(2).uniform(size=len(frame)) < usual).astype(float)
    offset = pd.Series(visit_offset(frame, label, usual)).groupby(frame["lead_officer_id"]).mean()
    assert abs(offset).max() < 0.25


def test_a_kind_of_visit_that_finds_more_is_told_apart_from_the_officer():
    frame, _, usual = visits()
    share = np.where(frame["visit_kind"] == "complaint", 0.3, 0.1)
    label = (np.random.default_rng(2).uniform(size=len(frame)) < share).astype(float)
    offset = pd.Series(visit_offset(frame, label, np.full(len(frame), label.mean())))
    by_kind = offset.groupby(frame["visit_kind"]).mean()
    assert by_kind["complaint"] > 0.3 and by_kind["routine"] < -0.3
    assert offset[frame["visit_kind"] == "routine"].groupby(frame["lead_officer_id"]).mean().std() < 0.15


def test_one_officer_and_one_kind_of_visit_leave_nothing_to_take_off():
    frame, label, usual = visits()
    alone = frame.assign(lead_officer_id="R1", visit_kind="routine", visited_on=pd.Timestamp("2026-02-02"))
    assert abs(visit_offset(alone, label, usual)).max() < 0.05


def test_a_few_visits_make_nobody_strict():
    frame, label, usual = visits()
    frame = pd.concat([frame, frame.head(3).assign(lead_officer_id="R9", merchant_id=["X", "Y", "Z"])])
    offset = visit_offset(frame, np.r_[label, 1, 1, 1], np.r_[usual, usual[:3]])
    # two findings elsewhere against thirty visits' worth of the usual
    assert 0 < offset[-1] < np.log(1 + 2 / (30 * label.mean())) + 0.35


@pytest.mark.parametrize("names", [("R2", "R3", "R1"), ("Zoe", "Ann", "Max")])
def test_officers_who_swap_their_names_change_no_offset_by_a_bit(names):
    frame, label, usual = visits()
    renamed = frame.assign(lead_officer_id=frame["lead_officer_id"].map(dict(zip(SHARE, names, strict=True))))
    assert np.array_equal(visit_offset(renamed, label, usual), visit_offset(frame, label, usual))


@given(st.integers(0, 599), st.integers(0, 5))
@settings(max_examples=60, deadline=None)
def test_what_was_found_at_a_merchant_moves_no_offset_of_that_merchant_by_a_bit(row, seed):
    """A finding would otherwise excuse itself: the start of a row must not know the row's label."""
    frame, label, usual = visits(rows=600, seed=seed)
    flipped = label.copy()
    flipped[row] = 1 - label[row]
    before, after = visit_offset(frame, label, usual), visit_offset(frame, flipped, usual)
    own = (frame["merchant_id"] == frame["merchant_id"][row]).to_numpy()
    assert np.array_equal(after[own], before[own])
    # elsewhere the officer who found it is seen as stricter, and one who found nothing as more lenient
    same_officer = (frame["lead_officer_id"] == frame["lead_officer_id"][row]).to_numpy()
    moved = (after - before)[same_officer & (after != before)]
    assert len(moved) and np.sign(moved.mean()) == (1 if flipped[row] else -1)


def test_with_one_merchant_there_is_no_elsewhere_and_nothing_is_taken_off():
    frame, label, usual = visits(rows=50)
    assert (visit_offset(frame.assign(merchant_id="M1"), label, usual) == 0).all()


def test_each_half_of_the_merchants_is_told_what_is_usual_by_the_other_half():
    random = np.random.default_rng(3)
    merchant = random.permutation([f"M{number}" for number in range(6)] * 5)
    taught = []

    def fit(frame: pd.DataFrame, label: np.ndarray):
        rows = set(frame["row"])
        taught.append(rows)
        return lambda judged: np.full(len(judged), len(taught) / 10)

    usual = cross_fitted(pd.DataFrame({"row": range(30)}), np.zeros(30), merchant, fit)
    for value, rows in zip((0.1, 0.2), taught, strict=True):
        judged = np.flatnonzero(usual == value)
        assert set(merchant[judged]).isdisjoint(merchant[sorted(rows)]) and len(judged) + len(rows) == 30
    assert not np.isnan(usual).any()
