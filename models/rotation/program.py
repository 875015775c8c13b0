"""The rotation plan as a linear program in whole numbers: its variables, what they cost, and the rows they must keep.

Variables are moves (officer, place, quarter) that no rule forbids, and lapses (officer, quarter): his place goes with him. All are
0 or 1. Rows: nobody moves twice; who leaves is succeeded on the same day, or his place lapses; a station lets only so many go
in a quarter, keeps those that it must, gives up one post at most and is given one at most.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from models.rotation.board import Board
from models.rotation.rule import allowed, forbidden
from models.rotation.weight import fixed_cost, idle_cost, move_cost, relief_cost, urgency


class Program:
    """Variables and rows of a board.

    officer, place, quarter : of every move, shape (moves,). lapse_officer, lapse_quarter : of every lapse, shape (lapses,).
    cost : solver units of all variables, moves first, int64. idle : what it costs if nobody moves; fixed : what of it no
    plan could change. rows : sparse, of shape (rows, variables), integer; low, high : int64 of shape (rows,). rules : what
    each rule forbids (see rule.forbidden).
    """

    def __init__(self, board: Board) -> None:
        self.board = board
        weight = urgency(board)
        self.rules = forbidden(board)
        kept = closed(board, allowed(board, self.rules))
        self.officer, self.place, self.quarter = np.nonzero(kept)
        can_leave = kept.any(axis=1) & board.can_lapse[:, None]
        self.lapse_officer, self.lapse_quarter = np.nonzero(can_leave)
        self.idle = idle_cost(board, weight)
        self.fixed = fixed_cost(board, weight, kept)
        self.cost = self._cost(move_cost(board, weight)[kept])
        self.from_unit = board.place_unit[self.officer]
        self.to_unit = board.place_unit[self.place]
        parts = [*self._successions(), *self._stations(), *self._reliefs()]
        matrix, low, high = zip(*parts, strict=True)
        rows = sparse.vstack(matrix).tocsr()
        low, high = np.concatenate(low), np.concatenate(high)
        # rows without any variable hold of themselves
        told = np.diff(rows.indptr) > 0
        self.rows, self.low, self.high = rows[told], low[told], high[told]

    @property
    def move_count(self) -> int:
        """How many of the variables are moves."""
        return len(self.officer)

    def _cost(self, moves: np.ndarray) -> np.ndarray:
        board = self.board
        gained, given = relief_cost(board, 1), relief_cost(board, -1)
        is_new = self.place >= board.count
        moves = moves + np.where(is_new, gained[board.place_unit[self.place]], 0)
        return np.concatenate([moves, given[board.place_unit[self.lapse_officer]]])

    def _matrix(self, row: np.ndarray, column: np.ndarray, value: np.ndarray, count: int) -> sparse.coo_matrix:
        return sparse.coo_matrix((value, (row, column)), shape=(count, len(self.cost)), dtype=np.int64)

    def _count(self, row: np.ndarray, column: np.ndarray, count: int) -> sparse.coo_matrix:
        return self._matrix(row, column, np.ones(len(row), dtype=np.int64), count)

    def _successions(self):
        board, quarters, moves = self.board, len(self.board.day), np.arange(self.move_count)
        yield self._count(self.officer, moves, board.count), *_between(0, 1, board.count)
        held = self.place < board.count
        lapses = self.move_count + np.arange(len(self.lapse_officer))
        row = np.concatenate([self.officer, self.place[held], self.lapse_officer])
        quarter = np.concatenate([self.quarter, self.quarter[held], self.lapse_quarter])
        column = np.concatenate([moves, moves[held], lapses])
        sign = np.repeat([1, -1, -1], [len(moves), held.sum(), len(lapses)])
        count = board.count * quarters
        yield self._matrix(row * quarters + quarter, column, sign, count), *_between(0, 0, count)

    def _stations(self):
        board, quarters, units = self.board, len(self.board.day), len(self.board.unit)
        room = np.repeat(station_room(board), quarters)
        key = self.from_unit * quarters + self.quarter
        yield self._count(key, np.arange(self.move_count), len(room)), np.zeros_like(room), room
        crosses = np.flatnonzero(self.from_unit != self.to_unit)
        for wanted, holds in needed_staff(board):
            there = np.zeros((units, quarters), dtype=np.int64)
            np.add.at(there, board.place_unit[: board.count], holds.astype(np.int64))
            least = np.where(board.is_served[:, None], np.minimum(wanted, there), 0)
            cell = [np.empty(0, dtype=np.int64)] * 3
            for quarter in range(quarters):
                moved = crosses[(self.quarter[crosses] <= quarter) & holds[self.officer[crosses], quarter]]
                row = np.concatenate([self.to_unit[moved], self.from_unit[moved]]) * quarters + quarter
                sign = np.repeat([1, -1], len(moved))
                cell = [np.concatenate(pair) for pair in zip(cell, (row, np.tile(moved, 2), sign), strict=True)]
            everybody = np.full(units * quarters, board.count)
            yield self._matrix(*cell, units * quarters), (least - there).ravel(), everybody

    def _reliefs(self):
        units = len(self.board.unit)
        lapses = self.move_count + np.arange(len(self.lapse_officer))
        yield self._count(self.board.place_unit[self.lapse_officer], lapses, units), *_between(0, 1, units)
        taken = np.flatnonzero(self.place >= self.board.count)
        yield self._count(self.to_unit[taken], taken, units), *_between(0, 1, units)
        # a post that opens at one station is one that lapses at another
        post, quarters = self.board.place_post, len(self.board.day)
        row = np.concatenate([post[self.place[taken]], post[self.lapse_officer]]) * quarters
        row += np.concatenate([self.quarter[taken], self.lapse_quarter])
        sign = np.repeat([1, -1], [len(taken), len(lapses)])
        count = len(self.board.post) * quarters
        yield self._matrix(row, np.concatenate([taken, lapses]), sign, count), *_between(0, 0, count)


def station_room(board: Board) -> np.ndarray:
    """How many may leave their place in each unit in one quarter, shape (units,)."""
    return np.maximum(1, np.floor(board.policy.station_move_share * board.size + 1e-9)).astype(np.int64)


def needed_staff(board: Board) -> tuple[tuple[int, np.ndarray], ...]:
    """How many of whom a station must keep, and who they are on which move day: (count, booleans (officers, quarters))."""
    stays = ~board.has_left()
    certified = board.is_certified() & stays
    handlers = board.is_handler()[:, None] & stays
    return ((board.policy.min_certified, certified), (board.policy.min_handlers, handlers))


def _between(low: int, high: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    return np.full(count, low), np.full(count, high)


def closed(board: Board, may: np.ndarray) -> np.ndarray:
    """Without the moves into a place that nobody could leave, and out of one that nobody could take."""
    may, count = may.copy(), board.count
    while True:
        is_taken = may[:, :count].any(axis=0) | board.can_lapse[:, None]
        before = may.sum()
        may[:, :count] &= may.any(axis=1)[None]
        may &= is_taken[:, None, :]
        if may.sum() == before:
            return may
