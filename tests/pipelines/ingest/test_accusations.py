"""An accusation about the head is refused at the door and only counted (work rules on accusations, article 15)."""

from .small_bureau import csv_text, write_csv


def accusation(number: int, officer_id: str, **changes: str) -> dict[str, object]:
    return {
        "complaint_id": f"Q{number}",
        "received_at": "2026-06-02 11:00:00",
        "kind": "accusation",
        "channel": "12388",
        "officer_id": officer_id,
        "category": "不应外传",
    } | changes


def test_an_accusation_about_the_head_is_refused_and_only_counted(begun):
    rows = [
        accusation(1, "O9"),
        accusation(2, "O1"),
        accusation(3, "O9", kind="检举控告", received_at="never", channel="?"),
        accusation(4, "O9", kind="consumer_complaint"),
    ]
    source = write_csv(begun.next_source(), {"complaint": rows})
    with (source / "complaint.csv").open("a", encoding="utf-8") as file:
        file.write('Q5,2026-06-02,accusation,12388," O9",不应外传,one field too many\n')
        file.write("Q6,2026-06-02,accusation,12388,O1,other,one field too many\n")
    delivery = begun.take_in(source)
    assert delivery.tables["complaint"].model_dump() == {
        "rows_in": 6,
        "kept": 2,
        "quarantined": 1,
        "collapsed": 0,
        "refused": 3,
    }
    kept = begun.everything_kept()
    assert "Q2" in kept and "Q4" in kept and "Q6" in kept
    assert not any(f"Q{number}" in kept for number in (1, 3, 5))
    assert any(
        note.startswith("complaint: 3 accusations about an officer of rank head were refused")
        for note in delivery.notes
    )


def test_who_was_ever_head_in_any_row_counts_as_head(begun, bureau):
    officer = bureau["officer"][0]
    begun.take_in({"officer": [officer | {"officer_id": "O5", "rank": "正职", "institution_id": "S404"}]})
    begun.take_in({"officer": [officer | {"officer_id": "O9", "rank": "staff"}, officer | {"officer_id": "O5"}]})
    delivery = begun.take_in({"complaint": [accusation(1, "O9"), accusation(2, "O5"), accusation(3, "O2")]})
    assert (delivery.tables["complaint"].refused, delivery.tables["complaint"].kept) == (2, 1)


def test_a_mapped_accusation_is_refused_too(begun):
    source = begun.next_source()
    (source / "complaint.csv").write_text(csv_text([accusation(1, "O9", kind="信访件")]), encoding="utf-8")
    (source / "mapping.toml").write_text('[complaint.values.kind]\n"信访件" = "accusation"\n', encoding="utf-8")
    assert begun.take_in(source).tables["complaint"].refused == 1
