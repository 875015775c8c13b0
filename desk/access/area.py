"""Which institutions somebody sees: his area, with everything that lies below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.access.rules import Role

if TYPE_CHECKING:
    from desk.accounts.models import User
    from desk.published.night import Night

AREA_ROLES = frozenset({Role.DISCIPLINE_OFFICER, Role.SUPERVISION_SPECIALIST})

BELOW = """
with recursive below as (
    select unnest(cast($area as varchar[])) as institution_id
    union
    select institution.institution_id from institution join below on institution.parent_id = below.institution_id
)
select institution_id from below
"""


def institutions_of(user: User, night: Night) -> frozenset[str] | None:
    """Ids of the institutions that the user sees; None: all of them.

    Where the night does not publish institutions, nothing is known to lie below an area, and only the area itself is seen.
    """
    if user.role not in AREA_ROLES:
        return None
    if not {"institution_id", "parent_id"} <= night.columns("institution"):
        return frozenset(user.area)
    return frozenset(row["institution_id"] for row in night.rows(BELOW, {"area": list(user.area)}))
