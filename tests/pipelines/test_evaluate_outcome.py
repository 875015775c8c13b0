"""`mingjian evaluate officer` on outcomes: every year from its own past, a table and a page that name nobody."""

import re
import shutil
from datetime import date

import numpy as np
import pandas as pd
import pytest

from models.boosted import NotTrainable
from models.officer_evaluation import SCORERS
from pipelines.__main__ import main
from pipelines.contract import delivered_tables
from pipelines.evaluating_outcome import SETTLED_YEARS, as_of_dates, evaluated_officer
from pipelines.outcome_report import NAMES, terminal_table

LAST = date(2020, 1, 1)
OFFICERS = [f"R{number:04d}" for number in range(150)]
GRAVE = OFFICERS[:45]
"""Of these there are grave complaints, and later findings; of the others as many complaints that are never upheld."""


def delivery(folder, late_outcome: str = "substantiated"):
    """A bureau of officers alone: complaints of two matters, one of which is upheld, and findings of those it names.

    late_outcome : the result of what is opened after 2016: it must change no score of an as-of date before.
    """
    random = np.random.default_rng(4)
    folder.mkdir()
    days = pd.date_range("2011-01-01", "2018-12-31")
    complaints, outcomes = [], []
    for number, officer in enumerate(OFFICERS):
        is_grave = officer in GRAVE
        for received in sorted(random.choice(len(days), 14 if is_grave else 18, replace=False)):
            complaints.append(
                (officer, days[received], "bribe" if is_grave else "manner", "upheld" if is_grave else "not_upheld")
            )
        if is_grave:
            for opened in sorted(random.choice(len(days), 4, replace=False)):
                result = late_outcome if days[opened] > pd.Timestamp(2016, 1, 1) else "substantiated"
                outcomes.append(
                    (f"O{number}-{opened}", officer, days[opened], days[opened] + pd.Timedelta(days=90), result)
                )
    said = pd.DataFrame(complaints, columns=["officer_id", "received_at", "category", "outcome"])
    said.insert(0, "complaint_id", [f"Q{number}" for number in range(len(said))])
    said["resolved_at"] = said["received_at"] + pd.Timedelta(days=60)
    said.assign(kind="officer_feedback", channel="12345").to_csv(folder / "complaint.csv", index=False)
    columns = ["outcome_id", "officer_id", "opened_on", "closed_on", "result"]
    pd.DataFrame(outcomes, columns=columns).to_csv(folder / "integrity_outcome.csv", index=False)
    staff = pd.DataFrame({"officer_id": OFFICERS, "institution_id": "S1", "employment_kind": "civil_servant"})
    staff.assign(rank="staff", joined_on="2010-01-01").to_csv(folder / "officer.csv", index=False)
    posts = pd.DataFrame({"posting_id": [f"T{number}" for number in range(150)], "officer_id": OFFICERS})
    posts.assign(institution_id="S1", post="patrol", started_on="2010-01-01").to_csv(
        folder / "posting.csv", index=False
    )
    (folder / "institution.csv").write_text(
        "institution_id,name,kind,parent_id\nB0,B,bureau,\nS1,S,station,B0\n", encoding="utf-8"
    )
    for name in ("grid", "merchant", "filing", "patrol", "penalty"):
        header = ",".join(column.name for column in delivered_tables()[name].columns)
        (folder / f"{name}.csv").write_text(header + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return delivery(tmp_path_factory.mktemp("outcome") / "delivery")


@pytest.fixture(scope="module")
def page(source, tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("report") / "officer.html"
    command = ["evaluate", "officer", "--source", str(source), "--as-of", LAST.isoformat(), "--years", "2"]
    assert main([*command, "--report", str(path)]) == 0
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def evaluation(source):
    return evaluated_officer(source, LAST, 1)


def test_the_dates_lie_a_year_apart_and_the_last_can_be_judged():
    assert as_of_dates(date(2013, 1, 1), 6) == [date(year, 1, 1) for year in range(2005, 2011)]
    assert as_of_dates(date(2024, 2, 29), 1) == [date(2024 - SETTLED_YEARS, 2, 28)]


def test_the_page_shows_every_list_both_measures_every_year_and_two_pictures(page):
    for words in (*(word for pair in NAMES.values() for word in pair), "精确率", "recall", "2016-01-01", "2017-01-01"):
        assert words in page
    assert page.count("<svg") == 2


def test_the_page_names_no_officer(page):
    assert not re.search(r"\bR\d{4}\b", page)


def test_what_is_grave_is_found_where_counting_complaints_finds_nothing(evaluation):
    """Everybody has as many complaints as the others; only what they are about tells."""
    officers = evaluation.years[0].officers
    first = officers.nlargest(30, "model")["officer_id"]
    assert evaluation.years[0].label_source == "outcomes" and set(first) <= set(GRAVE)
    assert not set(officers.nlargest(30, "complaints_all")["officer_id"]) <= set(GRAVE)


def test_what_came_later_changes_no_score_only_the_verdict(evaluation, tmp_path):
    cleared = evaluated_officer(delivery(tmp_path / "cleared", late_outcome="unfounded"), date(2019, 1, 1), 1)
    told = evaluated_officer(delivery(tmp_path / "found"), date(2019, 1, 1), 1)
    ours, theirs = cleared.years[0].officers, told.years[0].officers
    pd.testing.assert_frame_equal(ours[["officer_id", *SCORERS]], theirs[["officer_id", *SCORERS]])
    assert theirs["is_found"].sum() > ours["is_found"].sum() == 0


def test_what_reviewers_had_concluded_by_then_teaches_as_on_a_night(evaluation, source, tmp_path):
    """Transfers to a lead raise the labels of the year before them; conclusions after the as-of date change nothing."""
    night = as_of_dates(LAST, 1)[0]
    quiet = [officer for officer in OFFICERS if officer not in GRAVE]

    def concluded(folder, decided_at: str) -> pd.DataFrame:
        shutil.copytree(source, folder)
        rows = pd.DataFrame({"decision_id": [f"D{officer}" for officer in quiet], "subject_id": quiet})
        rows.assign(
            flag_key=rows["subject_id"],
            subject_kind="officer",
            family="leniency",
            outcome="transferred_to_lead",
            decided_at=decided_at,
            reviewer_hash="a" * 64,
        ).to_csv(folder / "decision.csv", index=False)
        return evaluated_officer(folder, LAST, 1).years[0].officers

    before = evaluation.years[0].officers
    taught = concluded(tmp_path / "taught", f"{night.year - 1}-06-01 09:00:00")
    later = concluded(tmp_path / "later", f"{night.year}-06-01 09:00:00")
    assert not np.allclose(taught["model"], before["model"], equal_nan=True)
    pd.testing.assert_frame_equal(later, before)


def test_the_table_of_the_terminal_has_every_list_and_the_leads(evaluation):
    assert terminal_table(evaluation).row_count == len(NAMES) + len(SCORERS) - 1


def test_a_delivery_without_outcomes_is_told_in_one_sentence(source, tmp_path):
    bare = delivery(tmp_path / "bare")
    (bare / "integrity_outcome.csv").write_text("outcome_id,officer_id,opened_on,closed_on,result\n", encoding="utf-8")
    with pytest.raises(NotTrainable, match="no substantiated outcome"):
        evaluated_officer(bare, LAST, 1)
