"""Words for the codes that nights publish about merchants."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

TIERS = {"A": _("A (distant)"), "B": _("B (middle)"), "C": _("C (near)"), "D": _("D (closest)")}
"""How closely a merchant is watched; D is the worst."""

DIRECTIONS = {
    "model_higher": _("model says worse"),
    "rule_higher": _("rule says worse"),
    "close": _("none"),
}
"""Whether rule and model are far apart; `close` where the night lists no disagreement."""

VISIT_KINDS = {
    "routine": _("routine"),
    "special": _("campaign"),
    "targeted": _("targeted"),
    "random": _("random draw"),
    "complaint": _("targeted"),
    "recheck": _("recheck"),
}
"""That a visit follows a complaint would tell the merchant's neighbours that somebody complained: it is a targeted one."""

SHOWN_KINDS = {kind: words for kind, words in VISIT_KINDS.items() if kind != "complaint"}
"""Kinds that a list tells apart."""

TASK_KINDS = {
    "rectification_due": _("rectification due"),
    "post_penalty_revisit": _("revisit after a penalty"),
    "annual_report": _("annual report due"),
    "permit_expiry": _("permit expires"),
    "complaint_to_verify": _("matter due"),
    "first_offence_recheck": _("recheck after no penalty"),
}

TASK_STATUSES = {"overdue": _("overdue"), "due": _("due soon"), "upcoming": _("not due yet")}

UNPLACED = {
    "capacity": _("all hands are taken"),
    "recusal": _("officers must stand aside"),
    "not_yet": _("nobody free from the first possible day"),
    "on_leave": _("leave and training"),
    "no_certified_pair": _("fewer than two with a certificate"),
    "certificate_not_delivered": _("certificates were not delivered"),
    "no_working_day": _("no working day"),
    "cap_reached": _("the yearly cap is used up"),
}
"""Why a visit that is wanted is not in the plan."""

UNITS = {
    "days": _("days"),
    "yuan": _("yuan"),
    "count": "",
    "years": _("years"),
    "rate": _("per unit"),
    "number": "",
    "share": "",
    "boolean": "",
}
"""Units of features, as the model card names them."""
