"""`python -m tests.world --out DIR --seed 1`: write a world to a folder, its truth beside it."""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.world import PATTERNS, make_world, write_world


def main() -> None:
    """Write one world as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.world", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the delivery; the truth lies beside it")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--officers", type=int, default=150)
    parser.add_argument("--merchants", type=int, default=9000)
    parser.add_argument("--years", type=int, default=3)
    parser.add_argument("--planted", default="all", help="all, none, or names with commas: " + ", ".join(PATTERNS))
    parser.add_argument("--no-confounders", action="store_true", help="no innocent look-alikes")
    parser.add_argument("--intensity", type=float, default=1.0, help="0.7 to 1.3: how far the planted go")
    parser.add_argument("--without", default="", help="columns or tables left out, with commas: patrol.note_hash,leave")
    parser.add_argument("--file-kind", choices=["parquet", "csv"], default="parquet")
    given = parser.parse_args()
    chosen = {"all": tuple(PATTERNS), "none": ()}.get(given.planted)
    world = make_world(
        given.seed,
        officers=given.officers,
        merchants=given.merchants,
        years=given.years,
        planted=tuple(given.planted.split(",")) if chosen is None else chosen,
        confounders=not given.no_confounders,
        intensity=given.intensity,
        without=tuple(filter(None, given.without.split(","))),
    )
    write_world(world, given.out, file_kind=given.file_kind)
    rows = sum(len(frame) for frame in world.tables.values())
    print(f"{len(world.tables)} tables, {rows:,} rows in {given.out}; {len(world.truth)} rows of truth beside it")


if __name__ == "__main__":
    main()
