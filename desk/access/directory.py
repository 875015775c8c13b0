"""What institutions, officers and merchants are called, as far as a night publishes names and the reader may read them."""

from __future__ import annotations

from collections.abc import Collection

from desk.access.pseudonym import pseudonym, shown_name
from desk.access.rules import Role
from desk.published.night import Night
from desk.review.naming import unmasked


def reads_names(user) -> bool:
    """Whether the names of officers are open to somebody in matters of staffing, without unmasking: management alone."""
    return user.role == Role.MANAGEMENT


def unit_names(night: Night) -> dict[str, str]:
    """Name by institution_id; empty where the night publishes no register of institutions."""
    if "institution" not in night.tables:
        return {}
    rows = night.rows("select institution_id, name from institution order by institution_id")
    return {row["institution_id"]: row["name"] for row in rows}


def officer_names(night: Night, user, officer_ids: Collection[str]) -> dict[str, str]:
    """What each of these officers is called for this reader, by officer_id.

    Rotation and the duty roster are matters of staffing, so management reads names, and the identifier where no name was
    delivered. Everybody else reads what he reads on a dossier: the pseudonym, unless he opened the name with a reason.
    """
    if not reads_names(user):
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


def institution_names(night: Night, seen: Collection[str] | None) -> dict[str, str]:
    """Name by institution_id of those in charge of a merchant, in order; the number itself where no name is published.

    seen : the institutions that the reader sees; None: all.
    """
    held = "select distinct institution_id from merchant_risk"
    if "name" in night.columns("institution"):
        text = (
            f"select held.institution_id, coalesce(institution.name, held.institution_id) as name from ({held}) as held"
        )
        text += " left join institution using (institution_id) order by 1"
    else:
        text = f"select institution_id, institution_id as name from ({held}) as held order by 1"
    rows = night.rows(text) if "merchant_risk" in night.tables else []
    return {row["institution_id"]: row["name"] for row in rows if seen is None or row["institution_id"] in seen}


def merchant_name_select(night: Night) -> str:
    """A select of merchant_id and name, for joins; without a row where no names are published."""
    if "name" in night.columns("merchant"):
        return "select merchant_id, name from merchant"
    return "select cast(null as varchar) as merchant_id, cast(null as varchar) as name where false"
