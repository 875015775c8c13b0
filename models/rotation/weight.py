"""What moves and waiting weigh, in thousandths of a quarter of waiting; see RotationPolicy."""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.rotation.board import Board
from models.rotation.rule import years_on
from models.rotation.wish import wishes_within

SCALE = 1000
"""Solver units per quarter of waiting."""


def urgency(board: Board) -> np.ndarray:
    """How much one quarter of waiting of each officer weighs, shape (officers,), 0 where no clock has run out.

    1 for a clock that has just run out on a post of risk 1, 2 where it becomes overdue, and more for each year beyond;
    times the risk of the post; more for each key-industry merchant that he has been in charge of all the time.
    """
    policy, clock = board.policy, board.due_clock
    limits = policy.limits()
    due = clock["clock"].map({name: limit["due"] for name, limit in limits.items()}).to_numpy(dtype=float)
    span = clock["clock"].map({name: limit["overdue"] - limit["due"] for name, limit in limits.items()})
    span = np.maximum(span.to_numpy(dtype=float), 1 / 12)
    beyond = 1 + (clock["years"].to_numpy(dtype=float) - due) / span
    officer = board.officer.get_indexer(clock["officer_id"])
    found = np.zeros(board.count)
    np.maximum.at(found, officer, beyond)
    post_risk = np.array([policy.post_risk.get(post, 1.0) for post in board.post])
    held = np.zeros(board.count)
    merchants = pd.to_numeric(board.ground.clock["key_merchant_count"]).fillna(0).to_numpy(dtype=float)
    who = board.officer.get_indexer(board.ground.clock["officer_id"])
    np.maximum.at(held, who[who >= 0], merchants[who >= 0])
    return found * (post_risk[board.place_post[: board.count]] + policy.key_merchant_risk * held / 100)


def move_cost(board: Board, weight: np.ndarray) -> np.ndarray:
    """What the move of officer i to place p on day q costs, int64 of shape (officers, places, quarters).

    weight : `urgency`. Not to move costs nothing here: what waiting for ever would have cost a due officer is taken off his
    moves, and `idle_cost` holds it.
    """
    policy, own = board.policy, board.place_unit[: board.count]
    kilometres = np.nan_to_num(board.distance)[own][:, board.place_unit]
    is_new_post = (years_on(board) <= 0)[:, board.place_post]
    cost = policy.kilometre_quarters * kilometres + policy.unfamiliar_quarters * is_new_post
    cost = cost + policy.successor_quarters * (~board.is_due)[:, None]
    quarters = np.arange(len(board.day)) - policy.never_quarters
    cost = cost[:, :, None] + (weight[:, None] * quarters)[:, None, :]
    cost = cost + policy.changed_quarters * _change(board)
    for wish in wishes_within(board):
        cost[wish.officer, wish.places, wish.quarter] -= policy.accepted_quarters
    return np.rint(cost * SCALE).astype(np.int64)


def idle_cost(board: Board, weight: np.ndarray) -> int:
    """What it costs if nobody moves, in solver units: everybody due waits, and no proposal or decision is kept."""
    policy = board.policy
    proposed = board.ground.last["officer_id"].isin(board.officer).sum()
    waiting = policy.never_quarters * weight.sum() + policy.changed_quarters * proposed
    waiting += policy.accepted_quarters * len(wishes_within(board)) + policy.load_quarters * np.nansum(
        (board.load - 1) ** 2
    )
    return round(waiting * SCALE)


def fixed_cost(board: Board, weight: np.ndarray, may: np.ndarray) -> int:
    """What no plan can change, in solver units: the waiting of whom nothing can move, and decisions that cannot be kept.

    may : moves that can be part of a plan, booleans of shape (officers, places, quarters).
    """
    stays = ~may.any(axis=(1, 2))
    lost = [wish for wish in wishes_within(board) if not may[wish.officer, wish.places, wish.quarter].any()]
    waiting = board.policy.never_quarters * weight[stays].sum() + board.policy.accepted_quarters * len(lost)
    return int(np.floor(waiting * SCALE))


def relief_cost(board: Board, change: int) -> np.ndarray:
    """What it adds if a station has so many officers more, in solver units, shape (units,); below 0 is better."""
    squares = (board.load_with(change) - 1) ** 2 - (board.load - 1) ** 2
    return np.rint(np.nan_to_num(board.policy.load_quarters * squares) * SCALE).astype(np.int64)


def _change(board: Board) -> np.ndarray:
    """Whether a place is another than last night proposed (1), the same (−1 beside the idle cost), or proposed anew (1).

    0 where last night proposed somebody another move: that it is dropped is in the idle cost already.
    """
    shape = (board.count, len(board.place_unit), 1)
    last = board.ground.last[board.ground.last["officer_id"].isin(board.officer)]
    if last.empty:
        return np.zeros(shape)
    change = np.ones(shape)
    officer = board.officer.get_indexer(last["officer_id"])
    change[officer] = 0
    unit, post, grid = board.numbers(last)
    for who, *where in zip(officer, unit, post, grid, strict=True):
        same = np.logical_and.reduce(
            [
                held == wanted
                for held, wanted in zip((board.place_unit, board.place_post, board.place_grid), where, strict=True)
            ]
        )
        change[who] = -1.0 * same[:, None]
    return change
