"""Deliveries follow one another: the same one changes nothing, a later one wins, any night can be replayed."""

from datetime import date

import duckdb
import pytest

from pipelines.contract import delivered_tables
from pipelines.ingest import DeliveryError, deliveries, intake, load_raw

from .small_bureau import BUREAU, DELIVERED_ON, Archive, write_csv


def test_what_is_stored_says_what_came_in(begun):
    (delivery,) = deliveries(begun.raw_folder)
    assert (delivery.number, delivery.is_new, delivery.delivered_on) == (1, False, DELIVERED_ON)
    assert [path.name for path in begun.raw_folder.iterdir()] == [f"000001-{delivery.id[:12]}"]
    assert {name: count.kept for name, count in delivery.tables.items()} == {
        name: len(rows) for name, rows in BUREAU.items()
    }
    assert delivery.head_officer_ids == ("O9",)
    assert delivery.notes == ()
    assert delivery.delivered_columns["posting"] == ("posting_id", "officer_id", "institution_id", "post", "started_on")
    assert {(file.name, file.encoding) for file in delivery.files} == {(f"{name}.csv", "utf-8") for name in BUREAU}


def test_an_intake_says_that_it_is_new_and_is_read_back_as_it_was(archive, bureau):
    delivery = archive.take_in(bureau)
    assert delivery.is_new
    assert deliveries(archive.raw_folder) == [delivery.model_copy(update={"is_new": False})]
    assert archive.messages[0] == "institution: 3 of 3 rows are good"


def test_the_same_delivery_twice_changes_nothing(begun, bureau):
    before = begun.bytes()
    again = begun.take_in(bureau, delivered_on=date(2026, 7, 31))
    assert (again.number, again.is_new, again.delivered_on) == (1, False, DELIVERED_ON)
    assert again.notes == (
        "This delivery is the same, byte for byte, as number 1 taken in on 2026-06-30; nothing of it is new.",
    )
    assert begun.bytes() == before


def test_an_older_delivery_again_changes_nothing_either(begun, bureau, patrol):
    begun.take_in({"patrol": [patrol("P1", finding_count="7")]})
    before = begun.bytes()
    assert begun.take_in(bureau).number == 1
    assert begun.bytes() == before
    assert begun.query("select finding_count from raw.patrol where patrol_id = 'P1'") == [(7,)]


def test_an_older_delivery_whose_rows_wait_for_their_parent_is_taken_in_again(begun, bureau, patrol):
    waiting = {"patrol": [patrol("P10", merchant_id="M10")]}
    begun.take_in(waiting)
    assert not begun.take_in(waiting).is_new
    begun.take_in({"merchant": [bureau["merchant"][0] | {"merchant_id": "M10"}]})
    again = begun.take_in(waiting)
    assert (again.number, again.is_new, again.tables["patrol"].kept) == (4, True, 1)
    assert again.notes[0].startswith(
        "This delivery is the same, byte for byte, as number 2 taken in on 2026-06-30; rows"
    )
    assert begun.query("select delivery_number from raw.patrol where patrol_id = 'P10'") == [(4,)]
    assert begun.query("from raw.quarantine") == []
    assert len({delivery.id for delivery in deliveries(begun.raw_folder)}) == 4
    # Now it is the newest, and once others follow, none of its rows waits any more.
    assert begun.take_in(waiting).number == 4
    begun.take_in({"patrol": [patrol("P11")]})
    before = begun.bytes()
    assert begun.take_in(waiting).number == 4
    assert begun.bytes() == before


def test_an_older_delivery_whose_waiting_rows_were_mended_elsewhere_is_not_taken_in_again(begun, patrol):
    waiting = {"patrol": [patrol("P10", merchant_id="M10"), patrol("P11", result="x")]}
    begun.take_in(waiting)
    begun.take_in({"patrol": [patrol("P10")]})
    assert not begun.take_in(waiting).is_new


def test_a_newer_version_leaves_what_its_delivery_did_not_contain(begun, patrol):
    def of(number, names):
        return [{name: value for name, value in patrol(number, finding_count="7").items() if name in names}]

    required = {"patrol_id", "merchant_id", "institution_id", "lead_officer_id", "visit_kind", "started_at", "result"}
    begun.take_in({"patrol": of("P1", required | {"finding_count"}) + of("P10", required | {"finding_count"})})
    begun.take_in({"patrol": of("P2", required | {"finding_count", "latitude"})})
    begun.take_in({"patrol": [patrol("P3", latitude="", note_hash="")]})
    begun.take_in({"patrol": of("P3", required | {"finding_count"})})
    assert begun.query(
        "select patrol_id, finding_count, latitude, longitude, note_hash, delivery_number from raw.patrol order by 1"
    ) == [
        ("P1", 7, 22.54, 114.05, "9f86d081884c1", 2),
        ("P10", 7, None, None, None, 2),
        ("P2", 7, 22.54, 114.05, "9f86d081884c2", 3),
        # What was delivered empty stays so, although an older delivery had a value.
        ("P3", 7, None, 114.05, None, 5),
        ("P4", 1, 22.54, 114.05, "9f86d081884c4", 1),
    ]


def test_the_same_delivery_gives_the_same_bytes(tmp_path, bureau, first_archive):
    again = Archive(tmp_path)
    again.take_in(bureau)
    assert again.bytes() == first_archive.bytes()


def test_the_mapping_is_part_of_what_a_delivery_is(begun, bureau):
    source = write_csv(begun.next_source(), bureau)
    mapping = begun.root / "other.toml"
    mapping.write_text('[patrol.columns]\n"检查单号" = "patrol_id"\n', encoding="utf-8")
    assert begun.take_in(source, mapping=mapping).number == 2


def test_a_later_delivery_may_hold_only_what_is_new_and_wins(begun, patrol):
    delivery = begun.take_in({"patrol": [patrol("P1", finding_count="5"), patrol("P10")]})
    assert (delivery.number, delivery.is_new) == (2, True)
    assert begun.query("select patrol_id, finding_count, delivery_number from raw.patrol order by 1") == [
        ("P1", 5, 2),
        ("P10", 1, 2),
        ("P2", 1, 1),
        ("P3", 1, 1),
        ("P4", 1, 1),
    ]
    assert begun.query("select count(*) from raw.merchant") == [(2,)]


def test_references_of_a_later_delivery_reach_what_is_stored_and_what_is_new(begun, bureau, patrol):
    merchant = bureau["merchant"][0] | {"merchant_id": "M10"}
    rows = [patrol("P10", merchant_id="M10"), patrol("P11", merchant_id="M2"), patrol("P12", merchant_id="M404")]
    delivery = begun.take_in({"merchant": [merchant], "patrol": rows})
    assert delivery.tables["patrol"].kept == 2
    assert list(begun.reasons("patrol")) == [4]
    institution = {"institution_id": "S10", "name": "新所", "kind": "station", "parent_id": "B0"}
    assert begun.take_in({"institution": [institution]}).tables["institution"].kept == 1


def test_a_bad_newer_version_leaves_the_older_good_one(begun, patrol):
    begun.take_in({"patrol": [patrol("P1", finding_count="-5")]})
    assert begun.query("select finding_count, delivery_number from raw.patrol where patrol_id = 'P1'") == [(1, 1)]
    assert list(begun.reasons("patrol")) == [2]


def test_a_row_mended_later_leaves_the_quarantine(begun, patrol):
    begun.take_in({"patrol": [patrol("P10", result="x"), patrol("P11", result="x"), patrol("", result="x")]})
    begun.take_in({"patrol": [patrol("P11")]})
    assert begun.query("select delivery_number, row_number, record_key from raw.quarantine order by 2") == [
        (2, 2, "P10"),
        (2, 4, None),
    ]


def test_a_row_that_is_bad_again_stands_in_quarantine_once(begun, patrol):
    bad = [patrol("P10", result="x"), patrol("", result="x")]
    begun.take_in({"patrol": bad})
    begun.take_in({"patrol": [*bad, patrol("P11")]})
    assert begun.query("select delivery_number, row_number from raw.quarantine order by 2") == [(3, 2), (3, 3)]


def test_any_night_can_be_replayed(begun, patrol):
    begun.take_in({"patrol": [patrol("P1", finding_count="5")]})
    first, second = deliveries(begun.raw_folder)
    counts = {}
    for ids in ([first.id], [first.id, second.id], [second.id]):
        with duckdb.connect() as connection:
            load_raw(connection, begun.raw_folder, ids)
            counts[len(ids), ids[0]] = connection.execute(
                "select count(*), max(finding_count), (select count(*) from raw.merchant) from raw.patrol"
            ).fetchall()[0]
    assert counts == {(1, first.id): (4, 1, 2), (2, first.id): (4, 5, 2), (1, second.id): (1, 5, 0)}


def test_a_delivery_that_is_not_stored_cannot_be_replayed(begun):
    with duckdb.connect() as connection, pytest.raises(DeliveryError, match="raw: 1 deliveries are not stored"):
        load_raw(connection, begun.raw_folder, ["0" * 64])


def test_raw_has_every_table_of_the_contract_typed_also_where_nothing_came(first_archive):
    columns = first_archive.query(
        "select table_name, column_name, data_type from information_schema.columns where table_schema = 'raw' "
        "order by table_name, ordinal_position"
    )
    found = {name: [row[1:] for row in columns if row[0] == name] for name in delivered_tables()}
    assert found == {
        table.name: [(column.name, column.engine_type) for column in table.columns] + [("delivery_number", "INTEGER")]
        for table in delivered_tables().values()
    }
    assert first_archive.query("select count(*) from raw.integrity_outcome") == [(0,)]


def test_loading_again_replaces_what_was_there(begun, patrol):
    begun.take_in({"patrol": [patrol("P10", result="x")]})
    with duckdb.connect() as connection:
        counts = []
        for _ in range(2):
            load_raw(connection, begun.raw_folder)
            counts.append(
                connection.execute(
                    "select (select count(*) from raw.patrol), (select count(*) from raw.quarantine), "
                    "(select count(*) from raw.delivered_column)"
                ).fetchall()
            )
    assert counts[0] == counts[1]


def test_a_column_counts_as_delivered_in_each_delivery_that_had_its_header(begun, patrol):
    begun.take_in({"patrol": [patrol("P10", visit_filing_id="")]})
    begun.take_in({"patrol": [{name: value for name, value in patrol("P11").items() if name != "latitude"}]})
    delivered = begun.query("from raw.delivered_column")
    assert delivered == sorted(delivered)
    numbers = {
        name: [number for table_name, column_name, number in delivered if (table_name, column_name) == name]
        for name in (("patrol", "visit_filing_id"), ("patrol", "latitude"), ("patrol", "result"), ("filing", "status"))
    }
    assert list(numbers.values()) == [[2], [1, 2], [1, 2, 3], []]


def test_a_delivery_without_new_rows_is_still_a_delivery(begun, bureau):
    source = begun.next_source()
    (source / "patrol.csv").write_text(",".join(bureau["patrol"][0]), encoding="utf-8")
    assert intake(source, begun.raw_folder, delivered_on=DELIVERED_ON).number == 2


def test_two_records_whose_keys_privacy_removed_both_stay_in_quarantine(begun, patrol):
    for number in ("13800138000", "13800138001"):
        begun.take_in({"patrol": [patrol("P1"), patrol(number, finding_count=number[-1])]})
    assert begun.query("select delivery_number, record_key from raw.quarantine order by 1") == [(2, None), (3, None)]
