"""Telephone numbers, identity-card numbers and reporters' names never reach storage.

The card number is the example of GB 11643 itself, the telephone number that of a carrier's own hotline.
"""

import json
import shutil

import pytest

from .small_bureau import BUREAU, Archive, write_csv

MOBILE = "13800138000"
CARD = "11010519491231002X"
OLD_CARD = "110105491231002"
NAME = "不应入库"
REMOVED = "〔号码已删除〕"


def take_in_secrets(archive, first_archive):
    """Have an archive take in personal numbers and names in every kind of place; the archive and that delivery."""
    shutil.copytree(first_archive.raw_folder, archive.raw_folder)

    def changed(patrol_id, **changes):
        return BUREAU["patrol"][0] | {"patrol_id": patrol_id} | changes

    complaint = BUREAU["complaint"][0]
    source = write_csv(
        archive.next_source(),
        {
            "patrol": [
                changed("P10", finding_count=MOBILE),
                changed("P11", severe_finding_count=MOBILE),
                changed("P12", ended_at=CARD, visit_kind=MOBILE, latitude=OLD_CARD),
                changed(f"P{MOBILE}"),
                changed("P14", visit_filing_id=CARD),
                changed("P15", note_hash=MOBILE),
                changed("P16", note_hash=NAME),
                changed("P17", note_hash="00000" + MOBILE),
            ],
            "complaint": [
                complaint
                | {"complaint_id": "C10", "category": f"回电{MOBILE}", "投诉人": NAME, "电话": MOBILE, "天气": NAME},
                complaint | {"complaint_id": "C11", "category": CARD, "kind": "x", "channel": MOBILE, "天气": MOBILE},
                complaint | {"complaint_id": "C12", "complainant_hash": NAME},
            ],
            "merchant": [BUREAU["merchant"][0] | {"merchant_id": "M10", "uscc": CARD, "name": f"店 {MOBILE}"}],
        },
    )
    with (source / "complaint.csv").open("a", encoding="utf-8") as file:
        file.write(f"C13,{NAME},{MOBILE}\n")
    (source / f"grid_{MOBILE}.csv").write_text(f"grid_id,institution_id,{MOBILE}\nG10,S1\n", encoding="utf-8")
    (source / f"{CARD}.csv").write_text("nothing", encoding="utf-8")
    return archive, archive.take_in(source)


@pytest.fixture(scope="module")
def told(tmp_path_factory, first_archive):
    """An archive that took in secrets, and the delivery that held them."""
    return take_in_secrets(Archive(tmp_path_factory.mktemp("told")), first_archive)


def test_no_number_and_no_name_reaches_storage_or_is_said(archive, first_archive, capfd, caplog):
    archive, delivery = take_in_secrets(archive, first_archive)
    captured = capfd.readouterr()
    kept = "\n".join([archive.everything_kept(), str(delivery), captured.out, captured.err, caplog.text])
    # A longer run of digits is no telephone number, so the digest of P17 stands.
    kept = kept.replace("00000" + MOBILE, "")
    for secret in (MOBILE, CARD, OLD_CARD, NAME, "天气" + NAME):
        assert secret not in kept
    for data in archive.bytes().values():
        assert NAME.encode() not in data and NAME.encode("gb18030") not in data


def test_a_number_empties_a_numeric_date_or_enum_value_and_a_required_one_is_then_missing(told):
    archive, _ = told
    reasons = archive.reasons("patrol")
    assert reasons[2] == "missing: finding_count 问题数 must not be empty (必填)"
    assert reasons[4] == "missing: visit_kind 检查类型 must not be empty (必填)"
    assert archive.query("select severe_finding_count from raw.patrol where patrol_id = 'P11'") == [(None,)]


def test_a_number_in_an_identifier_sends_the_row_to_quarantine_with_advice(told):
    archive, _ = told
    reasons = archive.reasons("patrol")
    assert reasons[5].startswith(
        "personal_number: patrol_id 巡查编号 holds a telephone or identity-card number, deliver a"
    )
    assert reasons[6].startswith("personal_number: visit_filing_id")
    # Two such rows need not be one record, so the row has no key to follow it by.
    ((key, raw),) = archive.query(
        "select record_key, raw from raw.quarantine where table_name = 'patrol' and row_number = 5"
    )
    assert (key, json.loads(raw)["patrol_id"]) == (None, REMOVED)


def test_a_digest_column_holds_digests_alone(told):
    archive, _ = told
    reasons = archive.reasons("patrol")
    assert reasons[7].startswith("personal_number: note_hash")
    assert reasons[8].startswith("type: note_hash 文书摘要 must be a digest: 4 to 128 hexadecimal digits")
    assert archive.query("select distinct raw ->> 'note_hash' from raw.quarantine where row_number in (7, 8)") == [
        ("〔已删除〕",)
    ]
    assert archive.query("select note_hash from raw.patrol where patrol_id = 'P17'") == [("00000" + MOBILE,)]


def test_a_text_is_kept_without_the_number(told):
    archive, _ = told
    assert archive.query("select category from raw.complaint where complaint_id = 'C10'") == [(f"回电{REMOVED}",)]
    assert archive.query("select name, uscc from raw.merchant where merchant_id = 'M10'") == [
        (f"店 {REMOVED}", REMOVED)
    ]


def test_the_quarantine_holds_columns_of_the_contract_only(told):
    archive, _ = told
    ((raw, line),) = archive.query(
        "select any_value(raw) filter (where record_key = 'C11'), any_value(raw) filter (where reasons like 'malformed%') "
        "from raw.quarantine where table_name = 'complaint'"
    )
    assert "天气" not in json.loads(raw) and json.loads(raw)["category"] == REMOVED
    # Columns of this file were dropped, and in a malformed line nobody can tell which they are.
    assert json.loads(line) == {"line": "〔已删除〕"}


def test_a_malformed_line_beside_a_digest_column_shows_identifiers_and_dates_only(begun, patrol):
    source = write_csv(begun.next_source(), {"patrol": [patrol("P10")]})
    with (source / "patrol.csv").open("a", encoding="utf-8") as file:
        file.write(f"P11,{NAME},2026-06-01 09:30:00,{MOBILE},-1.5\n")
    begun.take_in(source)
    ((raw,),) = begun.query("select raw from raw.quarantine")
    assert json.loads(raw) == {"line": "P11,〔已删除〕,2026-06-01 09:30:00,〔已删除〕,-1.5"}


def test_dropped_columns_are_reported_those_of_persons_apart(told):
    _, delivery = told
    assert [
        (column.header, column.is_personal) for column in delivery.dropped_columns if "complaint" in column.file_name
    ] == [
        ("投诉人", True),
        ("电话", True),
        ("天气", False),
    ]
    notes = [note for note in delivery.notes if note.startswith("complaint.csv")]
    assert notes == [
        "complaint.csv: columns that name or number a person are never stored; 2 were dropped (投诉人, 电话). "
        "Leave them out of the delivery.",
        "complaint.csv: columns must be in the contract or the mapping; 1 were dropped (天气). "
        "Name those that are needed in the mapping.",
    ]


def test_numbers_are_counted_per_column(told):
    _, delivery = told
    counted = {
        tuple(note.split(" must not hold")[0].split(": ")): int(note.split("; ")[1].split(" ")[0])
        for note in delivery.notes
        if " must not hold telephone or identity-card numbers; " in note
    }
    assert counted == {
        ("patrol", "patrol_id"): 1,
        ("patrol", "visit_filing_id"): 1,
        ("patrol", "visit_kind"): 1,
        ("patrol", "ended_at"): 1,
        ("patrol", "finding_count"): 1,
        ("patrol", "severe_finding_count"): 1,
        ("patrol", "latitude"): 1,
        ("patrol", "note_hash"): 1,
        ("complaint", "channel"): 1,
        ("complaint", "category"): 2,
        ("merchant", "uscc"): 1,
        ("merchant", "name"): 1,
    }


def test_a_malformed_line_of_complaints_shows_identifiers_and_dates_only(begun, bureau):
    complaint = {name: value for name, value in bureau["complaint"][0].items() if name != "complainant_hash"}
    source = write_csv(begun.next_source(), {"complaint": [complaint]})
    with (source / "complaint.csv").open("a", encoding="utf-8") as file:
        file.write(f"C20,2026-06-02,{NAME}\n")
    begun.take_in(source)
    ((raw,),) = begun.query("select raw from raw.quarantine")
    assert json.loads(raw) == {"line": "C20,2026-06-02,〔已删除〕"}


def test_a_value_out_of_its_place_in_a_complaint_is_shown_only_when_it_can_be_no_name(begun, bureau):
    complaint = bureau["complaint"][0]
    places = ("kind", "channel", "received_at", "latitude", "officer_id", "event_ref", "complaint_id")
    rows = [complaint | {"complaint_id": f"C{number}", place: NAME} for number, place in enumerate(places, start=20)]
    rows[-2]["kind"] = rows[-1]["kind"] = "Not a kind/1"
    begun.take_in({"complaint": rows + [complaint | {"complaint_id": "诉30", "kind": "举报", "channel": "x-1"}]})
    assert NAME not in begun.everything_kept()
    raws = [json.loads(raw) for (raw,) in begun.query("select raw from raw.quarantine order by row_number")]
    assert [raw[place] for raw, place in zip(raws, places, strict=False)] == ["〔已删除〕"] * len(places)
    assert (raws[-1]["complaint_id"], raws[-1]["kind"]) == ("诉30", "举报")
    reasons = begun.reasons("complaint")
    assert reasons[2].endswith("(found: 〔已删除〕)") and reasons[5].endswith("(found: 〔已删除〕)")
    assert reasons[8].endswith("(found: Not a kind/1)") and reasons[9].endswith("(found: x-1)")
    keys = [key for (key,) in begun.query("select record_key from raw.quarantine order by row_number")]
    assert keys == ["C20", "C21", "C22", "C23", "C24", "C25", None, "诉30"]


def test_a_digest_column_never_holds_a_whole_number(begun, patrol):
    numbers = ["02162345678", "021-62345678", "138-00138000", MOBILE * 2, "110105 19491231 002X"]
    begun.take_in({"patrol": [patrol(f"P{place}", note_hash=number) for place, number in enumerate(numbers, start=10)]})
    reasons = begun.reasons("patrol")
    assert len(reasons) == len(numbers)
    assert all(reason.startswith("personal_number: note_hash") for reason in reasons.values())
    assert not any(number in begun.everything_kept() for number in numbers)
