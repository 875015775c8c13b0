"""The plan as it is published: rotation_plan, rotation_move and rotation_summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from models.rotation.alternative import alternatives
from models.rotation.ground import DUE
from models.rotation.left import staffed
from models.rotation.plan import RotationPlan, swapped
from models.rotation.program import needed_staff
from models.rotation.words import AUDIT, RULE_WORDS

ROLE_WORDS = {
    "successor": ("接任到期人员的岗位", "succeeds somebody whose clock has run out"),
    "relief": ("补充人均任务较重的机构", "relieves a station with more work per officer than others"),
}
STATUS_WORDS = {
    "accepted": ("局领导已同意", "accepted by management"),
    "late": ("局领导已同意,逾期未落实", "accepted by management, and not carried out by its day"),
}
LAPSES = (
    "其岗位随之调出,原网格由本机构其他人员分担",
    "his post goes with him; his grid is shared out among those who stay",
)
NO_HEIR = ("无人可接任其岗位", "nobody could take his place")
NOT_MADE = ("未编制轮岗方案,原因见“无法计算”", "no plan was made; why stands under what cannot be computed")
NOTHING: dict[str, Any] = {
    "to_post": None,
    "to_institution_id": None,
    "to_grid_id": None,
    "move_on": pd.NaT,
    "swap_with_officer_id": None,
    "outcome": "watch",
    "barring_rule": None,
    "is_of_successors": None,
    "compensating_control": None,
}


def published_rule(code: str) -> str:
    """The code under which a rule is published: of an interest, no more than that a move is unsuitable."""
    return "unsuitable" if code == "interest" else code


def plan_frame(status: pd.DataFrame, plan: RotationPlan | None, night: date) -> pd.DataFrame:
    """The published rotation_plan: every clock that is watched, due or overdue, and what the plan makes of it.

    status : `models.tenure.rotation_status`. plan : None where none could be made; nothing is proposed then.
    """
    moves = {} if plan is None else swapped(plan.moves).to_dict("index")
    stays = {} if plan is None else plan.left.set_index("officer_id").to_dict("index")
    rows = []
    for row in status.drop(columns=["is_extended", "key_merchant_count"]).to_dict("records"):
        told, words = {}, []
        if move := moves.get(row["officer_id"]):
            told = {"outcome": "move", "to_institution_id": move["to_unit_id"]}
            told |= {name: move[name] for name in ("to_post", "to_grid_id", "move_on", "swap_with_officer_id")}
        elif row["status"] in DUE and plan is None:
            told, words = {"outcome": "later"}, [NOT_MADE]
        elif row["status"] in DUE:
            left = stays[row["officer_id"]]
            # who only waits his turn is not audited for it, nor for whom a move was decided
            is_audited = left["rule"] != "decided" and (left["outcome"] == "barred" or row["status"] == "overdue")
            told = {"outcome": left["outcome"], "barring_rule": published_rule(left["rule"])}
            told |= {"is_of_successors": left["is_of_successors"]}
            told |= {"compensating_control": "special_audit" if is_audited else None}
            words = [*([NO_HEIR] if left["is_of_successors"] else []), RULE_WORDS[left["rule"]]]
            words += [AUDIT] if is_audited else []
        rows.append(row | NOTHING | told | _said([(row["reason_zh"], row["reason_en"]), *words]))
    return pd.DataFrame(rows).assign(as_of=pd.Timestamp(night)) if rows else pd.DataFrame()


def move_frame(plan: RotationPlan, posts: Mapping[str, tuple[str, str]], night: date) -> pd.DataFrame:
    """The published rotation_move: the plan's moves, and those that management decided but the plan cannot hold.

    posts : Chinese and English word of each post, by code.
    """
    board = plan.board
    moves = swapped(plan.moves).to_dict("records")
    accepted = board.accepted
    status = {row["officer_id"]: "late" if row["is_late"] else "accepted" for row in accepted.to_dict("records")}
    clocks = board.due_clock.groupby("officer_id")[["reason_zh", "reason_en"]].agg(list).to_dict("index")
    told = alternatives(plan, posts)
    lapsing, rows = set(board.officer[plan.solution.lapsed]), []
    for move in moves:
        officer, state = move["officer_id"], status.get(move["officer_id"], "proposed")
        why = _clock_words(clocks, officer) if move["role"] == "due" else [ROLE_WORDS[move["role"]]]
        why += [LAPSES] if officer in lapsing else []
        why += [STATUS_WORDS[state]] if state in STATUS_WORDS else []
        rows.append(move | {"status": state, "barring_rule": None} | _said(why) | told.get(officer, {}))
    rule_of = dict(zip(plan.unkept["officer_id"], plan.unkept["rule"], strict=True))
    for number, wish in enumerate(accepted[accepted["officer_id"].isin(rule_of)].to_dict("records"), start=1):
        why = [STATUS_WORDS[status[wish["officer_id"]]], RULE_WORDS[rule_of[wish["officer_id"]]]]
        why += _clock_words(clocks, wish["officer_id"])
        chain = max((move["chain"] for move in moves), default=0) + number
        rows.append(_decided(board.staff, wish, chain) | {"status": status[wish["officer_id"]]} | _said(why))
        rows[-1]["barring_rule"] = published_rule(rule_of[wish["officer_id"]])
    if not rows:
        return pd.DataFrame()
    frame = pd.DataFrame(rows)
    start, end = (board.unit.get_indexer(frame[f"{side}_unit_id"]) for side in ("from", "to"))
    frame["distance_kilometres"] = np.where((start >= 0) & (end >= 0), board.distance[start, end], np.nan)
    frame = frame.rename(columns={f"{side}_unit_id": f"{side}_institution_id" for side in ("from", "to")})
    for name in ("alternative_zh", "alternative_en", "succeeds_officer_id", "swap_with_officer_id"):
        frame[name] = frame[name] if name in frame else None
    return frame.assign(as_of=pd.Timestamp(night))


def _clock_words(clocks: Mapping[str, Mapping[str, list[str]]], officer: str) -> list[tuple[str, str]]:
    return (
        list(zip(clocks[officer]["reason_zh"], clocks[officer]["reason_en"], strict=True)) if officer in clocks else []
    )


def _decided(staff: pd.DataFrame, wish: Mapping[str, Any], chain: int) -> dict[str, Any]:
    """A decided move that is not in the plan, as a row beside the plan's own."""
    now = staff[staff["officer_id"] == wish["officer_id"]].iloc[0]
    place = {f"from_{name}": now[name] for name in ("unit_id", "post", "grid_id")}
    place |= {f"to_{name}": wish[name] for name in ("unit_id", "post", "grid_id")}
    return {"officer_id": wish["officer_id"], "role": "due", "move_on": wish["move_on"], "chain": chain} | place


def _said(words: Sequence[tuple[str, str]]) -> dict[str, str]:
    return {"reason_zh": ";".join(zh for zh, _ in words), "reason_en": "; ".join(en for _, en in words)}


def summary_frame(plan: RotationPlan, night: date) -> pd.DataFrame:
    """The published rotation_summary, one row; kilometres are empty where no move has any."""
    board, solution, moves = plan.board, plan.solution, plan.moves
    worst = board.due_clock.assign(is_overdue=board.due_clock["status"] == "overdue")
    is_overdue = worst.groupby("officer_id")["is_overdue"].any()
    moved = is_overdue.index.isin(moves["officer_id"])
    after = board.size.copy()
    np.subtract.at(after, board.place_unit[solution.officer], 1)
    np.add.at(after, board.place_unit[solution.place], 1)
    short = np.zeros(len(board.unit), dtype=bool)
    for wanted, holds in needed_staff(board):
        short |= board.is_served & (staffed(board, solution, holds)[:, -1] < wanted)
    return pd.DataFrame(
        {
            "as_of": [pd.Timestamp(night)],
            "due_officer_count": int((~is_overdue).sum()),
            "overdue_officer_count": int(is_overdue.sum()),
            "due_moved_count": int((moved & ~is_overdue.to_numpy()).sum()),
            "overdue_moved_count": int((moved & is_overdue.to_numpy()).sum()),
            "other_moved_count": int((moves["role"] != "due").sum()),
            "barred_count": int((plan.left["outcome"] == "barred").sum()),
            "later_count": int((plan.left["outcome"] == "later").sum()),
            "late_count": int(board.accepted["is_late"].sum()),
            "short_station_count": int(short.sum()),
            "load_spread_before": _spread(board.demand, board.size, board.is_loaded),
            "load_spread_after": _spread(board.demand, after, board.is_loaded),
            "distance_kilometres": _kilometres(plan),
            "objective": plan.objective,
            "bound": plan.bound,
            "gap_share": plan.solution.gap_share,
            "is_optimal": plan.is_optimal,
        }
    )


def _spread(demand: np.ndarray, size: np.ndarray, told: np.ndarray) -> float | None:
    """Relative standard deviation of the demand per officer over the stations told; None where there are not two."""
    if told.sum() < 2:
        return None
    load = demand[told] / size[told]
    return float(load.std() / load.mean())


def _kilometres(plan: RotationPlan) -> float | None:
    board, solution = plan.board, plan.solution
    ways = board.distance[board.place_unit[solution.officer], board.place_unit[solution.place]]
    return None if np.isnan(ways).all() else float(np.nansum(ways))
