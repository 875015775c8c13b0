"""The least that any plan of a tiny bureau costs, found by trying them all: what no proven bound may lie above."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product

from tests.rotation.checker import Move, barred, breaches, why_not_lapse, why_not_open
from tests.rotation.cost import total_cost
from tests.rotation.facts import Facts, Place
from tests.rotation.tables import Bureau


def least_cost(bureau: Bureau) -> tuple[float, int]:
    """The cost of the best plan, and of how many plans that keep every rule."""
    facts = Facts(*bureau.asked)
    costs = [total_cost(facts, moves) for moves in every_plan(facts) if not breaches(facts, moves)]
    return min(costs), len(costs)


def every_plan(facts: Facts) -> Iterator[list[Move]]:
    """Every way to give officers places, new ones among them; each chain on every day on which nobody in it is barred."""
    names = sorted(facts.officers)
    opening = [Place(unit, post, None) for unit in facts.stations for post in facts.policy.movable_posts]
    opening = [place for place in opening if not why_not_open(facts, place)]
    lapsing = {name for name in names if not why_not_lapse(facts, facts.place[name])}
    targets = {**facts.place, **{place: place for place in opening}}
    days = {
        (name, target): {day for day in facts.days if not barred(facts, name, place, day)}
        for name in names
        for target, place in targets.items()
        if target != name
    }
    for taken in _assignments(names, [*names, *opening], {pair for pair, allowed in days.items() if allowed}):
        if any(name not in lapsing for name in set(names) - set(taken.values())):
            continue
        chains = _chains(taken)
        allowed = [sorted(set.intersection(*(days[name, taken[name]] for name in chain))) for chain in chains]
        for chosen in product(*allowed):
            yield [
                _move(facts, name, taken[name], targets[taken[name]], day, number)
                for number, (chain, day) in enumerate(zip(chains, chosen, strict=True), start=1)
                for name in chain
            ]


def _assignments(names: list[str], targets: list, allowed: set[tuple]) -> Iterator[dict]:
    """What everybody takes: another's place, a new one, or his own where he stays; nothing is taken twice."""

    def continued(taken: dict) -> Iterator[dict]:
        if len(taken) == len(names):
            yield taken
            return
        name = names[len(taken)]
        for target in targets:
            if target not in taken.values() and (target == name or (name, target) in allowed):
                yield from continued({**taken, name: target})

    return continued({})


def _chains(taken: dict) -> list[list[str]]:
    """Who moves with whom, those who stay left out: first the chains that begin with a place that lapses, then the cycles."""
    chains, seen = [], set()
    for first in sorted(taken, key=lambda name: (name in taken.values(), name)):
        chain, name = [], first
        while name in taken and name not in seen:
            seen.add(name)
            chain.append(name)
            name = taken[name]
        if chain and taken[chain[0]] != chain[0]:
            chains.append(chain)
    return chains


def _move(facts: Facts, name: str, target: str | Place, place: Place, day: date, chain: int) -> Move:
    succeeds = target if isinstance(target, str) else None
    role = "due" if name in facts.due else "successor" if succeeds else "relief"
    return Move(name, role, facts.place[name], place, day, succeeds, chain)
