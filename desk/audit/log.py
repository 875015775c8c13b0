"""Appending to the log, its head, and finding whatever was changed in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

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
        _take_turns()
        last = Entry.objects.order_by("-number").first()
        entry = Entry(
            number=(last.number if last else 0) + 1,
            happened_at=timezone.now().isoformat(),
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


def canonical(detail: Mapping[str, Any]) -> str:
    """JSON of a detail, the same for the same content; nothing in it that another database would not keep."""
    told = json.dumps(
        detail, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_told, allow_nan=False
    )
    return told.encode("utf-8", "backslashreplace").decode()


def hash_of(entry: Entry) -> str:
    """SHA-256 over the fields of CHAINED, as a JSON list, which no other fields can make."""
    told = json.dumps([getattr(entry, name) for name in CHAINED], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def head() -> tuple[int, str]:
    """Number and hash of the last entry; (0, GENESIS) where there is none."""
    last = Entry.objects.order_by("-number").first()
    return (last.number, last.hash) if last else (0, GENESIS)


def faults(entries: Iterable[Entry] | None = None, heads: Mapping[int, str] | None = None) -> Iterator[str]:
    """What is wrong with the chain, in sentences; none where nothing is.

    heads : hashes by number as they were told at some time outside the database. Only they show that entries were cut off
    at the end, or that all of them were written anew.
    """
    before, expected, waiting = GENESIS, 1, dict(heads or {})
    for entry in Entry.objects.order_by("number").iterator() if entries is None else entries:
        if entry.number > expected:
            yield f"audit: {_counted(entry.number - expected)} missing before entry {entry.number}"
        elif entry.number < expected:
            yield f"audit: entry {entry.number} stands after entry {expected - 1}"
        if entry.previous_hash != before:
            yield f"audit: entry {entry.number} does not follow the entry before it"
        if entry.hash != hash_of(entry):
            yield f"audit: entry {entry.number} was changed"
        if waiting.pop(entry.number, entry.hash) != entry.hash:
            yield f"audit: entry {entry.number} is not the one whose hash a night told"
        before, expected = entry.hash, entry.number + 1
    for number in sorted(waiting):
        if number:
            yield f"audit: entry {number}, whose hash a night told, is missing; the log ends at entry {expected - 1}"


def _take_turns() -> None:
    """Writers wait for one another until the transaction ends, so that no two follow the same entry."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
    elif connection.vendor == "sqlite":
        # a transaction that began with a read must not build upon what it read then
        mode = connection.settings_dict["OPTIONS"].get("transaction_mode")
        if mode != "IMMEDIATE":
            raise RuntimeError(f"transactions of SQLite must begin IMMEDIATE for the log, not {mode}")


def _plain(text: str, field: str) -> str:
    """Text that every database keeps as it is, no longer than its column."""
    length = Entry._meta.get_field(field).max_length
    return str(text).encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")[:length]


def _told(value: Any) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (Decimal, Promise)):
        return str(value)
    raise TypeError(f"the log keeps no {type(value).__name__}; give it as text or a number")


def _counted(count: int) -> str:
    return "1 entry is" if count == 1 else f"{count} entries are"
