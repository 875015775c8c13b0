"""The second factor: a code of six digits that changes every half minute, from a device that he alone has."""

from __future__ import annotations

import segno
from django.contrib import messages
from django.contrib.auth.views import RedirectURLMixin
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import FormView
from django_otp import login
from django_otp.plugins.otp_totp.models import TOTPDevice

from desk.access.gate import page
from desk.accounts.forms import CodeForm
from desk.audit.log import append


class _Code(RedirectURLMixin, FormView):
    form_class = CodeForm
    next_page = "/"
    is_confirmed: bool

    def device(self) -> TOTPDevice | None:
        """The person's device, locked where a transaction is open."""
        devices = TOTPDevice.objects.filter(user_id=self.request.user.pk, confirmed=self.is_confirmed)
        return devices.select_for_update().first()

    def form_valid(self, form: CodeForm) -> HttpResponse:
        """Hold the code against the device; wrong ones make the next one wait, each twice as long as the last."""
        with transaction.atomic():
            device = self.device()
            if device is None:
                return redirect("account")
            is_allowed, why = device.verify_is_allowed()
            is_right = is_allowed and device.verify_token(form.cleaned_data["code"])
            action = "second_factor_given" if self.is_confirmed else "second_factor_set_up"
            if is_right:
                device.confirmed = True
                device.save()
            append(
                self.request.user,
                action if is_right else "second_factor_wrong",
                "user",
                self.request.user.get_username(),
            )
        if is_right:
            # a key that was known before the second factor opens nothing after it
            self.request.session.cycle_key()
            login(self.request, device)
            return super().form_valid(form)
        if is_allowed:
            form.add_error("code", _("This code is wrong or was used already. Wait for the next one."))
        else:
            seconds = max(1, round((why["locked_until"] - timezone.now()).total_seconds()))
            told = ngettext(
                "Too many wrong codes. Try again in %(seconds)d second.",
                "Too many wrong codes. Try again in %(seconds)d seconds.",
                seconds,
            )
            form.add_error("code", told % {"seconds": seconds})
        return self.form_invalid(form)


@page("second_factor")
class SecondFactor(_Code):
    """Asked at every sign-in of whoever has one, before anything else is seen."""

    template_name = "accounts/second_factor.html"
    is_confirmed = True

    def dispatch(self, request, *args, **kwargs) -> HttpResponse:
        """Who has given it is not asked again."""
        if request.user.is_verified():
            return redirect(self.get_success_url())
        return super().dispatch(request, *args, **kwargs)


@page("second_factor_setup")
class Setup(_Code):
    """Take a device as the second factor, once a code shows that it has the key."""

    template_name = "accounts/second_factor_setup.html"
    is_confirmed = False

    def dispatch(self, request, *args, **kwargs) -> HttpResponse:
        """Who has one does not take another; whoever runs the desk can take the old one away."""
        if request.user.is_verified():
            messages.info(request, _("You already have a second factor."))
            return redirect("account")
        return super().dispatch(request, *args, **kwargs)

    def get_default_redirect_url(self) -> str:
        """To the account."""
        return resolve_url("account")

    def get_context_data(self, **kwargs) -> dict:
        """The key, to be read by a camera or by hand."""
        with transaction.atomic():
            device = self.device() or TOTPDevice.objects.create(
                user_id=self.request.user.pk, confirmed=False, name="totp"
            )
        return super().get_context_data(picture=picture(device.config_url), key=grouped(device), **kwargs)


def picture(address: str) -> SafeString:
    """A QR code as inline SVG without any style."""
    code = segno.make(address, error="m")
    drawn = code.svg_inline(
        scale=5, border=4, dark="#000", light="#fff", title=_("QR code"), desc=_("The key below, for a camera.")
    )
    return mark_safe(drawn)  # noqa: S308 - made from an address whose parts are quoted


def grouped(device: TOTPDevice) -> str:
    """The key in base32, in groups of four."""
    from base64 import b32encode

    letters = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))
