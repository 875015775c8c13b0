"""Accounts as whoever runs the desk makes and changes them; each change stands in the log."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from desk.access.rules import AREA_ROLES, Role
from desk.accounts.models import User
from desk.audit.log import append
from desk.published.night import Night

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""What nobody takes for something else when he reads it from paper."""
GROUPS, GROUP_LENGTH = 4, 5
"""Twenty letters of 31: 99 bits."""


class NotDone(ValueError):
    """An account was not made or changed; one sentence says why and what to do."""


def one_time_password() -> str:
    """A password to be told once and changed at the first sign-in."""
    groups = ("".join(secrets.choice(LETTERS) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)


def make(
    username: str,
    role: str,
    area: Sequence[str],
    officer_id: str,
    night: Night | None,
    *,
    is_nobody: bool = False,
    by_provider: bool = False,
) -> str | None:
    """Make an account and return its one-time password; None where he signs in by the provider. Raises NotDone.

    is_nobody : he is not in the bureau's records, so no hint is about himself or his own; the log keeps that it was said.
    """
    if User.objects.filter(username=username).exists():
        raise NotDone(
            f"{username} has an account already; change it with --change, or give a password with --new-password"
        )
    _check(role, area, officer_id, night, is_nobody)
    password = None if by_provider else one_time_password()
    with transaction.atomic():
        try:
            User.objects.create_user(username, password, role=role, area=list(area), officer_id=officer_id)
        except ValidationError as error:
            raise NotDone(f"{username} is no name for an account: {'; '.join(error.messages)}") from error
        detail = {
            "role": role,
            "area": list(area),
            "officer_id": officer_id,
            "is_nobody": is_nobody,
            "by_provider": by_provider,
        }
        append(None, "user_made", "user", username, detail)
    return password


def change(
    username: str, role: str, area: Sequence[str], officer_id: str, night: Night | None, *, is_nobody: bool = False
) -> None:
    """Give an account another role, area and person; it holds from his next click. Raises NotDone."""
    _check(role, area, officer_id, night, is_nobody)
    with transaction.atomic():
        user = _locked(username)
        before = {"role": user.role, "area": user.area, "officer_id": user.officer_id}
        after = {"role": role, "area": list(area), "officer_id": officer_id}
        User.objects.filter(pk=user.pk).update(**after)
        detail = {"before": before, "after": after, "is_nobody": is_nobody}
        append(None, "user_changed", "user", username, detail)


def new_password(username: str) -> str:
    """Give an account a one-time password; every session of his ends. Raises NotDone."""
    password = one_time_password()
    with transaction.atomic():
        user = _locked(username)
        user.set_password(password)
        user.must_change_password = True
        user.save(update_fields=["password", "must_change_password"])
        append(None, "password_given", "user", username)
    return password


def drop_second_factor(username: str) -> None:
    """Take the second factor of an account away, so that its person can set up another. Raises NotDone."""
    from django_otp.plugins.otp_totp.models import TOTPDevice

    with transaction.atomic():
        removed, _ = TOTPDevice.objects.filter(user_id=_locked(username).pk).delete()
        if not removed:
            raise NotDone(f"{username} has no second factor")
        append(None, "second_factor_dropped", "user", username)


def set_open(username: str, is_open: bool) -> None:
    """Close an account, or open it again; a closed one is out at once, and all it did stays. Raises NotDone."""
    with transaction.atomic():
        user = _locked(username)
        if user.is_active == is_open:
            raise NotDone(f"{username} is {'open' if is_open else 'closed'} already")
        User.objects.filter(pk=user.pk).update(is_active=is_open)
        append(None, "user_opened" if is_open else "user_closed", "user", username)


def _locked(username: str) -> User:
    user = User.objects.select_for_update().filter(username=username).first()
    if user is None:
        raise NotDone(f"{username} has no account here")
    return user


def _check(role: str, area: Sequence[str], officer_id: str, night: Night | None, is_nobody: bool) -> None:
    if role not in list(Role):
        raise NotDone(f"{role or 'no role'} is none of the roles: {', '.join(Role)}")
    if role in AREA_ROLES and not area:
        raise NotDone(f"a {role} sees what lies in his area: name its institutions with --area")
    if role not in AREA_ROLES and area:
        raise NotDone(f"a {role} has no area: leave --area out")
    if officer_id and is_nobody:
        raise NotDone(
            "--officer says who he is, --no-officer that he is nobody of the bureau's records: give one of them"
        )
    if role in AREA_ROLES and not officer_id and not is_nobody:
        raise NotDone(
            f"say who this {role} is in the bureau's own records with --officer ID, so that he never decides about himself or "
            "his own; whoever is not in them has --no-officer"
        )
    for table, given in (("institution", list(area)), ("officer", [officer_id] if officer_id else [])):
        if night is None or table not in night.tables or not given:
            continue
        asked = f"select distinct {table}_id as id from {table} where {table}_id in (select unnest(cast($given as varchar[])))"
        unknown = sorted(set(given) - {row["id"] for row in night.rows(asked, {"given": given})})
        if unknown:
            raise NotDone(f"the night of {night.as_of} knows no {table} {', '.join(unknown)}")
