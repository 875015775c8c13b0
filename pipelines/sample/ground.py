"""The ground on which the records grow: places, time, people and merchants of one bureau, made once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from pipelines.sample.calendar import Calendar, make_calendar
from pipelines.sample.columns import stream
from pipelines.sample.merchants import Merchants, make_merchants
from pipelines.sample.places import Places, make_places, station_count_for, station_count_with
from pipelines.sample.planted import Planted, choose
from pipelines.sample.relations import Relations, make_relations
from pipelines.sample.staff import Staff, leaver_count, make_staff


@dataclass(frozen=True)
class Ground:
    """What every record refers to."""

    seed: int
    calendar: Calendar
    places: Places
    planted: Planted
    staff: Staff
    merchants: Merchants
    relations: Relations


def make_ground(
    merchant_count: int, officers: int | None, years: int, seed: int, until: date, wanted: Collection[str]
) -> Ground:
    """The ground of a bureau of that size, whose records end on that day, with the wanted behaviours.

    officers : how many serve; None gives as many as usual for so many merchants.
    """
    calendar = make_calendar(until, years)
    has_small = "two_person_station" in wanted
    stations = station_count_for(merchant_count) if officers is None else station_count_with(officers, has_small)
    places = make_places(stations, has_small, "hardest_market" in wanted, stream(seed, "places"))
    officer_count = len(places.slot_role) + leaver_count(places)
    planted = choose(places, calendar, officer_count, wanted, stream(seed, "planted"))
    staff = make_staff(places, calendar, planted, stream(seed, "staff"))
    merchants = make_merchants(merchant_count, places, calendar, stream(seed, "merchants"))
    relations = make_relations(merchants, places, staff, calendar, planted, stream(seed, "relations"))
    return Ground(seed, calendar, places, planted, staff, merchants, relations)
