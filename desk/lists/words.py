"""Words of the lists: stages, kinds of task, who is in charge, periods."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from desk.merchants.words import TASK_KINDS as MERCHANT_TASKS

STAGES = {
    "patrol": pgettext_lazy("stage", "patrol"),
    "found": pgettext_lazy("stage", "found"),
    "recorded": pgettext_lazy("stage", "recorded"),
    "disposed": pgettext_lazy("stage", "disposed of"),
    "rechecked": pgettext_lazy("stage", "rechecked"),
    "copied": pgettext_lazy("stage", "copied to those concerned"),
    "investigated": pgettext_lazy("stage", "investigated"),
    "reported_back": pgettext_lazy("stage", "reported back"),
}
"""The eight stages of unlicensed operation, in their order."""

CLOSED_BY = {
    "reported_back": pgettext_lazy("closed", "reported back"),
    "licensed": pgettext_lazy("closed", "licensed since"),
    "closed": pgettext_lazy("closed", "gave up business"),
}

MATTER = "matter"
"""The kind of task that stands in no row; so the charge `handler`, which nothing else has, needs no word."""

OWED_BY_MERCHANT = ("annual_report", "permit_expiry")
"""Kinds of what the merchant himself has to bring; an officer can do no more than remind him."""

TASK_KINDS = {
    **{kind: words for kind, words in MERCHANT_TASKS.items() if kind != "complaint_to_verify"},
    "planned_visit": _("planned visit"),
}

CHARGES = {
    "merchant": _("the merchant's own duty; the officer can only remind him"),
    "lead": _("leads the planned visit"),
    "co": _("joins the planned visit"),
    "grid": _("answers for the grid"),
    "nobody": _("nobody answers for the grid"),
}

YEAR = "last_12_months"
"""The period of all months together."""
