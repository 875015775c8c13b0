"""What is no delivery stops the night with one sentence, before anything changed."""

import os
from datetime import date

import pytest

from pipelines.ingest import DeliveryError, door, folder, intake

from .small_bureau import csv_text, write_csv


def refused(archive, source, **options) -> str:
    """The sentence of the refusal; nothing below the raw folder changed, and no folder was made."""
    had_folder = archive.raw_folder.exists()
    before = archive.bytes() if had_folder else {}
    with pytest.raises(DeliveryError) as error:
        archive.take_in(source, **options)
    assert archive.raw_folder.exists() == had_folder
    assert (archive.bytes() if had_folder else {}) == before
    assert "\n" not in str(error.value)
    return str(error.value)


def test_a_first_delivery_needs_every_required_table(archive, bureau):
    del bureau["posting"], bureau["filing"]
    assert refused(archive, bureau).startswith(
        "The delivery lacks 2 required tables: posting 任职经历, filing 报备与申报; add them"
    )


def test_a_file_needs_every_required_column(begun, bureau):
    for row in bureau["patrol"]:
        del row["result"], row["patrol_id"]
    sentence = "patrol.csv: patrol needs every required column; 2 are missing: patrol_id 巡查编号, result 结果;"
    assert refused(begun, {"patrol": bureau["patrol"]}).startswith(sentence)


def test_identifiers_that_look_like_numbers_of_persons_refuse_the_delivery(begun, patrol):
    own_numbers = [patrol(f"1380013800{number}") for number in range(3)]
    sentence = refused(begun, {"patrol": [*own_numbers, patrol("P10")]})
    assert sentence == (
        "patrol.csv: patrol: patrol_id 巡查编号 must not look like telephone or identity-card numbers; 3 of 4 do; "
        "deliver another identifier or a digest of it."
    )


def test_half_of_the_identifiers_may_look_like_numbers_and_go_to_quarantine_alone(begun, patrol):
    delivery = begun.take_in({"patrol": [patrol("13800138000"), patrol("P10")]})
    assert (delivery.tables["patrol"].kept, delivery.tables["patrol"].quarantined) == (1, 1)


def test_a_late_fault_in_a_first_delivery_leaves_no_folder(archive, bureau):
    del bureau["penalty"][0]["outcome"]
    assert "outcome 处理结果" in refused(archive, bureau)


NO_TABLES = {
    "empty.csv": (b"", "it is empty"),
    "blank line.csv": (b"\n", "its first line is no header"),
    "no header.csv": ("G1,S1,菜市场\nG2,S1,商场\n".encode(), "its first line names no column of grid 网格"),
    "binary.csv": (bytes(range(256)) * 4, "it is neither clean UTF-8 nor clean GB18030 text"),
    "utf-16.csv": ("grid_id,institution_id\n".encode("utf-16"), "it is neither clean UTF-8 nor clean GB18030 text"),
    "damaged utf-8.csv": (
        "grid_id,institution_id,name\nG1,S1,城东农贸市场\nG2,S2,河西".encode() + b"\xe6\x9d\nG3,S1,x\n",
        "it is neither clean UTF-8 nor clean GB18030 text",
    ),
    "twice.csv": (b"grid_id,institution_id,grid_id\n1,2,3\n", "grid_id stands in its header more than once"),
    "two languages.csv": (
        "grid_id,institution_id,网格编号\n1,2,3\n".encode(),
        "grid_id stands in its header more than once",
    ),
    "unknown twice.csv": (b"grid_id,institution_id,x,x\n1,2,3,4\n", "columns 3, 4 have one header"),
    "broken.xlsx": (b"PK\x03\x04 and no more", "the workbook cannot be opened"),
    "broken.parquet": (b"PAR1 and no more PAR1", "the Parquet file cannot be opened"),
}


@pytest.mark.parametrize("name", NO_TABLES)
def test_a_file_that_is_no_table_is_refused(begun, name):
    data, why = NO_TABLES[name]
    source = begun.next_source()
    (source / f"grid_{name}").write_bytes(data)
    assert refused(begun, source).startswith(f"grid_{name} is not a table: {why}; deliver it again")


def test_an_error_about_a_missing_header_repeats_nothing_of_the_first_row(begun):
    source = begun.next_source()
    (source / "grid.csv").write_text("不应外传,13800138000\n", encoding="utf-8")
    sentence = refused(begun, source)
    assert "不应外传" not in sentence and "13800138000" not in sentence


def test_a_delivery_must_be_a_folder_with_a_table(archive):
    assert "is not a folder" in refused(archive, archive.root / "nowhere")
    assert "holds no table" in refused(archive, archive.next_source())


def test_a_file_that_changes_while_it_is_read_is_refused(begun, patrol, monkeypatch):
    source = write_csv(begun.next_source(), {"patrol": [patrol("P10")]})

    def read_and_touch(path, *rest):
        sheet = original(path, *rest)
        os.utime(path, ns=(1, 1))
        return sheet

    original = door.read_sheet
    monkeypatch.setattr(door, "read_sheet", read_and_touch)
    assert refused(begun, source).startswith("patrol.csv changed while it was read")


def test_a_file_that_may_not_be_read_is_named(begun, patrol, monkeypatch):
    def deny(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(folder, "file_sha256", deny)
    source = write_csv(begun.next_source(), {"patrol": [patrol("P10")]})
    assert refused(begun, source).startswith("patrol.csv cannot be read (Permission denied)")


def test_what_a_killed_intake_left_is_removed_and_never_read(begun, patrol):
    abandoned = begun.raw_folder / ".arriving-1"
    abandoned.mkdir()
    (abandoned / "patrol.parquet").write_bytes(b"half a file")
    begun.take_in({"patrol": [patrol("P10")]})
    assert not abandoned.exists()
    assert begun.query("select count(*) from raw.patrol") == [(5,)]


def test_a_stored_record_that_was_changed_stops_the_night(begun, patrol):
    (record,) = begun.raw_folder.glob("*/delivery.json")
    record.write_text("{}", encoding="utf-8")
    assert "delivery.json is missing or not as it was written" in refused(begun, {"patrol": [patrol("P10")]})


def test_a_file_in_a_folder_with_signs_of_a_pattern_is_that_file(tmp_path, bureau):
    source = write_csv(tmp_path / "交付 [6]*", bureau)
    (source / "patrol.csv").write_text(csv_text(bureau["patrol"][:1]), encoding="utf-8")
    delivery = intake(source, tmp_path / "raw [1]?", delivered_on=date(2026, 6, 30))
    assert delivery.tables["patrol"].kept == 1
