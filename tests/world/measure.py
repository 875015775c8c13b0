"""`python -m tests.world.measure --seeds 1,2 [--planted none] [--sample]`: all families on several worlds of one kind.

Prints recall and precision over the worlds (mean and range), the false hints of each, and the seconds that each took.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import pandas as pd

from models.truth import over_worlds
from pipelines.evaluating_truth import evaluated_truth, read_truth, truth_beside
from pipelines.sample import make_bureau, write_bureau
from tests.world import PATTERNS, UNTIL, make_world, write_world


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.world.measure", description=__doc__)
    parser.add_argument("--seeds", default="1,2", help="one world for each")
    parser.add_argument("--planted", default="all", help="all, none, or names with commas")
    parser.add_argument("--officers", type=int, default=150)
    parser.add_argument("--merchants", type=int, default=9000)
    parser.add_argument("--intensity", type=float, default=1.0)
    parser.add_argument("--without", default="", help="columns or tables left out")
    parser.add_argument("--sample", action="store_true", help="the bureau of `mingjian sample` instead")
    given = parser.parse_args()
    agreements = []
    for seed in map(int, given.seeds.split(",")):
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary) / "world"
            begun = time.perf_counter()
            _write(given, seed, folder)
            made = time.perf_counter()
            evaluation = evaluated_truth(folder, UNTIL, read_truth(truth_beside(folder)))
        agreement = evaluation.agreement
        agreements.append(agreement)
        print(
            f"seed {seed}: made in {made - begun:.1f} s, judged in {time.perf_counter() - made:.1f} s; moderate or strong"
            f" hints about officers {agreement.officer_flag_count}, false {agreement.false_flag_count}"
        )
        print(evaluation.flag_counts.to_string(index=False))
        print(agreement.confounders.to_string(index=False))
    table = over_worlds(agreements)
    table = table[(table["planted_count"] > 0) | (table["named_count"] > 0)]
    print(table.round(2).to_string(index=False))
    behaviours = pd.concat([agreement.behaviours for agreement in agreements])
    print(
        behaviours.pivot_table(index=["family", "behaviour"], columns="threshold", values="recall", sort=False)
        .round(2)
        .to_string()
        if len(behaviours)
        else "nothing was planted"
    )


def _write(given: argparse.Namespace, seed: int, folder: Path) -> None:
    names = tuple(given.planted.split(","))
    if given.sample:
        planted = given.planted if given.planted in ("all", "none") else names
        bureau = make_bureau(merchants=given.merchants, officers=given.officers, seed=seed, planted=planted)
        write_bureau(bureau, folder)
        return
    world = make_world(
        seed,
        officers=given.officers,
        merchants=given.merchants,
        planted={"all": tuple(PATTERNS), "none": ()}.get(given.planted, names),
        intensity=given.intensity,
        without=tuple(filter(None, given.without.split(","))),
    )
    write_world(world, folder)


if __name__ == "__main__":
    main()
