"""The nights and the desk know one another as processes only: what the desk's log says is told, and what fails is told too."""

import subprocess
import sys
from datetime import date

import pytest

from pipelines import desk_process
from pipelines.__main__ import main
from pipelines.desk_process import has_desk, told_by_desk
from pipelines.places import ROOT, Places
from pipelines.run import desk_told

NIGHT = date(2026, 6, 30)


@pytest.fixture
def places(tmp_path) -> Places:
    """A home whose desk has two entries in its log: an account and a change of it."""
    places = Places(home=tmp_path)
    for arguments in (["--role", "auditor"], ["--new-password"]):
        assert not told_by_desk(places, "user", "chen", *arguments).failure
    return places


def test_a_home_without_a_desk_tells_nothing_of_it_and_is_given_none(tmp_path):
    places = Places(home=tmp_path)
    assert not has_desk(places)
    assert list(desk_told(places, NIGHT)) == []
    assert not (tmp_path / "desk").exists()


def test_every_night_tells_the_head_of_the_log_and_verify_holds_the_log_against_it(places):
    (told,) = desk_told(places, NIGHT)
    head = told.splitlines()[0].split("末条 ")[1].split("(")[0]
    assert head.startswith("2:") and f"its head is {head}" in told
    assert (places.desk / "heads.csv").read_text() == f"2026-06-30,2,{head[2:]}\n"
    assert "2 entries" in told_by_desk(places, "verify", f"--head={head}").sentences


def test_a_log_that_was_changed_stops_verify_with_the_entry_named(places, capfd):
    changed = (
        "from django.db import connection as c; u = c.cursor(); u.execute('drop trigger audit_entry_no_update');"
        "u.execute(\"update audit_entry set subject = 'other' where number = 1\")"
    )
    assert not told_by_desk(places, "shell", "--no-imports", "-c", changed).failure
    assert main(["verify", "--home", str(places.home)]) == 1
    assert capfd.readouterr().err == "mingjian verify: audit: entry 1 was changed\n"


def test_a_database_that_cannot_be_read_is_told_and_the_night_stands(places):
    (places.desk / "desk.sqlite3").write_bytes(b"this is no database" * 100)
    (told,) = desk_told(places, NIGHT)
    assert told.startswith("复核台日志未能读取") and "file is not a database" in told
    assert "Traceback" not in told


def test_a_desk_that_does_not_answer_is_not_waited_for(places, monkeypatch):
    def never(*_, timeout, **__):
        raise subprocess.TimeoutExpired("desk", timeout)

    monkeypatch.setattr(desk_process.subprocess, "run", never)
    assert "did not answer within 120 seconds" in told_by_desk(places, "head").failure


def test_the_night_loads_nothing_of_the_desk():
    code = "import sys, pipelines.__main__, pipelines.run; print(sorted({n.split('.')[0] for n in sys.modules} & {'desk', 'django'}))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ran.stdout.strip() == "[]"
