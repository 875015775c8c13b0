"""Publishing is all or nothing: a whole night beside the old one, one pointer moved at the end."""

import json
import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pyarrow
import pyarrow.parquet
import pytest

from pipelines.contract import published_tables
from pipelines.places import Places
from pipelines.publish import ChecksFailed, publish, refuse_unless_checked
from pipelines.published import NotPublished, Tampered, current, manifest, nights, sha256, verify

ENGINE_TO_ARROW = {
    "VARCHAR": pyarrow.string(),
    "DATE": pyarrow.date32(),
    "BOOLEAN": pyarrow.bool_(),
    "BIGINT": pyarrow.int64(),
    "DOUBLE": pyarrow.float64(),
}
FIRST, SECOND = date(2026, 6, 29), date(2026, 6, 30)


def night_of(score: float) -> dict[str, pyarrow.Table]:
    tables = {}
    for table in published_tables().values():
        fields = [(column.name, ENGINE_TO_ARROW[column.engine_type]) for column in table.columns]
        tables[table.name] = pyarrow.schema(fields).empty_table()
    schema = tables["merchant_reason"].schema
    row = {"merchant_id": "M1", "feature": "f", "contribution": score, "base_value": 1.0, "raw_score": score + 1.0}
    tables["merchant_reason"] = pyarrow.Table.from_pylist([row], schema=schema)
    return tables


def put(places: Places, night: date, score: float, run_id: str, **keywords) -> Path:
    return publish(
        places, night, run_id, iter(night_of(score).items()), {"a.svg": "<svg/>"}, {"deliveries": []}, **keywords
    )


@pytest.fixture
def places(tmp_path) -> Places:
    return Places(home=tmp_path)


def test_a_published_night_is_whole_and_current_names_it(places):
    folder = put(places, SECOND, 0.5, "r1")
    assert folder == places.published / "2026-06-30"
    assert current(places) == SECOND
    assert verify(places, SECOND)["merchant_reason"] == 1
    assert set(manifest(places, SECOND)["files"]) == {f"{name}.parquet" for name in published_tables()} | {"a.svg"}


def test_the_same_tables_give_the_same_bytes_in_another_run(places):
    first = {path.name: sha256(path) for path in put(places, SECOND, 0.5, "r1").glob("*.parquet")}
    second = {path.name: sha256(path) for path in put(places, SECOND, 0.5, "r2").glob("*.parquet")}
    assert first == second


class Killed(BaseException):
    """Stands for the process dying between two files."""


FILE_COUNT = len(published_tables()) + 2


@pytest.mark.parametrize("survived", range(FILE_COUNT + 2))
def test_killed_between_any_two_files_the_last_night_is_still_whole_and_the_next_run_succeeds(places, survived):
    """Half a night is worse than none: a reader would take what is missing for clean."""
    put(places, FIRST, 0.25, "r1")
    seen = []

    def die(path: Path) -> None:
        seen.append(path)
        if len(seen) > survived:
            raise Killed

    with pytest.raises(Killed):
        put(places, SECOND, 0.5, "r2", after_file=die)
    for night in nights(places):
        verify(places, night)
    assert current(places) in nights(places)
    assert FIRST in nights(places)
    put(places, SECOND, 0.5, "r3")
    assert current(places) == SECOND
    verify(places, SECOND)
    assert {path.name for path in (places.published / ".runs").iterdir()} >= {"2026-06-29-r1", "2026-06-30-r3"}


def test_the_run_just_replaced_is_kept_for_who_still_reads_it_and_no_older_one(places):
    for run_id in ("r1", "r2", "r3"):
        put(places, SECOND, 0.5, run_id)
    assert {path.name for path in (places.published / ".runs").iterdir()} == {"2026-06-30-r2", "2026-06-30-r3"}


@pytest.mark.parametrize("survived", [0, 5, FILE_COUNT, FILE_COUNT + 1])
def test_a_run_killed_by_the_system_leaves_the_last_night_whole(places, survived):
    put(places, SECOND, 0.25, "r1")
    before = sha256(places.published / "2026-06-30" / "merchant_reason.parquet")
    code = f"""
import os, signal, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from test_publish import SECOND, Places, put
seen = []
def die(path):
    seen.append(path)
    if len(seen) > {survived}:
        os.kill(os.getpid(), signal.SIGKILL)
put(Places(home={str(places.home)!r}), SECOND, 0.5, "r2", after_file=die)
"""
    ended = subprocess.run([sys.executable, "-c", code], env={**os.environ}, check=False)
    assert ended.returncode == -signal.SIGKILL
    verify(places, SECOND)
    moved = survived >= FILE_COUNT
    assert (sha256(places.published / "2026-06-30" / "merchant_reason.parquet") != before) == moved


def test_a_night_made_again_later_does_not_take_the_pointer_from_a_later_night(places):
    """Whoever opens current must see the newest night, also while an older one is mended."""
    put(places, SECOND, 0.5, "r1")
    put(places, FIRST, 0.25, "r2")
    assert current(places) == SECOND
    assert nights(places) == [FIRST, SECOND]


def test_nothing_published_is_said_so(places):
    with pytest.raises(NotPublished, match="no night is published yet"):
        current(places)


def test_a_changed_file_is_found(places):
    folder = put(places, SECOND, 0.5, "r1")
    path = folder / "red_flag.parquet"
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(Tampered, match="red_flag.parquet: it is not the file that was published"):
        verify(places, SECOND)


def test_reasons_that_do_not_add_up_are_found_even_where_the_fingerprint_was_mended_too(places):
    folder = put(places, SECOND, 0.5, "r1")
    path = folder / "merchant_reason.parquet"
    table = pyarrow.parquet.read_table(path)
    place = table.schema.get_field_index("raw_score")
    pyarrow.parquet.write_table(table.set_column(place, "raw_score", pyarrow.array([9.0])), path)
    said = manifest(places, SECOND)
    said["files"][path.name]["sha256"] = sha256(path)
    (folder / "manifest.json").write_text(json.dumps(said))
    with pytest.raises(Tampered, match="1 explanations do not add up to the raw score \\(first: M1\\)"):
        verify(places, SECOND)


def test_a_night_with_a_failed_blocking_check_is_refused_and_a_warning_is_not():
    """Dagster records an asset whose check failed as made: publishing must ask the checks, not the record."""
    connection = duckdb.connect()
    connection.execute(
        "create schema night; create table night.checked"
        " (asset varchar, name varchar, is_blocking boolean, has_passed boolean, message varchar);"
        "insert into night.checked values ('core.patrol', 'fresh', false, false, 'old'), ('core.patrol', 'grain', true, true, '')"
    )
    refuse_unless_checked(connection)
    connection.execute(
        "insert into night.checked values ('core.grid', 'grain', true, false, 'core.grid: two rows of one key')"
    )
    with pytest.raises(ChecksFailed, match="1 checks .* have not passed \\(first: core.grid: two rows of one key\\)"):
        refuse_unless_checked(connection)
