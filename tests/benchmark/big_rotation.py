"""Rotation of a bureau of the seeds' own size, drawn at random: every clock of everybody, and a plan of so many moves."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow

from tests.benchmark.big_night import OFFICERS, STATIONS, filled

CHAINS, LONG = 40, 3
"""Chains of moves, and officers of each: who goes last takes the place of who went first."""
DAYS = (date(2026, 10, 1), date(2027, 1, 1), date(2027, 4, 1), date(2027, 7, 1))
POSTS = ("case_handling", "patrol", "permit", "sampling")
RULES = ("interest", "certificate", "no_successor", "capacity", "station_share")


def rotation_tables() -> dict[str, pyarrow.Table]:
    """Three clocks of every officer, the moves of CHAINS chains, and the summary of the plan."""
    draw = np.random.default_rng(20_260_703)
    number = np.repeat(np.arange(OFFICERS), 3)
    station = np.array([f"S{1 + at % STATIONS:02d}" for at in range(OFFICERS)])
    count = 3 * OFFICERS
    moves = CHAINS * LONG
    chosen = draw.permutation(OFFICERS)[:moves]
    # inside a chain everybody takes the place of the next, the last that of the first
    after = np.concatenate([np.roll(chosen[begin : begin + LONG], -1) for begin in range(0, moves, LONG)])
    chain = np.repeat(np.arange(1, CHAINS + 1), LONG)
    role = np.where(np.arange(moves) % LONG == 0, "due", "successor")
    is_moved = np.isin(number, chosen)
    outcome = np.where(is_moved, "move", draw.choice(["barred", "later", "watch"], count))
    is_left = np.isin(outcome, ["barred", "later"])
    status = np.where(outcome == "watch", "watch", draw.choice(["due", "overdue"], count))
    officer = np.array([f"R{at:04d}" for at in range(OFFICERS)])
    post = np.array(POSTS)[np.arange(OFFICERS) % len(POSTS)]
    return {
        "rotation_plan": filled(
            "rotation_plan",
            {
                "officer_id": officer[number],
                "status": status,
                "clock": np.tile(["post", "station", "grid"], OFFICERS),
                "years": draw.uniform(3, 12, count),
                "from_post": post[number],
                "from_institution_id": station[number],
                "outcome": outcome,
                "barring_rule": np.where(is_left, draw.choice(RULES, count), None),
                "compensating_control": np.where(is_left, "special_audit", None),
                "reason_zh": np.full(count, "热点岗位连续任职,轮岗年限5年"),
                "reason_en": np.full(count, "years on the hot post, rotation after 5"),
            },
        ),
        "rotation_move": filled(
            "rotation_move",
            {
                "officer_id": officer[chosen],
                "role": role,
                "status": np.full(moves, "proposed"),
                "from_institution_id": station[chosen],
                "from_post": post[chosen],
                "to_institution_id": station[after],
                "to_post": post[after],
                "move_on": np.array(DAYS)[(chain - 1) % len(DAYS)],
                "succeeds_officer_id": officer[after],
                "chain": chain,
                "distance_kilometres": draw.uniform(1, 60, moves),
                "reason_zh": np.full(moves, "热点岗位任职已满5年,应当轮岗"),
                "reason_en": np.full(moves, "more than five years on a hot post"),
                "alternative_zh": np.full(moves, "S07所·办案:较远;S12所·办案:三年内曾任"),
                "alternative_en": np.full(moves, "case handling at S07: farther; at S12: held within three years"),
            },
        ),
        "rotation_summary": filled(
            "rotation_summary",
            {
                **{f"{name}_count": [20] for name in ("due_officer", "overdue_officer", "due_moved", "overdue_moved")},
                **{f"{name}_count": [8] for name in ("other_moved", "barred", "later", "late", "short_station")},
                **{"load_spread_before": [0.31], "load_spread_after": [0.27], "distance_kilometres": [1830.0]},
                **{"objective": [61.2], "bound": [60.5], "gap_share": [0.012], "is_optimal": [False]},
            },
        ),
    }
