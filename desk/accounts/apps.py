"""What happens whenever somebody signs in, whichever way."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.utils import timezone

from desk.access.session import SIGNED_IN_AT


def remember_when(sender, request, user, **kwargs) -> None:
    """Keep in the session when it began."""
    request.session[SIGNED_IN_AT] = int(timezone.now().timestamp())


def tell_failure(sender, credentials, request=None, **kwargs) -> None:
    """An entry for a name and password that do not belong together; none where sign-in was closed anyway."""
    from desk.accounts.lockout import known
    from desk.audit.log import append

    if request is not None and "password" in credentials and getattr(request, "axes_failures_since_start", None):
        append(None, "sign_in_failed", "user", known(credentials.get("username") or ""), {"by": "password"})


class AccountsConfig(AppConfig):
    """People who may sign in."""

    name = "desk.accounts"

    def ready(self) -> None:
        """Listen for sign-ins."""
        user_logged_in.connect(remember_when, dispatch_uid="desk.accounts.remember_when")
        user_login_failed.connect(tell_failure, dispatch_uid="desk.accounts.tell_failure")
