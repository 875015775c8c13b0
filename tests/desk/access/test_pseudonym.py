"""A pseudonym hides whose it is, stays the same, and is nobody else's."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.access.pseudonym import SHORTEST, pseudonym, shortened, shown_name
from desk.published.night import current
from desk.review.deciding import unmask
from tests.desk.access.area_bureau import OFFICERS, write_area_night

DIGITS = st.text("AB", min_size=10, max_size=10)


def test_everybody_of_a_night_has_another_one_and_it_says_nothing_of_him(home):
    write_area_night(home)
    names = {officer_id: pseudonym(officer_id, current()) for officer_id in OFFICERS}
    assert len(set(names.values())) == len(OFFICERS)
    for officer_id, name in names.items():
        assert re.fullmatch(r".+-[0-9A-F]{6}", name) and officer_id not in name
        assert name == pseudonym(officer_id), "the current night is what is meant where none is given"


def test_without_the_secret_nobody_makes_the_same_one(home, settings):
    first = pseudonym("N1")
    settings.SECRET_KEY = "another secret"
    assert pseudonym("N1") != first


def test_two_that_begin_alike_are_told_apart_by_more_digits():
    found = shortened({"a": "ABCDEF01", "b": "ABCDEF02", "c": "123456FF"})
    assert found == {"a": "ABCDEF01", "b": "ABCDEF02", "c": "123456"}


@given(st.sets(DIGITS, max_size=12), st.sampled_from(["", "A", "ABABABAB"]))
def test_what_is_shortened_stays_a_beginning_that_no_other_one_has(ends, beginning):
    whole = {text: beginning + text for text in ends}
    found = shortened(whole)
    assert len(set(found.values())) == len(whole)
    for key, text in found.items():
        assert len(text) >= SHORTEST and whole[key].startswith(text)
        assert sum(other.startswith(text) for other in whole.values()) == 1
        assert len(text) == SHORTEST or sum(other.startswith(text[:-1]) for other in whole.values()) > 1


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_it_is_told_in_the_readers_language(home, language):
    from django.utils import translation

    with translation.override(language):
        assert pseudonym("N1").startswith({"zh-hans": "人员-", "en": "Officer-"}[language])


@pytest.mark.django_db
def test_a_name_is_shown_to_who_unmasked_it_and_to_nobody_else(home, user_of):
    write_area_night(home)
    reader, other = user_of("discipline_officer", area=["bureau"]), user_of("discipline_officer", area=["bureau"])
    assert shown_name(reader, "N1") == pseudonym("N1")
    hint = current().row("select flag_key, flag_id, as_of from red_flag where flag_id = 'about-N1'")
    unmask(reader, hint, "N1", "to read his reply beside the claim")
    assert shown_name(reader, "N1") == "name of N1 (N1)"
    assert shown_name(reader, "N2") == pseudonym("N2")
    assert shown_name(other, "N1") == pseudonym("N1")
