"""What passed between a hint's officer and the merchants that its records name most, in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from desk.listing.templatetags.desk import said
from desk.published.night import Night
from desk.review.naming import Naming
from desk.review.scale import Scale
from desk.review.words import CONTACTS

LEFT, RIGHT, LANE, TOP = 150.0, 760.0, 22.0, 10.0


@dataclass(frozen=True)
class Contact:
    """One contact with its place in the picture."""

    happened_on: date
    merchant: str
    kind: str
    detail: str
    record_id: str
    is_evidence: bool
    x: float
    y: float


@dataclass(frozen=True)
class Timeline:
    """Contacts in the order of time; lanes : the label of each kind and where it stands; marks : years' beginnings."""

    contacts: tuple[Contact, ...]
    lanes: tuple[tuple[str, float], ...]
    marks: tuple[tuple[float, str], ...]
    height: float
    axis_y: float


def timeline(night: Night, flag: dict[str, Any], naming: Naming) -> Timeline | None:
    """The contacts of a hint; None where the night publishes none for it."""
    if "flag_contact" not in night.tables:
        return None
    rows = night.rows(
        "select happened_on, merchant_id, kind, detail_zh, detail_en, record_id, is_evidence from flag_contact "
        "where flag_id = $flag_id order by happened_on, merchant_id, kind, record_id",
        {"flag_id": flag["flag_id"]},
    )
    if not rows:
        return None
    kinds = [kind for kind in CONTACTS if any(row["kind"] == kind for row in rows)]
    kinds += sorted({row["kind"] for row in rows} - set(kinds))
    first, last = rows[0]["happened_on"], night.as_of
    scale = Scale(first.toordinal(), max(last.toordinal(), first.toordinal() + 1), LEFT, RIGHT)
    y = {kind: TOP + LANE * (place + 0.5) for place, kind in enumerate(kinds)}
    contacts = [
        Contact(
            row["happened_on"],
            naming.merchant(row["merchant_id"]),
            str(CONTACTS.get(row["kind"], row["kind"])),
            naming.masked(said(row, "detail")),
            row["record_id"],
            row["is_evidence"],
            scale.at(row["happened_on"].toordinal()),
            y[row["kind"]],
        )
        for row in rows
    ]
    years = [date(year, 1, 1) for year in range(first.year + 1, last.year + 1)]
    axis_y = TOP + LANE * len(kinds)
    return Timeline(
        tuple(contacts),
        tuple((str(CONTACTS.get(kind, kind)), y[kind] + 4) for kind in kinds),
        tuple((scale.at(day.toordinal()), str(day.year)) for day in years),
        axis_y + 24,
        axis_y,
    )
