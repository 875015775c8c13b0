"""The next night takes in what was drawn here and agrees, and tells what was only committed, or does not agree."""

import shutil
from datetime import date

import duckdb
import pytest

from pipelines.draw_delivery import take_in_draws
from pipelines.ingest import intake, load_raw
from pipelines.places import Places
from pipelines.publishing import is_synthetic
from tests.desk.small_night import write_night
from tests.pipelines.drawn_home import NUMBER, SOURCE, at, commit, run, tables
from tests.pipelines.ingest.small_bureau import BUREAU, write_csv


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A bureau whose draw D1 is revealed and D2 is not."""
    home = tmp_path_factory.mktemp("bureau")
    officers = [{**BUREAU["officer"][0], "officer_id": f"R{number}"} for number in range(1, 5)]
    shops = [{**BUREAU["merchant"][0], "merchant_id": f"M{number}", "uscc": ""} for number in range(12)]
    write_csv(home / "delivery", BUREAU | {"officer": [*BUREAU["officer"], *officers], "merchant": shops})
    intake(home / "delivery", home / "raw", delivered_on=date(2026, 6, 30))
    assert take_in_draws(Places(home=home), date(2026, 6, 30)) is None
    write_night(home, tables())
    with pytest.MonkeyPatch.context() as patched:
        at(patched, 1)
        assert commit(home, "--task", "highest_risk") == commit(home, draw="D2") == 0
        at(patched, 2)
        assert run(home, "reveal", "--number", NUMBER, "--source", SOURCE) == 0
    return home


@pytest.fixture
def home(made, tmp_path):
    """A copy of it, to be bent."""
    shutil.copytree(made, tmp_path / "home", symlinks=True)
    return tmp_path / "home"


def taken_in(home):
    return take_in_draws(Places(home=home), date(2026, 7, 1))


def rows(home, select: str) -> list[tuple]:
    with duckdb.connect() as connection:
        load_raw(connection, Places(home=home).raw, None)
        return connection.execute(select).fetchall()


def substitute(home) -> tuple[str, str, str]:
    merchant, crew = (home / "draw/D1/drawn.csv").read_text().splitlines()[1].split(",")[2:5:2]
    gone, stays = crew.split(";")
    came = next(name for name in ("R2", "R3", "R4") if name not in (gone, stays))
    words = ("--reason-code", "leave", "--reason", "休假", "--by", "室主任")
    assert run(home, "substitute", "--merchant", merchant, "--replaced", gone, "--officer", came, *words) == 0
    return merchant, gone, came


def test_a_night_takes_in_what_was_revealed_once_and_again_after_a_substitution(home, monkeypatch):
    taken = taken_in(home)
    assert taken.is_new and taken.delivered_on == date(2026, 7, 2) and taken.tables["random_draw"].kept == 24
    assert not taken_in(home).is_new and not is_synthetic([taken])
    at(monkeypatch, 3)
    moved = substitute(home)
    again = taken_in(home)
    assert again.is_new and again.delivered_on == date(2026, 7, 3) and again.tables["draw_substitution"].kept == 1
    assert rows(home, "select distinct draw_id, task, is_substituted from raw.random_draw order by all") == [
        ("D1", "highest_risk", False),
        ("D1", "highest_risk", True),
    ]
    told = rows(home, "select merchant_id, replaced_officer_id, officer_id, decided_by from raw.draw_substitution")
    assert told == [(*moved, "室主任")]


STATES = (
    "select draw_id, revealed_at is not null, drawn_count, closed_at is not null, is_differing from raw.draw_commit"
)


def test_a_night_is_told_of_every_commit_also_of_one_that_was_given_up(home):
    taken_in(home)
    assert rows(home, STATES) == [("D1", True, 12, False, False), ("D2", False, None, False, False)]
    assert run(home, "close", "--reason", "x", "--by", "x", draw="D2") == 0
    taken_in(home)
    assert rows(home, STATES)[1] == ("D2", False, None, True, False)


@pytest.mark.parametrize("name", ["random_draw.csv", "pool.csv", "reveal.json", "commit.json"])
def test_a_draw_that_does_not_agree_is_left_out_and_named(home, name):
    path = home / "draw" / "D1" / name
    path.write_text(path.read_text(encoding="utf-8").replace("R2", "R9").replace(SOURCE, "x"), encoding="utf-8")
    if name == "commit.json":
        path.write_text("{", encoding="utf-8")
    taken = taken_in(home)
    assert "random_draw" not in taken.tables
    assert rows(home, STATES) == [("D1", False, None, False, True), ("D2", False, None, False, False)]


@pytest.mark.parametrize("change", [lambda text: "[]", lambda text: text.replace('"08 15 23"', "1")])
def test_a_record_that_is_none_ends_no_night(home, change):
    path = home / "draw" / "D1" / "reveal.json"
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    assert "random_draw" not in taken_in(home).tables and rows(home, STATES)[0][4]


def test_a_draw_that_the_log_does_not_have_is_left_out_and_named(home):
    (home / "draw" / "commit.csv").unlink()
    assert "random_draw" not in taken_in(home).tables
    assert rows(home, STATES) == [("D1", False, None, False, True), ("D2", False, None, False, True)]
