"""Everything that is done with a hint: each in one transaction with its entry in the log and what is to leave the desk."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.access.pseudonym import mark
from desk.access.refusal import Refused
from desk.audit.kept import Overtaken, keep, one_at_a_time
from desk.delivery.writer import to_leave
from desk.review.delivery import DECIDED
from desk.review.models import Decision, Disposition, Hint, Impression, Outcome, Reply, Signature, Unmasking
from desk.review.standing import Standing, standing_of
from desk.review.token import token


def decide(
    user, flag: Mapping[str, Any], outcome: Outcome, reason: str, *, number: int, is_correction: bool = False
) -> Decision:
    """Decide about a hint. number : of the decision that was the last when its reader read it.

    flag : the row of red_flag. Raises Overtaken where it is no longer the last, Refused as `refuse_decision`, and where a
    transfer awaits its second signature and this does not correct it.
    """
    with one_at_a_time():
        before = standing_of(flag["flag_key"])
        if before.number != number:
            raise Overtaken
        refuse_decision(user, before)
        if before.pending and not is_correction:
            raise Refused(
                "awaits_signature",
                _(
                    "Your transfer awaits its second signature. Until then you can correct it: decide anew and mark it as a correction."
                ),
            )
        decision = Decision(
            decision_id=_identifier(number + 1),
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


def sign(user, flag: Mapping[str, Any], decision_id: str, reason: str, *, is_agreed: bool) -> Signature:
    """Sign a transfer, or refuse to. decision_id : of the transfer that its reader read.

    Raises Overtaken where another or none awaits a signature, Refused as `refuse_signature`.
    """
    with one_at_a_time():
        now = standing_of(flag["flag_key"])
        if now.pending is None or now.pending.pk != decision_id:
            raise Overtaken
        refuse_signature(user, now)
        signature = Signature(
            decision=now.pending, signer=user, is_agreed=is_agreed, reason=reason, signed_at=timezone.now()
        )
        done = "signed" if is_agreed else "refused_to_sign"
        _kept(signature, user, done, flag, {"decision_id": decision_id})
        _to_leave(decision_id)
    return signature


def dispose(user, flag: Mapping[str, Any], decision_id: str, disposal: str, reason: str, *, number: int) -> Disposition:
    """Say what becomes of a lead. decision_id, number : of the lead and of its last disposition, 0 where there was none, as
    its reader read them. Raises Overtaken where they are no longer so, Refused as `refuse_disposition`."""
    with one_at_a_time():
        now = standing_of(flag["flag_key"])
        refuse_disposition(now)
        if now.decision.pk != decision_id or (now.disposition.number if now.disposition else 0) != number:
            raise Overtaken
        disposition = Disposition(
            decision=now.decision,
            number=number + 1,
            disposal=disposal,
            reason=reason,
            officer=user,
            disposed_at=timezone.now(),
        )
        _kept(disposition, user, "disposed", flag, {"decision_id": decision_id})
        _to_leave(decision_id)
    return disposition


def refuse_decision(user, before: Standing) -> None:
    """Raise Refused where two signed a lead, which only has dispositions, and where another's transfer awaits its second
    signature, which only its author corrects: who disagrees with it does not sign."""
    if before.pending and not _is_same_person(user, before.pending.reviewer):
        raise Refused(
            "anothers_transfer",
            _(
                "A transfer by somebody else awaits its second signature. If you disagree, do not sign it; only its author corrects it."
            ),
        )
    if not before.pending and before.decision and before.decision.outcome == Outcome.TRANSFERRED:
        raise Refused(
            "is_lead",
            _("Two officers signed: it is a lead, and not decided about again. A lead ends by its disposition."),
        )


def may_decide(user, before: Standing) -> bool:
    """Whether `refuse_decision` lets it pass."""
    try:
        refuse_decision(user, before)
    except Refused:
        return False
    return True


def refuse_signature(user, before: Standing) -> None:
    """Raise Refused for whoever signed first, by another account too, and where nothing awaits a signature."""
    if before.pending is None:
        raise Refused("nothing_to_sign", _("No transfer of this hint awaits a signature."))
    if _is_same_person(user, before.pending.reviewer):
        raise Refused("four_eyes", _("The second signature is another person's than the first."))


def refuse_disposition(before: Standing) -> None:
    """Raise Refused where there is no lead with two signatures."""
    if before.pending or before.decision is None or before.decision.outcome != Outcome.TRANSFERRED:
        raise Refused("no_lead", _("Only what was transferred to a lead with two signatures has a disposition."))


def enter_reply(
    user, flag: Mapping[str, Any], text: str, received_on: date, *, last: int, is_correction: bool = False
) -> Reply:
    """Enter what the person concerned said. last : the reply that was the last when the form was read, 0 where there was
    none, so that a form sent twice enters one. Raises Overtaken where it is no longer the last."""
    with one_at_a_time():
        before = standing_of(flag["flag_key"]).reply
        if (before.pk if before else 0) != last:
            raise Overtaken
        reply = Reply(
            text=text,
            received_on=received_on,
            entered_by=user,
            entered_at=timezone.now(),
            supersedes=before if is_correction else None,
            **_named(flag),
        )
        _kept(reply, user, "entered_reply", flag, {"received_on": received_on})
        _to_leave(flag["flag_key"])
    return reply


def note_impression(user, flag: Mapping[str, Any], sight: str, reason: str) -> Impression:
    """Note a first impression."""
    with one_at_a_time():
        impression = Impression(reviewer=user, sight=sight, reason=reason, noted_at=timezone.now(), **_named(flag))
        _kept(impression, user, "noted_impression", flag, {})
    return impression


def unmask(user, flag: Mapping[str, Any], officer_id: str, reason: str) -> Unmasking:
    """Open the name behind a pseudonym to a reader."""
    with one_at_a_time():
        unmasking = Unmasking(
            reader=user, officer_id=officer_id, reason=reason, unmasked_at=timezone.now(), **_named(flag)
        )
        _kept(unmasking, user, "unmasked", flag, {"officer": mark(officer_id)})
    return unmasking


def _identifier(number: int) -> str:
    """Of the decision of that number: those of one hint sort as they were taken, also within a second."""
    return f"{number:06d}{uuid.uuid4().hex}"[: Decision._meta.pk.max_length]


def _is_same_person(user, other) -> bool:
    """By another account too."""
    return other.pk == user.pk or bool(user.officer_id and user.officer_id == other.officer_id)


def _named(flag: Mapping[str, Any]) -> dict[str, Any]:
    return {field.name: flag[field.name] for field in Hint._meta.fields}


def _kept(row: models.Model, user, action: str, flag: Mapping[str, Any], detail: dict[str, Any]) -> None:
    """Write a row and its entry in the log. Raises Overtaken where another row took its place."""
    keep(row, user, action, "flag", token(flag["flag_id"]), {"hint": token(flag["flag_key"]), **detail})


def _to_leave(about: str) -> None:
    to_leave(f"{DECIDED}:{about}")
