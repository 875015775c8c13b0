"""The auditor's pages: who did what, whether the chain is whole, and what looking at it leaves behind."""

import ast
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from python_calamine import CalamineWorkbook

from desk.audit import append_only, log, views
from desk.audit.models import Entry
from desk.audit.words import ACTIONS
from tests.desk.message import DESK
from tests.desk.small_night import write_night

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(home, client_of):
    write_night(home)
    return client_of("auditor", username="auditor")


@pytest.fixture
def written(user_of):
    """Three entries of two people."""
    one, two = user_of("management", username="one"), user_of("operator", username="two")
    return [
        log.append(one, "view", "rotation", "2026-06-30", {"row_count": 3}),
        log.append(two, "refused", "page", "/flags/", {"code": "role"}),
        log.append(one, "export", "page", "rotation_export", {"row_count": 3}),
    ]


@pytest.fixture
def open_table(db):
    """The table of the log without its triggers, as whoever owns the database could make it."""
    with connection.cursor() as cursor:
        for event in append_only.EVENTS[connection.vendor]:
            cursor.execute(f"drop trigger audit_entry_no_{event}")


def shown(response) -> list[int]:
    return [row["number"] for row in response.context["listed"].found]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"actor": "one"}, [3, 1]),
        ({"action": "refused"}, [2]),
        ({"subject": "rotation"}, [3]),
        ({"actor": "one", "action": "view"}, [1]),
        ({"actor": "' or 1=1 --"}, []),
    ],
)
def test_the_log_is_filtered_by_actor_action_and_subject(auditor, written, asked, found):
    assert shown(auditor.get("/audit/", asked)) == found


def test_the_log_is_filtered_by_the_bureaus_own_days(auditor, written):
    today = timezone.localdate()
    assert 1 in shown(auditor.get("/audit/", {"day_from": today.isoformat(), "day_to": today.isoformat()}))
    assert shown(auditor.get("/audit/", {"day_to": (today - timedelta(days=1)).isoformat()})) == []


def test_number_and_hash_of_the_last_entry_stand_on_top(auditor, written):
    text = auditor.get("/audit/").content.decode()
    number, last_hash = log.head()
    assert number == 4 and last_hash in text


def test_looking_is_an_entry_once_an_hour_and_not_once_a_click(auditor, monkeypatch):
    looks = Entry.objects.filter(actor="auditor", action="view")
    earlier = timezone.now() - timedelta(minutes=61)
    with monkeypatch.context() as clock:
        clock.setattr(timezone, "now", lambda: earlier)
        log.append_hourly(auditor.user, "view", "page", "audit_log")
        log.append_hourly(auditor.user, "view", "page", "audit_log")
    assert looks.count() == 1
    for _ in range(3):
        auditor.get("/audit/")
    assert looks.count() == 2


def test_one_reader_looking_does_not_hide_that_another_looks(auditor, client_of):
    auditor.get("/audit/")
    client_of("auditor", username="second").get("/audit/")
    assert set(Entry.objects.filter(action="view").values_list("actor", flat=True)) == {"auditor", "second"}


def test_a_whole_chain_is_said_to_be_whole_and_checking_all_of_it_is_an_entry(auditor, written):
    assert "完整且有序" in auditor.get("/audit/").content.decode()
    response = auditor.get("/audit/", {"check": "all"})
    assert response.context["is_whole"] and not response.context["faults"]
    assert Entry.objects.filter(action="check").count() == 1


def test_a_changed_entry_is_named_in_the_readers_language(auditor, written, open_table):
    Entry.objects.filter(number=2).update(actor="somebody")
    assert "第 2 条被改动" in auditor.get("/audit/").content.decode()
    auditor.cookies["django_language"] = "en"
    text = auditor.get("/audit/").content.decode()
    assert "Entry 2 was changed." in text and "The chain is broken" in text


def test_a_gap_is_named(auditor, written, open_table):
    Entry.objects.filter(number=2).delete()
    faults = auditor.get("/audit/").context["faults"]
    assert faults == ["第 3 条之前有缺失。", "第 3 条与前一条不衔接。"]


def test_an_old_change_is_found_when_the_whole_chain_is_asked_for(auditor, written, open_table, monkeypatch):
    """Every look checks the latest entries alone, and says so."""
    monkeypatch.setattr(views, "RECENT", 2)
    Entry.objects.filter(number=1).update(actor="somebody")
    recent = auditor.get("/audit/")
    assert not recent.context["faults"] and not recent.context["is_whole"] and "check=all" in recent.content.decode()
    assert auditor.get("/audit/", {"check": "all"}).context["faults"] == ["第 1 条被改动。"]


def test_a_change_among_the_latest_entries_is_found_without_the_older_ones(auditor, written, open_table, monkeypatch):
    monkeypatch.setattr(views, "RECENT", 2)
    Entry.objects.filter(number=3).update(detail="{}")
    assert auditor.get("/audit/").context["faults"] == ["第 3 条被改动。"]


def test_the_workbook_holds_whole_hashes_and_taking_it_out_is_an_entry(auditor, written):
    response = auditor.get("/audit/export/", {"actor": "two"})
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response.streaming_content)))
    rows = book.get_sheet_by_index(1).to_python()
    assert len(rows) == 2 and written[1].hash in rows[1]
    assert Entry.objects.filter(actor="auditor", action="export", subject="audit_export").count() == 1


@pytest.mark.parametrize("role", ["discipline_officer", "supervision_specialist", "management", "operator"])
@pytest.mark.parametrize("address", ["/audit/", "/audit/export/"])
def test_nobody_but_an_auditor_reads_the_log(home, client_of, role, address):
    write_night(home)
    assert client_of(role).get(address).status_code == 403


def test_every_action_that_the_desk_writes_into_the_log_has_its_words():
    """An auditor who reads codes has to ask somebody what they mean."""
    place = {"append": 1, "append_hourly": 1, "_kept": 2}
    written = set()
    for path in sorted(DESK.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in place:
                action = node.args[place[node.func.id]]
                either = [action.body, action.orelse] if isinstance(action, ast.IfExp) else [action]
                written |= {word.value for word in either if isinstance(word, ast.Constant)}
    assert {"sign_in", "refused", "export", "decided", "unmasked", "user_opened"} <= written
    assert not written - set(ACTIONS)
