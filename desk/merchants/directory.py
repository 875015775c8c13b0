"""What things are called: institutions, officers and merchants by number, as far as the night publishes names."""

from __future__ import annotations

from collections.abc import Collection

from desk.published.night import Night


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


def officer_name_select(night: Night) -> str:
    """A select of officer_id and name, for joins; names are the numbers where none are published."""
    if "name" in night.columns("officer"):
        return "select officer_id, coalesce(name, officer_id) as name from officer"
    return "select distinct officer_id, officer_id as name from patrol_plan"


def merchant_name_select(night: Night) -> str:
    """A select of merchant_id and name, for joins; without a row where no names are published."""
    if "name" in night.columns("merchant"):
        return "select merchant_id, name from merchant"
    return "select cast(null as varchar) as merchant_id, cast(null as varchar) as name where false"
