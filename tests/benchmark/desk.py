"""Pages of the desk at the seeds' own size: seconds at the server's side, from the request to the last byte.

351 officers, 110,000 merchants, 500 open hints. Each page is opened as a reader opens it, by the test client through every layer, and is
also told as a multiple of a bare scan of the same Parquet file by the engine in the same run. `--merchants N` for another size.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from django.test import Client

REPEATS = 7
"""Times that each page is opened; the median is told, and the first, which also opens the night, beside it."""

EARLIER = 364
"""Nights that lie published before the current one: a year of them in all."""

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

HINTS = (
    ("today, of a discipline officer", "/"),
    ("hints, first page", "/hints/"),
    ("hints, two filters and another order", "/hints/?family=leniency&strength=strong&sort=-statistic"),
    ("dossier of one hint", "/hints/{hint}/"),
    ("its decision form", "/hints/{hint}/decision/"),
)
"""Pages of hints, by name, of a discipline officer of the whole bureau; no hint is read blind."""

STAFFING = (
    ("rotation, every clock of everybody", "/management/rotation/"),
    ("rotation, one station", "/management/rotation/?unit_id=S05"),
    ("units, one quarter", "/management/units/"),
    ("one unit over twelve quarters", "/management/units/S05/"),
    ("coverage", "/management/coverage/"),
    ("key industries", "/lists/key-industries/"),
    ("key industries not checked, by planned day", "/lists/key-industries/?is_visited=no&sort=planned_visit_on"),
    ("unlicensed operation", "/lists/unlicensed/"),
    ("tasks of officers", "/lists/tasks/"),
    ("tasks by officer", "/lists/tasks/?show=officers"),
    ("work of officers", "/lists/months/"),
)
"""Pages of management, by name."""


class Seconds(NamedTuple):
    """Of one page: its first opening, the median of the others, and the median that the processor worked on it, which
    tells more where the machine has other work to do."""

    first: float
    middle: float
    worked: float


def measured(open_page: Callable[[], int]) -> Seconds:
    """Seconds of a page that answers 200; RuntimeError where it does not."""
    seconds, worked = [], []
    for _number in range(REPEATS + 1):
        begun, busy = time.perf_counter(), time.process_time()
        status = open_page()
        seconds.append(time.perf_counter() - begun)
        worked.append(time.process_time() - busy)
        if status != 200:
            raise RuntimeError(f"a page answered {status}, not 200")
    return Seconds(seconds[0], statistics.median(seconds[1:]), statistics.median(worked[1:]))


def prepared(home: Path) -> None:
    """Django over an empty home with a database of its own."""
    os.environ.update(
        {
            "MINGJIAN_HOME": str(home),
            "MINGJIAN_DESK_HOSTS": "testserver",
            "MINGJIAN_DESK_BLIND_SHARE": "0",
            "DJANGO_SETTINGS_MODULE": "desk.settings",
        }
    )
    os.environ.pop("DATABASE_URL", None)
    import django
    from django.core.management import call_command

    django.setup()
    (home / "desk").mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)


def earlier_nights(folder: Path) -> None:
    """Publish the hints of EARLIER nights before that of `folder`: links to the same file, under days and keys of their own."""
    last = date.fromisoformat(folder.resolve().name[:10])
    for days in range(1, EARLIER + 1):
        night = folder.resolve().parent / (last - timedelta(days=days)).isoformat()
        night.mkdir()
        for name in ("red_flag.parquet", "manifest.json"):
            (night / name).symlink_to(folder.resolve() / name)


def scanned(folder: Path) -> float:
    """Print and return the baseline: seconds of a bare scan of merchant_risk."""
    import duckdb

    connection = duckdb.connect(config={"threads": 2})
    place = str(folder / "merchant_risk.parquet")

    def scan() -> int:
        connection.execute("select max(columns(*)) from read_parquet($place)", {"place": place}).fetchall()
        return 200

    baseline = measured(scan)
    _told("a bare scan of merchant_risk", baseline, baseline.middle)
    return baseline.middle


def _told(name: str, seconds: Seconds, baseline: float) -> None:
    times = f"{1000 * seconds.middle:>8.0f} ms{seconds.middle / baseline:>8.1f} ×"
    print(
        f"{name:<46}{times}   (worked {1000 * seconds.worked:,.0f}, first {1000 * seconds.first:,.0f} ms)", flush=True
    )


def client_of(role: str, **more) -> Client:
    """Somebody of this role, signed in."""
    from django.test import Client

    from desk.accounts.models import User

    client = Client()
    client.force_login(User.objects.create_user(role, role=role, must_change_password=False, **more))
    return client


def opened(client: Client, pages: tuple[tuple[str, str], ...], baseline: float) -> None:
    """Print the seconds of every page, by name and address."""
    for name, address in pages:
        _told(name, measured(partial(_opened, client, address)), baseline)


def lists(folder: Path, baseline: float) -> None:
    """Print the seconds of every page of LISTS over the night in `folder`."""
    import duckdb

    reasons = str(folder / "merchant_reason.parquet")
    asked = "select min(merchant_id) from read_parquet($place)"
    explained = duckdb.connect().execute(asked, {"place": reasons}).fetchall()[0][0]
    pages = tuple((name, address.format(explained=explained)) for name, address in LISTS)
    opened(client_of("operator"), tuple(page for page in pages if page[1].startswith("/quality")), baseline)
    manager = client_of("management")
    opened(manager, tuple(page for page in pages if not page[1].startswith("/quality")), baseline)
    opened(manager, STAFFING, baseline)


def hints(baseline: float) -> None:
    """Print the seconds of every page of HINTS over the current night."""
    from desk.review.token import token

    pages = tuple((name, address.format(hint=token("F-000007"))) for name, address in HINTS)
    opened(client_of("discipline_officer", area=["B"], seen_until=datetime(2026, 6, 1, tzinfo=UTC)), pages, baseline)


def _opened(client: Client, path: str) -> int:
    return client.get(path).status_code


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark.desk", description=__doc__)
    parser.add_argument("--merchants", type=int, default=110_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        prepared(Path(home))
        from tests.benchmark.big_hint import hint_tables, staffing_tables
        from tests.benchmark.big_list import list_tables
        from tests.benchmark.big_night import tables_of
        from tests.desk.small_night import write_night

        merchants = given.merchants
        tables = {**tables_of(merchants), **hint_tables(merchants), **staffing_tables(), **list_tables(merchants)}
        folder = write_night(Path(home), tables)
        earlier_nights(folder)
        baseline = scanned(folder)
        lists(folder, baseline)
        hints(baseline)


if __name__ == "__main__":
    main()
