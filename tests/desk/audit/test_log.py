"""The log only grows, every entry follows the one before, and whatever is changed in it is found."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, connections, transaction
from hypothesis import given
from hypothesis import strategies as st

from desk.audit.append_only import lay, lift
from desk.audit.log import GENESIS, append, append_hourly, breaks, canonical, faults, hash_of, head
from desk.audit.models import Entry

both = pytest.mark.both_databases
TEXT = st.text(max_size=12)


@pytest.fixture
def five(db) -> list[Entry]:
    return [append(None, "view", "flag", f"f{number}", {"number": number}) for number in range(1, 6)]


def changed(*statements: str) -> None:
    """What somebody does who may write the schema."""
    with connection.schema_editor() as editor:
        lift(editor, "audit_entry")
    try:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    finally:
        with connection.schema_editor() as editor:
            lay(editor, "audit_entry")


@both
@pytest.mark.django_db
def test_every_entry_follows_the_one_before(five):
    assert [entry.number for entry in five] == [1, 2, 3, 4, 5]
    assert five[0].previous_hash == GENESIS
    assert all(later.previous_hash == entry.hash for entry, later in zip(five, five[1:], strict=False))
    assert head() == (5, five[-1].hash)
    assert faults() == []


@pytest.mark.django_db
def test_a_log_without_entries_has_no_fault_and_a_head_of_nothing():
    assert (faults(), head()) == ([], (0, GENESIS))


@both
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("statements", "sentences"),
    [
        (["update audit_entry set detail = '{}' where number = 3"], ["audit: entry 3 was changed"]),
        (["update audit_entry set actor = 'other' where number = 1"], ["audit: entry 1 was changed"]),
        (
            ["delete from audit_entry where number = 2"],
            ["audit: entries are missing before entry 3", "audit: entry 3 does not follow the entry before it"],
        ),
        (
            [
                f"update audit_entry set number = {after} where number = {before}"
                for before, after in [(2, 9), (3, 2), (9, 3)]
            ],
            [
                "audit: entry 2 does not follow the entry before it",
                "audit: entry 2 was changed",
                "audit: entry 3 does not follow the entry before it",
                "audit: entry 3 was changed",
                "audit: entry 4 does not follow the entry before it",
            ],
        ),
    ],
    ids=["detail", "actor", "removed", "other order"],
)
def test_any_change_gap_or_other_order_is_found(five, statements, sentences):
    changed(*statements)
    assert faults() == sentences


@both
@pytest.mark.django_db(transaction=True)
def test_an_entry_that_was_written_anew_with_its_hash_breaks_the_chain_behind_it(five):
    entry = five[2]
    entry.actor = "nobody"
    changed(f"update audit_entry set actor = 'nobody', hash = '{hash_of(entry)}' where number = 3")
    assert faults() == ["audit: entry 4 does not follow the entry before it"]


@pytest.mark.django_db(transaction=True)
def test_entries_cut_off_at_the_end_are_found_by_a_head_that_was_told(five):
    told = head()
    changed("delete from audit_entry where number > 3")
    assert faults() == []
    assert faults(heads=[told]) == ["audit: the log ends before entry 5, whose hash was told when it was the last"]


@pytest.mark.django_db(transaction=True)
def test_a_log_that_was_written_anew_as_a_whole_is_found_by_a_head_that_was_told(five):
    told = [(3, five[2].hash), (0, GENESIS)]
    assert faults(heads=told) == []
    changed("delete from audit_entry")
    for number in range(1, 6):
        append(None, "view", "flag", f"other {number}")
    assert faults() == []
    assert faults(heads=told) == ["audit: entry 3 is not the one whose hash was told when it was the last"]


@pytest.mark.django_db
def test_a_part_of_the_log_is_held_against_the_entry_before_it(five):
    assert breaks(Entry.objects.filter(number__gt=3), after=five[2]) == []
    assert [found.code for found in breaks(Entry.objects.filter(number__gt=3), after=five[1])] == [
        "missing",
        "unchained",
    ]


@both
@pytest.mark.django_db
@pytest.mark.parametrize("change", ["update audit_entry set actor = 'x'", "delete from audit_entry"])
def test_the_database_itself_refuses_to_change_or_remove_an_entry(five, change):
    with pytest.raises(DatabaseError, match="rows are only added"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert head()[0] == 5


@both
@pytest.mark.django_db
def test_an_entry_stands_or_falls_with_what_it_tells_of(five):
    with pytest.raises(RuntimeError), transaction.atomic():
        append(None, "decide", "flag", "f1")
        raise RuntimeError("the decision failed")
    assert head() == (5, five[-1].hash)


@both
@pytest.mark.django_db(transaction=True)
def test_many_who_write_at_once_make_one_chain():
    begin, failed = threading.Barrier(6), []

    def write(who: int) -> None:
        try:
            begin.wait()
            for turn in range(5):
                with transaction.atomic():
                    # a read before the entry, as a decision reads its flag
                    Entry.objects.count()
                    append(None, "decide", "flag", f"{who}-{turn}")
        except Exception as error:  # told below: an assertion in a thread reaches nobody
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=[who]) for who in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert head()[0] == 30
    assert faults() == []


@both
@pytest.mark.django_db
def test_what_one_database_would_not_keep_is_written_so_that_both_do():
    entry = append(None, "refused", "page", "/a\0b\ud800" + "长" * 300, {"path": "c\0d\ud801", "who": "张"})
    entry.refresh_from_db()
    assert "\0" not in entry.subject and len(entry.subject) == 200
    assert "张" in entry.detail
    assert faults() == []


def test_a_detail_is_written_the_same_for_the_same_content():
    assert canonical({"b": 1, "a": [date(2026, 6, 30), Decimal("1.50")]}) == '{"a":["2026-06-30","1.50"],"b":1}'
    assert canonical({"a": 1, "b": 2}) == canonical({"b": 2, "a": 1})


@pytest.mark.parametrize("value", [{1, 2}, object(), float("nan"), b"bytes"])
def test_a_detail_that_has_no_one_spelling_is_refused(value):
    with pytest.raises((TypeError, ValueError)):
        canonical({"a": value})


@given(st.lists(TEXT, min_size=7, max_size=7), st.lists(TEXT, min_size=7, max_size=7))
def test_other_fields_have_another_hash(one, other):
    entries = [Entry(1, *fields) for fields in (one, other)]
    assert (hash_of(entries[0]) == hash_of(entries[1])) == (one == other)


@pytest.mark.django_db
def test_a_look_is_written_once_an_hour(user_of):
    user = user_of("auditor", username="reader")
    assert append_hourly(user, "view", "page", "audit_log") is not None
    assert append_hourly(user, "view", "page", "audit_log") is None
    assert append_hourly(user, "view", "page", "quality") is not None


@pytest.mark.django_db
def test_a_log_without_waiting_writers_is_refused(monkeypatch):
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL has its own lock")
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "transaction_mode", "DEFERRED")
    with pytest.raises(RuntimeError, match="IMMEDIATE"):
        append(None, "view", "flag", "f1")
