"""Which rules are in force, told in the log whenever they are not those of last time."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings

from desk.access.rules import RULES
from desk.audit.log import append, canonical
from desk.audit.models import Entry

ACTION = "rules"


def rules_in_force() -> dict[str, Any]:
    """The table's fingerprint, that of the policy, and the settings that say who sees what and how long."""
    from models import policy

    table = {page: {role.value: scope.value for role, scope in cells.items()} for page, cells in RULES.items()}
    chosen = (
        "desk_hide_colleagues",
        "desk_blind_share",
        "desk_unmask_days",
        "desk_session_minutes",
        "desk_session_hours",
    )
    return {
        "table": hashlib.sha256(canonical(table).encode()).hexdigest(),
        "policy": policy.fingerprint(),
        "provider": settings.DEPLOYMENT.desk_oidc_issuer,
        **{name: getattr(settings.DEPLOYMENT, name) for name in chosen},
    }


def tell_rules() -> bool:
    """Append the rules in force to the log where they are not the last ones told; whether they were appended."""
    told = rules_in_force()
    last = Entry.objects.filter(action=ACTION).order_by("-number").first()
    if last is not None and last.detail == canonical(told):
        return False
    append(None, ACTION, "desk", "access", told)
    return True
