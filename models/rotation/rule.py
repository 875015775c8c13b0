"""The hard rules about one officer and one place; those about stations are the solver's.

Each rule is an array that is true where it forbids officer i to take place p on move day q, of a shape that broadcasts to
(officers, places, quarters). Source: 公务员法 Art 71, 74-77; 公务员回避规定; 国办发〔2024〕54号 (who may inspect);
DOMAIN.md 2.10, 3.2.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.rotation.board import Board
from models.rotation.wish import wishes


def forbidden(board: Board) -> dict[str, np.ndarray]:
    """What each of RULES forbids, by its code."""
    return {code: rule(board) for code, rule in RULES.items()}


def allowed(board: Board, rules: dict[str, np.ndarray]) -> np.ndarray:
    """Where no rule forbids it, booleans of shape (officers, places, quarters); his own place is no move."""
    may = np.ones((board.count, len(board.place_unit), len(board.day)), dtype=bool)
    for rule in rules.values():
        may &= ~rule
    may[np.arange(board.count), np.arange(board.count)] = False
    return may


def _officers(rule: np.ndarray) -> np.ndarray:
    return rule[:, None, None]


def _leaving(board: Board) -> np.ndarray:
    """A place should not change hands twice in a short time."""
    return _officers(board.days("leaves_on") <= np.datetime64(board.night) + board.policy.leaving_days)


def _extended(board: Board) -> np.ndarray:
    """An approval of extension says that he stays; where another clock has run out it does not excuse that one."""
    return _officers(board.staff["is_extended"].to_numpy(dtype=bool) & ~board.is_due)


def _major_case(board: Board) -> np.ndarray:
    """Not before the case must have ended by law; one that is open beyond its term has no end that could be known."""
    until = board.days("major_case_until_on")[:, None, None]
    return (until >= board.day) | (until <= np.datetime64(board.night))


def _settled(board: Board) -> np.ndarray:
    came_late = board.days("since_on")[:, None] > board.years_before(board.policy.settled_years)
    return (came_late & ~board.is_wanted[:, None])[:, None, :]


def _notice(board: Board) -> np.ndarray:
    """Nobody is moved at shorter notice, but whose move was decided, and who takes the place that such a one leaves."""
    is_near = board.day < np.datetime64(board.night) + board.policy.notice_days
    has_wish = np.isin(board.officer, board.accepted["officer_id"])
    leaves = np.append(has_wish, np.zeros(len(board.place_unit) - board.count, dtype=bool))
    return (~has_wish[:, None] & ~leaves[None, :])[:, :, None] & is_near


def _clock(board: Board) -> np.ndarray:
    """Where a clock that has run out would run on."""
    area = board.units["area_id"].astype(object).to_numpy()
    area = pd.factorize(pd.Series(area, dtype=object))[0]
    own = slice(None, board.count)
    unit, post, grid, is_leading = board.place_unit, board.place_post, board.place_grid, _is_leading(board)
    runs_on = {
        "post": (post == post[own, None]) & (~is_leading[None, :] | (unit == unit[own, None])),
        "station": unit == unit[own, None],
        "grid": (grid == grid[own, None]) & (grid >= 0),
        "area": (area[unit] == area[unit[own, None]]) | (area[unit] < 0),
    }
    rule = np.zeros((board.count, len(unit)), dtype=bool)
    for name, same in runs_on.items():
        has_run_out = np.isin(board.officer, board.due_clock.loc[board.due_clock["clock"] == name, "officer_id"])
        rule |= has_run_out[:, None] & same
    return rule[:, :, None]


def _certificate(board: Board) -> np.ndarray:
    asks = np.isin(board.place_post, board.post.get_indexer(list(board.policy.certified_posts)))
    return asks[None, :, None] & ~board.is_certified()[:, None, :]


def _qualification(board: Board) -> np.ndarray:
    """Nobody is held unfit for the post that he holds."""
    years = years_on(board)
    ranks = board.staff["rank"].astype(object).to_numpy()
    lacks = np.zeros((board.count, len(board.post)), dtype=bool)
    for name, asked in board.policy.qualifications.items():
        number = board.post.get_indexer([name])[0]
        if number < 0 or not (asked.posts or asked.ranks):
            continue
        fit = np.isin(ranks, asked.ranks)
        if asked.posts:
            known = board.post.get_indexer(list(asked.posts))
            fit |= years[:, known[known >= 0]].sum(axis=1) >= asked.years
        lacks[:, number] = ~fit
    lacks[np.arange(board.count), board.place_post[: board.count]] = False
    return lacks[:, board.place_post][:, :, None]


def _rank(board: Board) -> np.ndarray:
    """Who leads a station goes on to lead another: a rotation is no demotion."""
    is_leading = _is_leading(board)
    return (is_leading[: board.count, None] & ~is_leading[None, :])[:, :, None]


def _is_leading(board: Board) -> np.ndarray:
    return np.isin(board.place_post, board.post.get_indexer(list(board.policy.leading_posts)))


def years_on(board: Board) -> np.ndarray:
    """Years that everybody has held every post, wherever, shape (officers, posts)."""
    held = board.ground.held
    officer, post = board.officer.get_indexer(held["officer_id"]), board.post.get_indexer(held["post"])
    years = np.zeros((board.count, len(board.post)))
    known = officer >= 0
    np.add.at(years, (officer[known], post[known]), held["years"].to_numpy(dtype=float)[known])
    return years


def _interest(board: Board) -> np.ndarray:
    """A place in the grid of a merchant from which he must keep away, and one in charge of the whole unit."""
    rows = board.ground.interest
    rule = np.zeros((board.count, len(board.place_unit)), dtype=bool)
    officer, unit = board.officer.get_indexer(rows["officer_id"]), board.unit.get_indexer(rows["unit_id"])
    grid = board.grid.get_indexer(rows["grid_id"].astype(object))
    # of a grid that nobody holds, the unit alone is known
    is_told = rows["grid_id"].notna().to_numpy()
    for who, where, what, told in zip(officer, unit, grid, is_told, strict=True):
        if who >= 0:
            of_grid = (board.place_grid < 0) | (board.place_grid == what) if told else True
            rule[who] |= (board.place_unit == where) & of_grid
    return rule[:, :, None]


def _returned(board: Board) -> np.ndarray:
    """Another unit in which he held anything since, or in his own the same post and grid; his present one is no move."""
    held = board.ground.held
    officer = board.officer.get_indexer(held["officer_id"])
    unit, post, grid = board.numbers(held)
    last_on = pd.to_datetime(held["last_on"]).to_numpy().astype("datetime64[D]")
    since = board.years_before(board.policy.return_years)
    never = np.datetime64("1000-01-01")
    left_on = np.full((board.count, len(board.unit)), never)
    known = (officer >= 0) & (unit >= 0)
    np.maximum.at(left_on, (officer[known], unit[known]), last_on[known])
    own_unit = board.place_unit[: board.count]
    is_other = board.place_unit[None, :] != own_unit[:, None]
    rule = (left_on[:, board.place_unit] >= since[:, None, None]).transpose(1, 2, 0) & is_other[:, :, None]
    # within his own unit by post and grid
    spot = board.place_post * (len(board.grid) + 1) + board.place_grid
    inside = known & (unit == own_unit[officer])
    spots = len(board.post) * (len(board.grid) + 1)
    at = np.full((board.count, spots), never)
    np.maximum.at(at, (officer[inside], (post * (len(board.grid) + 1) + grid)[inside]), last_on[inside])
    again = (at[:, spot] >= since[:, None, None]).transpose(1, 2, 0) & ~is_other[:, :, None]
    present = ~is_other & (spot[None, :] == spot[: board.count, None])
    return rule | again | present[:, :, None]


def _declined(board: Board) -> np.ndarray:
    rows = board.ground.decided
    lasts = pd.to_datetime(rows["decided_on"]) >= pd.Timestamp(board.night) - pd.Timedelta(
        days=board.policy.declined_days
    )
    rows = rows[(rows["verdict"] == "declined") & lasts & rows["officer_id"].isin(board.officer)]
    officer = board.officer.get_indexer(rows["officer_id"])
    unit, post, _ = board.numbers(rows)
    rule = np.zeros((board.count, len(board.place_unit)), dtype=bool)
    for who, where, what in zip(officer, unit, post, strict=True):
        rule[who] |= (board.place_unit == where) & (board.place_post == what)
    return rule[:, :, None]


def _decided(board: Board) -> np.ndarray:
    """For whom management decided a move, no other is proposed."""
    rule = np.zeros((board.count, len(board.place_unit), len(board.day)), dtype=bool)
    for wish in wishes(board):
        rule[wish.officer] = True
        if wish.quarter < len(board.day):
            rule[wish.officer, wish.places, wish.quarter] = False
    return rule


def _needed(board: Board) -> np.ndarray:
    """Who need not move goes only where somebody leaves who must, or to a station that is relieved."""
    is_needed = np.append(board.is_wanted, np.ones(len(board.place_unit) - board.count, dtype=bool))
    return (~board.is_wanted[:, None] & ~is_needed[None, :])[:, :, None]


RULES = {
    "leaving": _leaving,
    "extended": _extended,
    "major_case": _major_case,
    "settled": _settled,
    "notice": _notice,
    "clock": _clock,
    "certificate": _certificate,
    "qualification": _qualification,
    "rank": _rank,
    "interest": _interest,
    "returned": _returned,
    "declined": _declined,
    "decided": _decided,
    "needed": _needed,
}
"""In the order in which they are named where several stand in the way: what bars everything first."""
