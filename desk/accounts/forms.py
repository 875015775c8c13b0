"""What people fill in about themselves."""

from __future__ import annotations

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    """Name and password; a wrong name and a wrong password are told the same."""

    error_messages = {
        "invalid_login": _("This name and password do not belong together. Capital and small letters differ."),
        "inactive": _("This name and password do not belong together. Capital and small letters differ."),
    }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Name")
        self.fields["password"].label = _("Password")


class OwnPasswordForm(PasswordChangeForm):
    """The old password and, twice, a new one that is another."""

    error_messages = {
        **PasswordChangeForm.error_messages,
        "password_incorrect": _("This is not your present password."),
        "password_mismatch": _("The two new passwords differ."),
    }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = _("Present password")
        self.fields["new_password1"].label = _("New password")
        self.fields["new_password2"].label = _("New password, once more")

    def clean_new_password1(self) -> str:
        """Refuse the present password as the new one."""
        given = self.cleaned_data["new_password1"]
        if self.user.check_password(given):
            raise ValidationError(_("The new password must differ from the present one."))
        return given


class CodeForm(forms.Form):
    """Six digits of the second factor."""

    code = forms.RegexField(
        r"^\s*[0-9]{3}\s?[0-9]{3}\s*$",
        label=_("Code of six digits"),
        strip=True,
        error_messages={"invalid": _("The code has six digits.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
    )

    def clean_code(self) -> str:
        """The digits without spaces."""
        return "".join(self.cleaned_data["code"].split())
