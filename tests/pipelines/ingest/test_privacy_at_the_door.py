"""Telephone numbers, identity-card numbers and reporters' names never reach storage.

The card number is the example of GB 11643 itself, the telephone number that of a carrier's own hotline.
"""

import json
import shutil
from datetime import date

import duckdb
import pytest

from pipelines.ingest.privacy import define_privacy, is_personal_header, without_numbers

from .small_bureau import BUREAU, Archive, write_csv

MOBILE = "13800138000"
CARD = "11010519491231002X"
OLD_CARD = "110105491231002"
NAME = "不应入库"
REMOVED = "〔号码已删除〕"

TEXTS = {
    MOBILE: REMOVED,
    f"电{MOBILE}话": f"电{REMOVED}话",
    f"+86 {MOBILE}， +86{MOBILE}": f"{REMOVED}， {REMOVED}",
    f"86-{MOBILE}": REMOVED,
    f"0086{MOBILE}": REMOVED,
    "138 0013 8000": REMOVED,
    "138-0013-8000": REMOVED,
    "１３８００１３８０００": REMOVED,
    "１３８　００１３　８０００": REMOVED,
    f"{MOBILE},{MOBILE},{MOBILE} {MOBILE}": f"{REMOVED},{REMOVED},{REMOVED} {REMOVED}",
    f"证{CARD}号": f"证{REMOVED}号",
    CARD.lower(): REMOVED,
    "11010519491231002Ｘ": REMOVED,
    "１１０１０５１９４９１２３１００２Ｘ": REMOVED,
    "110105194912310020": REMOVED,
    OLD_CARD: REMOVED,
    # Not numbers of persons: too long a run, no such prefix, no such month or day, a digest.
    f"1{MOBILE}": f"1{MOBILE}",
    f"{MOBILE}0": f"{MOBILE}0",
    "12800138000": "12800138000",
    "110105194913310020": "110105194913310020",
    "110105491232002": "110105491232002",
    f"ab{MOBILE}cdef": f"ab{MOBILE}cdef",
    "0755-12345678": "0755-12345678",
}


@pytest.fixture(scope="module")
def engine():
    with duckdb.connect() as connection:
        define_privacy(connection)
        yield connection


@pytest.mark.parametrize("text", TEXTS)
def test_numbers_are_replaced_inside_a_text_and_other_digits_stay(engine, text):
    assert engine.execute(
        "select case when holds_number($1) then numbers_replaced($1) else $1 end", [text]
    ).fetchall() == [(TEXTS[text],)]


def test_names_of_files_and_headers_are_scrubbed_by_the_same_pattern():
    texts = [text for text in TEXTS if not text.startswith("ab")]
    assert [without_numbers(text) for text in texts] == [TEXTS[text] for text in texts]


@pytest.mark.parametrize(
    ("identifier", "is_personal"),
    [
        (MOBILE, True),
        (f"M{MOBILE}", True),
        ("138-0013-8000", True),
        (CARD, True),
        (f"M-{CARD}", True),
        (OLD_CARD, True),
        ("110105194912310020", True),
        # Region, date, serial: a case number of this year, unless its check digit says that it is a card.
        ("110105202606010010", False),
        ("110105202606010018", True),
        ("X139-2026-0001", False),
        ("PT20260601000123", False),
        (f"ab{MOBILE}cdef0123456789", False),
        (f"0{MOBILE[:7]}-1380-4138-8001-{MOBILE}a", False),
    ],
)
def test_an_identifier_is_personal_when_a_number_of_a_person_is_its_make(engine, identifier, is_personal):
    sql = "select identifier_holds_number($1, $2)"
    assert engine.execute(sql, [identifier, date(2026, 6, 30)]).fetchall() == [(is_personal,)]


@pytest.mark.parametrize(
    ("code", "is_personal"),
    [(CARD, True), ("110105194912310020", False), ("92440300MA5EXAMPL1", False), (MOBILE, True)],
)
def test_a_credit_code_is_a_card_number_only_with_its_check_digit(engine, code, is_personal):
    assert engine.execute("select credit_code_holds_number($1)", [code]).fetchall() == [(is_personal,)]


@pytest.mark.parametrize(
    "header", ["投诉人", "举报人姓名", "Reporter_Name", "联系电话", "身份证号", "id_card", "投诉人手机号"]
)
def test_headers_that_announce_a_person_are_known(header):
    assert is_personal_header("complaint", header)


def test_a_name_is_an_officers_column_and_a_reporters_secret():
    assert is_personal_header("complaint", "姓名")
    assert not is_personal_header("officer", "姓名")


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
                changed("P17", note_hash="0" + MOBILE),
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
    kept = kept.replace("0" + MOBILE, "")
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
    assert reasons[8].startswith("type: note_hash 文书摘要 must be a digest of 4 to 128")
    assert archive.query("select distinct raw ->> 'note_hash' from raw.quarantine where row_number in (7, 8)") == [
        ("〔已删除〕",)
    ]
    assert archive.query("select note_hash from raw.patrol where patrol_id = 'P17'") == [("0" + MOBILE,)]


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
