"""Pages of the desk at the seeds' own size: seconds at the server's side, from the request to the last byte.

351 officers, 110,000 merchants. Each page is opened as a reader opens it, by the test client through every layer, and is
also told as a multiple of a bare scan of the same Parquet file by the engine in the same run. `--merchants N` for another size.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.test import Client

REPEATS = 7
"""Times that each page is opened; the median is told, and the first, which also opens the night, beside it."""

LISTS = (
    ("merchants, first page", "/merchants/"),
    ("merchants, searched by name", "/merchants/?q=99"),
    (
        "merchants, three filters and another order",
        "/merchants/?patrol_tier=D&direction=rule_higher&is_overdue=yes&sort=name",
    ),
    ("merchants, page 2,000", "/merchants/?page=2000"),
    ("one merchant with its reasons", "/merchants/merchant/{explained}/"),
    ("patrol plan, all stations", "/merchants/plan/"),
    ("patrol plan, one station", "/merchants/plan/?institution_id=S05"),
    ("visits left out, searched", "/merchants/plan/?show=left_out&q=99"),
    ("data quality", "/quality/"),
)
"""Pages of lists, by name."""


def measured(open_page: Callable[[], int]) -> tuple[float, float]:
    """Seconds of the first opening, and the median of the others."""
    seconds = []
    for _number in range(REPEATS + 1):
        begun = time.perf_counter()
        status = open_page()
        seconds.append(time.perf_counter() - begun)
        if status != 200:
            raise RuntimeError(f"a page answered {status}, not 200")
    return seconds[0], statistics.median(seconds[1:])


def prepared(home: Path) -> None:
    """Django over an empty home with a database of its own."""
    os.environ.update(
        {"MINGJIAN_HOME": str(home), "MINGJIAN_DESK_HOSTS": "testserver", "DJANGO_SETTINGS_MODULE": "desk.settings"}
    )
    os.environ.pop("DATABASE_URL", None)
    import django
    from django.core.management import call_command

    django.setup()
    (home / "desk").mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)


def lists(folder: Path) -> None:
    """Print the seconds of every page of LISTS over the night in `folder`."""
    import duckdb
    from django.test import Client

    from desk.accounts.models import User

    connection = duckdb.connect(config={"threads": 2})
    place = str(folder / "merchant_risk.parquet")
    scan = "select max(columns(*)) from read_parquet($place)"

    def scanned() -> int:
        connection.execute(scan, {"place": place}).fetchall()
        return 200

    _first, baseline = measured(scanned)
    print(f"{'a bare scan of merchant_risk':<48}{1000 * baseline:>8.0f} ms{1.0:>8.1f} ×", flush=True)
    reasons = str(folder / "merchant_reason.parquet")
    explained = connection.execute("select min(merchant_id) from read_parquet($place)", {"place": reasons}).fetchall()[
        0
    ][0]
    clients = {}
    for role in ("management", "operator"):
        user = User.objects.create_user(role, role=role, must_change_password=False)
        clients[role] = Client()
        clients[role].force_login(user)
    for name, address in LISTS:
        client = clients["operator" if address.startswith("/quality") else "management"]
        path = address.format(explained=explained)
        first, middle = measured(partial(_opened, client, path))
        told = f"{name:<48}{1000 * middle:>8.0f} ms{middle / baseline:>8.1f} ×"
        print(f"{told}   (first {1000 * first:,.0f} ms)", flush=True)


def _opened(client: Client, path: str) -> int:
    return client.get(path).status_code


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark.desk", description=__doc__)
    parser.add_argument("--merchants", type=int, default=110_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        prepared(Path(home))
        from tests.benchmark.big_night import big_night

        folder = big_night(Path(home), given.merchants)
        lists(folder)


if __name__ == "__main__":
    main()
