"""What concerns somebody today: what is new, what waits for him, and what is overdue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from desk.access.rules import scope_of
from desk.published.night import Night
from desk.review.due import Due, due
from desk.review.flag import of_earlier_nights
from desk.review.hint_list import hint_rows
from desk.review.history import first_told
from desk.review.naming import Naming
from desk.review.standing import Standing, State, standings
from desk.review.words import FAMILIES

SHOWN = 12
"""Rows of a box; the rest is one click away."""
SOON_DAYS = 7
"""What falls due within a week is told beside what is overdue."""

SIGNATURE, BLIND, ANSWERED, RENEWED, LEAD = "signature", "blind", "answered", "renewed", "lead"
WAITING = {
    SIGNATURE: _("your second signature is wanted"),
    BLIND: _("your first impression is wanted"),
    ANSWERED: _("the information that was asked for came in"),
    RENEWED: _("concluded before, and told again by new records"),
    LEAD: _("a lead waits for its disposition"),
}
"""Why something waits for somebody."""


@dataclass(frozen=True)
class Task:
    """One hint that somebody should open. is_told : the current night tells it."""

    subject: str
    family: Any
    why: Any
    url: str
    due: Due | None
    is_told: bool

    def days_over(self) -> int | None:
        """Days past its last day."""
        return self.due.days_over(timezone.localdate()) if self.due else None


@dataclass(frozen=True)
class Today:
    """What the page of today shows to somebody who reads hints."""

    new: tuple[dict[str, Any], ...]
    new_count: int
    waiting: tuple[Task, ...]
    overdue: tuple[Task, ...]
    overdue_count: int
    soon: tuple[Task, ...]
    hint_count: int


def today_of(user, night: Night) -> Today:
    """New, waiting and overdue, of the hints that somebody may see; what tonight does not tell any more is kept in view
    while something is awaited."""
    rows = hint_rows(user, night)
    by_key = {row["flag_key"]: row for row in rows}
    stands = standings()
    tasks = [task for row in rows for task in _tasks(user, row, stands.get(row["flag_key"], Standing()))]
    awaited = {key for key, standing in stands.items() if key not in by_key and _due_of(key, standing, night)}
    for flag in of_earlier_nights(user, awaited):
        standing, naming = stands[flag.key], Naming(user, flag.night)
        row = {
            "flag_id": flag.id,
            "flag_key": flag.key,
            "subject": naming.subject(flag.row["subject_kind"], flag.row["subject_id"]),
            "family": flag.row["family"],
            "strength": None,
            "is_blind": False,
            "first_told_on": first_told(flag.key),
            "is_reminder": flag.row["strength"] == "reminder",
        }
        tasks += _tasks(user, row, standing, is_told=False)
    now = timezone.localdate()
    dated = sorted((task for task in tasks if task.due), key=lambda task: (task.due.due_on, task.subject, task.url))
    overdue = _once(task for task in dated if task.due.days_over(now) > 0)
    new = sorted((row for row in rows if row["is_new"]), key=lambda row: row["strength"] or "9", reverse=True)
    return Today(
        tuple(new[:SHOWN]),
        len(new),
        tuple(task for task in tasks if task.why),
        tuple(overdue[:SHOWN]),
        len(overdue),
        tuple(_once(task for task in dated if -SOON_DAYS <= task.due.days_over(now) <= 0)),
        len(rows),
    )


def _tasks(user, row: dict[str, Any], standing: Standing, *, is_told: bool = True) -> Iterable[Task]:
    is_reminder = row.get("is_reminder", row["strength"] == "0-reminder")
    waits = due(standing, row["first_told_on"], is_reminder=is_reminder)
    codes = list(_codes(user, row, standing, is_told))
    pages = {SIGNATURE: "sign_lead", BLIND: "first_impression", LEAD: "dispose"}
    for code in codes or [None]:
        if code is None and waits is None:
            return
        url = reverse(pages.get(code, "dossier"), args=[row["flag_id"]])
        yield Task(row["subject"], FAMILIES.get(row["family"], row["family"]), WAITING.get(code), url, waits, is_told)


def _codes(user, row: dict[str, Any], standing: Standing, is_told: bool) -> Iterable[str]:
    if row["is_blind"]:
        yield BLIND
    if standing.pending and standing.pending.reviewer_id != user.pk and scope_of("sign_lead", user.role):
        yield SIGNATURE
    if not scope_of("decide", user.role):
        return
    if standing.state is State.AWAITS_DISPOSAL:
        yield LEAD
    reply = standing.reply
    awaits_reply = standing.state in (State.NEEDS_INFORMATION, State.TALK_OR_LETTER)
    if awaits_reply and reply and reply.entered_at >= standing.since:
        yield ANSWERED
    if is_told and _is_renewed(row, standing):
        yield RENEWED


def _is_renewed(row: dict[str, Any], standing: Standing) -> bool:
    """A hint that was exonerated is told again only by new records; one that was explained is more than weak only then."""
    decision = standing.decision
    if decision is None or decision.as_of >= row["night_on"]:
        return False
    if standing.state is State.EXONERATED:
        return timezone.localdate(standing.since) <= row["night_on"]
    is_more = row["strength"] in ("2-moderate", "3-strong")
    return standing.state is State.EXPLAINED and is_more and timezone.localdate(standing.since) <= row["night_on"]


def _due_of(flag_key: str, standing: Standing, night: Night) -> Due | None:
    if standing.state is State.OPEN:
        return None
    return due(standing, first_told(flag_key) or night.as_of, is_reminder=False)


def _once(tasks: Iterable[Task]) -> list[Task]:
    """One task for each hint and deadline."""
    found: dict[tuple[str, date, str], Task] = {}
    for task in tasks:
        found.setdefault((task.subject, task.due.due_on, str(task.family)), task)
    return list(found.values())
