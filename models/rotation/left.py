"""Whom the plan leaves where he is although a clock of his has run out, and which rule stands in the way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.rotation.board import Board
from models.rotation.program import Program, closed, needed_staff, station_room
from models.rotation.rule import RULES
from models.rotation.solve import Solution


@dataclass(frozen=True)
class Left:
    """One officer who stays. outcome : barred (a rule leaves no move) or later (there are moves, none of them is in the plan).

    rule : a code of RULES, or no_successor (no single rule keeps his place from being taken), no_vacancy (nor the places
    that he could take from being left), station_share, station_certified, station_handler, or capacity (no chain of moves
    holds him). is_of_successors : the rule does not keep him, it keeps everybody from his place. choice_count : places, or
    successors, that there would be without the rule.
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
    broken = np.sum(list(rules.values()), axis=0, dtype=np.int8)
    # his own place is no move
    broken[np.arange(board.count), np.arange(board.count)] = len(RULES)
    found = []
    for officer in np.flatnonzero(stays).tolist():
        if has_move[officer]:
            found.append(Left(officer, "later", _later(board, program, solution, officer)))
        else:
            found.append(_barred(board, rules, broken, officer))
    return found


def _barred(board: Board, rules: dict[str, np.ndarray], broken: np.ndarray, officer: int) -> Left:
    """The rule without which he would have a move that can be followed up, his own rules before those of his successors."""
    for is_of_successors, cell in ((False, np.s_[officer]), (True, np.s_[:, officer])):
        opened = {code: int(((broken[cell] == 1) & rule[cell]).any(axis=1).sum()) for code, rule in rules.items()}
        for code in sorted(RULES, key=lambda code: -opened[code]):
            if opened[code] and _frees(board, rules[code], broken, cell, officer):
                return Left(officer, "barred", code, is_of_successors, opened[code])
    if (broken[officer] == 0).any():
        is_taken = (broken[:, officer] == 0).any() or board.can_lapse[officer]
        return Left(officer, "barred", "no_vacancy" if is_taken else "no_successor", not is_taken)
    # no single rule: the one that forbids most
    return Left(officer, "barred", max(RULES, key=lambda code: int(rules[code][officer].sum())))


def _frees(board: Board, rule: np.ndarray, broken: np.ndarray, cell, officer: int) -> bool:
    """Whether he would have a move that can be part of a plan, did this rule not hold for him, or for who would succeed him."""
    may = broken == 0
    may[cell] |= (broken[cell] == 1) & rule[cell]
    return bool(closed(board, may)[officer].any())


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
