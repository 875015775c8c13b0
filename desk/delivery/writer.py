"""The one writer of the delivery. Each file is written whole, beside the old one, and takes its name in one step; it always
says what the database says. A desk that decided nothing delivers nothing.
"""

from __future__ import annotations

import fcntl
import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from desk.delivery.sheet import identifiers
from desk.review.models import Outbox

FILES = ("desk.review.delivery", "desk.management.delivery")
"""Modules that say what a file holds: `FILE`, its name, and `written()`, its bytes as the database says it now."""

logger = logging.getLogger(__name__)


class Forgotten(RuntimeError):
    """The database does not know decisions that it, or another one, delivered before."""


def folder() -> Path:
    """Where the delivery lies."""
    return settings.DEPLOYMENT.folder / "delivery"


def paths() -> list[Path]:
    """Where each file of the delivery lies once there is something to deliver in it."""
    return [folder() / import_module(name).FILE for name in FILES]


def to_leave(*done: str) -> None:
    """Put what was done into the outbox, and the files onto the disk once the transaction has ended."""
    Outbox.objects.bulk_create(Outbox(about=about, made_at=timezone.now()) for about in done)
    transaction.on_commit(deliver_after_commit, robust=True)


def deliver() -> bool:
    """Write each file that is not what the database says, and empty the outbox; True where any was written.

    One writer at a time: who reads the database later writes later. Raises OSError where the folder cannot be written, and
    Forgotten, before any file is changed, where decisions that were delivered before would no longer be.
    """
    with _alone():
        waiting = list(Outbox.objects.filter(delivered_at=None).values_list("pk", flat=True))
        stale = [(path, said) for path, said in _said() if _before(path) != said]
        for path, said in stale:
            if lost := identifiers(_before(path)) - identifiers(said):
                raise Forgotten(
                    f"{path} has {len(lost)} decisions that this database does not know, such as {min(lost)}: it is the "
                    "database of another desk, or an older one. Bring back the right one, or move the file away yourself"
                )
        for path, said in stale:
            if said:
                _replace(path, said)
            else:
                path.unlink()
        if waiting:
            Outbox.objects.filter(pk__in=waiting).update(delivered_at=timezone.now())
    return bool(stale)


def deliver_after_commit() -> None:
    """`deliver`, where a failure may not undo what was decided: it is logged, and the outbox keeps what waits."""
    try:
        deliver()
    except (OSError, Forgotten):
        logger.exception("desk: the delivery of decisions could not be written; it is written again with the next")


def waiting_count() -> int:
    """What was decided and does not yet lie in the delivery."""
    return Outbox.objects.filter(delivered_at=None).count()


def _said() -> Iterator[tuple[Path, bytes]]:
    """Every file and what the database says of it."""
    for path, name in zip(paths(), FILES, strict=True):
        yield path, import_module(name).written()


def _before(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


@contextmanager
def _alone() -> Iterator[None]:
    folder().mkdir(parents=True, exist_ok=True)
    with (settings.DEPLOYMENT.folder / "delivery.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _replace(path: Path, content: bytes) -> None:
    descriptor, fresh = tempfile.mkstemp(prefix=f".{path.stem}-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
    except BaseException:
        os.unlink(fresh)
        raise
    place = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)
