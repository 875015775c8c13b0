"""Whom the plan leaves where he is although a clock of his has run out, and which rule stands in the way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.rotation.board import Board
from models.rotation.program import Program, needed_staff, station_room
from models.rotation.rule import RULES
from models.rotation.solve import Solution


@dataclass(frozen=True)
class Left:
    """One officer who stays. outcome : barred (a rule leaves no move) or later (there are moves, none of them is in the plan).

    rule : a code of RULES, or no_successor (nobody can take his place), station_share, station_certified, station_handler,
    or capacity (no chain of moves holds him). place_count : places that the other rules would leave open.
    """

    officer: int
    outcome: str
    rule: str
    place_count: int


def left(board: Board, program: Program, solution: Solution) -> list[Left]:
    """Everybody due who does not move, in the order of officers."""
    stays = board.is_due.copy()
    stays[solution.officer] = False
    has_move = np.bincount(program.officer, minlength=board.count) > 0
    found = []
    for officer in np.flatnonzero(stays):
        told = _barred(board, program.rules, officer)
        if told is None and not has_move[officer]:
            told = Left(int(officer), "barred", "no_successor", 0)
        found.append(told or Left(int(officer), "later", _later(board, program, solution, officer), 0))
    return found


def _forbidding(board: Board, rules: dict[str, np.ndarray], officer: int) -> dict[str, np.ndarray]:
    """What each rule forbids one officer, booleans of shape (places, quarters), his own place left out."""
    shape = (board.count, len(board.place_unit), len(board.day))
    others = np.arange(len(board.place_unit)) != officer
    return {code: np.broadcast_to(rule, shape)[officer][others] for code, rule in rules.items()}


def _barred(board: Board, rules: dict[str, np.ndarray], officer: int) -> Left | None:
    """The rule without which most places would be open; where no single one opens any, the one that forbids most."""
    told = _forbidding(board, rules, officer)
    broken = np.sum(list(told.values()), axis=0)
    if (broken == 0).any():
        return None
    opened = {code: int(((broken == 1) & told[code]).any(axis=1).sum()) for code in RULES}
    if any(opened.values()):
        rule = max(RULES, key=lambda code: opened[code])
    else:
        rule = max(RULES, key=lambda code: int(told[code].sum()))
    return Left(int(officer), "barred", rule, opened[rule])


def _later(board: Board, program: Program, solution: Solution, officer: int) -> str:
    """What the plan has used up, or must keep, at the station of somebody who could move but does not."""
    unit = board.place_unit[officer]
    mine = program.officer == officer
    quarters = np.unique(program.quarter[mine])
    leaving = np.bincount(solution.quarter[board.place_unit[solution.officer] == unit], minlength=len(board.day))
    if (leaving[quarters] >= station_room(board)[unit]).all():
        return "station_share"
    if not board.is_served[unit]:
        return "capacity"
    moved = np.zeros(board.count, dtype=bool)
    moved[solution.officer] = True
    heirs = np.unique(program.officer[(program.place == officer) & ~moved[program.officer]])
    for code, (wanted, holds) in zip(("station_certified", "station_handler"), needed_staff(board), strict=True):
        after = staffed(board, solution, holds)[unit]
        least = np.minimum(wanted, holds[board.place_unit[: board.count] == unit].sum(axis=0))
        if holds[officer].any() and (after - 1 < least).any() and not holds[heirs].any():
            return code
    return "capacity"


def staffed(board: Board, solution: Solution, holds: np.ndarray) -> np.ndarray:
    """How many of those who hold it are in each unit after each quarter of the plan, shape (units, quarters)."""
    there = np.zeros((len(board.unit), len(board.day)), dtype=np.int64)
    np.add.at(there, board.place_unit[: board.count], holds.astype(np.int64))
    for officer, place, quarter in zip(solution.officer, solution.place, solution.quarter, strict=True):
        there[board.place_unit[officer], quarter:] -= holds[officer, quarter:]
        there[board.place_unit[place], quarter:] += holds[officer, quarter:]
    return there
