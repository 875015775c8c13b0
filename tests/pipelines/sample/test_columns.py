"""Spelling values: identifiers, digests, credit codes, and what is refused."""

import numpy as np
import pytest

from pipelines.sample.columns import NONE, days, digests, identifiers, stack, stream, table
from pipelines.sample.merchants import UNLICENSED, USCC_CHARACTERS, credit_codes


def test_identifiers_are_padded_and_none_is_null():
    assert identifiers("人员", np.array([7, NONE, 1234]), 4).to_pylist() == ["人员0007", None, "人员1234"]
    assert identifiers("M", np.array([], dtype=int), 4).to_pylist() == []


def test_a_number_has_the_same_digest_in_every_table_and_none_has_none():
    one = digests(3, "person", np.array([5, NONE, 2])).to_pylist()
    two = digests(3, "person", np.array([2, 900])).to_pylist()
    assert one[2] == two[0] and one[1] is None and len(set(one + two)) == 4
    assert digests(4, "person", np.array([5])).to_pylist()[0] != one[0]


def test_a_noun_draws_the_same_whatever_others_draw():
    assert stream(1, "visits").random() == stream(1, "visits").random() != stream(1, "cases").random()


def test_credit_codes_carry_the_check_character_of_their_standard():
    codes = credit_codes(np.array([0, 1, 2, 3, UNLICENSED]), stream(1, "test")).to_pylist()
    assert codes[4] is None
    for code in codes[:4]:
        values = [USCC_CHARACTERS.index(letter) for letter in code]
        weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1]
        assert len(code) == 18 and sum(v * w for v, w in zip(values, weights, strict=True)) % 31 == 0


def test_parts_with_other_columns_do_not_stack():
    with pytest.raises(ValueError, match="differ in columns"):
        stack({"day": np.array([1])}, {"night": np.array([1])})


def test_a_column_that_the_contract_does_not_know_is_refused():
    with pytest.raises(ValueError, match="the contract has no column mood"):
        table("leave", {"mood": days(np.array([1]))})
