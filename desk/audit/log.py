"""Appending to the log, its head, and finding whatever was changed in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone
from django.utils.functional import Promise

from desk.audit.models import Entry

GENESIS = "0" * 64
"""What the first entry follows."""
CHAINED = ("number", "happened_at", "actor", "action", "subject_kind", "subject", "detail", "previous_hash")
"""What a hash is over: every field of an entry but the hash itself."""
LOCK = 20_260_630
"""The advisory lock under which a server with many writers appends: any number, the same everywhere."""


def append(user, action: str, subject_kind: str, subject: str, detail: Mapping[str, Any] | None = None) -> Entry:
    """Write one entry, in the transaction of the caller where there is one, so that both stand or neither does.

    user : who did it; None, or somebody who is not signed in, for nobody. detail : strings, numbers, truths, days, moments
    and lists and mappings of these. Raises TypeError or ValueError for anything else, before anything is written.
    """
    told = canonical(detail or {})
    with transaction.atomic():
        take_turns()
        last = Entry.objects.order_by("-number").first()
        entry = Entry(
            number=(last.number if last else 0) + 1,
            happened_at=_moment().isoformat(),
            actor=_plain(user.get_username() if getattr(user, "is_authenticated", False) else "", "actor"),
            action=_plain(action, "action"),
            subject_kind=_plain(subject_kind, "subject_kind"),
            subject=_plain(subject, "subject"),
            detail=told,
            previous_hash=last.hash if last else GENESIS,
        )
        entry.hash = hash_of(entry)
        entry.save(force_insert=True)
        return entry


def append_hourly(user, action: str, subject_kind: str, subject: str) -> Entry | None:
    """Write an entry unless the same stands there from within the last hour; for looks at lists, which come in clicks."""
    since = (_moment() - timedelta(hours=1)).isoformat()
    same = Entry.objects.filter(actor=user.get_username(), action=action, subject_kind=subject_kind, subject=subject)
    # all instants are written with the one offset of the bureau's own time, and so compare as text
    return None if same.filter(happened_at__gte=since).exists() else append(user, action, subject_kind, subject)


def canonical(detail: Mapping[str, Any]) -> str:
    """JSON of a detail, the same for the same content, and such as every database keeps it."""
    told = json.dumps(detail, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_told, allow_nan=False)
    return told.encode("utf-8", "backslashreplace").decode()


def hash_of(entry: Entry) -> str:
    """SHA-256 over the fields of CHAINED, as a JSON list, which no other fields can make."""
    told = json.dumps([getattr(entry, name) for name in CHAINED], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def head() -> tuple[int, str]:
    """Number and hash of the last entry; (0, GENESIS) where there is none."""
    last = Entry.objects.order_by("-number").first()
    return (last.number, last.hash) if last else (0, GENESIS)


def has_log() -> bool:
    """Whether the desk was ever opened on this database."""
    return Entry._meta.db_table in connection.introspection.table_names()


class Break(NamedTuple):
    """Where the chain is broken: at this entry, and how, a key of SENTENCES."""

    number: int
    code: str


SENTENCES = {
    "missing": "audit: entries are missing before entry {number}",
    "unchained": "audit: entry {number} does not follow the entry before it",
    "changed": "audit: entry {number} was changed",
    "other": "audit: entry {number} is not the one whose hash was told when it was the last",
    "cut_off": "audit: the log ends before entry {number}, whose hash was told when it was the last",
}


def breaks(
    entries: Iterable[Entry] | None = None,
    after: Entry | None = None,
    heads: Iterable[tuple[int, str]] = (),
) -> list[Break]:
    """Where the chain is broken; empty where it is not.

    entries : in the order of the chain, all where none are given. after : the entry before the first of them, taken as
    it stands; the chain begins with them where there is none. heads : number and hash as they were told when they were the
    last. Only what was told outside the database shows that entries were cut off at the end, or all written anew.
    """
    found, before, expected = [], after.hash if after else GENESIS, after.number + 1 if after else 1
    told: dict[int, set[str]] = {}
    for number, told_hash in heads:
        told.setdefault(number, set()).add(told_hash)
    for entry in Entry.objects.order_by("number").iterator() if entries is None else entries:
        if entry.number != expected:
            found.append(Break(entry.number, "missing"))
        if entry.previous_hash != before:
            found.append(Break(entry.number, "unchained"))
        if entry.hash != hash_of(entry):
            found.append(Break(entry.number, "changed"))
        if told.pop(entry.number, {entry.hash}) != {entry.hash}:
            found.append(Break(entry.number, "other"))
        before, expected = entry.hash, entry.number + 1
    return found + [Break(number, "cut_off") for number in sorted(told) if number >= expected]


def faults(entries: Iterable[Entry] | None = None, heads: Iterable[tuple[int, str]] = ()) -> list[str]:
    """What is wrong with the chain, in sentences; empty where nothing is."""
    return [SENTENCES[found.code].format(number=found.number) for found in breaks(entries, heads=heads)]


def take_turns() -> None:
    """Writers wait for one another until the transaction ends, so that no two follow the same entry.

    Whoever reads before he writes takes it as the first statement of his transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
    elif connection.settings_dict["OPTIONS"].get("transaction_mode") != "IMMEDIATE":
        # a transaction that begins with a read could build upon an entry that is the last no longer
        raise RuntimeError("the log needs transactions of SQLite that begin IMMEDIATE; see desk/settings.py")


def _moment():
    return timezone.localtime(timezone=timezone.get_default_timezone())


def _plain(text: str, field: str) -> str:
    """Text that every database keeps as it is, no longer than its column."""
    length = Entry._meta.get_field(field).max_length
    return str(text).encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")[:length]


def _told(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | Promise):
        return str(value)
    raise TypeError(f"the log keeps no {type(value).__name__}; give it as text or a number")
