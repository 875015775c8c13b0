"""What a rotation plan costs, in quarters of waiting, by the design alone: lower is better."""

from __future__ import annotations

from collections import Counter
from datetime import date
from math import asin, cos, radians, sin, sqrt

import pandas as pd

from models.policy import RotationPolicy
from tests.rotation.checker import Move, listed
from tests.rotation.facts import Facts, Place

EARTH_KILOMETRES = 6371.0088


def cost(frames: dict[str, pd.DataFrame], night: date, policy: RotationPolicy, moves: pd.DataFrame) -> float:
    """The objective of these moves: waiting, moving, and how unequal the stations' loads are afterwards."""
    return total_cost(Facts(frames, night, policy), listed(moves))


def total_cost(facts: Facts, moves: list[Move]) -> float:
    """The same as `cost`, once the frames are read."""
    went = {move.officer: move for move in moves}
    succeeded = {move.succeeds for move in moves}
    change = Counter(move.place.unit for move in moves if move.succeeds is None)
    change.subtract(move.held.unit for move in moves if move.officer not in succeeded)
    total = load_cost(facts, change)
    for name in sorted(facts.officers):
        move = went.get(name)
        total += moving_cost(facts, name, move.place, move.day) if move else staying_cost(facts, name)
    return total


def weight(facts: Facts, name: str) -> float:
    """Urgency times risk of a due officer: what a quarter of his waiting costs."""
    limits = facts.policy.limits()
    urgency = max(
        1 + (row["years"] - limits[clock]["due"]) / (limits[clock]["overdue"] - limits[clock]["due"])
        for clock, row in facts.due[name].items()
    )
    risk = facts.policy.post_risk.get(facts.place[name].post, 1.0)
    risk += facts.policy.key_merchant_risk * facts.key_merchants.get(name, 0.0) / 100
    return urgency * risk


def staying_cost(facts: Facts, name: str) -> float:
    """What it costs that he moves in no quarter."""
    total = 0.0
    if name in facts.due:
        total += weight(facts, name) * facts.policy.never_quarters
    if name in facts.last:
        total += facts.policy.changed_quarters
    if name in facts.accepted:
        total += facts.policy.accepted_quarters
    return total


def moving_cost(facts: Facts, name: str, place: Place, day: date) -> float:
    """What it costs that he goes there on that day."""
    policy = facts.policy
    total = weight(facts, name) * facts.days.index(day) if name in facts.due else policy.successor_quarters
    total += policy.kilometre_quarters * kilometres(facts, facts.place[name].unit, place.unit)
    if place.post not in {row["post"] for row in facts.held[name]}:
        total += policy.unfamiliar_quarters
    if facts.last and facts.last.get(name) != place:
        total += policy.changed_quarters
    if name in facts.accepted and not facts.is_accepted(name, place, day):
        total += policy.accepted_quarters
    return total


def kilometres(facts: Facts, one: str, other: str) -> float:
    """Great circle between two units; 0 where either has no coordinates."""
    ends = [facts.unit[unit] for unit in (one, other)]
    if any(end["latitude"] is None or end["longitude"] is None for end in ends):
        return 0.0
    (south, west), (north, east) = ((radians(end["latitude"]), radians(end["longitude"])) for end in ends)
    half = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin((east - west) / 2) ** 2
    return 2 * EARTH_KILOMETRES * asin(sqrt(half))


def loads(facts: Facts, change: dict[str, int]) -> list[float]:
    """Required visits a year per officer of each station, once it has gained or lost so many."""
    return [
        demand / (len(facts.there[unit]) + change.get(unit, 0))
        for unit, demand in facts.stations.items()
        if len(facts.there[unit]) + change.get(unit, 0) > 0
    ]


def load_cost(facts: Facts, change: dict[str, int]) -> float:
    """How far the stations' loads lie from the mean of tonight."""
    return facts.policy.load_quarters * sum((load / facts.mean_load - 1) ** 2 for load in loads(facts, change))
