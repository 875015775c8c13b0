"""Words for what the log records."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ACTIONS = {
    "sign_in": pgettext_lazy("log", "signed in"),
    "sign_in_failed": pgettext_lazy("log", "sign-in failed"),
    "sign_in_closed": pgettext_lazy("log", "sign-in closed for a while"),
    "sign_out": pgettext_lazy("log", "signed out"),
    "password_changed": pgettext_lazy("log", "changed the password"),
    "refused": pgettext_lazy("log", "was refused"),
    "view": pgettext_lazy("log", "looked at"),
    "unmasked": pgettext_lazy("log", "opened a name"),
    "export": pgettext_lazy("log", "took out as a workbook"),
    "noted_impression": pgettext_lazy("log", "noted a first impression"),
    "decided": pgettext_lazy("log", "decided"),
    "signed": pgettext_lazy("log", "signed as the second"),
    "refused_to_sign": pgettext_lazy("log", "did not sign"),
    "disposed": pgettext_lazy("log", "disposed of a lead"),
    "entered_reply": pgettext_lazy("log", "entered a reply"),
    "decided_move": pgettext_lazy("log", "decided on a move"),
    "check": pgettext_lazy("log", "checked the chain"),
    "user_made": pgettext_lazy("log", "account made"),
    "user_changed": pgettext_lazy("log", "account changed"),
    "user_closed": pgettext_lazy("log", "account closed"),
    "user_opened": pgettext_lazy("log", "account opened again"),
    "password_given": pgettext_lazy("log", "first password given"),
    "second_factor_given": pgettext_lazy("log", "gave the second factor"),
    "second_factor_set_up": pgettext_lazy("log", "added a second factor"),
    "second_factor_wrong": pgettext_lazy("log", "second factor wrong"),
    "second_factor_dropped": pgettext_lazy("log", "second factor taken off"),
    "rules": pgettext_lazy("log", "rules in force changed"),
}
"""Actions by their code; one that is not here is shown by its code."""

BREAKS = {
    "missing": _("Entries are missing before entry %(number)s."),
    "unchained": _("Entry %(number)s does not follow the entry before it."),
    "changed": _("Entry %(number)s was changed."),
    "other": _("Entry %(number)s is not the one whose hash a night told."),
    "cut_off": _("The log ends before entry %(number)s, whose hash a night told."),
}
"""What is wrong with the chain at an entry."""
