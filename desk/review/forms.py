"""Forms of what is done with a hint. Errors stand beside their fields."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from desk.review.models import REASON_LENGTH, Disposal, Outcome, Sight

LONGEST = 4000
"""Characters of a reason: two pages."""


class ReasonForm(forms.Form):
    """A reason in words. Errors are announced with their field."""

    reason = forms.CharField(
        label=_("Reason"),
        min_length=REASON_LENGTH,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "At least 10 characters. It is kept for good and read by others. Names of persons do not belong here."
        ),
    )


class UnmaskForm(ReasonForm):
    """Why a name is needed."""


class ImpressionForm(ReasonForm):
    """A first impression and why."""

    sight = forms.ChoiceField(label=_("First impression"), choices=Sight, widget=forms.RadioSelect)
    field_order = ("sight", "reason")


class DecisionForm(ReasonForm):
    """A decision. number : of the last decision that the reader saw."""

    outcome = forms.ChoiceField(label=_("Decision"), choices=Outcome, widget=forms.RadioSelect)
    is_correction = forms.BooleanField(
        label=_("It corrects the decision before it, which was wrong"),
        required=False,
        help_text=_("Leave it empty where something new came in since: both decisions then stand."),
    )
    number = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    field_order = ("outcome", "reason", "is_correction", "number")

    def __init__(self, *arguments, has_earlier: bool, **more) -> None:
        super().__init__(*arguments, **more)
        if not has_earlier:
            del self.fields["is_correction"]


class SignatureForm(ReasonForm):
    """The second signature under a transfer. decision_id : of the transfer that the reader saw."""

    is_agreed = forms.TypedChoiceField(
        label=_("Second signature"),
        choices=[("yes", _("I sign: it becomes a lead")), ("no", _("I do not sign: it stays a hint"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    decision_id = forms.CharField(max_length=32, widget=forms.HiddenInput)
    field_order = ("is_agreed", "reason", "decision_id")


class DispositionForm(ReasonForm):
    """What becomes of a lead. decision_id, number : of the lead and of its last disposition that the reader saw."""

    disposal = forms.ChoiceField(label=_("Disposition"), choices=Disposal, widget=forms.RadioSelect)
    number = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    decision_id = forms.CharField(max_length=32, widget=forms.HiddenInput)
    field_order = ("disposal", "reason", "decision_id", "number")


class ReplyForm(forms.Form):
    """What the person concerned said. last : the last reply that the reader saw, 0 where there was none."""

    text = forms.CharField(
        label=_("The reply, as it was given"),
        min_length=REASON_LENGTH,
        max_length=5 * LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("It is kept for good and read by others. Names of persons do not belong here: write their role."),
    )
    received_on = forms.DateField(
        label=_("Received on"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    is_correction = forms.BooleanField(label=_("It corrects the reply entered before"), required=False)
    last = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *arguments, has_earlier: bool, **more) -> None:
        super().__init__(*arguments, **more)
        if not has_earlier:
            del self.fields["is_correction"]

    def clean_received_on(self) -> date:
        """Refuse a day that lies ahead."""
        received_on = self.cleaned_data["received_on"]
        if received_on > timezone.localdate():
            raise forms.ValidationError(_("A reply cannot come in on a day that lies ahead."))
        return received_on
