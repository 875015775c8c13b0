"""The assignment: who moves where in which quarter, solved by OR-Tools' CP-SAT and held against what can be proven.

The relaxation in which moves may be fractions gives a bound that no plan can fall below, and for each move how much more any
plan with it must cost at least (its reduced cost). CP-SAT then solves for the moves near the bound; what it leaves out cannot be
part of a plan that costs less than bound + margin, so the bound told is valid for all moves. One thread and a limit in
the solver's own deterministic time: the same bureau gives the same plan.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from models.rotation.program import Program
from models.rotation.weight import SCALE

TIME_LIMIT = 40.0
"""In CP-SAT's deterministic time, near seconds, for all margins together; what is proven by then is told as the gap."""

MARGINS = (300, 450, 600, 900, 1800, np.inf)
"""Solver units above the bound up to which moves are looked at; the next one only where a plan might lie beyond the first."""

GOOD_GAP = 0.01
"""A plan proven to lie so near the best is not solved once more with more moves."""

SOLVER_GAP = 0.001

TOLERANCE = 1e-6


@dataclass(frozen=True)
class Solution:
    """The plan as numbers: officer, place and quarter of each move, shapes (moves,); lapsed: officers whose place lapses.

    variable : which of the program's moves each is, shape (moves,).
    objective, bound : cost in quarters of waiting, and what no plan can fall below. fixed : what of both no plan could
    change. is_optimal : proven that none costs less.
    """

    variable: np.ndarray
    officer: np.ndarray
    place: np.ndarray
    quarter: np.ndarray
    lapsed: np.ndarray
    objective: float
    bound: float
    fixed: float
    is_optimal: bool

    @property
    def gap_share(self) -> float:
        """How far above the bound the plan may lie, of what could be decided at all (0: proven best)."""
        decided = self.objective - self.fixed
        return max(0.0, (self.objective - self.bound) / decided) if decided > 0 else 0.0


def solve(program: Program) -> Solution:
    """The best plan found in time; to move nobody is one. Raises ArithmeticError where the program itself is wrong."""
    if not program.move_count:
        return _solution(program, np.zeros(0, dtype=bool), program.idle, program.idle)
    relaxed, reduced = _relaxed(program)
    # nobody moves: a plan, if no good one
    chosen, cost, bound = np.zeros(len(program.cost), dtype=bool), program.idle, relaxed
    spent = 0.0
    for margin in MARGINS:
        is_near = reduced <= margin
        found, price, proven, time = _chosen(program, is_near, chosen, TIME_LIMIT - spent)
        spent += time
        if price < cost:
            chosen, cost = found, price
        # what was left out costs more than the margin above the relaxation
        bound = max(bound, proven if is_near.all() else min(proven, relaxed + int(margin)))
        if cost - bound <= GOOD_GAP * abs(cost - program.fixed) or is_near.all() or spent >= TIME_LIMIT:
            break
    return _solution(program, chosen, cost, bound)


def _solution(program: Program, chosen: np.ndarray, cost: int, bound: int) -> Solution:
    moves = np.flatnonzero(chosen[: program.move_count])
    return Solution(
        moves,
        program.officer[moves],
        program.place[moves],
        program.quarter[moves],
        program.lapse_officer[chosen[program.move_count :]],
        cost / SCALE,
        bound / SCALE,
        program.fixed / SCALE,
        cost <= bound,
    )


def _relaxed(program: Program) -> tuple[int, np.ndarray]:
    """The least cost were fractions of moves possible, rounded up, and the reduced cost of each variable, 0 or more."""
    from scipy.optimize import linprog

    is_equal = program.low == program.high
    above, below = program.rows[~is_equal], program.low[~is_equal]
    found = linprog(
        program.cost,
        A_ub=sparse.vstack([above, -above]).astype(float),
        b_ub=np.concatenate([program.high[~is_equal], -below]),
        A_eq=program.rows[is_equal].astype(float),
        b_eq=program.low[is_equal],
        bounds=(0, 1),
        method="highs-ds",
    )
    if found.status != 0:
        raise ArithmeticError(f"rotation: the relaxation ended with {found.message}")
    return program.idle + int(np.ceil(found.fun - TOLERANCE * max(1, abs(found.fun)))), found.lower.marginals


def _chosen(
    program: Program, is_near: np.ndarray, hint: np.ndarray, limit: float
) -> tuple[np.ndarray, int, int, float]:
    """Which variables the best plan of the near ones holds, its cost, what is proven for these, and the time it took.

    hint : the plan at hand, which stays where nothing is found in time.
    """
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    near = np.flatnonzero(is_near)
    variables = [model.new_bool_var("") for _ in near]
    rows = program.rows[:, near].tocsr()
    for row, (start, end) in enumerate(zip(rows.indptr[:-1], rows.indptr[1:], strict=True)):
        if start < end:
            held = [variables[column] for column in rows.indices[start:end]]
            total = cp_model.LinearExpr.weighted_sum(held, rows.data[start:end].tolist())
            model.add_linear_constraint(total, int(program.low[row]), int(program.high[row]))
    # what no plan can change is left out, so that the relative gap is one of what can be decided
    offset = program.idle - program.fixed
    model.minimize(cp_model.LinearExpr.weighted_sum(variables, program.cost[near].tolist()) + offset)
    for variable, held in zip(variables, hint[near].tolist(), strict=True):
        model.add_hint(variable, held)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    solver.parameters.linearization_level = 2
    solver.parameters.relative_gap_limit = SOLVER_GAP
    solver.parameters.max_deterministic_time = max(limit, 1.0)
    status = solver.solve(model)
    time = solver.response_proto.deterministic_time
    proven = program.fixed + int(np.ceil(solver.best_objective_bound - TOLERANCE))
    if status == cp_model.UNKNOWN:
        return hint, program.idle + int(program.cost[hint].sum()), proven, time
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise ArithmeticError(f"rotation: the solver ended with {solver.status_name(status)}")
    chosen = np.zeros(len(is_near), dtype=bool)
    chosen[near] = [solver.boolean_value(variable) for variable in variables]
    return chosen, program.fixed + round(solver.objective_value), proven, time
