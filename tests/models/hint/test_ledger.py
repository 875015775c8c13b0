"""The records as arrays: an order of their own, cells of like facts, and a table by officer."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.hint.ledger import FOLDS, Ledger
from tests.models.hint.honest_bureau import NIGHT, asked, days_before, records

HONEST = records(2, officers=10, each=20)


def by_hand() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "record_id": ["c", "a", "b", "d"],
            "officer_id": ["R2", "R1", "R1", "R1"],
            "unit_id": ["S1", "S1", "S2", "S2"],
            "known_on": pd.to_datetime([NIGHT, days_before(10), days_before(9), days_before(400)]),
            "is_hit": [True, False, True, True],
            "kind": [1.0, 1.0, np.nan, np.nan],
            "season": [0.0, 0.0, 0.0, 0.0],
        }
    )


@settings(max_examples=10, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_rows_is_immaterial(random):
    order = list(range(len(HONEST)))
    random.shuffle(order)
    first, second = Ledger.of(asked(HONEST)), Ledger.of(asked(HONEST.iloc[order].reset_index(drop=True)))
    for name in ("officer", "unit", "cell", "day", "hit", "fold"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
    names = HONEST["record_id"].to_numpy()
    np.testing.assert_array_equal(names[first.place], names[np.array(order)][second.place])


def test_records_stand_in_the_order_in_which_they_became_known():
    ledger = Ledger.of(asked(by_hand()))
    assert by_hand()["record_id"].to_numpy()[ledger.place].tolist() == ["d", "a", "b", "c"]


@pytest.mark.parametrize(("days", "count"), [(9, 1), (10, 2), (11, 3), (400, 3), (401, 4)])
def test_a_window_holds_its_last_day_and_so_many_before(days, count):
    window = Ledger.of(asked(by_hand())).inside(NIGHT, days)
    assert window.stop - window.start == count


def test_nothing_after_its_last_day_is_in_a_window():
    window = Ledger.of(asked(by_hand())).inside(NIGHT - timedelta(days=1), 365)
    assert window.stop - window.start == 2


def test_the_table_by_hand_and_an_officer_belongs_where_he_was_most():
    ledger = Ledger.of(asked(by_hand()))
    table = ledger.table(ledger.inside(NIGHT, 730), np.array([0.1, 0.2, 0.3, 0.4]))
    assert table.loc["R1", ["exposure_count", "hit_count"]].tolist() == [3, 2]
    assert table.loc["R1", "expected_count"] == pytest.approx(0.6) and table.loc["R1", "unit_id"] == "S2"
    kept = ledger.table(ledger.inside(NIGHT, 730), np.full(4, 0.5), np.array([False, True, False, False]))
    assert kept.index.tolist() == ["R1"] and kept["exposure_count"].tolist() == [1]


def test_a_gap_is_a_value_of_its_own():
    ledger = Ledger.of(asked(by_hand()))
    assert ledger.cell[0] == ledger.cell[2] != ledger.cell[1] == ledger.cell[3]
    assert ledger.cells["kind"].isna().sum() == 1


def test_few_officers_are_a_fold_each_and_many_are_dealt_into_four():
    assert sorted(Ledger.of(asked(HONEST)).fold) == list(range(10))
    assert np.bincount(Ledger.of(asked(records(2, officers=40, each=2))).fold, minlength=FOLDS).min() >= 4


def test_a_new_officer_deals_nobody_into_another_fold():
    many = records(2, officers=40, each=2)
    joined = pd.concat([many, many.head(1).assign(record_id="N1", officer_id="R0125")], ignore_index=True)
    before, after = Ledger.of(asked(many)), Ledger.of(asked(joined))
    kept = after.officers != "R0125"
    np.testing.assert_array_equal(after.officers[kept], before.officers)
    np.testing.assert_array_equal(after.fold[kept], before.fold)


def test_what_others_have_in_a_group_leaves_his_own_out():
    ledger = Ledger.of(asked(by_hand()))
    group, value = np.array([0, 1, 0, 0]), np.array([1.0, 2.0, 4.0, 8.0])
    # in the order in which they became known: d, a, b of R1 and c of R2
    assert ledger.others_sum(group, value, slice(0, 4)).tolist() == [8.0, 0.0, 8.0, 5.0]
    assert ledger.others_sum(group, value, slice(1, 4)).tolist() == [8.0, 0.0, 8.0, 4.0]


def test_records_that_become_known_later_deal_nobody_into_another_fold():
    later = HONEST.assign(record_id="L" + HONEST["record_id"], known_on=pd.Timestamp(NIGHT) + timedelta(days=5))[
        HONEST["officer_id"].isin(["R003", "R007"])
    ]
    more = pd.concat([HONEST, later], ignore_index=True)
    np.testing.assert_array_equal(Ledger.of(asked(more)).fold, Ledger.of(asked(HONEST)).fold)


def test_a_record_that_stands_twice_and_a_missing_column_are_refused():
    with pytest.raises(ValueError, match="name one record twice"):
        Ledger.of(asked(pd.concat([by_hand(), by_hand().head(1)])))
    with pytest.raises(ValueError, match="lack season"):
        asked(by_hand().drop(columns="season"))
