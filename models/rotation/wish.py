"""Moves that management decided and that are not carried out yet: the plan is to hold them as they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.rotation.board import Board


@dataclass(frozen=True)
class Wish:
    """A move that management decided: officer number, places that are as decided (none: nobody holds such a one), quarter.

    quarter : of the plan; beyond its last one where the move is to be carried out later than the plan reaches.
    """

    officer: int
    places: np.ndarray
    quarter: int


def wishes(board: Board) -> list[Wish]:
    """What management accepted or changed, in the order of officers; what is late is wished for in the first quarter."""
    unit, post, grid = board.numbers(board.accepted)
    move_on = pd.to_datetime(board.accepted["move_on"]).to_numpy().astype("datetime64[D]")
    quarter = np.searchsorted(board.day, move_on)
    found = []
    for row, officer in enumerate(board.officer.get_indexer(board.accepted["officer_id"])):
        same = (board.place_unit == unit[row]) & (board.place_post == post[row])
        # where no grid was named, any will do
        same &= (grid[row] < 0) | (board.place_grid == grid[row])
        found.append(Wish(int(officer), np.flatnonzero(same), int(quarter[row])))
    return found


def wishes_within(board: Board) -> list[Wish]:
    """Those of them that the plan's quarters reach."""
    return [wish for wish in wishes(board) if wish.quarter < len(board.day)]
