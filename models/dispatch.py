"""Which unit makes each visit, with which pairs, and which of them may not make it.

A visit belongs to the unit that serves its institution. Where every pair of that unit has somebody who is recused, a
relief post takes the place of one of a pair for a day; failing that, the nearest unit above makes it. On days on which
the unit cannot send two, the one above takes what the unit has no room for, and the due tasks that cannot wait.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from models.crew import Crews, day_limits, make_crews
from models.policy import PatrolPolicy
from models.roster import CREW_SIZE, Unit, nearest


@dataclass(frozen=True)
class Dispatch:
    """The pairs of one unit and its visits, the most pressing first, under their index in the demand.

    `closed` says, by place in `visits`, which pairs may not make the visit, for recusal or on that day; who is not named
    may be visited by all. `barred` names the places from which every pair is recused.
    """

    unit: Unit
    crews: Crews
    visits: pd.DataFrame
    closed: dict[int, np.ndarray]
    barred: np.ndarray


def dispatch(
    demand: pd.DataFrame,
    served_by: dict[str, Unit | None],
    institution: pd.DataFrame,
    recusal: pd.DataFrame,
    days: np.ndarray,
    policy: PatrolPolicy,
) -> list[Dispatch]:
    """For each unit that has pairs and visits, the visits of `demand` that it makes or has no room for.

    `served_by` is of `serving_units`; `institution` has institution_id, parent_id and is_rural; `recusal` is
    feature.patrol_recusal. A visit whose unit has no pair in the horizon is in none.
    """
    return _Dispatcher(demand, served_by, institution, recusal, days, policy).dispatches()


class _Dispatcher:
    """The teams of all units; visits are numbers of rows of the demand."""

    def __init__(self, demand, served_by, institution, recusal, days, policy) -> None:
        self.demand, self.days, self.policy = demand, days, policy
        self.units = {unit.institution_id: unit for unit in served_by.values() if unit}
        made = {
            name: make_crews(unit.is_fit, policy.patrol_day_share, unit.day_number) for name, unit in self.units.items()
        }
        self.crews = {name: crews for name, crews in made.items() if len(crews)}
        self.above = dict(zip(institution["institution_id"], institution["parent_id"], strict=True))
        is_rural = institution["is_rural"].astype("boolean").fillna(False).astype(bool)
        self.rural = set(institution.loc[is_rural, "institution_id"])
        home = demand["institution_id"].map({name: unit.institution_id for name, unit in served_by.items() if unit})
        self.home = home.astype(object).where(home.notna(), None).to_numpy()
        self.barred_from = recusal.groupby("merchant_id")["officer_id"].agg(frozenset).to_dict()
        self.recused = np.flatnonzero(demand["merchant_id"].isin(self.barred_from.keys()))
        self.earliest_on = demand["earliest_on"].to_numpy(dtype="datetime64[D]")
        self.wanted_on = np.fmax(demand["due_on"].to_numpy(dtype="datetime64[D]"), self.earliest_on)
        self.only_on: dict[int, np.ndarray] = {}

    def dispatches(self) -> list[Dispatch]:
        """The visits of each unit, once relief posts and the units above have taken over what they can."""
        for visit in self.recused:
            name = self.home[visit]
            if name in self.crews and self._is_barred(name, visit).all():
                self.crews[name] = self._relieved(name, visit)
        goes_to = self.home.copy()
        for visit in self.recused:
            name = self.home[visit]
            if name in self.crews and self._is_barred(name, visit).all():
                goes_to[visit] = self._taker(name, visit)
        for name in self.crews:
            for visit in self._cannot_stay(name, np.flatnonzero((self.home == name) & (goes_to == name))):
                self.only_on[visit] = self._is_short(name)
                goes_to[visit] = self._taker(name, visit)
                if goes_to[visit] == name:
                    del self.only_on[visit]
        return [self._dispatch(name, np.flatnonzero(goes_to == name)) for name in sorted(self.crews) if name in goes_to]

    def _away(self, name: str, visit: int) -> np.ndarray:
        """Who of the unit is recused from the visit."""
        return np.isin(self.units[name].officer_id, list(self.barred_from[self.demand["merchant_id"].iloc[visit]]))

    def _is_barred(self, name: str, visit: int) -> np.ndarray:
        """Which pairs of the unit have somebody who is recused."""
        crews = self.crews[name]
        if self.demand["merchant_id"].iloc[visit] not in self.barred_from:
            return np.zeros(len(crews), dtype=bool)
        away = self._away(name, visit)
        return away[crews.first] | away[crews.second]

    def _is_closed(self, name: str, visit: int) -> np.ndarray:
        """Which pairs of the unit may not make the visit, for recusal or on that day."""
        closed = self._is_barred(name, visit)
        if not np.isnat(self.earliest_on[visit]):
            closed = closed | (self.days[self.crews[name].day] < self.earliest_on[visit])
        if visit in self.only_on:
            closed = closed | ~self.only_on[visit][self.crews[name].day]
        return closed

    def _is_short(self, name: str) -> np.ndarray:
        """On which days the unit cannot send two."""
        return self.units[name].is_fit.sum(axis=0) < CREW_SIZE

    def _taker(self, name: str, visit: int) -> str:
        """The nearest unit above with a pair that may make the visit; the unit itself where there is none."""
        tried = {name}
        unit = nearest(self.above.get(name), self.above, self.crews)
        while unit is not None and unit not in tried:
            if not self._is_closed(unit, visit).all():
                return unit
            tried.add(unit)
            unit = nearest(self.above.get(unit), self.above, self.crews)
        return name

    def _cannot_stay(self, name: str, visits: np.ndarray) -> np.ndarray:
        """Visits beyond the room of a unit that cannot send two on some days, and tasks due before its first pair."""
        crews, unit = self.crews[name], self.units[name]
        if not self._is_short(name).any():
            return visits[:0]
        beyond = np.arange(len(visits)) >= len(crews) * unit.visits_per_pair_day
        is_task = self.demand["priority"].to_numpy(dtype=float)[visits] > 1
        return visits[beyond | (is_task & (self.wanted_on[visits] < self.days[crews.day[0]]) & self._is_short(name)[0])]

    def _relieved(self, name: str, visit: int) -> Crews:
        """The pairs of the unit, one of them with relief posts in place of whoever is recused from the visit.

        It is the pair nearest to the due date whose place a relief post can take; the same pairs where there is none.
        """
        unit, crews = self.units[name], self.crews[name]
        away = self._away(name, visit)
        limit = day_limits(unit.is_able, self.policy.patrol_day_share)
        used = np.bincount(np.concatenate([crews.first, crews.second]), minlength=len(away))
        distance = np.abs((self.days[crews.day] - max(self.wanted_on[visit], self.days[0])).astype(np.int64))
        for crew in np.lexsort([np.arange(len(crews)), distance]):
            day, pair = crews.day[crew], np.array([crews.first[crew], crews.second[crew]])
            busy = np.concatenate([crews.first[crews.day == day], crews.second[crews.day == day]])
            free = unit.is_relief & unit.is_able[:, day] & ~away & (used < limit)
            free[busy] = False
            relief = np.flatnonzero(free)[: away[pair].sum()]
            if len(relief) == away[pair].sum():
                first, second = crews.first.copy(), crews.second.copy()
                first[crew], second[crew] = sorted([*pair[~away[pair]], *relief])
                return Crews(crews.day, first, second)
        return crews

    def _dispatch(self, name: str, visits: np.ndarray) -> Dispatch:
        unit = self.units[name]
        if self.rural & set(self.demand["institution_id"].iloc[visits]):
            unit = replace(unit, visits_per_pair_day=self.policy.rural_visits_per_pair_day)
        is_restricted = ~np.isnat(self.earliest_on[visits]) | np.isin(visits, [*self.recused, *self.only_on])
        restricted = np.flatnonzero(is_restricted)
        recused = set(self.recused)
        barred = [
            place for place in restricted if visits[place] in recused and self._is_barred(name, visits[place]).all()
        ]
        closed = {place: self._is_closed(name, visits[place]) for place in restricted}
        closed = {place: crews for place, crews in closed.items() if crews.any()}
        return Dispatch(unit, self.crews[name], self.demand.iloc[visits], closed, np.array(barred, dtype=np.int64))
