"""A rotation plan as a careful clerk makes it: the most urgent first, one chain after the other, none taken back."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from math import inf

import pandas as pd

from models.policy import RotationPolicy
from tests.rotation.checker import barred, most_leaving, why_not_lapse, why_not_open
from tests.rotation.cost import load_cost, moving_cost, staying_cost, weight
from tests.rotation.facts import Facts, Place
from tests.rotation.tables import moves_of

# a chain is taken only where it saves at least this much: sums of floats
SAVING = 1e-9


def greedy_plan(frames: dict[str, pd.DataFrame], night: date, policy: RotationPolicy) -> pd.DataFrame:
    """Moves that keep every hard rule; the same rows as the solver's.

    Accepted moves first, then the overdue and the due by urgency and risk. For each the quarters in order, and in a quarter
    direct swaps (and a movable post that goes along) before chains of three; of several the cheapest, then the nearest.
    At last officers of stations with little work go to those with much, where that costs less than it helps.
    """
    clerk = Clerk(Facts(frames, night, policy))
    clerk.carry_out_accepted()
    clerk.move_due()
    clerk.relieve()
    return moves_of(clerk.rows)


class Clerk:
    """What is planned so far, and what that leaves of every rule's room.

    A chain is a list of (officer, whose place he takes or the new place he goes to), all on one day; the first one's place
    lapses where nobody takes it.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.rows: list[dict] = []
        self.moved: set[str] = set()
        self.leaving: Counter = Counter()
        self.change: Counter = Counter()
        self.load = load_cost(facts, self.change)
        self.lapsing = [name for name in sorted(facts.officers) if not why_not_lapse(facts, facts.place[name])]
        news = [Place(unit, post, None) for unit in facts.stations for post in facts.policy.movable_posts]
        self.opening = [place for place in news if not why_not_open(facts, place)]
        self.spare: dict[tuple, int] = defaultdict(int)
        self._count_spare()
        self.known: dict[tuple, float | None] = {}

    def _count_spare(self) -> None:
        """How many certified officers and handlers a unit may lose from a quarter on."""
        facts = self.facts
        for unit, row in facts.unit.items():
            if row["kind"] not in ("station", "team"):
                continue
            for quarter, day in enumerate(facts.days):
                for rule, least in (("certified", facts.policy.min_certified), ("handler", facts.policy.min_handlers)):
                    has = sum(self._counts(name, rule, day) for name in facts.there[unit])
                    self.spare[unit, rule, quarter] = has - min(least, has)

    def _counts(self, name: str, rule: str, day: date) -> bool:
        if self.facts.has_left(name, day):
            return False
        return self.facts.is_certified(name, day) if rule == "certified" else self.facts.is_handler(name)

    def price(self, name: str, target: str | Place, quarter: int) -> float | None:
        """What this move costs beside staying; None where a rule bars it."""
        key = (name, target, quarter)
        if key not in self.known:
            place = self.facts.place[target] if isinstance(target, str) else target
            day = self.facts.days[quarter]
            is_barred = target == name or barred(self.facts, name, place, day) or not self._is_needed(name, target, day)
            saved = None
            if not is_barred:
                saved = moving_cost(self.facts, name, place, day) - staying_cost(self.facts, name)
            self.known[key] = saved
        return self.known[key]

    def _is_needed(self, name: str, target: str | Place, day: date) -> bool:
        facts = self.facts
        if name in facts.due or isinstance(target, Place) or target in facts.due:
            return True
        if facts.is_accepted(name, facts.place[target], day):
            return True
        # whoever leaves by an accepted move is succeeded; that he leaves by it, `_is_needed_in` sees to
        return target in facts.accepted

    def worth(self, chain: list[tuple], quarter: int) -> float | None:
        """What the chain adds to the cost, below zero where it helps; None where a rule bars it."""
        facts, total = self.facts, self.price_of(chain, quarter)
        if total == inf or any(name in self.moved for name, _ in chain):
            return None
        if not all(self._is_needed_in(name, target, chain, quarter) for name, target in chain):
            return None
        leaving = Counter(facts.place[name].unit for name, _ in chain)
        for unit, count in leaving.items():
            if self.leaving[unit, quarter] + count > most_leaving(facts, unit):
                return None
        change = self._change(chain)
        if any(abs(self.change[unit] + by) > 1 for unit, by in change.items()):
            return None
        if any(self.spare[key] + by < 0 for key, by in self._strength(chain, quarter).items()):
            return None
        if change:
            total += (
                load_cost(facts, {unit: self.change[unit] + change[unit] for unit in {*self.change, *change}})
                - self.load
            )
        return total

    def _is_needed_in(self, name: str, target: str | Place, chain: list[tuple], quarter: int) -> bool:
        """Whether two officers who are not due change for a move that management accepted, where they do."""
        facts = self.facts
        if name in facts.due or isinstance(target, Place) or target in facts.due:
            return True
        day, went = facts.days[quarter], dict(chain)[target]
        return facts.is_accepted(name, facts.place[target], day) or facts.is_accepted(target, self._place(went), day)

    def _place(self, target: str | Place) -> Place:
        return self.facts.place[target] if isinstance(target, str) else target

    def _change(self, chain: list[tuple]) -> Counter:
        """Officers that stations gain and lose by the chain."""
        taken = {target for _, target in chain if isinstance(target, str)}
        change: Counter = Counter()
        for name, target in chain:
            if isinstance(target, Place):
                change[target.unit] += 1
            if name not in taken:
                change[self.facts.place[name].unit] -= 1
        return change

    def _strength(self, chain: list[tuple], quarter: int) -> Counter:
        """Certified officers and handlers that units gain and lose from the chain's quarter on."""
        change: Counter = Counter()
        for later in range(quarter, len(self.facts.days)):
            for name, target in chain:
                for rule in ("certified", "handler"):
                    if self._counts(name, rule, self.facts.days[later]):
                        for unit, by in ((self.facts.place[name].unit, -1), (self._place(target).unit, 1)):
                            if self.facts.unit[unit]["kind"] in ("station", "team"):
                                change[unit, rule, later] += by
        return change

    def take(self, chain: list[tuple], quarter: int) -> None:
        """Plans the chain."""
        facts = self.facts
        for key, by in self._strength(chain, quarter).items():
            self.spare[key] += by
        for unit, by in self._change(chain).items():
            self.change[unit] += by
        self.load = load_cost(facts, self.change)
        number = 1 + max((row["chain"] for row in self.rows), default=0)
        for name, target in chain:
            held, place = facts.place[name], self._place(target)
            succeeds = target if isinstance(target, str) else None
            self.moved.add(name)
            self.leaving[held.unit, quarter] += 1
            self.rows.append(
                {"officer_id": name, "role": "due" if name in facts.due else "successor" if succeeds else "relief"}
                | {f"from_{key}": value for key, value in zip(("unit_id", "post", "grid_id"), held, strict=True)}
                | {f"to_{key}": value for key, value in zip(("unit_id", "post", "grid_id"), place, strict=True)}
                | {"move_on": facts.days[quarter], "succeeds_officer_id": succeeds, "chain": number}
            )

    def best(self, chains, quarter: int) -> list[tuple] | None:
        """The chain that helps most, the first of several; None where none is allowed or helps."""
        least, chosen = -SAVING, None
        for price, chain in sorted(
            ((self.price_of(chain, quarter), chain) for chain in chains), key=lambda each: each[0]
        ):
            changes_load = any(isinstance(target, Place) for _, target in chain)
            # dearer by its moves alone than what is found: only a better load could still make up for it
            if (price < least or changes_load) and (found := self.worth(chain, quarter)) is not None and found < least:
                least, chosen = found, chain
        return chosen

    def price_of(self, chain: list[tuple], quarter: int) -> float:
        """What its moves cost beside staying; infinite where one of them is barred."""
        prices = [self.price(name, target, quarter) for name, target in chain]
        return inf if None in prices else sum(prices)

    def swaps(self, name: str, quarter: int) -> list[list[tuple]]:
        """He and another take each other's places, or his movable post goes with him to where it is missing."""
        others = self._open(name, quarter)
        found = [[(name, other), (other, name)] for other in others]
        return found + [[(name, place)] for place in self._new(name) if self._allowed(name, place, quarter)]

    def threes(self, name: str, quarter: int) -> list[list[tuple]]:
        """He takes a place whose holder goes on, through one successor; or a new place, and a movable post lapses."""
        staff = [each for each in sorted(self.facts.officers) if each not in self.moved]
        takers = [each for each in staff if self._allowed(each, name, quarter)]
        found = []
        for other in self._open(name, quarter):
            found += [
                [(name, other), (other, taker), (taker, name)]
                for taker in takers
                if taker != other and self._allowed(other, taker, quarter)
            ]
        for place in self.opening:
            if self._allowed(name, place, quarter):
                found += [[(taker, name), (name, place)] for taker in takers if place in self._new(taker)]
        return found

    def _new(self, name: str) -> list[Place]:
        """New places that may open where this officer's lapses."""
        post = self.facts.place[name].post
        return [place for place in self.opening if place.post == post] if name in self.lapsing else []

    def _open(self, name: str, quarter: int) -> list[str]:
        staff = (each for each in sorted(self.facts.officers) if each not in self.moved)
        return [each for each in staff if self._allowed(name, each, quarter)]

    def _allowed(self, name: str, target: str | Place, quarter: int) -> bool:
        return self.price(name, target, quarter) is not None

    def carry_out_accepted(self) -> None:
        """What management accepted, on its day, by a swap or through one successor."""
        facts = self.facts
        for name, (place, day) in sorted(facts.accepted.items(), key=lambda each: (each[1][1], each[0])):
            quarter = facts.days.index(day)
            for chains in (self.swaps, self.threes):
                chain = self.best(
                    (each for each in chains(name, quarter) if self._place(dict(each)[name]) == place), quarter
                )
                if name not in self.moved and chain:
                    self.take(chain, quarter)

    def move_due(self) -> None:
        """Everybody whose clock has run out, in order of urgency and risk."""
        facts = self.facts
        is_due = {name: all(row["status"] == "due" for row in facts.due[name].values()) for name in facts.due}
        for name in sorted(facts.due, key=lambda each: (is_due[each], -weight(facts, each), each)):
            if name not in self.moved:
                self._move(name)

    def _move(self, name: str) -> None:
        for quarter in range(len(self.facts.days)):
            for chains in (self.swaps, self.threes):
                if chain := self.best(chains(name, quarter), quarter):
                    self.take(chain, quarter)
                    return

    def relieve(self) -> None:
        """Movable posts that go with their holders from stations with little work to those with much, while it helps."""
        for quarter in range(len(self.facts.days)):
            while chain := self.best([[(name, place)] for name in self.lapsing for place in self._new(name)], quarter):
                self.take(chain, quarter)
