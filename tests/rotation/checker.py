"""Every hard rule of a rotation plan, read off its tables alone; written apart from the solver, and knows none of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from typing import NamedTuple

import pandas as pd

from models.policy import RotationPolicy
from tests.rotation.facts import Facts, Place, place_of, plain, records, years_before

# a load of 10.000000001 is no load above 10: both sides are quotients of floats
ROUNDING = 1e-9


class Breach(NamedTuple):
    """A rule that is broken, by whom or where, and in which way."""

    rule: str
    who: str
    told: str


class Move(NamedTuple):
    """A row of a plan."""

    officer: str
    role: str
    held: Place
    place: Place
    day: date
    succeeds: str | None
    chain: int


def broken(frames: dict[str, pd.DataFrame], night: date, policy: RotationPolicy, moves: pd.DataFrame) -> list[Breach]:
    """Every hard rule that these moves break; empty where they keep them all."""
    return breaches(Facts(frames, night, policy), listed(moves))


def listed(moves: pd.DataFrame) -> list[Move]:
    """The rows of a plan."""
    return [
        Move(
            row["officer_id"],
            row["role"],
            place_of(row, "from_"),
            place_of(row, "to_"),
            plain(row["move_on"]),
            row["succeeds_officer_id"],
            row["chain"],
        )
        for row in records(moves)
    ]


def breaches(facts: Facts, moves: list[Move]) -> list[Breach]:
    """The same as `broken`, once the frames are read."""
    found = _conserved(facts, moves)
    if found:
        # who stands where after a plan that loses people or places cannot be told
        return found
    for move in moves:
        found += [Breach(rule, move.officer, told) for rule, told in barred(facts, move.officer, move.place, move.day)]
        found += _needed(facts, move, moves)
    return found + _short(facts, moves) + _share(facts, moves) + _relief(facts, moves)


def unaccounted(
    frames: dict[str, pd.DataFrame], night: date, policy: RotationPolicy, moves: pd.DataFrame, left: pd.DataFrame
) -> list[Breach]:
    """Due officers who neither move nor are told of as left, once each; and those who are left without a reason."""
    facts = Facts(frames, night, policy)
    moved, told = set(moves["officer_id"]), Counter(left["officer_id"])
    found = [Breach("left", name, "left more than once") for name, count in sorted(told.items()) if count > 1]
    for name in sorted(set(facts.due) | set(told)):
        if (name in facts.due and name not in moved) != (name in told):
            found.append(Breach("left", name, "is due and not moved, or is told to be: not both"))
    for row in records(left):
        if row["outcome"] not in ("barred", "later"):
            found.append(Breach("left", row["officer_id"], f"outcome is {row['outcome']}"))
        if row["outcome"] == "barred" and not row["rule"]:
            found.append(Breach("left", row["officer_id"], "no rule is named"))
    return found


def _conserved(facts: Facts, moves: list[Move]) -> list[Breach]:
    """Nobody moves twice, every place left is taken once that same day or lapses, and a chain is one chain."""
    found = []
    by_name = {move.officer: move for move in moves}
    for name, count in sorted(Counter(move.officer for move in moves).items()):
        if count > 1:
            found.append(Breach("moves_twice", name, f"moves {count} times"))
    for name, count in sorted(Counter(move.succeeds for move in moves if move.succeeds).items()):
        if count > 1:
            found.append(Breach("place_taken_twice", name, f"{count} officers take his place"))
    for move in moves:
        if move.officer not in facts.officers:
            found.append(Breach("unknown", move.officer, "does not serve"))
            continue
        if move.held != facts.place[move.officer]:
            found.append(Breach("from", move.officer, f"holds {facts.place[move.officer]}, not {move.held}"))
        if move.place == move.held and move.succeeds in (None, move.officer):
            found.append(Breach("no_move", move.officer, "stays where he is"))
        if move.day not in facts.days:
            found.append(Breach("day", move.officer, f"{move.day} is no day on which people move"))
        role = "due" if move.officer in facts.due else "successor" if move.succeeds else "relief"
        if move.role != role:
            found.append(Breach("role", move.officer, f"role is {move.role}, he moves as {role}"))
        if move.place.unit not in facts.unit:
            found.append(Breach("unknown", move.place.unit, "no such unit"))
        if move.succeeds is None:
            continue
        before = by_name.get(move.succeeds)
        if before is None:
            found.append(Breach("place_not_free", move.officer, f"{move.succeeds} does not leave his place"))
        elif facts.place.get(move.succeeds) != move.place:
            found.append(Breach("to", move.officer, f"{move.succeeds} does not hold {move.place}"))
        elif (before.day, before.chain) != (move.day, move.chain):
            found.append(Breach("chain", move.officer, f"not on the day and in the chain of {move.succeeds}"))
    return found or _chains(moves)


def _chains(moves: list[Move]) -> list[Breach]:
    """Moves of one number hang together: each is reached from any of them, through who succeeds whom."""
    found = []
    members = defaultdict(set)
    beside = defaultdict(set)
    for move in moves:
        members[move.chain].add(move.officer)
        if move.succeeds:
            beside[move.officer].add(move.succeeds)
            beside[move.succeeds].add(move.officer)
    for chain, officers in sorted(members.items()):
        reached, waiting = set(), [min(officers)]
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached.add(name)
                waiting += beside[name]
        if reached != officers:
            found.append(Breach("chain", min(officers - reached), f"chain {chain} is two chains"))
    return found


def barred(facts: Facts, name: str, place: Place, day: date) -> list[tuple[str, str]]:
    """The rules that keep this officer from this place on this day whatever others do: (rule, sentence)."""
    policy, who, now = facts.policy, facts.officers[name], facts.place[name]
    due = facts.due.get(name, {})
    found = []

    runs_on = {
        # to lead another station is another post
        "post": place.post == now.post and (place.unit == now.unit or place.post not in policy.leading_posts),
        "station": place.unit == now.unit,
        "grid": place.grid is not None and place.grid == now.grid,
        "area": not _is_other_area(facts, now.unit, place.unit),
    }
    for clock in due:
        if runs_on[clock]:
            found.append(("clock", f"his {clock} clock would run on at {place}"))

    if place.post in policy.certified_posts and not facts.is_certified(name, day):
        found.append(("certificate", f"no valid certificate on {day} for {place.post}"))

    if place.post != now.post and not _is_qualified(facts, name, place.post):
        found.append(("qualification", f"neither years nor rank for {place.post}"))

    if now.post in policy.leading_posts and place.post not in policy.leading_posts:
        found.append(("rank", f"from {now.post} to {place.post}, which leads nobody"))

    if any(
        unit == place.unit and None in (grid, place.grid) or (unit, grid) == (place.unit, place.grid)
        for unit, grid in facts.interest[name]
    ):
        found.append(("interest", f"an interest of his lies at {place.unit}"))

    since = years_before(day, policy.return_years)
    for row in facts.held[name]:
        if row["last_on"] < since:
            continue
        was = place_of(row)
        is_back = was == place if place.unit == now.unit else was.unit == place.unit
        if is_back:
            found.append(("returned", f"was at {was} until {row['last_on']}"))
            break

    until = who["major_case_until_on"]
    if until is not None and (until <= facts.night or day <= until):
        found.append(("major_case", f"leads a major case until {until}"))

    leaves_on = who["leaves_on"]
    if leaves_on is not None and (leaves_on - facts.night).days <= policy.leaving_days:
        found.append(("leaving", f"leaves on {leaves_on}"))

    if who["is_extended"] and not due:
        found.append(("extended", "his term is extended"))

    is_new = who["since_on"] > years_before(day, policy.settled_years)
    if not due and is_new and not facts.is_accepted(name, place, day):
        found.append(("settled", f"came to his place on {who['since_on']} only"))

    is_near = (day - facts.night).days < policy.notice_days
    if is_near and name not in facts.decided and not any(facts.place[other] == place for other in facts.decided):
        found.append(("notice", f"{day} is nearer than {policy.notice_days} days"))

    if (name, place.unit, place.post) in facts.declined:
        found.append(("declined", f"management declined {place.post} at {place.unit}"))

    if name in facts.decided and not facts.is_accepted(name, place, day):
        found.append(("decided", "management decided another move of his"))
    return found


def _is_other_area(facts: Facts, unit: str, other: str) -> bool:
    area, other_area = facts.unit[unit]["area_id"], facts.unit[other]["area_id"]
    return other_area is not None and other_area != area


def _is_qualified(facts: Facts, name: str, post: str) -> bool:
    asks = facts.policy.qualifications.get(post)
    if asks is None or (not asks.posts and not asks.ranks):
        return True
    if facts.officers[name]["rank"] in asks.ranks:
        return True
    if not asks.posts:
        return False
    years = sum(row["years"] for row in facts.held[name] if row["post"] in asks.posts)
    return years >= asks.years


def _needed(facts: Facts, move: Move, moves: list[Move]) -> list[Breach]:
    """Who is not due moves for somebody who is, for relief, or because management accepted one of the two moves."""
    if move.officer in facts.due or move.succeeds is None or move.succeeds in facts.due:
        return []
    if facts.is_accepted(move.officer, move.place, move.day):
        return []
    before = next(other for other in moves if other.officer == move.succeeds)
    if facts.is_accepted(before.officer, before.place, before.day):
        return []
    return [Breach("needed", move.officer, f"neither he nor {move.succeeds} is due")]


def _short(facts: Facts, moves: list[Move]) -> list[Breach]:
    """Stations and teams that a quarter leaves with fewer certified officers or handlers than it must have."""
    found = []
    for day in facts.days:
        after = {name: place.unit for name, place in facts.place.items()}
        after |= {move.officer: move.place.unit for move in moves if move.day <= day}
        for unit, row in sorted(facts.unit.items()):
            if row["kind"] not in ("station", "team"):
                continue
            still = [name for name in facts.there[unit] if not facts.has_left(name, day)]
            then = [name for name in after if after[name] == unit and not facts.has_left(name, day)]
            for rule, least, counts in (
                ("station_certified", facts.policy.min_certified, lambda name: facts.is_certified(name, day)),  # noqa: B023
                ("station_handler", facts.policy.min_handlers, facts.is_handler),
            ):
                must = min(least, len([name for name in still if counts(name)]))
                has = len([name for name in then if counts(name)])
                if has < must:
                    found.append(Breach(rule, unit, f"has {has} from {day} on, must have {must}"))
    return found


def most_leaving(facts: Facts, unit: str) -> int:
    """How many may leave their places in a unit in one quarter."""
    return max(1, int(facts.policy.station_move_share * len(facts.there[unit]) + ROUNDING))


def _share(facts: Facts, moves: list[Move]) -> list[Breach]:
    leaving = Counter((move.held.unit, move.day) for move in moves)
    return [
        Breach("station_share", unit, f"{count} leave their places on {day}, at most {most_leaving(facts, unit)} may")
        for (unit, day), count in sorted(leaving.items())
        if count > most_leaving(facts, unit)
    ]


def why_not_lapse(facts: Facts, place: Place) -> str | None:
    """What keeps a place from lapsing with its holder's going; None where it may."""
    if place.post not in facts.policy.movable_posts:
        return f"{place.post} is no movable post"
    if place.unit not in facts.stations:
        return f"{place.unit} is no station with a load"
    remaining = len(facts.there[place.unit]) - 1
    if remaining < 2:
        return f"{place.unit} would have {remaining} officer"
    load = facts.stations[place.unit] / remaining
    if load > facts.mean_load * (1 + ROUNDING):
        return f"{place.unit} would have a load of {load:.1f}, above the mean of {facts.mean_load:.1f}"
    return None


def why_not_open(facts: Facts, place: Place) -> str | None:
    """What keeps a new place from opening; None where it may."""
    if place.post not in facts.policy.movable_posts or place.grid is not None:
        return f"{place} is no movable post without a grid"
    if place.unit not in facts.stations:
        return f"{place.unit} is no station with a load"
    load = facts.stations[place.unit] / len(facts.there[place.unit])
    if load <= facts.mean_load * (1 + ROUNDING):
        return f"{place.unit} has a load of {load:.1f}, not above the mean of {facts.mean_load:.1f}"
    return None


def _relief(facts: Facts, moves: list[Move]) -> list[Breach]:
    """Places that lapse and places that open: where they may, one per station, as many of a post on a day."""
    succeeded = {move.succeeds for move in moves}
    lapsed = [(move.day, move.held) for move in moves if move.officer not in succeeded]
    opened = [(move.day, move.place) for move in moves if move.succeeds is None]
    found = []
    for kind, changes, why_not in (("lapse", lapsed, why_not_lapse), ("open", opened, why_not_open)):
        for _, place in changes:
            if why := why_not(facts, place):
                found.append(Breach("relief", place.unit, f"a place may not {kind}: {why}"))
        for unit, count in sorted(Counter(place.unit for _, place in changes).items()):
            if count > 1:
                found.append(Breach("relief", unit, f"{count} places {kind}"))
    gone = Counter((day, place.post) for day, place in lapsed)
    new = Counter((day, place.post) for day, place in opened)
    for day, post in sorted(set(gone) | set(new)):
        if gone[day, post] != new[day, post]:
            found.append(Breach("relief", post, f"on {day} {gone[day, post]} lapse and {new[day, post]} open"))
    return found
