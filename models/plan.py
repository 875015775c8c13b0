"""The patrol plan: which two officers visit whom on which day, in which round.

For each serving unit: the most pressing visits that its pair-days can hold are chosen; each gets the day on which it
costs least delay (minimum-cost flow); the visits of one stretch of days are cut into rounds of neighbours, round the
tasks where there are any; rounds get pairs (assignment); what recusals left over is fitted in last, so that none waits
while a less pressing one that could make room is planned. Nobody visits a merchant from which he is recused. The cost
of a visit is

    weight · (days late + unfamiliar_days · [neither officer has its grid] + same_pair_days · [the two who came last]
              + moved_days · [not on the day of last night's plan, where that is one of the next grouping_days])

in days of delay; weight is the priority, and for a due task so much more that no delay of a whole round without one
outweighs a day of its own. Source: DOMAIN.md 1.1 (frequency), 1.2 (grids), 2.8 (who may inspect), 行政处罚法 Art 42.
"""

from __future__ import annotations

import heapq
from datetime import date

import numpy as np
import pandas as pd

from models.assignment import assign
from models.dispatch import Dispatch, dispatch
from models.policy import PatrolPolicy
from models.roster import serving_units, working_days
from models.rounds import make_rounds, place_rank
from models.unplaced import unplaced_frame, why_nobody

COST_SCALE = 1_000_000
"""Solver units per day of delay at weight 1; one unit decides between days that are otherwise the same."""


def plan_visits(
    demand: pd.DataFrame,
    roster: pd.DataFrame,
    leave: pd.DataFrame,
    recusal: pd.DataFrame,
    institution: pd.DataFrame,
    night: date,
    policy: PatrolPolicy,
    *,
    last_plan: pd.Series,
    has_certificate: bool,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The published patrol_plan (two rows per visit) and unplaced_visit; together they hold every visit of `demand` once.

    Parameters
    ----------
    demand : as `models.demand.visit_demand` returns it.
    roster, recusal : feature.patrol_roster and feature.patrol_recusal.
    leave, institution : core.leave and core.institution.
    last_plan : the day for which last night's plan held a visit, by merchant; empty where there was none.
    has_certificate : whether certificates were delivered; where not, nobody is known to be fit.
    """
    days = working_days(night, policy)
    served_by = serving_units(institution, roster, leave, days, policy)
    code = pd.Series(np.where(demand["is_capped_out"], "cap_reached", "no_pair"), index=demand.index, dtype=object)
    room = pd.Series(0, index=demand.index)
    planned = []
    for part in dispatch(demand[code == "no_pair"], served_by, institution, recusal, days, policy):
        rows = part.visits.index
        plan = _UnitPlan(part, days, last_plan, policy)
        crew_of = plan.solve()
        code[rows] = np.where(crew_of >= 0, "", np.where(plan.is_closed_to_all, "not_yet", "capacity"))
        code[rows[part.barred]] = "recusal"
        room[rows] = len(part.crews) * part.unit.visits_per_pair_day
        planned.append(plan.rows(crew_of))
    nobody = {name: why_nobody(days, unit) for name, unit in served_by.items()}
    idle = code == "no_pair"
    code[idle] = demand["institution_id"][idle].map(nobody) if has_certificate else "certificate_not_delivered"
    return _plan_frame(planned, night), unplaced_frame(demand, code, room, night, policy)


class _UnitPlan:
    """The visits of one unit, the most pressing first, and what each would cost with each crew."""

    def __init__(self, part: Dispatch, days: np.ndarray, last_plan: pd.Series, policy: PatrolPolicy) -> None:
        self.unit, self.crews, self.closed, self.days, self.policy = part.unit, part.crews, part.closed, days, policy
        self.visits = visits = part.visits.reset_index(drop=True)
        unit = self.unit
        self.rank = place_rank(visits)
        priority = visits["priority"].to_numpy(dtype=float)
        self.is_task = priority > 1
        self.weight = priority * np.where(self.is_task, unit.visits_per_pair_day * policy.horizon_days, 1)
        due_on = visits["due_on"].to_numpy(dtype="datetime64[D]")
        ahead = (days[None, :] - due_on[:, None]).astype(np.int64)
        overdue = np.maximum((days[0] - due_on).astype(np.int64), 0)
        # lateness that has come about already is the same on every day
        self.days_late = np.maximum(ahead, 0) - overdue[:, None]
        self.days_early = np.maximum(-ahead, 0)
        held_on = last_plan.reindex(visits["merchant_id"]).to_numpy(dtype="datetime64[D]")
        is_held = np.isin(held_on, days[: policy.grouping_days])
        self.is_moved = is_held[:, None] & (days[None, :] != held_on[:, None])
        number = pd.Index(unit.officer_id)
        self.last_pair = np.sort(
            np.column_stack([number.get_indexer(visits[f"last_{role}_officer_id"]) for role in ("lead", "co")]), axis=1
        )
        grid = pd.Index(visits["grid_id"].unique())
        self.grid = grid.get_indexer(visits["grid_id"])
        self.own_grid = np.where(pd.isna(unit.grid_id), -2, grid.get_indexer(pd.Index(unit.grid_id, dtype=object)))
        self.is_closed_to_all = np.zeros(len(visits), dtype=bool)
        self.is_closed_to_all[[place for place, crews in self.closed.items() if crews.all()]] = True

    def solve(self) -> np.ndarray:
        """The crew of each visit, −1 where it found none."""
        size, crews = self.unit.visits_per_pair_day, self.crews
        chosen = np.flatnonzero(~self.is_closed_to_all)[: size * len(crews)]
        day_of = self._days_of(chosen)
        crew_of = np.full(len(self.visits), -1, dtype=np.int64)
        stretch_of_day = np.arange(len(self.days)) // self.policy.grouping_days
        for stretch in range(stretch_of_day[-1] + 1):
            within = (day_of >= 0) & (stretch_of_day[day_of] == stretch)
            members = chosen[within]
            open_crews = np.flatnonzero(stretch_of_day[crews.day] == stretch)
            if len(members):
                crew_of[members] = self._crews_of(members, day_of[within], open_crews)
        return self._fit_in(crew_of)

    def _days_of(self, chosen: np.ndarray) -> np.ndarray:
        """The day of each chosen visit on which all of them together are least late."""
        size, crews = self.unit.visits_per_pair_day, self.crews
        room = np.bincount(crews.day, minlength=len(self.days)) * size
        allowed = np.broadcast_to(room > 0, (len(chosen), len(self.days))).copy()
        for place, visit in enumerate(chosen):
            if visit in self.closed:
                allowed[place] = np.bincount(crews.day[~self.closed[visit]], minlength=len(self.days)) > 0
        cost = self._delay(chosen)
        return assign(cost, allowed, room)

    def _delay(self, members: np.ndarray) -> np.ndarray:
        """Solver cost by visit and day: days late; where none is late, a due task early, another one stretch ahead.

        A round that is due a stretch later than it is planned can still move within its stretch without being late.
        """
        days = self.days_late[members] + self.policy.moved_days * self.is_moved[members]
        late = np.rint(self.weight[members, None] * days * COST_SCALE).astype(np.int64)
        off = np.abs(self.days_early[members] - self.policy.grouping_days)
        return late + np.where(self.is_task[members, None], np.arange(len(self.days))[None, :], off)

    def _cost(self, members: np.ndarray, crews: np.ndarray) -> np.ndarray:
        """Solver cost by visit and crew."""
        first, second = self.crews.first[crews], self.crews.second[crews]
        grid = self.grid[members, None]
        is_strange = (self.own_grid[first] != grid) & (self.own_grid[second] != grid)
        is_same = (self.last_pair[members, :1] == first) & (self.last_pair[members, 1:] == second)
        days = self.policy.unfamiliar_days * is_strange + self.policy.same_pair_days * is_same
        away = np.rint(self.weight[members, None] * days * COST_SCALE).astype(np.int64)
        return self._delay(members)[:, self.crews.day[crews]] + away

    def _crews_of(self, members: np.ndarray, day: np.ndarray, open_crews: np.ndarray) -> np.ndarray:
        """The crew of each visit of one stretch: rounds of neighbours, each with the pair-day that suits it best."""
        round_of = make_rounds(self.rank[members], day, self.is_task[members], self.unit.visits_per_pair_day)
        order = np.argsort(round_of, kind="stable")
        starts = np.searchsorted(round_of[order], np.arange(round_of.max() + 1))
        cost = np.add.reduceat(self._cost(members, open_crews)[order], starts, axis=0)
        allowed = np.ones(cost.shape, dtype=bool)
        for place in np.flatnonzero(np.isin(members, list(self.closed))):
            allowed[round_of[place]] &= ~self.closed[members[place]][open_crews]
        found = assign(cost, allowed, np.ones(len(open_crews), dtype=np.int64))[round_of]
        return np.where(found >= 0, open_crews[found], -1)

    def _fit_in(self, crew_of: np.ndarray) -> np.ndarray:
        """Fit in who has no crew yet, the most pressing first, where there is room or a less pressing one stands."""
        size = self.unit.visits_per_pair_day
        load = np.bincount(crew_of[crew_of >= 0], minlength=len(self.crews))
        every = np.arange(len(self.crews))
        waiting = np.flatnonzero((crew_of < 0) & ~self.is_closed_to_all).tolist()
        while waiting:
            visit = heapq.heappop(waiting)
            may = ~self.closed[visit] if visit in self.closed else np.ones(len(every), dtype=bool)
            room = np.flatnonzero(may & (load < size))
            if len(room):
                crew = room[np.argmin(self._cost(np.array([visit]), room)[0])]
                load[crew] += 1
            else:
                later = np.flatnonzero(crew_of >= 0)
                later = later[(later > visit) & may[crew_of[later]]]
                if not len(later):
                    if not (load < size).any() and visit > np.flatnonzero(crew_of >= 0)[-1]:
                        break
                    continue
                crew, crew_of[later[-1]] = crew_of[later[-1]], -1
                heapq.heappush(waiting, int(later[-1]))
            crew_of[visit] = crew
        return crew_of

    def rows(self, crew_of: np.ndarray) -> pd.DataFrame:
        """One row per visit and officer, as it is published, without the night."""
        visit = np.flatnonzero(crew_of >= 0)
        visit = visit[np.lexsort([self.rank[visit], crew_of[visit]])]
        crew = crew_of[visit]
        first, second = self._leads(visit, crew)
        _, start, number = np.unique(crew, return_index=True, return_inverse=True)
        on = self.days[self.crews.day]
        of_day = np.arange(len(on)) - np.searchsorted(self.crews.day, self.crews.day) + 1
        names = np.array(
            [
                f"{self.unit.institution_id}-{day.replace('-', '')}-{n}"
                for day, n in zip(np.datetime_as_string(on), of_day, strict=True)
            ],
            dtype=object,
        )
        plan = self.visits.loc[
            visit, ["merchant_id", "due_on", "visit_kind", "institution_id", "grid_id", "reason_zh", "reason_en"]
        ]
        plan = plan.assign(
            visit_on=on[crew].astype("datetime64[us]"),
            round_id=names[crew],
            round_order=np.arange(len(visit)) - start[number] + 1,
        )
        roles = [("lead", first), ("co", second)]
        return pd.concat(
            [plan.assign(role=role, officer_id=self.unit.officer_id[who[crew]]) for role, who in roles],
            ignore_index=True,
        )

    def _leads(self, visit: np.ndarray, crew: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Lead and second officer of every crew: who has more of the round in his own grid, else who led less often."""
        first, second = self.crews.first.copy(), self.crews.second.copy()
        own = np.zeros((2, len(self.crews)), dtype=np.int64)
        for side, who in enumerate((first, second)):
            np.add.at(own[side], crew, self.own_grid[who[crew]] == self.grid[visit])
        led = np.zeros(len(self.unit.officer_id), dtype=np.int64)
        for place in np.unique(crew):
            one, other = first[place], second[place]
            if (own[1, place], -led[other]) > (own[0, place], -led[one]):
                first[place], second[place] = other, one
            led[first[place]] += 1
        return first, second


def _plan_frame(planned: list[pd.DataFrame], night: date) -> pd.DataFrame:
    if not planned:
        return pd.DataFrame()
    plan = pd.concat(planned, ignore_index=True).rename(columns={"reason_zh": "reason"})
    plan = plan.sort_values(["merchant_id", "role"], ascending=[True, False], ignore_index=True)
    return plan.assign(as_of=pd.Timestamp(night))
