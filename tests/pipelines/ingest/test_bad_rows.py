"""Every defect that a row may have sends that row, with its reason, to quarantine, and no other."""

import json

DEFECTS = [
    ({"finding_count": "many"}, "type: finding_count"),
    ({"finding_count": "2.5"}, "type: finding_count"),
    ({"latitude": "north"}, "type: latitude"),
    ({"started_at": "yesterday"}, "type: started_at"),
    ({"started_at": "2026-02-30 09:30:00"}, "type: started_at"),
    ({"note_hash": "短"}, "type: note_hash"),
    ({"result": "splendid"}, "enum: result"),
    ({"visit_kind": "Routine"}, "enum: visit_kind"),
    ({"patrol_id": ""}, "missing: patrol_id"),
    ({"merchant_id": "  "}, "missing: merchant_id"),
    ({"result": ""}, "missing: result"),
    ({"finding_count": "-1"}, "range: finding_count"),
    ({"latitude": "91"}, "range: latitude"),
    ({"longitude": "-180.5"}, "range: longitude"),
    ({"started_at": "1899-12-31 09:30:00"}, "range: started_at"),
    ({"merchant_id": "M404"}, "unknown_reference: merchant_id"),
    ({"lead_officer_id": "O404"}, "unknown_reference: lead_officer_id"),
    ({"co_officer_id": "O404"}, "unknown_reference: co_officer_id"),
    ({"ended_at": "2026-06-01 09:29:59"}, "ended_before_started: "),
    ({"entered_at": "2026-05-31 23:59:59"}, "entered_before_started: "),
    ({"severe_finding_count": "2"}, "more_severe_than_all: "),
    (
        {"started_at": "2026-07-01 00:00:00", "ended_at": "2026-06-30", "entered_at": ""},
        "later_than_delivery: started_at",
    ),
    ({"ended_at": "2026-07-01 00:00:00"}, "later_than_delivery: ended_at"),
]


def test_every_bad_row_goes_to_quarantine_with_its_reason_and_every_good_row_goes_on(begun, patrol):
    rows = []
    for number, (changes, _) in enumerate(DEFECTS):
        rows += [patrol(f"good {number:02}"), patrol(f"bad {number:02}") | changes]
    delivery = begun.take_in({"patrol": rows})
    # The header is row 1, so every bad row has an odd number.
    reasons = begun.reasons("patrol")
    expected = {2 * number + 3: reason for number, (_, reason) in enumerate(DEFECTS)}
    assert {row: text[: len(expected[row])] for row, text in sorted(reasons.items())} == expected
    assert begun.query("select distinct table_name, source_file from raw.quarantine") == [("patrol", "patrol.csv")]
    assert begun.query("select patrol_id from raw.patrol where delivery_number = 2 order by 1") == [
        (f"good {number:02}",) for number in range(len(DEFECTS))
    ]
    assert delivery.tables["patrol"].model_dump() == {
        "rows_in": 2 * len(DEFECTS),
        "kept": len(DEFECTS),
        "quarantined": len(DEFECTS),
        "collapsed": 0,
        "refused": 0,
    }


OTHER_DEFECTS = [
    (
        "penalty",
        {"fine_yuan": "-500"},
        "range: fine_yuan 罚款 must be 0 to 10000000000 (不得为负，也不得过大) (found: -500)",
    ),
    ("penalty", {"is_first_offence": "maybe"}, "type: is_first_offence"),
    ("penalty", {"decided_on": "2026-06-04"}, "decided_before_filed: "),
    ("penalty", {"decided_on": "2026-06-20 14:30:00"}, "type: decided_on"),
    ("merchant", {"closed_on": "2020-04-30"}, "closed_before_registered: "),
    ("merchant", {"grid_id": "G404"}, "unknown_reference: grid_id"),
    ("complaint", {"accepted_at": "2026-06-01 23:00"}, "accepted_before_received: "),
    ("posting", {"started_on": "2026-07-01"}, "later_than_delivery: started_on"),
]


def test_every_table_has_its_own_rules(begun, bureau):
    tables: dict[str, list] = {}
    expected: dict[tuple[str, int], str] = {}
    for table_name, changes, reason in OTHER_DEFECTS:
        rows = tables.setdefault(table_name, [])
        rows.append(bureau[table_name][0] | changes)
        expected[table_name, len(rows) + 1] = reason
    begun.take_in(tables)
    found = {(name, row): text for name in tables for row, text in begun.reasons(name).items()}
    assert {place: text[: len(expected[place])] for place, text in found.items()} == expected


def test_one_row_may_have_several_reasons(begun, patrol):
    begun.take_in({"patrol": [patrol("P10", result="splendid", finding_count="-3", merchant_id="M404")]})
    codes = [reason.split(":")[0] for reason in begun.reasons("patrol")[2].split("; ")]
    assert codes == ["unknown_reference", "enum", "range", "more_severe_than_all"]


def test_the_quarantine_shows_the_row_and_its_key(begun, patrol):
    begun.take_in({"patrol": [patrol("P10", result="splendid")]})
    ((key, raw),) = begun.query("select record_key, raw from raw.quarantine")
    assert key == "P10"
    assert json.loads(raw) == patrol("P10", result="splendid")


def test_a_date_that_may_lie_ahead_is_good(begun, bureau):
    delivery = begun.take_in({"filing": [bureau["filing"][0] | {"due_on": "9999-12-31"}]})
    assert delivery.tables["filing"].kept == 1


def test_the_last_moment_of_the_day_of_delivery_is_not_later(begun, patrol):
    delivery = begun.take_in({"patrol": [patrol("P10", entered_at="2026-06-30 23:59:59")]})
    assert delivery.tables["patrol"].kept == 1


def test_a_row_whose_parent_is_bad_is_bad_and_says_so(archive, bureau):
    bureau["merchant"][1]["status"] = "unheard of"
    archive.take_in(bureau)
    assert archive.reasons("merchant")[3].startswith("enum: status")
    for table_name, rows in (("patrol", [3, 5]), ("complaint", [3])):
        reasons = archive.reasons(table_name)
        assert list(reasons) == rows
        assert all("merchant_id 主体编号 is not among the good rows of merchant" in text for text in reasons.values())
    assert archive.query("select count(*) from raw.patrol") == [(2,)]


def test_a_parent_in_the_same_table_must_be_good_and_so_must_its_parent(archive, bureau):
    bureau["institution"] += [
        {"institution_id": "A1", "name": "甲", "kind": "team", "parent_id": "A2"},
        {"institution_id": "A2", "name": "乙", "kind": "team", "parent_id": "A3"},
        {"institution_id": "A3", "name": "", "kind": "team", "parent_id": "B0"},
        {"institution_id": "A4", "name": "丁", "kind": "team", "parent_id": "A5"},
        {"institution_id": "A5", "name": "戊", "kind": "team", "parent_id": "A4"},
    ]
    archive.take_in(bureau)
    reasons = archive.reasons("institution")
    assert {row: text.split(":")[0] for row, text in reasons.items()} == {
        5: "unknown_reference",
        6: "unknown_reference",
        7: "missing",
    }
    assert archive.query("select count(*) from raw.institution") == [(5,)]


def test_rows_alike_in_every_column_are_kept_once_and_noted(begun, patrol):
    delivery = begun.take_in({"patrol": [patrol("P10"), patrol("P11"), patrol("P10"), patrol("P10")]})
    rows = delivery.tables["patrol"]
    assert (rows.rows_in, rows.kept, rows.quarantined, rows.collapsed) == (4, 2, 0, 2)
    assert any(note.startswith("patrol: 2 of 4 rows repeat another one in every column") for note in delivery.notes)


def test_spelling_does_not_make_rows_differ(begun, patrol):
    rows = [patrol("P10"), patrol("P10", result="正常", started_at="2026/6/1 9:30", finding_count="1.0")]
    assert begun.take_in({"patrol": rows}).tables["patrol"].collapsed == 1


def test_of_differing_rows_with_one_key_the_last_stays_and_is_named(begun, patrol):
    versions = [patrol("P10", finding_count=count) for count in ("1", "2", "1", "3")]
    delivery = begun.take_in({"patrol": [*versions, patrol("P11")]})
    rows = delivery.tables["patrol"]
    assert (rows.rows_in, rows.kept, rows.quarantined, rows.collapsed) == (5, 2, 2, 1)
    assert begun.query("select finding_count from raw.patrol where patrol_id = 'P10'") == [(3,)]
    reasons = begun.reasons("patrol")
    assert list(reasons) == [3, 4]
    assert all(
        text.startswith("duplicate_key: patrol_id was delivered again in row 5 of patrol.csv")
        for text in reasons.values()
    )


def test_a_bad_row_does_not_push_out_a_good_one_with_its_key(begun, patrol):
    delivery = begun.take_in({"patrol": [patrol("P10"), patrol("P10", result="splendid")]})
    assert delivery.tables["patrol"].kept == 1
    assert begun.reasons("patrol")[3].startswith("enum: result")


def test_a_key_of_several_columns_is_followed_as_one(begun):
    items = [
        {"patrol_id": "P1", "item": "contract", "result": "normal"},
        {"patrol_id": "P1", "item": "advertising", "result": "normal"},
        {"patrol_id": "P1", "item": "contract", "result": "problem"},
        {"patrol_id": "P404", "item": "contract", "result": "normal"},
    ]
    begun.take_in({"patrol_item": items})
    assert begun.query("select row_number, record_key from raw.quarantine order by 1") == [
        (2, "P1|contract"),
        (5, "P404|contract"),
    ]
    assert begun.query("select item, result from raw.patrol_item order by 1") == [
        ("advertising", "normal"),
        ("contract", "problem"),
    ]


def test_the_notes_count_the_quarantine_and_name_the_first_row(begun, patrol):
    delivery = begun.take_in({"patrol": [patrol("P10"), patrol("P11", result="x"), patrol("", result="y")]})
    assert delivery.notes == (
        "patrol: 2 of 3 rows are in quarantine (enum 2, missing 1; first: row 3 of patrol.csv). "
        "Correct and deliver them again.",
    )
