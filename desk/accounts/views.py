"""Signing in and out, a password of one's own, and what is known of oneself."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import LoginView, LogoutView, RedirectURLMixin
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import FormView

from desk.access.gate import page
from desk.access.session import SIGNED_IN_BY, has_second_factor
from desk.accounts.forms import OwnPasswordForm, SignInForm
from desk.accounts.lockout import closed_to_address
from desk.audit.log import append


@page("sign_in")
class SignIn(LoginView):
    """Name and password; who is signed in already is sent on."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Sign in, unless this machine tried too many passwords."""
        return closed_to_address(request) or super().post(request, *args, **kwargs)

    def get_redirect_url(self) -> str:
        """Where he wanted to go, unless that is this very page."""
        wanted = super().get_redirect_url()
        return "" if wanted.split("?")[0] == self.request.path else wanted

    def form_valid(self, form: SignInForm) -> HttpResponse:
        """Sign in, under a new key of the session."""
        user = form.get_user()
        append(user, "sign_in", "user", user.get_username(), {"by": "password"})
        answer = super().form_valid(form)
        self.request.session[SIGNED_IN_BY] = "password"
        return answer

    def get_context_data(self, **kwargs) -> dict:
        """Whether a session has just ended, and the provider where there is one."""
        return super().get_context_data(
            has_ended="ended" in self.request.GET,
            minutes=settings.DEPLOYMENT.desk_session_minutes,
            hours=settings.DEPLOYMENT.desk_session_hours,
            provider_url=reverse("provider") if settings.DEPLOYMENT.has_oidc else None,
            **kwargs,
        )


@page("sign_out")
class SignOut(LogoutView):
    """Only by a form; the session is gone afterwards."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Sign out."""
        append(request.user, "sign_out", "user", request.user.get_username())
        return super().post(request, *args, **kwargs)


@page("password")
class Password(RedirectURLMixin, FormView):
    """A password of one's own; every other session of the same person ends with the old one."""

    template_name = "accounts/password.html"
    form_class = OwnPasswordForm

    def get_default_redirect_url(self) -> str:
        """To the account."""
        return resolve_url("account")

    def get_form_kwargs(self) -> dict:
        """The form is about who asks."""
        return {**super().get_form_kwargs(), "user": self.request.user}

    def form_valid(self, form: OwnPasswordForm) -> HttpResponse:
        """Keep the password and its entry in the log, both or neither."""
        with transaction.atomic():
            form.user.must_change_password = False
            user = form.save()
            append(user, "password_changed", "user", user.get_username())
        update_session_auth_hash(self.request, user)
        messages.success(
            self.request, _("Your password is changed. Wherever else you were signed in, you no longer are.")
        )
        return super().form_valid(form)


@page("account")
def account(request: HttpRequest) -> HttpResponse:
    """What the desk knows of the reader, and what he may change of it."""
    return render(request, "accounts/account.html", {"has_second_factor": has_second_factor(request.user)})
