"""A bureau of the seeds' own size through the night: seconds and peak memory per step, beside a bare typed read.

110,000 merchants, 39 stations, 351 officers, three years, about a million visits. `--merchants N` for another size.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from pipelines.contract import delivered_tables
from pipelines.places import Places
from pipelines.published import manifest
from pipelines.sample import make_bureau, write_bureau
from tests.benchmark.reading import read_with_types

GIB = 1024**3
NIGHT = date(2026, 6, 30)


def timed_night(source: Path, home: Path, as_of: str, train: str) -> float:
    """Seconds of one whole `mingjian night` as a process of its own."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "pipelines", "night", "--source", str(source), "--home", str(home)]
    subprocess.run([*command, "--as-of", as_of, "--train", train], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark", description=__doc__)
    parser.add_argument("--merchants", type=int, default=110_000)
    parser.add_argument("--folder", type=Path, help="keep bureau and home here instead of a temporary folder")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        source = folder / "delivery"
        if not source.exists():
            begun = time.perf_counter()
            bureau = make_bureau(merchants=given.merchants, until=NIGHT)
            write_bureau(bureau, source)
            print(f"bureau made and written in {time.perf_counter() - begun:.1f} s")
        home = folder / f"home-{int(time.time())}"
        begun = time.perf_counter()
        rows = read_with_types(source, delivered_tables())
        baseline = time.perf_counter() - begun
        print(f"DuckDB alone reads the same files with types: {baseline:.1f} s, {rows['patrol']:,} visits")
        for train in ("always", "never"):
            seconds = timed_night(source, home, NIGHT.isoformat(), train)
            said = manifest(Places(home=home), NIGHT)
            print(f"\nnight with --train {train}: {seconds:.1f} s, {seconds / baseline:.1f} times the bare read")
            print(f"{'step':<34}{'rows':>12}{'seconds':>10}{'ratio':>8}{'peak GiB':>10}")
            for step in said["steps"]:
                count = "" if step["row_count"] is None else f"{step['row_count']:,}"
                print(
                    f"{step['name']:<34}{count:>12}{step['seconds']:>10.2f}"
                    f"{step['seconds'] / baseline:>8.2f}{step['peak_memory_bytes'] / GIB:>10.2f}"
                )
            peak = max(step["peak_memory_bytes"] for step in said["steps"])
            print(
                f"{'all steps':<34}{'':>12}{sum(step['seconds'] for step in said['steps']):>10.2f}"
                f"{'':>8}{peak / GIB:>10.2f}"
            )
            print(json.dumps(said["checks"] | {"warnings": len(said["checks"]["warnings"])}))


if __name__ == "__main__":
    main()
