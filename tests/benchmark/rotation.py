"""Rotation plans of bureaus of the seeds' own size, beside plans made by hand for the same bureaus in the same run.

39 stations, 351 officers, about a fifth of them due or overdue. `--seeds N` for so many bureaus; `--stations` and
`--officers` for another size.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter

import numpy as np
import pandas as pd

from tests.rotation.bureau import random_bureau
from tests.rotation.checker import broken, unaccounted
from tests.rotation.cost import cost, kilometres, loads
from tests.rotation.facts import Facts, plain
from tests.rotation.greedy import greedy_plan
from tests.rotation.tables import Bureau, moves_of

HEADINGS = ("seed", "plan", "seconds", "overdue left", "due left", "moves", "spread", "cost", "km", "broken")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark.rotation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--stations", type=int, default=39)
    parser.add_argument("--officers", type=int, default=351)
    given = parser.parse_args()
    lines, proofs, ahead = [], [], Counter()
    for seed in range(given.seeds):
        bureau = random_bureau(seed, given.stations, given.officers)
        begun = time.perf_counter()
        plan = bureau.plan()
        solved = time.perf_counter() - begun
        by_hand = greedy_plan(*bureau.asked)
        greedy_seconds = time.perf_counter() - begun - solved
        told = unaccounted(*bureau.asked, plan.moves, plan.left)
        figures = {
            "none": measured(bureau, moves_of([]), 0.0),
            "by hand": measured(bureau, by_hand, greedy_seconds),
            "solved": measured(bureau, plan.moves, solved),
        }
        figures["solved"]["broken"] += len(told)
        lines += [(seed, name, *found.values()) for name, found in figures.items()]
        gap = 0.0 if plan.is_optimal else (plan.objective - plan.bound) / plan.bound
        proofs.append((seed, plan.objective, plan.bound, gap, plan.is_optimal))
        for name in ("overdue left", "due left", "spread", "cost"):
            ahead[name] += figures["solved"][name] <= figures["by hand"][name]
        print(f"seed {seed}: solved in {solved:.1f} s, by hand in {greedy_seconds:.1f} s", flush=True)
    print("\n" + "".join(f"{name:>14}" for name in HEADINGS))
    for line in lines:
        seed, name, seconds, overdue, due, moves, spread, total, way, wrong = line
        print(
            f"{seed:>14}{name:>14}{seconds:>14.1f}{overdue:>14}{due:>14}{moves:>14}{spread:>14.4f}{total:>14.2f}"
            f"{way:>14.0f}{wrong:>14}"
        )
    print(f"\n{'seed':>14}{'objective':>14}{'bound':>14}{'gap':>14}{'proven best':>14}")
    for seed, objective, bound, gap, is_optimal in proofs:
        print(f"{seed:>14}{objective:>14.3f}{bound:>14.3f}{gap:>14.2%}{'yes' if is_optimal else 'no':>14}")
    solved = [line for line in lines if line[1] == "solved"]
    print(
        f"\nlongest {max(line[2] for line in solved):.1f} s, widest gap {max(proof[3] for proof in proofs):.2%}; "
        f"the checker found {sum(line[-1] for line in lines)} rules broken; no worse than by hand in "
        + ", ".join(f"{name} {count} of {given.seeds}" for name, count in ahead.items())
    )
    print(
        "spread: relative standard deviation of required visits per officer over the stations; cost in quarters of waiting"
    )


def measured(bureau: Bureau, moves: pd.DataFrame, seconds: float) -> dict[str, float]:
    """What a plan leaves, needs and costs, in the order of HEADINGS from `seconds` on."""
    facts = Facts(*bureau.asked)
    moved = set(moves["officer_id"])
    is_overdue = {
        name: any(row["status"] == "overdue" for row in clocks.values()) for name, clocks in facts.due.items()
    }
    left = [is_overdue[name] for name in facts.due if name not in moved]
    change = Counter(moves.loc[moves["succeeds_officer_id"].isna(), "to_unit_id"])
    change.subtract(moves.loc[~moves["officer_id"].isin(set(moves["succeeds_officer_id"])), "from_unit_id"])
    after = np.array(loads(facts, change))
    ways = zip(moves["from_unit_id"].map(plain), moves["to_unit_id"].map(plain), strict=True)
    return {
        "seconds": seconds,
        "overdue left": sum(left),
        "due left": len(left) - sum(left),
        "moves": len(moves),
        "spread": float(after.std() / after.mean()) if len(after) else 0.0,
        "cost": cost(*bureau.asked, moves),
        "km": sum(kilometres(facts, one, other) for one, other in ways),
        "broken": len(broken(*bureau.asked, moves)),
    }


if __name__ == "__main__":
    main()
