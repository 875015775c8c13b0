"""By when a hint is to be answered, by the policy of deadlines, and which are overdue."""

from __future__ import annotations

import calendar
import functools
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from desk.review.standing import Standing, State
from models import policy
from models.policy import Deadline, Policy

WAITS = {
    "first_look": _("a first decision"),
    "information": _("the information that was asked for"),
    "signature": _("the second signature"),
    "opinion": _("one of the four dispositions"),
    "reply": _("the reply of the person concerned"),
    "report": _("the disposition after talk or reply"),
}
"""What each deadline of the policy waits for."""


@dataclass(frozen=True)
class Due:
    """What a hint waits for. code : of WAITS. since_on, due_on : days; deadline : what sets them.

    is_certain : False where a public holiday that is not entered may move the day.
    """

    code: str
    since_on: date
    due_on: date
    deadline: Deadline
    is_certain: bool

    @property
    def words(self):
        """What it waits for."""
        return WAITS[self.code]

    def days_over(self, today: date) -> int:
        """Days past the last day; 0 or less while there is time."""
        return (today - self.due_on).days


def due(standing: Standing, first_told_on: date, *, is_reminder: bool) -> Due | None:
    """What a hint waits for and by when; None where it waits for nothing. A rotation reminder waits for no decision here."""
    if standing.state is State.OPEN:
        return None if is_reminder else _due("first_look", first_told_on)
    since_on = timezone.localdate(standing.since)
    if standing.state is State.NEEDS_INFORMATION:
        return _due("information", since_on)
    if standing.state is State.AWAITS_SIGNATURE:
        return _due("signature", since_on)
    if standing.state is State.AWAITS_DISPOSAL:
        return _due("opinion", since_on)
    if standing.state is State.TALK_OR_LETTER:
        reply = standing.reply
        if reply is None or reply.received_on < since_on:
            return _due("reply", since_on)
        return _due("report", reply.received_on)
    return None


@functools.lru_cache(maxsize=4096)
def _due(code: str, since_on: date) -> Due:
    in_force = policy.on(since_on)
    deadline: Deadline = getattr(in_force.desk, code)
    if deadline.months:
        return Due(code, since_on, months_after(since_on, deadline.months), deadline, True)
    due_on, is_certain = workdays_after(since_on, deadline.workdays, in_force)
    return Due(code, since_on, due_on, deadline, is_certain)


def months_after(day: date, months: int) -> date:
    """The same day so many calendar months later, or the last of that month where it has no such day."""
    number = day.month - 1 + months
    year, month = day.year + number // 12, number % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def workdays_after(day: date, count: int, in_force: Policy) -> tuple[date, bool]:
    """The last of `count` working days after a day, and whether the public holidays of all its years are entered.

    Where they are not, the weekend alone is left out and the day may in truth be later.
    """
    holidays, worked = set(in_force.patrol.public_holidays), set(in_force.patrol.working_weekend_days)
    at, left = day, count
    while left:
        at += timedelta(days=1)
        is_off = at in holidays or (at.weekday() >= 5 and at not in worked)
        left -= not is_off
    entered = {holiday.year for holiday in holidays}
    return at, {day.year, at.year} <= entered
