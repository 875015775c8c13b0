"""Everything that is done with a hint: each in one transaction with its entry in the log and what is to leave the desk."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.access.pseudonym import mark
from desk.access.refusal import Refused
from desk.audit.log import append, canonical
from desk.review.delivery import DECIDED, deliver_after_commit
from desk.review.models import Decision, Disposition, Hint, Impression, Outbox, Outcome, Reply, Signature, Unmasking
from desk.review.standing import Standing, standing_of
from desk.review.token import token


class Overtaken(Exception):
    """Somebody else acted on the hint in the meantime; read it again."""


def digest(row: models.Model) -> str:
    """SHA-256 over all that a row says, so that the log tells whether it still says so."""
    told = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.auto_created}
    told = {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in told.items()}
    return hashlib.sha256(canonical(told).encode()).hexdigest()


def decide(
    user, flag: Mapping[str, Any], outcome: Outcome, reason: str, *, number: int, is_correction: bool = False
) -> Decision:
    """Decide about a hint. number : of the decision that was the last when its reader read it.

    flag : the row of red_flag. Raises Overtaken where it is no longer the last, Refused where a transfer awaits its second
    signature and this does not correct it.
    """
    with transaction.atomic():
        before = standing_of(flag["flag_key"])
        if before.number != number:
            raise Overtaken
        if before.pending and not is_correction:
            raise Refused("awaits_signature", _("A transfer awaits its second signature: sign it, or correct it."))
        decision = Decision(
            decision_id=uuid.uuid4().hex,
            number=number + 1,
            subject_kind=flag["subject_kind"],
            subject_id=flag["subject_id"],
            family=flag["family"],
            outcome=outcome,
            reason=reason,
            reviewer=user,
            decided_at=timezone.now(),
            supersedes=before.latest if is_correction else None,
            **_named(flag),
        )
        _kept(decision, user, "decided", flag, {"decision_id": decision.pk})
        _to_leave(decision.pk)
    return decision


def sign(user, flag: Mapping[str, Any], before: Standing, reason: str, *, is_agreed: bool) -> Signature:
    """Sign a transfer, or refuse to. Raises Refused as `refuse_signature`."""
    refuse_signature(user, before)
    with transaction.atomic():
        now = standing_of(flag["flag_key"]).pending
        if now is None or now.pk != before.pending.pk:
            raise Overtaken
        signature = Signature(
            decision=before.pending, signer=user, is_agreed=is_agreed, reason=reason, signed_at=timezone.now()
        )
        done = "signed" if is_agreed else "refused_to_sign"
        _kept(signature, user, done, flag, {"decision_id": before.pending.pk})
        _to_leave(before.pending.pk)
    return signature


def dispose(user, flag: Mapping[str, Any], before: Standing, disposal: str, reason: str, *, number: int) -> Disposition:
    """Say what becomes of a lead. number : of the last disposition read, 0 where there was none."""
    refuse_disposition(before)
    with transaction.atomic():
        disposition = Disposition(
            decision=before.decision,
            number=number + 1,
            disposal=disposal,
            reason=reason,
            officer=user,
            disposed_at=timezone.now(),
        )
        _kept(disposition, user, "disposed", flag, {"decision_id": before.decision.pk})
        _to_leave(before.decision.pk)
    return disposition


def refuse_signature(user, before: Standing) -> None:
    """Raise Refused for whoever signed first, by another account too, and where nothing awaits a signature."""
    if before.pending is None:
        raise Refused("nothing_to_sign", _("No transfer of this hint awaits a signature."))
    first = before.pending.reviewer
    if first.pk == user.pk or (user.officer_id and user.officer_id == first.officer_id):
        raise Refused("four_eyes", _("The second signature is another person's than the first."))


def refuse_disposition(before: Standing) -> None:
    """Raise Refused where there is no lead with two signatures."""
    if before.pending or before.decision is None or before.decision.outcome != Outcome.TRANSFERRED:
        raise Refused("no_lead", _("Only what was transferred to a lead with two signatures has a disposition."))


def enter_reply(user, flag: Mapping[str, Any], text: str, received_on: date, corrects: Reply | None) -> Reply:
    """Enter what the person concerned said."""
    with transaction.atomic():
        reply = Reply(
            text=text,
            received_on=received_on,
            entered_by=user,
            entered_at=timezone.now(),
            supersedes=corrects,
            **_named(flag),
        )
        _kept(reply, user, "entered_reply", flag, {"received_on": received_on})
        _to_leave(flag["flag_key"])
    return reply


def note_impression(user, flag: Mapping[str, Any], sight: str, reason: str) -> Impression:
    """Note a first impression."""
    with transaction.atomic():
        impression = Impression(reviewer=user, sight=sight, reason=reason, noted_at=timezone.now(), **_named(flag))
        _kept(impression, user, "noted_impression", flag, {})
    return impression


def unmask(user, flag: Mapping[str, Any], officer_id: str, reason: str) -> Unmasking:
    """Open the name behind a pseudonym to a reader."""
    with transaction.atomic():
        unmasking = Unmasking(
            reader=user, officer_id=officer_id, reason=reason, unmasked_at=timezone.now(), **_named(flag)
        )
        _kept(unmasking, user, "unmasked", flag, {"officer": mark(officer_id)})
    return unmasking


def _named(flag: Mapping[str, Any]) -> dict[str, Any]:
    return {field.name: flag[field.name] for field in Hint._meta.fields}


def _kept(row: models.Model, user, action: str, flag: Mapping[str, Any], detail: dict[str, Any]) -> None:
    """Write a row and its entry in the log. Raises Overtaken where another row took its place."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Overtaken from error
    told = {"hint": token(flag["flag_key"]), "table": row._meta.db_table, "row": str(row.pk), "sha256": digest(row)}
    append(user, action, "flag", token(flag["flag_id"]), {**told, **detail})


def _to_leave(about: str) -> None:
    """Put what was done into the outbox, and the file onto the disk once the transaction has ended."""
    Outbox.objects.create(about=f"{DECIDED}:{about}", made_at=timezone.now())
    transaction.on_commit(deliver_after_commit, robust=True)
