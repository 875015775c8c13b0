"""What is decided on the desk reaches the next night: end to end, from a click to a hint that is not raised again."""

import json
from datetime import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import duckdb
import pytest

from pipelines.__main__ import main
from pipelines.sample import make_bureau, write_bureau
from tests.desk.review.conftest import WHY

FIRST, SECOND = "2026-06-30", "2026-07-01"


def night(home, as_of: str, *source: str) -> None:
    given = source or ("--source", str(home / "delivery"), "--delivered-on", as_of)
    assert main(["night", *given, "--as-of", as_of, "--home", str(home)]) == 0


def told(home, as_of: str) -> dict[str, str]:
    """Officers' hints by key, with the flag_id of that night; reminders are left out."""
    path = home / "published" / as_of / "red_flag.parquet"
    asked = (
        "select flag_key, flag_id from published where subject_kind = 'officer' and strength <> 'reminder' order by 1"
    )
    return dict(duckdb.read_parquet(str(path)).query("published", asked).fetchall())


def fingerprints(home, as_of: str) -> dict[str, str]:
    said = json.loads((home / "published" / as_of / "manifest.json").read_text(encoding="utf-8"))
    return {name: entry["sha256"] for name, entry in said["files"].items() if name.endswith(".parquet")}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_hint_that_was_exonerated_on_the_desk_is_not_raised_the_next_night(home, reader, monkeypatch, settings):
    settings.DEPLOYMENT = settings.DEPLOYMENT.model_copy(update={"desk_blind_share": 0.0})
    write_bureau(make_bureau(merchants=2500, years=2), home / "delivery")
    night(home, FIRST)
    night(home, SECOND)
    standing = told(home, FIRST).keys() & told(home, SECOND).keys()
    assert standing, "the synthetic bureau must tell some hint on both nights"
    key = min(standing)
    at = datetime(2026, 7, 1, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
    monkeypatch.setattr("desk.review.deciding.timezone", SimpleNamespace(now=lambda: at))
    answer = reader().post(
        f"/hints/{told(home, SECOND)[key]}/decision/",
        {"outcome": "exonerated", "reason": WHY, "number": 0, "is_confirmed": "yes"},
    )
    assert answer.status_code == 302
    night(home, SECOND)
    assert key not in told(home, SECOND) and told(home, SECOND).keys() >= standing - {key}
    made = fingerprints(home, SECOND)
    (home / "desk" / "delivery" / "decision.csv").unlink()
    night(home, SECOND, "--replay")
    assert fingerprints(home, SECOND) == made
