"""What the desk delivers to the next night: the decisions that took effect, as the file `decision.csv` of a delivery.

The file is written whole, beside the old one, and takes its name in one step; it always says what the database says. A
desk that decided nothing delivers nothing.
"""

from __future__ import annotations

import csv
import fcntl
import hashlib
import hmac
import io
import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from desk.review.models import Decision, Outbox, Reply
from desk.review.standing import effective_at, has_effect

COLUMNS = (
    "decision_id", "flag_key", "subject_kind", "subject_id", "family", "outcome", "decided_at", "reviewer_hash",
    "supersedes", "disposition", "replied_on",
)  # fmt: skip
FILE = "decision.csv"
DECIDED = "decision"
logger = logging.getLogger(__name__)


class Forgotten(RuntimeError):
    """The database does not know decisions that it, or another one, delivered before."""


def folder() -> Path:
    """Where the delivery lies."""
    return settings.DEPLOYMENT.folder / "delivery"


def reviewer_hash(username: str) -> str:
    """The digest by which nights know a reviewer: the same for the same name, and nobody's name."""
    return hmac.new(settings.SECRET_KEY.encode(), f"reviewer|{username}".encode(), hashlib.sha256).hexdigest()[:32]


def written() -> bytes:
    """The file as the database says it now, in UTF-8; no bytes where nothing took effect yet."""
    decisions = Decision.objects.select_related("signature", "reviewer").prefetch_related("dispositions")
    all_of_them = list(decisions.order_by("decided_at", "decision_id"))
    by_id = {decision.pk: decision for decision in all_of_them}
    replied: dict[str, list] = {}
    for reply in Reply.objects.filter(superseded_by=None).order_by("received_on", "pk"):
        replied.setdefault(reply.flag_key, []).append(reply.received_on)
    rows = [
        _row(decision, by_id, replied.get(decision.flag_key, [])) for decision in all_of_them if has_effect(decision)
    ]
    if not rows:
        return b""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return text.getvalue().encode()


def _row(decision: Decision, by_id: dict[str, Decision], replied: list) -> tuple:
    corrected = decision.supersedes_id
    # what never took effect was never delivered: what it would have corrected is corrected by this one
    while corrected and not has_effect(by_id[corrected]):
        corrected = by_id[corrected].supersedes_id
    made = list(decision.dispositions.all())
    return (
        decision.decision_id,
        decision.flag_key,
        decision.subject_kind,
        decision.subject_id,
        decision.family,
        decision.outcome,
        timezone.localtime(effective_at(decision)).strftime("%Y-%m-%d %H:%M:%S"),
        reviewer_hash(decision.reviewer.get_username()),
        corrected or "",
        made[-1].disposal if made else "",
        replied[-1].isoformat() if replied else "",
    )


def deliver() -> bool:
    """Write the file where it is not what the database says, and empty the outbox; True where it was written.

    One writer at a time: who reads the database later writes later. Raises OSError where the folder cannot be written, and
    Forgotten where decisions that were delivered before would no longer be.
    """
    with _alone():
        waiting = list(Outbox.objects.filter(delivered_at=None).values_list("pk", flat=True))
        said, path = written(), folder() / FILE
        before = path.read_bytes() if path.exists() else b""
        is_stale = before != said
        if lost := _ids(before) - _ids(said):
            raise Forgotten(
                f"{path} has {len(lost)} decisions that this database does not know, such as {min(lost)}: it is the database of "
                "another desk, or an older one. Bring back the right one, or move the file away yourself"
            )
        if is_stale and said:
            _replace(path, said)
        elif is_stale:
            path.unlink()
        if waiting:
            Outbox.objects.filter(pk__in=waiting).update(delivered_at=timezone.now())
    return is_stale


def deliver_after_commit() -> None:
    """`deliver`, where a failure may not undo what was decided: it is logged, and the outbox keeps what waits."""
    try:
        deliver()
    except (OSError, Forgotten):
        logger.exception("desk: the delivery of decisions could not be written; it is written again with the next")


def _ids(content: bytes) -> set[str]:
    """The decision ids of a file."""
    rows = csv.reader(io.StringIO(content.decode("utf-8", "replace"), newline=""))
    return {row[0] for row in rows if row} - {COLUMNS[0]}


def waiting_count() -> int:
    """What was decided and does not yet lie in the delivery."""
    return Outbox.objects.filter(delivered_at=None).count()


@contextmanager
def _alone() -> Iterator[None]:
    folder().mkdir(parents=True, exist_ok=True)
    with (settings.DEPLOYMENT.folder / "delivery.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _replace(path: Path, content: bytes) -> None:
    descriptor, fresh = tempfile.mkstemp(prefix=".decision-", dir=path.parent)
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
