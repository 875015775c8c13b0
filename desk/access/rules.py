"""The one table of who may see what. Whatever is not in it is refused."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What somebody is on the desk."""

    DISCIPLINE_OFFICER = "discipline_officer"
    SUPERVISION_SPECIALIST = "supervision_specialist"
    MANAGEMENT = "management"
    OPERATOR = "operator"
    AUDITOR = "auditor"


class Scope(StrEnum):
    """How much of a page somebody sees."""

    AREA = "area"
    """Only what lies in his own area."""
    ALL = "all"


DISCIPLINE, SPECIALIST, MANAGEMENT, OPERATOR, AUDITOR = Role
AREA, ALL = Scope

AREA_ROLES = frozenset({DISCIPLINE, SPECIALIST})
"""Roles that see no more than the institutions of their area; the others see no single officer's hints at all."""

PUBLIC = frozenset({"sign_in", "language", "provider", "provider_callback"})
"""Pages that need no account."""

OWN = frozenset({"sign_out", "password", "second_factor", "second_factor_setup", "account"})
"""Pages about oneself: everybody who is signed in."""

RULES: dict[str, dict[Role, Scope]] = {
    "today": {role: ALL for role in Role},
    "flag_list": {DISCIPLINE: AREA, SPECIALIST: AREA},
    "flag_export": {DISCIPLINE: AREA, SPECIALIST: AREA},
    "dossier": {DISCIPLINE: AREA, SPECIALIST: AREA},
    "unmask": {DISCIPLINE: AREA, SPECIALIST: AREA},
    "first_impression": {DISCIPLINE: AREA, SPECIALIST: AREA},
    "decide": {DISCIPLINE: AREA},
    "sign_lead": {DISCIPLINE: AREA},
    "dispose": {DISCIPLINE: AREA},
    "reply": {DISCIPLINE: AREA},
    "impression_report": {DISCIPLINE: ALL, AUDITOR: ALL},
    "rotation": {MANAGEMENT: ALL, DISCIPLINE: AREA},
    "rotation_export": {MANAGEMENT: ALL, DISCIPLINE: AREA},
    "rotation_decide": {MANAGEMENT: ALL},
    "rotation_accept": {MANAGEMENT: ALL},
    "unit_list": {MANAGEMENT: ALL, DISCIPLINE: AREA},
    "unit": {MANAGEMENT: ALL, DISCIPLINE: AREA},
    "coverage": {MANAGEMENT: ALL, DISCIPLINE: AREA, SPECIALIST: AREA},
    "draw_list": {MANAGEMENT: ALL, DISCIPLINE: AREA},
    "draw_export": {MANAGEMENT: ALL, DISCIPLINE: AREA},
    "draw_substitution": {DISCIPLINE: AREA},
    "merchant_list": {MANAGEMENT: ALL, DISCIPLINE: AREA, SPECIALIST: AREA},
    "merchant_export": {MANAGEMENT: ALL, DISCIPLINE: AREA, SPECIALIST: AREA},
    "merchant": {MANAGEMENT: ALL, DISCIPLINE: AREA, SPECIALIST: AREA},
    "patrol_plan": {MANAGEMENT: ALL, DISCIPLINE: AREA, SPECIALIST: AREA},
    "patrol_plan_export": {MANAGEMENT: ALL, DISCIPLINE: AREA, SPECIALIST: AREA},
    "lists": {MANAGEMENT: ALL, DISCIPLINE: AREA},
    "key_industry_list": {MANAGEMENT: ALL, DISCIPLINE: AREA},
    "key_industry_export": {MANAGEMENT: ALL, DISCIPLINE: AREA},
    "hot_industry_list": {MANAGEMENT: ALL, DISCIPLINE: AREA},
    "hot_industry_export": {MANAGEMENT: ALL, DISCIPLINE: AREA},
    "unlicensed_list": {MANAGEMENT: ALL, DISCIPLINE: AREA},
    "unlicensed_export": {MANAGEMENT: ALL, DISCIPLINE: AREA},
    # who has what to do, and what each did month by month, by name: the bureau's statistic of its own staff, for those who
    # lead it. It is no hint, so that stations of fewer than five are told too; and no list that hints may be looked for in
    "officer_task_list": {MANAGEMENT: ALL},
    "officer_task_export": {MANAGEMENT: ALL},
    "officer_month_list": {MANAGEMENT: ALL},
    "officer_month_export": {MANAGEMENT: ALL},
    "quality": {OPERATOR: ALL, AUDITOR: ALL},
    "quarantine": {OPERATOR: ALL},
    "audit_log": {AUDITOR: ALL},
    "audit_export": {AUDITOR: ALL},
}
"""Page, then role: how much of it. A role that is not named sees nothing of the page."""


def scope_of(page: str, role: str) -> Scope | None:
    """How much of the page somebody of this role sees; None: nothing."""
    return RULES.get(page, {}).get(Role(role)) if role in list(Role) else None
