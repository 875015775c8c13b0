"""Bureaus of a few officers, row by row; whatever is not said is usual and stands in nobody's way."""

from __future__ import annotations

from datetime import date

from tests.rotation.tables import NIGHT, ROTATION, Bureau, moves_of, tables

Q1, Q2, Q3, Q4 = date(2026, 10, 1), date(2027, 1, 1), date(2027, 4, 1), date(2027, 7, 1)


def officer(name: str, unit: str = "S1", post: str = "patrol", grid: str | None = None, **given) -> dict:
    """A certified officer with six years of case handling who came to his place four years ago."""
    usual = {
        "officer_id": name,
        "institution_id": unit,
        "unit_id": unit,
        "area_id": "A1",
        "unit_kind": "station",
        "post": post,
        "grid_id": grid,
        "since_on": date(2022, 7, 1),
        "may_be_certified": True,
        "certificate_valid_to_on": date(2030, 1, 1),
        "rank": "staff",
        "leaves_on": None,
        "handling_years": 6.0,
        "handled_case_count": 30,
        "major_case_until_on": None,
        "is_extended": False,
    }
    return {**usual, **given}


def clock(who: dict, name: str = "station", years: float = 8.5, status: str = "due", **given) -> dict:
    """One clock of this officer that has run out, of his station where nothing else is said."""
    usual = {
        "officer_id": who["officer_id"],
        "clock": name,
        "status": status,
        "years": years,
        "from_post": who["post"],
        "from_institution_id": who["institution_id"],
        "is_extended": who["is_extended"],
        "reason_zh": "任职到期",
        "reason_en": "the clock has run out",
        "key_merchant_count": None,
    }
    return {**usual, **given}


def held(name: str, unit: str, post: str, last_on: date, years: float = 2.0, grid: str | None = None) -> dict:
    """A place that he held before."""
    return {"officer_id": name, "unit_id": unit, "post": post, "grid_id": grid, "last_on": last_on, "years": years}


def hand_bureau(officers: list[dict], demand: dict[str, float] | None = None, **rows) -> Bureau:
    """A bureau of these officers; its units are those they serve in, and `demand` the visits a year they ask for.

    Everybody has also held every post for two years, elsewhere and long ago, unless `past=()`: so that nobody lacks
    experience. `coordinates`: unit -> (latitude, longitude).
    """
    places = {who["unit_id"]: who for who in officers}
    coordinates = rows.pop("coordinates", {})
    past = rows.pop("past", [*ROTATION.qualifications, "patrol", "registration"])
    before = [held(who["officer_id"], "X9", post, date(2015, 1, 1)) for who in officers for post in past]
    present = [
        held(who["officer_id"], who["unit_id"], who["post"], NIGHT, 4.0, grid=who["grid_id"]) for who in officers
    ]
    units = [
        {
            "unit_id": unit,
            "kind": who["unit_kind"],
            "area_id": who["area_id"],
            "demand": (demand or {}).get(unit, 0.0),
            "latitude": coordinates.get(unit, (None, None))[0],
            "longitude": coordinates.get(unit, (None, None))[1],
        }
        for unit, who in sorted(places.items())
    ]
    return Bureau(tables(staff=officers, unit=units, held=[*before, *present, *rows.pop("held", [])], **rows))


def swap(one: dict, other: dict, move_on: date = Q1, chain: int = 1, roles=("due", "successor")):
    """Two officers take each other's places."""
    return [move(one, other, move_on, chain, roles[0]), move(other, one, move_on, chain, roles[1])]


def move(who: dict, succeeds: dict, move_on: date = Q1, chain: int = 1, role: str = "due") -> dict:
    """One officer takes another's place."""
    place = {name: succeeds[name] for name in ("unit_id", "post", "grid_id")}
    return move_to(who, place, move_on, chain, role, succeeds["officer_id"])


def move_to(who: dict, place: dict, move_on: date, chain: int, role: str, succeeds: str | None = None) -> dict:
    """One officer goes to a place, a new one where he succeeds nobody."""
    return {
        "officer_id": who["officer_id"],
        "role": role,
        "from_unit_id": who["unit_id"],
        "from_post": who["post"],
        "from_grid_id": who["grid_id"],
        "to_unit_id": place["unit_id"],
        "to_post": place["post"],
        "to_grid_id": place["grid_id"],
        "move_on": move_on,
        "succeeds_officer_id": succeeds,
        "chain": chain,
    }


def planned(*rows: dict):
    """These moves as a frame."""
    return moves_of(list(rows))
