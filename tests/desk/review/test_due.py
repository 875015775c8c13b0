"""Deadlines: what a hint waits for, by when, and what the calendar makes of it."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from desk.review.due import due, months_after, workdays_after
from desk.review.standing import Standing, State
from models import policy

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI)


def stood(state: State, since: date, reply_on: date | None = None) -> Standing:
    replies = (SimpleNamespace(received_on=reply_on),) if reply_on else ()
    return Standing(state, at(since), replies=replies)


MONDAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("standing", "code", "due_on"),
    [
        (Standing(), "first_look", date(2026, 7, 1)),
        (stood(State.NEEDS_INFORMATION, MONDAY), "information", date(2026, 6, 22)),
        (stood(State.AWAITS_SIGNATURE, MONDAY), "signature", date(2026, 6, 8)),
        (stood(State.AWAITS_DISPOSAL, date(2026, 1, 31)), "opinion", date(2026, 2, 28)),
        (stood(State.TALK_OR_LETTER, MONDAY), "reply", date(2026, 6, 22)),
        (stood(State.TALK_OR_LETTER, MONDAY, date(2026, 5, 1)), "reply", date(2026, 6, 22)),
        (stood(State.TALK_OR_LETTER, MONDAY, date(2026, 6, 10)), "report", date(2026, 7, 10)),
    ],
    ids=["open", "information", "signature", "opinion", "reply", "an old reply", "report"],
)
def test_each_state_waits_for_its_own_deadline(standing, code, due_on):
    found = due(standing, MONDAY, is_reminder=False)
    assert (found.code, found.due_on) == (code, due_on)
    assert found.days_over(due_on) == 0 and found.days_over(due_on + timedelta(days=1)) == 1


@pytest.mark.parametrize(
    "state", [State.EXPLAINED, State.EXONERATED, State.PROCESS_CORRECTION, State.HELD, State.CLOSED]
)
def test_what_is_settled_waits_for_nothing(state):
    assert due(stood(state, MONDAY), MONDAY, is_reminder=False) is None


def test_a_rotation_reminder_waits_for_no_decision_here():
    assert due(Standing(), MONDAY, is_reminder=True) is None


def test_a_day_is_told_as_uncertain_where_public_holidays_are_not_entered():
    assert not due(stood(State.AWAITS_SIGNATURE, MONDAY), MONDAY, is_reminder=False).is_certain
    assert due(stood(State.AWAITS_DISPOSAL, MONDAY), MONDAY, is_reminder=False).is_certain


def test_holidays_are_left_out_and_weekends_that_are_worked_count():
    patrol = SimpleNamespace(public_holidays=(date(2026, 6, 2),), working_weekend_days=(date(2026, 6, 6),))
    assert workdays_after(MONDAY, 5, SimpleNamespace(patrol=patrol)) == (date(2026, 6, 8), True)
    assert workdays_after(date(2026, 6, 4), 2, SimpleNamespace(patrol=patrol)) == (date(2026, 6, 6), True)


@pytest.mark.parametrize(
    ("day", "after"),
    [
        (date(2024, 1, 31), date(2024, 2, 29)),
        (date(2026, 12, 15), date(2027, 1, 15)),
        (date(2026, 3, 31), date(2026, 4, 30)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_of_a_shorter_month(day, after):
    assert months_after(day, 1) == after


def test_every_deadline_says_what_it_rests_on_in_both_languages():
    for day in (date(2018, 1, 1), date(2026, 6, 30)):
        desk = policy.on(day).desk
        for code in ("first_look", "information", "signature", "opinion", "reply", "report"):
            assert getattr(desk, code).source_zh and getattr(desk, code).source_en
