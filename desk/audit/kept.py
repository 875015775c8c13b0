"""Rows that people add by what they do: each in one transaction with its entry in the log, which holds a digest of the row."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, models, transaction

from desk.audit.log import append, canonical, take_turns


class Overtaken(Exception):
    """Somebody else acted in the meantime; read it again."""


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """A transaction in which nobody else acts: what it reads first is still so when it writes."""
    with transaction.atomic():
        take_turns()
        yield


def digest(row: models.Model) -> str:
    """SHA-256 over all that a row says, so that the log tells whether it still says so."""
    told = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.auto_created}
    told = {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in told.items()}
    return hashlib.sha256(canonical(told).encode()).hexdigest()


def keep(row: models.Model, user, action: str, kind: str, subject: str, detail: Mapping[str, Any]) -> None:
    """Write a row and its entry in the log, about this subject of this kind. Raises Overtaken where another row took its
    place."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Overtaken from error
    told = {"table": row._meta.db_table, "row": str(row.pk), "sha256": digest(row)}
    append(user, action, kind, subject, {**told, **detail})
