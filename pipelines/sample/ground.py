"""The ground on which the records grow: places, time, people and merchants of one bureau, made once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipelines.sample.calendar import Calendar, make_calendar
from pipelines.sample.columns import stream
from pipelines.sample.merchants import Merchants, make_merchants
from pipelines.sample.places import Places, make_places
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


def make_ground(merchant_count: int, years: int, seed: int, until: date) -> Ground:
    """The ground of a bureau of that size, whose records end on that day."""
    calendar = make_calendar(until, years)
    places = make_places(merchant_count, stream(seed, "places"))
    officer_count = len(places.slot_role) + leaver_count(places)
    planted = choose(places, calendar, officer_count, stream(seed, "planted"))
    staff = make_staff(places, calendar, planted, stream(seed, "staff"))
    merchants = make_merchants(merchant_count, places, calendar, stream(seed, "merchants"))
    relations = make_relations(merchants, places, staff, calendar, planted, stream(seed, "relations"))
    return Ground(seed, calendar, places, planted, staff, merchants, relations)
