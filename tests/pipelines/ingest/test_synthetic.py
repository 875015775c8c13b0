"""A synthetic bureau is known by the very files that were made; a mark beside any other file is worth nothing."""

import shutil
from datetime import date

import pytest

from pipelines.ingest import Delivery, intake
from pipelines.ingest.folder import MARK_NAME
from pipelines.publishing import is_synthetic
from pipelines.sample import make_bureau, write_bureau


@pytest.fixture(scope="module")
def bureau():
    return make_bureau(merchants=300, years=1)


@pytest.fixture
def source(bureau, tmp_path):
    write_bureau(bureau, tmp_path / "delivery")
    return tmp_path / "delivery"


def taken(source) -> Delivery:
    return intake(source, source.parent / "raw", delivered_on=date(2026, 6, 30))


def test_what_was_made_is_known_as_synthetic_and_the_mark_is_no_note(source):
    delivery = taken(source)
    assert delivery.is_synthetic
    assert not [note for note in delivery.notes if MARK_NAME in note]


@pytest.mark.parametrize("change", ["another value", "another file", "no mark", "the mark alone"])
def test_a_delivery_that_holds_anything_else_is_not_synthetic(source, change, tmp_path):
    if change == "another value":
        path = source / "officer.csv"
        path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    elif change == "another file":
        shutil.copy(source / "grid.csv", source / "grid_2.csv")
    elif change == "no mark":
        (source / MARK_NAME).unlink()
    else:
        (source / MARK_NAME).write_text("0" * 64)
    assert not taken(source).is_synthetic


def test_files_that_lay_in_the_folder_before_are_not_made_synthetic(bureau, tmp_path):
    source = tmp_path / "delivery"
    source.mkdir()
    (source / "grid_2.csv").write_text("grid_id,institution_id\n", encoding="utf-8")
    write_bureau(bureau, source)
    assert not taken(source).is_synthetic


def test_a_night_is_synthetic_by_all_of_its_deliveries_but_the_desks_own(source):
    made = taken(source)
    real = made.model_copy(update={"is_synthetic": False})
    decided = real.model_copy(update={"tables": {"decision": made.tables["officer"]}})
    assert is_synthetic([made]) and is_synthetic([made, decided])
    assert not is_synthetic([made, real]) and not is_synthetic([decided]) and not is_synthetic([])
