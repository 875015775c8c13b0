"""The words for what nights publish in codes: families, strengths, statistics, units, tables, roles and results."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

FAMILIES = {
    "leniency": _("unusual leniency"),
    "case_dropped": _("cases dropped or not filed"),
    "low_finding_rate": _("few findings at visits"),
    "hot_post_tenure": _("rotation reminder"),
    "clustered_complaints": _("clustered complaints"),
    "unfiled_visit": _("visits without filing"),
    "patrol_padding": _("padded patrols"),
    "threshold_bunching": _("fines just under a threshold"),
    "selective_enforcement": _("like cases treated differently"),
    "tip_off": _("visits that seem to have been known beforehand"),
    "relative_firm": _("acts at a relative's firm"),
    "duty_not_separated": _("duties not separated"),
    "process_delay": _("delay or haste"),
    "retaliation": _("unusual visits after feedback"),
    "fine_driven": _("enforcement for the sake of fines"),
    "zero_report_contradiction": _("zero reports that records contradict"),
    "rectification_on_paper": _("rectified on paper"),
    "procedure_gap": _("gaps of procedure"),
    "anomaly": _("differs much from peers"),
}

PARTS = {
    **FAMILIES,
    "complaint": _("feedback and complaints (figures withheld)"),
    "integrity_outcome": _("earlier integrity matters"),
    "penalty": _("facts of the case"),
    "merchant": _("facts of the merchant"),
}
"""What the features of an explanation are grouped by."""

STRENGTHS = {
    "strong": _("strong"),
    "moderate": _("moderate"),
    "weak": _("weak"),
    "reminder": _("reminder"),
}

SUBJECT_KINDS = {
    "officer": _("officer"),
    "institution": _("institution"),
    "pair": _("officer and merchant"),
    "case": _("case"),
}

VERDICTS = {
    "supported": _("supported"),
    "unknown": _("cannot be told"),
    "not_supported": _("not supported"),
}

STATISTICS = {
    "share_ratio": _("times what is expected"),
    "odds_ratio": _("odds, as a multiple of those of like records"),
    "station_odds_ratio": _("odds, as a multiple of those of other institutions"),
    "position_effect": _("gap in the statutory range (0 = minimum, 1 = maximum; negative is lenient)"),
    "complaint_rate_ratio": _("rate, as a multiple of that of peers"),
    "burst_rate_ratio": _("rate within the burst, as a multiple of the usual one"),
    "tenure_years": _("years"),
    "act_count": _("acts"),
    "case_count": _("cases"),
    "record_count": _("records"),
    "downgraded_handling_score": _("signs of downgraded handling, of those that can be checked"),
    "isolation_score": _("isolation among peers (0 to 1)"),
}

EXPOSURE_UNITS = {
    "visit": _("visits"),
    "patrol": _("visits"),
    "decision": _("decisions"),
    "penalty": _("cases"),
    "complaint": _("complaints"),
    "rectification": _("rectification items"),
    "self_check": _("monthly reports"),
    "filing": _("filings"),
    "day": _("days"),
    "service_day": _("days of service"),
    "kin_contact": _("contacts with firms of declared relatives"),
    "sign": _("signs"),
    "measure": _("measures"),
}

UNITS = {
    "count": _("count"),
    "days": _("days"),
    "years": _("years"),
    "share": _("share (0 to 1)"),
    "ratio": _("multiple"),
    "rate": _("rate"),
    "yuan": _("yuan"),
    "number": _("number"),
    "boolean": _("yes = 1, no = 0"),
    "degree": _("degrees"),
    "score": _("points (0 to 100)"),
    "id": _("code"),
    "enum": _("code"),
}

TABLES = {
    "patrol": _("visit"),
    "penalty": _("case"),
    "filing": _("filing"),
    "posting": _("posting"),
    "rectification": _("rectification item"),
    "self_check": _("monthly self-check"),
    "complaint": _("complaint"),
    "integrity_outcome": _("integrity matter"),
    "recusal": _("recusal"),
    "merchant": _("merchant"),
    "measure": _("measure"),
}

ROLES = {
    "led": _("led"),
    "joined": _("joined"),
    "reviewed": _("reviewed"),
    "approved": _("approved"),
    "filed": _("filed"),
    "handled": _("handled"),
    "held": _("held the post"),
}

CONTACTS = {
    "visit": _("visit"),
    "case_filed": _("case filed"),
    "case_decided": _("case concluded"),
    "visit_filing": _("visit filed beforehand"),
    "meal_filing": _("meal or activity filed"),
    "recusal_approved": _("recusal approved"),
}

CODES = {
    "fined": _("fined"),
    "warned": _("warned"),
    "no_penalty": _("no penalty"),
    "withdrawn": _("withdrawn"),
    "terminated": _("terminated"),
    "transferred": _("transferred"),
    "pending": _("pending"),
    "mitigated": _("mitigated"),
    "lenient": _("lenient"),
    "ordinary": _("ordinary"),
    "heavy": _("heavy"),
    "simple": _("simple procedure"),
    "approved": _("approved"),
    "disagreed": _("disagreed"),
    "routine": _("routine check"),
    "special": _("special check"),
    "targeted": _("targeted check"),
    "random": _("random check"),
    "complaint": _("complaint check"),
    "recheck": _("recheck"),
    "normal": _("nothing found"),
    "order_to_correct": _("order to correct"),
    "warning": _("warning"),
    "case_referred": _("referred for filing"),
    "closed_on_arrival": _("closed on arrival"),
    "not_found": _("merchant not found"),
}
"""Values of the coded facts of records."""

FACTS = {
    "role": _("role"),
    "outcome": _("outcome"),
    "discretion_tier": _("discretion tier"),
    "fine_yuan": _("fine (yuan)"),
    "proposed_fine_yuan": _("fine proposed (yuan)"),
    "statutory_min_yuan": _("statutory minimum (yuan)"),
    "statutory_max_yuan": _("statutory maximum (yuan)"),
    "amount_involved_yuan": _("amount involved (yuan)"),
    "violation_code": _("violation"),
    "procedure": _("procedure"),
    "is_first_offence": _("first offence"),
    "was_corrected_promptly": _("corrected promptly"),
    "mitigation_codes": _("mitigating facts"),
    "exemption_code": _("entry of the exemption list"),
    "legal_review_result": _("legal review"),
    "was_collectively_discussed": _("discussed collectively"),
    "visit_kind": _("kind of visit"),
    "result": _("result"),
    "finding_count": _("findings"),
    "severe_finding_count": _("severe findings"),
    "visit_minutes": _("minutes on site"),
    "was_filed": _("filed beforehand"),
}
"""The facts of a record, in the order in which they are read."""

PEER_GROUPS = {
    "bureau": _("the whole bureau"),
    "institutions": _("the bureau's institutions"),
    "case handlers": _("case handlers"),
    "officers with such acts": _("officers with such acts"),
    "handlers with merchants that they decided about repeatedly": _(
        "handlers with merchants that they decided about repeatedly"
    ),
    "decided cases of the window": _("decided cases of the window"),
    "rule": _("a rule, no peers"),
    "agent": _("merchants with the same agent"),
    "station": _("all, by years at their station"),
    "grid": _("all, by years on their grid"),
    "area": _("all, by years in their area"),
    "patrol": _("patrol"),
    "case_handling": _("case handling"),
    "registration": _("registration"),
    "key_enterprise_supervision": _("supervision of key enterprises"),
    "permit": _("permits"),
    "sampling": _("sampling"),
    "procurement": _("procurement"),
    "seized_property": _("seized property"),
    "legal_review": _("legal review"),
    "general_office": _("general office"),
    "station_head": _("head of a station"),
    "team_head": _("head of a team"),
    "urban_station": _("urban station"),
    "rural_station": _("rural station"),
    "visit": _("by visits"),
    "service_day": _("by days of service"),
}
"""The parts of the name of a group of peers, which are joined by a dot or an @."""
