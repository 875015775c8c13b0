"""All flag families of a bureau of the seeds' own size: 351 officers, 110,000 merchants, a million visits.

Seconds of each family, with the reading of its tables, also as a multiple of DuckDB's bare typed read of the visits in
the same run. `--merchants N --officers N` for another size; the tables of sql/ are told apart and not in the sum.
"""

from __future__ import annotations

import argparse
import tempfile
from datetime import date
from pathlib import Path

import pyarrow as pa
from pyarrow import csv

from models import policy
from models.flags import families
from models.strength import strengthen
from pipelines.contract import delivered_tables
from pipelines.family_judgement import judgement_of, tables_needed
from pipelines.nights import bound_values
from pipelines.sample import make_bureau
from pipelines.temporary_warehouse import build_needed
from tests.benchmark.clock import Clock
from tests.benchmark.reading import read_with_types
from tests.records import raw_records

NIGHT = date(2026, 6, 30)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark.families", description=__doc__)
    parser.add_argument("--merchants", type=int, default=110_000)
    parser.add_argument("--officers", type=int, default=351)
    parser.add_argument("--years", type=int, default=3)
    parser.add_argument("--training", action="store_true", help="a night that trains: all nights of the panel as well")
    given = parser.parse_args()
    in_force = policy.on(NIGHT)
    tables = make_bureau(merchants=given.merchants, officers=given.officers, years=given.years, until=NIGHT).tables
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        csv.write_csv(pa.table(tables["patrol"]), Path(folder) / "patrol.csv")
        with clock.step("DuckDB reads the visits with types"):
            read_with_types(Path(folder), delivered_tables())
    connection = raw_records(tables)
    with clock.step("core and feature tables (not in the sum)"):
        values = bound_values(NIGHT, in_force, is_training=given.training)
        build_needed(connection, tables_needed(), values, lambda table: None)
    judgements = {}
    for name in families():
        with clock.step(name):
            judgements[name] = judgement_of(connection, name, NIGHT, in_force)
    with clock.step("strengths"):
        judged = strengthen(judgements)
    total = sum(clock.seconds[name] for name in (*families(), "strengths"))
    flags = [flag for judgement in judged.values() for flag in judgement.flags]
    print(f"{'all families together':<44}{total:>8.2f} s")
    print(
        f"\n{tables['patrol'].num_rows:,} visits, {tables['penalty'].num_rows:,} cases, {given.officers} officers, "
        f"{tables['merchant'].num_rows:,} merchants; {len(families())} families, {len(flags):,} hints"
    )


if __name__ == "__main__":
    main()
