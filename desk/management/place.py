"""Places that a night knows: units, posts and grids, and what they are called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from desk.access.directory import unit_names
from desk.management.words import POSTS
from desk.published.night import Night, once_a_night


@dataclass(frozen=True)
class Place:
    """What one officer holds: a post at an institution, in charge of a grid or of none (empty)."""

    institution_id: str
    post: str
    grid_id: str = ""

    @classmethod
    def of(cls, row: Any, prefix: str) -> Place:
        """From the columns `<prefix>_institution_id`, `<prefix>_post` and `<prefix>_grid_id` of a published row."""
        return cls(row[f"{prefix}_institution_id"], row[f"{prefix}_post"], row[f"{prefix}_grid_id"] or "")

    def is_post_of(self, other: Place) -> bool:
        """The same post at the same institution, whatever the grid."""
        return (self.institution_id, self.post) == (other.institution_id, other.post)

    def answers(self, wanted: Place) -> bool:
        """Whether it is what was wanted: any grid will do where none was named."""
        return self.is_post_of(wanted) and wanted.grid_id in ("", self.grid_id)


@dataclass(frozen=True)
class Known:
    """What a form of places offers: names of the units that still bear their own name; posts; grids by unit; and the unit
    that each institution is by its last name."""

    units: dict[str, str]
    posts: tuple[str, ...]
    grids: dict[str, tuple[str, ...]]
    last_name: dict[str, str]

    def unit_of(self, institution_id: str) -> str:
        """The institution under its last name."""
        return self.last_name.get(institution_id, institution_id)

    def called(self, place: Place) -> str:
        """A place in words: unit, post, grid."""
        unit = self.units.get(place.institution_id, place.institution_id)
        return " · ".join(str(part) for part in (unit, POSTS.get(place.post, place.post), place.grid_id) if part)


@once_a_night
def known(night: Night) -> Known:
    """What the night knows of places; identifiers stand for units that it publishes no name of."""
    names = unit_names(night)
    told = night.rows("select institution_id, unit_id from institution") if names else []
    last_name = {row["institution_id"]: row["unit_id"] for row in told}
    ends = "rotation_move" in night.tables
    moved = night.rows("select * from rotation_move") if ends else []
    ours = [Place.of(row, prefix) for row in moved for prefix in ("from", "to")]
    held = night.rows("select distinct post from officer where post is not null") if "officer" in night.tables else []
    posts = {row["post"] for row in held} | {place.post for place in ours}
    rows = night.rows("select distinct institution_id, grid_id from merchant_risk where grid_id is not null")
    grids: dict[str, set[str]] = {}
    for unit, grid in [(row["institution_id"], row["grid_id"]) for row in rows] + [
        (place.institution_id, place.grid_id) for place in ours if place.grid_id
    ]:
        grids.setdefault(last_name.get(unit, unit), set()).add(grid)
    units = {unit: names[unit] for unit in names if last_name[unit] == unit} or {
        unit: unit for unit in sorted({place.institution_id for place in ours})
    }
    return Known(
        units,
        tuple([*(post for post in POSTS if post in posts or not held), *sorted(posts - set(POSTS))]),
        {unit: tuple(sorted(of_unit)) for unit, of_unit in sorted(grids.items())},
        last_name,
    )
