"""What institutions and officers are called, from the registers of a night that publishes them."""

from __future__ import annotations

from collections.abc import Collection

from desk.access.pseudonym import pseudonym, shown_name
from desk.access.rules import Role
from desk.published.night import Night
from desk.review.naming import unmasked


def unit_names(night: Night) -> dict[str, str]:
    """Name by institution_id; empty where the night publishes no register of institutions."""
    if "institution" not in night.tables:
        return {}
    rows = night.rows("select institution_id, name from institution order by institution_id")
    return {row["institution_id"]: row["name"] for row in rows}


def officer_names(night: Night, user, officer_ids: Collection[str]) -> dict[str, str]:
    """What each of these officers is called for this reader, by officer_id.

    Rotation is a matter of staffing, so management reads names, and the identifier where no name was delivered. Everybody
    else reads what he reads on a dossier: the pseudonym, unless he has opened the name with a reason.
    """
    if user.role != Role.MANAGEMENT:
        opened = unmasked(user)
        return {
            officer_id: shown_name(user, officer_id, night) if officer_id in opened else pseudonym(officer_id, night)
            for officer_id in officer_ids
        }
    known = {}
    if "officer" in night.tables:
        rows = night.rows(
            "select officer_id, name from officer where officer_id in (select unnest($ids))",
            {"ids": sorted(officer_ids)},
        )
        known = {row["officer_id"]: row["name"] for row in rows}
    return {officer_id: known.get(officer_id) or officer_id for officer_id in officer_ids}
