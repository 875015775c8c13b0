"""One night's rotation plan: solved, and told officer by officer."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import date

import numpy as np
import pandas as pd

from models.policy import RotationPolicy
from models.rotation.board import Board
from models.rotation.ground import RotationGround
from models.rotation.left import Left, left
from models.rotation.program import Program
from models.rotation.rule import RULES
from models.rotation.solve import Solution, solve
from models.rotation.wish import Wish, wishes

MOVE_COLUMNS = (
    "officer_id", "role", "from_unit_id", "from_post", "from_grid_id", "to_unit_id", "to_post", "to_grid_id", "move_on",
    "succeeds_officer_id", "chain",
)  # fmt: skip


@dataclass(frozen=True)
class RotationPlan:
    """What is proposed, and what is left.

    moves : MOVE_COLUMNS, one row per officer who moves, by day, chain and officer; succeeds_officer_id is empty where a
        post moves there with him. left : officer_id, outcome, rule, is_of_successors, choice_count of everybody due who stays
        (see left.Left).
    unkept : officer_id and rule of every decided move that the plan cannot hold. objective and bound in quarters of waiting,
    lower is better.
    """

    board: Board
    program: Program
    solution: Solution
    moves: pd.DataFrame
    left: pd.DataFrame
    unkept: pd.DataFrame

    @property
    def objective(self) -> float:
        """What the plan costs, in quarters of waiting; lower is better."""
        return self.solution.objective

    @property
    def bound(self) -> float:
        """No plan that keeps the rules costs less."""
        return self.solution.bound

    @property
    def is_optimal(self) -> bool:
        """It is proven that no plan costs less."""
        return self.solution.is_optimal


def plan_rotation(ground: RotationGround, night: date, policy: RotationPolicy) -> RotationPlan:
    """The plan of a night: the same ground gives the same plan. Raises ArithmeticError where the solver fails."""
    board = Board(ground, night, policy)
    program = Program(board)
    solution = solve(program)
    unkept = _unkept(board, program, solution)
    stays = _left_frame(board, left(board, program, solution))
    why = dict(zip(unkept["officer_id"], unkept["rule"], strict=True))
    is_decided = stays["officer_id"].isin(why)
    stays["rule"] = [why.get(officer, rule) for officer, rule in zip(stays["officer_id"], stays["rule"], strict=True)]
    stays["is_of_successors"] &= ~is_decided
    return RotationPlan(board, program, solution, _moves(board, solution), stays, unkept)


def _moves(board: Board, solution: Solution) -> pd.DataFrame:
    officer, place = solution.officer, solution.place
    is_held = place < board.count
    succeeds = np.full(len(officer), None, dtype=object)
    succeeds[is_held] = board.officer.to_numpy(dtype=object)[place[is_held]]
    role = np.where(board.is_due[officer], "due", np.where(is_held, "successor", "relief"))

    def named(index: pd.Index, number: np.ndarray) -> np.ndarray:
        names = np.append(index.to_numpy(dtype=object), None)
        return names[number]

    frame = pd.DataFrame(
        {
            "officer_id": board.officer.to_numpy(dtype=object)[officer],
            "role": role,
            "from_unit_id": named(board.unit, board.place_unit[officer]),
            "from_post": named(board.post, board.place_post[officer]),
            "from_grid_id": named(board.grid, board.place_grid[officer]),
            "to_unit_id": named(board.unit, board.place_unit[place]),
            "to_post": named(board.post, board.place_post[place]),
            "to_grid_id": named(board.grid, board.place_grid[place]),
            "move_on": board.day[solution.quarter],
            "succeeds_officer_id": succeeds,
            "chain": _chains(officer, place),
        }
    )
    order = frame.sort_values(["move_on", "chain", "officer_id"], ignore_index=True)
    # numbered in the order in which they are told
    return order.assign(chain=pd.factorize(order["chain"])[0] + 1)


def swapped(moves: pd.DataFrame) -> pd.DataFrame:
    """The moves indexed by officer, with swap_with_officer_id: who takes his place where he takes that one's."""
    by = moves.set_index("officer_id", drop=False).rename_axis(None)
    heir = by["succeeds_officer_id"].astype(object)
    back = heir.map(heir)
    return by.assign(swap_with_officer_id=heir.where(back == by["officer_id"], None))


def _chains(officer: np.ndarray, place: np.ndarray) -> np.ndarray:
    """For each move the smallest officer of those that hang together by who takes whose place, shape (moves,)."""
    at = {int(who): row for row, who in enumerate(officer)}
    chain = np.full(len(officer), -1, dtype=np.int64)
    before = {int(held): int(who) for who, held in zip(officer, place, strict=True)}
    for row in np.argsort(officer, kind="stable"):
        if chain[row] >= 0:
            continue
        # forwards to whoever goes on, backwards to whoever comes after
        members, who = [], int(officer[row])
        while who in at and who not in members:
            members.append(who)
            who = int(place[at[who]])
        who = before.get(int(officer[row]))
        while who is not None and who not in members:
            members.append(who)
            who = before.get(who)
        chain[[at[member] for member in members]] = min(members)
    return chain


def _left_frame(board: Board, stays: list[Left]) -> pd.DataFrame:
    rows = [(board.officer[row.officer], *astuple(row)[1:]) for row in stays]
    return pd.DataFrame(rows, columns=["officer_id", "outcome", "rule", "is_of_successors", "choice_count"])


def _unkept(board: Board, program: Program, solution: Solution) -> pd.DataFrame:
    kept = set(zip(solution.officer.tolist(), solution.place.tolist(), solution.quarter.tolist(), strict=True))
    rows = [
        (board.officer[wish.officer], _wish_rule(board, program, wish))
        for wish in wishes(board)
        if not any((wish.officer, place, wish.quarter) in kept for place in wish.places.tolist())
    ]
    return pd.DataFrame(rows, columns=["officer_id", "rule"])


def _wish_rule(board: Board, program: Program, wish: Wish) -> str:
    """The first rule that forbids every place of a decided move; no_place: nobody holds such a one; capacity: none does;
    decided: it is to be carried out later than the plan reaches."""
    if wish.quarter >= len(board.day):
        return "decided"
    places = [place for place in wish.places.tolist() if place != wish.officer]
    if not places:
        return "no_place"
    shape = (board.count, len(board.place_unit), len(board.day))
    for code in RULES:
        if np.broadcast_to(program.rules[code], shape)[wish.officer, places, wish.quarter].all():
            return code
    return "capacity"
