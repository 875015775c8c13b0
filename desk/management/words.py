"""Words for the codes that pages of management show."""

from __future__ import annotations

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

POSTS = {
    "patrol": pgettext_lazy("post", "patrol"),
    "case_handling": pgettext_lazy("post", "case handling"),
    "registration": pgettext_lazy("post", "registration"),
    "key_enterprise_supervision": pgettext_lazy("post", "supervision of key enterprises"),
    "permit": pgettext_lazy("post", "permits"),
    "sampling": pgettext_lazy("post", "sampling"),
    "procurement": pgettext_lazy("post", "procurement"),
    "seized_property": pgettext_lazy("post", "seized property"),
    "legal_review": pgettext_lazy("post", "legal review"),
    "general_office": pgettext_lazy("post", "general office"),
    "station_head": pgettext_lazy("post", "head of station"),
    "team_head": pgettext_lazy("post", "head of team"),
}

STATUSES = {
    "overdue": pgettext_lazy("clock", "overdue"),
    "due": pgettext_lazy("clock", "due"),
    "watch": pgettext_lazy("clock", "to watch"),
}
"""How far a clock has run, the furthest first."""

CLOCKS = {
    "post": pgettext_lazy("clock", "hot post"),
    "station": pgettext_lazy("clock", "station"),
    "grid": pgettext_lazy("clock", "grid"),
    "area": pgettext_lazy("clock", "area"),
}

COVERAGE = {
    "key_industry_onsite": _("Key industries visited on site within the year"),
    "hot_industry_population": _("Hot industries reached by campaigns"),
    "visit_within_cap": _("Owed visits that are not overdue"),
    "visit_cap_kept": _("Merchants within the yearly cap on visits"),
    "effort_on_top_20": _("Visits made to the 20 % with the highest risk"),
    "planned_effort_on_top_20": _("Visits planned for the 20 % with the highest risk"),
}
"""Measures of coverage, in the order in which they are read."""

DRAW_TESTS = {
    "object_class": _("Objects by class against the ratio"),
    "object_unit": _("Objects over units"),
    "officer_even": _("Officers evenly over the certified"),
    "pair_repeat": _("The same pair twice in a row"),
    "by_hand_share": _("Places given by hand"),
    "by_hand_same": _("By hand to one and the same officer"),
    "by_hand_uncertified": _("By hand to officers without certificate"),
    "by_hand_low_class": _("By hand at lower classes"),
}
"""What past random draws are tested for."""

DRAW_STATES = {1: _("unusual"), 2: _("nothing unusual"), 3: _("not computable")}
"""How a test of a draw came out, the most urgent first."""

DRAW_FATES = {
    "drawn": _("drawn by lot"),
    "not_revealed": _("committed, not revealed"),
    "closed": _("committed and given up"),
    "differing": _("files do not agree"),
}
"""What became of a draw."""

ARM_CLASSES = {
    "all": _("All merchants"),
    "patrol_tier": pgettext_lazy("class", "Tier by rule"),
    "credit_risk_class": pgettext_lazy("class", "Credit risk class"),
    "model_risk_tier": pgettext_lazy("class", "Tier by model"),
}
"""Kinds of class of which random draws teach something."""

ROLES = {
    "due": pgettext_lazy("move", "time has run out"),
    "successor": pgettext_lazy("move", "succeeds somebody"),
    "relief": pgettext_lazy("move", "relieves a station"),
}
"""Why somebody moves."""

OUTCOMES = {
    "move": pgettext_lazy("plan", "move proposed"),
    "barred": pgettext_lazy("plan", "barred by a rule"),
    "later": pgettext_lazy("plan", "left for later"),
    "watch": pgettext_lazy("plan", "only watched"),
}
"""What the plan makes of a clock."""

CONTROLS = {"special_audit": _("special audit")}
"""What is done in place of a move."""

UNSUITABLE = "unsuitable"
"""The rule under which `interest` is told: that there is one would be found out by asking for one station after another."""

RULES = {
    "clock": _("no other post would let the years on this one begin anew"),
    "certificate": _("the post needs an enforcement certificate that is valid on the day"),
    "qualification": _("the experience that the post asks for is missing"),
    "interest": _("it is not suitable for other reasons"),
    UNSUITABLE: _("it is not suitable for other reasons"),
    "returned": _("nobody goes back so soon to a place that he held"),
    "major_case": _("leads a major case that is still open"),
    "leaving": _("leaves within a year"),
    "extended": _("the time on the post was extended"),
    "notice": _("the day is too near"),
    "settled": _("came to the present place too short a time ago"),
    "needed": _("who is not due moves only to take the place of somebody due"),
    "declined": _("management declined the move"),
    "station_certified": _("the station would have too few officers with a certificate"),
    "station_handler": _("the station would have no experienced case handler"),
    "station_share": _("too many of one station would move in one quarter"),
    "no_successor": _("nobody can take the place that would be left"),
    "no_vacancy": _("none of the places that the rules leave can be vacated"),
    "rank": _("a leading post is exchanged for a leading post alone"),
    "no_place": _("nobody holds such a place"),
    "decided": _("management decided otherwise, or for a day beyond the plan"),
    "capacity": _("it does not fit beside the other moves"),
}
"""Rules of the plan in words; those of `interest` are nobody's to know here, and the same as of what does not suit."""

OF_SUCCESSORS = "heir_"
"""What stands before the code of a rule that keeps everybody from an officer's place, and not him from another."""

ASKED_RULES = {rule: words for rule, words in RULES.items() if rule != "interest"}
ASKED_RULES |= {
    f"{OF_SUCCESSORS}{rule}": format_lazy("{}: {}", _("nobody could take the place"), words)
    for rule, words in ASKED_RULES.items()
}
"""Rules that lists tell apart."""
