"""Appending to the log, its head, and finding whatever was changed in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from desk.audit.models import Entry

GENESIS = "0" * 64
CHAINED = ("number", "happened_at", "actor", "action", "subject_kind", "subject", "detail", "previous_hash")
LOCK = 20_260_630
"""The advisory lock under which a server with many writers appends: any number, the same everywhere."""


def canonical(detail: dict[str, Any]) -> str:
    """JSON of a detail, the same for the same content."""
    return json.dumps(detail, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def hash_of(entry: Entry) -> str:
    """SHA-256 over the fields of CHAINED."""
    told = json.dumps([getattr(entry, name) for name in CHAINED], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def append(user, action: str, subject_kind: str, subject: str, detail: dict[str, Any] | None = None) -> Entry:
    """Write one entry, in the transaction of the caller where there is one, so that both stand or neither does."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
        last = Entry.objects.order_by("-number").first()
        entry = Entry(
            number=(last.number if last else 0) + 1,
            happened_at=timezone.localtime().isoformat(),
            actor=user.get_username() if getattr(user, "is_authenticated", False) else "",
            action=action,
            subject_kind=subject_kind,
            subject=str(subject)[:200],
            detail=canonical(detail or {}),
            previous_hash=last.hash if last else GENESIS,
        )
        entry.hash = hash_of(entry)
        entry.save(force_insert=True)
        return entry


def append_hourly(user, action: str, subject_kind: str, subject: str) -> Entry | None:
    """Write an entry unless the same stands there from within the last hour; for looks at lists, which come in clicks."""
    since = (timezone.localtime() - timedelta(hours=1)).isoformat()
    same = Entry.objects.filter(actor=user.get_username(), action=action, subject_kind=subject_kind, subject=subject)
    # all instants are written with the one offset of the bureau's own time, and so compare as text
    return None if same.filter(happened_at__gte=since).exists() else append(user, action, subject_kind, subject)


def head() -> tuple[int, str]:
    """Number and hash of the last entry; (0, GENESIS) where there is none."""
    last = Entry.objects.order_by("-number").first()
    return (last.number, last.hash) if last else (0, GENESIS)


class Break(NamedTuple):
    """Where the chain is broken: at this entry, and whether entries are `missing` before it, it is `unchained` from the one
    before, or it was `changed`."""

    number: int
    code: str


def breaks(entries: Iterable[Entry] | None = None, after: Entry | None = None) -> list[Break]:
    """Where the chain is broken; empty where it is not.

    entries : in the order of the chain, all where none are given. after : the entry before the first of them, taken as
    it stands; the chain begins with them where there is none.
    """
    found, before, expected = [], after.hash if after else GENESIS, after.number + 1 if after else 1
    for entry in Entry.objects.order_by("number").iterator() if entries is None else entries:
        if entry.number != expected:
            found.append(Break(entry.number, "missing"))
        if entry.previous_hash != before:
            found.append(Break(entry.number, "unchained"))
        if entry.hash != hash_of(entry):
            found.append(Break(entry.number, "changed"))
        before, expected = entry.hash, entry.number + 1
    return found


SENTENCES = {
    "missing": "audit: entries are missing before entry {number}",
    "unchained": "audit: entry {number} does not follow the entry before it",
    "changed": "audit: entry {number} was changed",
}


def faults(entries: Iterable[Entry] | None = None) -> list[str]:
    """What is wrong with the chain, in sentences; empty where nothing is."""
    return [SENTENCES[found.code].format(number=found.number) for found in breaks(entries)]
