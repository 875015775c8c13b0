"""`mingjian evaluate officer` on a synthetic bureau: a table and a page that name nobody; without a truth, one sentence."""

import contextlib
import io
import re
import shutil
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pandas as pd
import pytest

from models import policy
from models.flags import Judgement, indicator_frame
from pipelines.__main__ import main
from pipelines.evaluating_truth import read_truth, truth_beside
from pipelines.family_judgement import judged, tables_needed
from pipelines.temporary_warehouse import needed_for
from tests.models.test_strength import FLAG
from tests.world import make_world, write_world

NIGHT = date(2026, 6, 30)
COMMAND = ["evaluate", "officer", "--as-of", NIGHT.isoformat()]


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = tmp_path_factory.mktemp("officer") / "world"
    write_world(make_world(11, officers=40, merchants=500, years=1, planted=("tenure",)), folder)
    return folder


@pytest.fixture(scope="module")
def told(source, tmp_path_factory) -> tuple[str, str]:
    """The page, and what stands on the terminal."""
    path = tmp_path_factory.mktemp("report") / "officer.html"
    terminal = io.StringIO()
    with contextlib.redirect_stdout(terminal):
        assert main([*COMMAND, "--source", str(source), "--report", str(path)]) == 0
    return path.read_text(encoding="utf-8"), terminal.getvalue()


def test_the_page_tells_families_what_was_planted_and_the_look_alikes_in_both_languages(told):
    for words in (
        "疑点与埋设真相对照",
        "轮岗提醒",
        "hot_post_tenure",
        "热点岗位任职逾期",
        "一人四十次投诉",
        "strict precision",
    ):
        assert words in told[0]


def test_the_page_names_no_officer_and_no_institution(told, source):
    """A report is passed around; what it says is about the method."""
    assert not re.search(r"\b(W\d{4}|U\d\d|B\d{6})\b", told[0])
    officers = pd.read_parquet(source / "officer.parquet")["officer_id"]
    assert officers.str.fullmatch(r"W\d{4}").all() and len(officers) == 40


def test_who_is_planted_is_found_and_the_table_says_so(told):
    line = next(line for line in told[1].splitlines() if "hot_post_tenure" in line)
    assert re.findall(r"[\d.]+", line) == ["2", "2", "2", "0", "0", "0", "1.00", "1.00", "1.00"]


def test_families_are_judged_one_by_one_and_then_settle_their_strengths_as_in_a_night(monkeypatch):
    """Two kinds of record that agree and last are strong; neither family knows that of itself."""

    def family(name):
        nights = pd.to_datetime([NIGHT, NIGHT - timedelta(days=400)])
        rows = pd.DataFrame({"officer_id": FLAG.subject_id, "as_of_on": nights, "index": 1.0, "crosses": True})
        indicator = indicator_frame(rows)
        judgement = Judgement((replace(FLAG, family=name),), (), indicator)
        return SimpleNamespace(FAMILY=name, NEEDS={}, judge=lambda night: judgement)

    made = {name: family(name) for name in ("leniency", "clustered_complaints")}
    monkeypatch.setattr("pipelines.family_judgement.families", lambda: made)
    heard: list[str] = []
    together = judged(None, NIGHT, policy.on(NIGHT), heard.append)
    assert heard == list(made)
    assert [judgement.flags[0].strength for judgement in together.values()] == ["strong", "strong"]


def test_only_what_the_families_read_is_built():
    names = {statement.table for statement in needed_for(*tables_needed())}
    assert set(tables_needed()) <= names and "feature.merchant" not in names


def test_the_truth_is_found_beside_the_delivery_under_either_name(tmp_path):
    folder = tmp_path / "delivery"
    folder.mkdir()
    assert truth_beside(folder) is None
    (tmp_path / "truth.csv").write_text("x")
    assert truth_beside(folder) == tmp_path / "truth.csv"
    (tmp_path / "delivery.truth.csv").write_text("x")
    assert truth_beside(folder) == tmp_path / "delivery.truth.csv"


def test_without_a_truth_file_one_sentence_says_which_is_missing(source, tmp_path, capsys):
    shutil.copytree(source, tmp_path / "alone")
    assert main([*COMMAND, "--source", str(tmp_path / "alone"), "--report", str(tmp_path / "r.html")]) == 1
    told = capsys.readouterr().err
    assert (
        "mingjian evaluate: " in told and "alone.truth.csv: there is no truth file" in told and "--truth FILE" in told
    )
    assert not (tmp_path / "r.html").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("subject_kind,subject_id,family,behaviour\n", "is_confounder is missing"),
        ("subject_kind,subject_id,family,behaviour,is_confounder\nofficer,A,leniency,x,maybe\n", "found 'maybe'"),
        ("", "cannot be read"),
    ],
)
def test_a_file_that_is_no_truth_is_refused(source, tmp_path, capsys, text, message):
    path = tmp_path / "other.csv"
    path.write_text(text, encoding="utf-8")
    assert main([*COMMAND, "--source", str(source), "--truth", str(path)]) == 1
    assert message in capsys.readouterr().err


def test_a_truth_with_its_header_alone_is_a_world_in_which_nothing_is_planted(tmp_path):
    path = tmp_path / "none.csv"
    path.write_text("subject_kind,subject_id,family,behaviour,is_confounder\n", encoding="utf-8")
    truth = read_truth(path)
    assert truth.empty and truth["is_confounder"].dtype == bool
