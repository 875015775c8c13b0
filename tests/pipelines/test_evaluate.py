"""`mingjian evaluate merchant`: a table, a page, and nothing of the records left behind."""

import re
from datetime import date

import pytest

from pipelines.__main__ import main
from pipelines.contract import CONTRACT_FOLDER
from pipelines.sample import make_bureau, write_bureau
from pipelines.temporary_warehouse import needed_for

SAMPLES = CONTRACT_FOLDER.parent / "samples" / "delivery"


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = tmp_path_factory.mktemp("evaluate") / "delivery"
    write_bureau(make_bureau(merchants=900, years=2, seed=7, until=date(2026, 6, 30)), folder)
    return folder


@pytest.fixture(scope="module")
def page(source, tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("report") / "merchant.html"
    command = ["evaluate", "merchant", "--source", str(source), "--as-of", "2026-06-30", "--quarters", "2"]
    assert main([*command, "--report", str(path)]) == 0
    return path.read_text(encoding="utf-8")


def test_the_page_shows_every_scorer_every_measure_and_four_pictures(page):
    for words in ("明鉴模型", "同特征逻辑回归", "规则分类", "AUC within officer", "days earlier", "Brier"):
        assert words in page
    assert page.count("<svg") == 4


def test_the_page_says_which_visits_stand_for_all_merchants(page):
    assert re.search("按被检查概率倒数加权|仅双随机抽查", page.split("本次采用")[1])


def test_the_page_names_no_merchant_and_no_officer(page, source):
    """A report is passed around; what it says is about the model."""
    officers = re.findall(r'^"(R\w+)"', (source / "officer.csv").read_text(encoding="utf-8"), flags=re.M)
    assert len(officers) > 5 and not [officer for officer in officers if re.search(rf"\b{officer}\b", page)]
    assert not re.search(r"\bM\d{4,}\b", page)


def test_records_too_few_are_said_in_one_sentence_and_no_page_is_written(tmp_path, capsys):
    path = tmp_path / "report.html"
    command = ["evaluate", "merchant", "--source", str(SAMPLES), "--as-of", "2026-06-30", "--quarters", "1"]
    assert main([*command, "--report", str(path)]) == 1
    assert "mingjian evaluate: no quarter can be evaluated: " in capsys.readouterr().err
    assert not path.exists()


def test_a_folder_that_is_no_delivery_is_refused(tmp_path, capsys):
    command = ["evaluate", "merchant", "--source", str(tmp_path), "--as-of", "2026-06-30"]
    assert main(command) == 1
    assert "mingjian evaluate: The delivery" in capsys.readouterr().err


def test_an_evaluation_builds_nothing_that_is_about_officers_alone():
    names = [statement.table for statement in needed_for("feature.merchant")]
    assert names[-1] == "feature.merchant"
    assert not [name for name in names if name.startswith("feature.officer")]
