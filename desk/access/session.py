"""What stands between signing in and seeing: how long a session lasts, the second factor, a password of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

if TYPE_CHECKING:
    from desk.accounts.models import User

SIGNED_IN_AT = "signed_in_at"
"""Of a session: the second since 1970 in which it was signed in."""
SIGNED_IN_BY = "signed_in_by"
"""Of a session: `password` or `provider`."""


def has_outlived(request: HttpRequest) -> bool:
    """Whether the session is older than a session may be, however busy it was."""
    age = timezone.now().timestamp() - request.session.get(SIGNED_IN_AT, 0)
    return age > settings.DEPLOYMENT.desk_session_hours * 3600


def is_left_over(request: HttpRequest) -> bool:
    """Whether the browser still carries the cookie of a session that is gone."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def held_at(request: HttpRequest) -> str | None:
    """The page that comes before all others for who has signed in: his second factor, then a password of his own."""
    if not request.user.is_authenticated:
        return None
    if not request.user.is_verified() and has_second_factor(request.user):
        return "second_factor"
    if request.user.must_change_password and request.session.get(SIGNED_IN_BY) != "provider":
        return "password"
    return None


def has_second_factor(user: User) -> bool:
    """Whether he has confirmed a second factor."""
    from django_otp.plugins.otp_totp.models import TOTPDevice

    return TOTPDevice.objects.filter(user_id=user.pk, confirmed=True).exists()
