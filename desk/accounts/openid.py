"""Signing in by the bureau's own provider of OpenID Connect: only people who have an account here, by their name here.

Without MINGJIAN_DESK_OIDC_* these pages do not exist, and nothing of it is loaded.
"""

from __future__ import annotations

import functools
import logging
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from desk.access.gate import page
from desk.access.session import SIGNED_IN_BY
from desk.audit.log import append

if TYPE_CHECKING:
    from django.db.models import QuerySet

LOGGER = logging.getLogger(__name__)
TIMEOUT_SECONDS = 5
ENDPOINTS = {
    "OIDC_OP_AUTHORIZATION_ENDPOINT": "authorization_endpoint",
    "OIDC_OP_TOKEN_ENDPOINT": "token_endpoint",
    "OIDC_OP_USER_ENDPOINT": "userinfo_endpoint",
    "OIDC_OP_JWKS_ENDPOINT": "jwks_uri",
}
"""What the library asks for, and how the provider's own description calls it."""


@page("provider")
def to_provider(request: HttpRequest) -> HttpResponse:
    """Send the person to the provider, with a state, a nonce and a proof key that only this session knows."""
    return _answered(request, "Request")


@page("provider_callback")
def from_provider(request: HttpRequest) -> HttpResponse:
    """Take the provider's answer, and let in whom it names where he has an account here."""
    return _answered(request, "Callback")


def _answered(request: HttpRequest, which: str) -> HttpResponse:
    if not settings.DEPLOYMENT.has_oidc:
        raise Http404
    import jwt
    import requests

    try:
        return _views()[which].as_view()(request)
    except (requests.RequestException, jwt.PyJWTError, SuspiciousOperation, KeyError, ValueError) as error:
        # what the provider sent may name a person: the kind of the failure is enough
        LOGGER.warning("the provider's answer was not accepted: %s", type(error).__name__)
        return refused(request, _("The provider cannot be reached, or its answer cannot be trusted. Try again."))


def refused(request: HttpRequest, why: str) -> HttpResponse:
    """The sign-in page's word that nobody came in, and an entry in the log."""
    append(None, "sign_in_failed", "user", "", {"by": "provider"})
    return render(request, "accounts/provider_refused.html", {"why": why}, status=403)


@functools.cache
def described(issuer: str) -> dict[str, Any]:
    """The provider's own description of itself, asked for once. Raises requests.RequestException, ValueError."""
    import requests

    place = issuer.rstrip("/") + "/.well-known/openid-configuration"
    answer = requests.get(place, timeout=TIMEOUT_SECONDS)
    answer.raise_for_status()
    said = answer.json()
    if said["issuer"] != issuer:
        raise ValueError(f"the provider calls itself {said['issuer']}, not {issuer}")
    return said


def setting(name: str, *otherwise: Any) -> Any:
    """What the library asks for: from the deployment and the provider's description, never from elsewhere."""
    deployment = settings.DEPLOYMENT
    if name in ENDPOINTS:
        return described(deployment.desk_oidc_issuer)[ENDPOINTS[name]]
    fixed = {
        "OIDC_RP_CLIENT_ID": deployment.desk_oidc_client_id,
        "OIDC_RP_CLIENT_SECRET": deployment.desk_oidc_client_secret,
        "OIDC_RP_SIGN_ALGO": "RS256",
        "OIDC_RP_SCOPES": "openid profile",
        "OIDC_USE_PKCE": True,
        "OIDC_CREATE_USER": False,
        "OIDC_TIMEOUT": TIMEOUT_SECONDS,
        "OIDC_AUTHENTICATION_CALLBACK_URL": "provider_callback",
        "LOGIN_REDIRECT_URL": settings.LOGIN_REDIRECT_URL,
    }
    if name in fixed:
        return fixed[name]
    if otherwise:
        return otherwise[0]
    raise KeyError(name)


@functools.cache
def _views() -> dict[str, type]:
    from mozilla_django_oidc.views import OIDCAuthenticationCallbackView, OIDCAuthenticationRequestView

    class Request(OIDCAuthenticationRequestView):
        get_settings = staticmethod(setting)

    class Callback(OIDCAuthenticationCallbackView):
        get_settings = staticmethod(setting)

        def login_success(self) -> HttpResponse:
            append(self.user, "sign_in", "user", self.user.get_username(), {"by": "provider"})
            answer = super().login_success()
            self.request.session[SIGNED_IN_BY] = "provider"
            return answer

        def login_failure(self) -> HttpResponse:
            return refused(
                self.request,
                _(
                    "Nobody was let in: the provider refused, or this name has no account here. Ask whoever runs the desk."
                ),
            )

    return {"Request": Request, "Callback": Callback}


def __getattr__(name: str) -> type:
    """`ProviderBackend`, loaded with its library when it is first asked for."""
    if name != "ProviderBackend":
        raise AttributeError(name)
    return _backend()


@functools.cache
def _backend() -> type:
    from mozilla_django_oidc.auth import OIDCAuthenticationBackend

    class ProviderBackend(OIDCAuthenticationBackend):
        """Believes a token that the provider signed for this desk, and finds the person by name."""

        get_settings = staticmethod(setting)

        def __init__(self) -> None:
            # the provider is asked where something is to be verified, not whenever a session's user is read
            from desk.accounts.models import User

            self.UserModel = User

        def authenticate(self, request, **kwargs):
            """The person, or None where this is no answer of the provider."""
            if request is None or "nonce" not in kwargs:
                return None
            super().__init__()
            return super().authenticate(request, **kwargs)

        def verify_token(self, token: str, **kwargs) -> dict[str, Any]:
            """The claims; signature, time and nonce hold, and it is of this provider and for this desk."""
            claims = super().verify_token(token, **kwargs)
            audience = claims.get("aud")
            audience = [audience] if isinstance(audience, str) else audience or []
            if claims.get("iss") != settings.DEPLOYMENT.desk_oidc_issuer or self.OIDC_RP_CLIENT_ID not in audience:
                raise SuspiciousOperation("the token is of another provider or for somebody else")
            self.subject = claims.get("sub")
            return claims

        def verify_claims(self, claims: dict[str, Any]) -> bool:
            """It tells of the person of the token, and how he is called here."""
            return bool(claims.get(settings.DEPLOYMENT.desk_oidc_claim)) and claims.get("sub") == self.subject

        def filter_users_by_claims(self, claims: dict[str, Any]) -> QuerySet:
            """Who has this very name here and is not closed."""
            return self.UserModel.objects.filter(username=claims[settings.DEPLOYMENT.desk_oidc_claim], is_active=True)

        def get_user(self, user_id):
            """Whoever may still sign in."""
            user = super().get_user(user_id)
            return user if user is not None and user.is_active else None

    ProviderBackend.__module__, ProviderBackend.__qualname__ = __name__, "ProviderBackend"
    return ProviderBackend
