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

    rule : a code of RULES, or no_successor (no single rule keeps his place from being taken), station_share,
    station_certified, station_handler, or capacity (no chain of moves holds him). is_of_successors : the rule does not keep
    him, it keeps everybody from his place. choice_count : places, or successors, that there would be without the rule.
    """

    officer: int
    outcome: str
    rule: str
    is_of_successors: bool = False
    choice_count: int = 0


def left(board: Board, program: Program, solution: Solution) -> list[Left]:
    """Everybody due who does not move, in the order of officers."""
    stays = board.is_due.copy()
    stays[solution.officer] = False
    has_move = np.bincount(program.officer, minlength=board.count) > 0
    shape = (board.count, len(board.place_unit), len(board.day))
    rules = {code: np.broadcast_to(rule, shape) for code, rule in program.rules.items()}
    found = []
    for officer in np.flatnonzero(stays).tolist():
        places = np.arange(len(board.place_unit)) != officer
        if told := _barring({code: rule[officer][places] for code, rule in rules.items()}):
            found.append(Left(officer, "barred", told[0], False, told[1]))
        elif has_move[officer]:
            found.append(Left(officer, "later", _later(board, program, solution, officer)))
        else:
            heirs = np.arange(board.count) != officer
            told = _barring({code: rule[heirs, officer] for code, rule in rules.items()})
            rule, count = told or ("no_successor", 0)
            found.append(Left(officer, "barred", rule, True, count))
    return found


def _barring(forbidden: dict[str, np.ndarray]) -> tuple[str, int] | None:
    """The rule without which most choices would be open, and how many; None where some are open as it is.

    forbidden : by rule, of shape (choices, quarters). Where no single rule opens any: the one that forbids most.
    """
    broken = np.sum(list(forbidden.values()), axis=0)
    if (broken == 0).any():
        return None
    opened = {code: int(((broken == 1) & forbidden[code]).any(axis=1).sum()) for code in RULES}
    if not any(opened.values()):
        return max(RULES, key=lambda code: int(forbidden[code].sum())), 0
    rule = max(RULES, key=lambda code: opened[code])
    return rule, opened[rule]


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
