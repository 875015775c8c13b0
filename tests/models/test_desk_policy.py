"""Deadlines of the desk and the statutes of each family: dated, complete, and refused where they contradict themselves."""

from datetime import date

import pytest
from pydantic import ValidationError

from models import policy
from models.flags import families
from models.policy import Deadline, Statute, StatutePolicy

LINE = {
    "name_zh": "法", "name_en": "law", "says_zh": "说", "says_en": "says", "in_force_from": date(2021, 7, 15), "checked": "V",
}  # fmt: skip


def statutes(**family) -> StatutePolicy:
    return StatutePolicy(effective_from=date(2000, 1, 1), statute={"a": Statute(**LINE)}, family=family)


@pytest.mark.parametrize("given", [{}, {"months": 1, "workdays": 5}, {"months": 0}, {"workdays": -1}])
def test_a_deadline_has_one_unit_and_is_more_than_nothing(given):
    with pytest.raises(ValidationError):
        Deadline(source_zh="甲", source_en="a", **given)


def test_a_deadline_without_a_source_is_refused():
    with pytest.raises(ValidationError, match="source_en"):
        Deadline(months=1, source_zh="甲", source_en="")


def test_a_family_that_names_an_unknown_statute_or_none_is_refused():
    with pytest.raises(ValidationError, match=r"leniency names \['b'\]"):
        statutes(leniency=("a", "b"))
    with pytest.raises(ValidationError, match="names no statute"):
        statutes(leniency=())


def test_a_statute_is_shown_from_the_day_it_is_in_force():
    known = statutes(leniency=("a",))
    assert [len(known.of("leniency", day)) for day in (date(2021, 7, 14), date(2021, 7, 15))] == [0, 1]
    assert known.of("tip_off", date(2026, 6, 30)) == ()


def test_every_family_rests_on_a_rule_that_is_in_force_today():
    """Whoever is asked about his work must be able to read by which rule."""
    night = date(2026, 6, 30)
    known = policy.on(night).statutes
    assert set(known.family) == set(families())
    assert not [family for family in families() if not known.of(family, night)]
