"""Rotation reminders as management and a discipline officer read them."""

import io
import re

import pytest
from python_calamine import CalamineWorkbook

from desk.access.pseudonym import pseudonym
from desk.audit.models import Entry
from desk.management.years import drawn
from desk.published.night import current
from tests.desk.management.bureau import NAMES, reminder, tables
from tests.desk.small_night import write_night

pytestmark = pytest.mark.django_db
LIMITS = {"watch": 3.0, "due": 5.0, "overdue": 6.0}


def rows_of(response) -> list[str]:
    """Text of each row of the list."""
    body = response.content.decode().split("<tbody>")[-1]
    return [re.sub(r"<[^>]+>|\s+", " ", row) for row in body.split("<tr>")[1:]]


def test_management_reads_names_the_furthest_clock_first(bureau, client_of):
    rows = rows_of(client_of("management").get("/management/rotation/"))
    assert [name for row in rows for name in NAMES.values() if name in row] == ["林一", "林一", "陈二", "王三"]
    assert "超期" in rows[0] and "7.2" in rows[0] and "任职7.25年" in rows[0]


def test_a_discipline_officer_reads_pseudonyms_of_his_own_area_alone(bureau, client_of):
    response = client_of("discipline_officer", area=["S2"]).get("/management/rotation/")
    text = response.content.decode()
    assert len(rows_of(response)) == 1 and "西所" in text
    assert not [told for told in (*NAMES, *NAMES.values(), "东所") if told in text]


def test_beside_a_pseudonym_years_are_whole_and_no_text_tells_them_closer(bureau, client_of):
    client = client_of("discipline_officer", area=["S1"])
    response = client.get("/management/rotation/")
    text = response.content.decode()
    assert sorted(row["years"] for row in response.context["listed"].found) == [5, 7, 8]
    assert not [exact for exact in ("7.2", "8.5", "5.1", "任职") if exact in "".join(rows_of(response))]
    assert "整年" in text
    assert {row["from"] % 1 for picture in response.context["pictures"] for row in picture.rows} == {0.0}
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(b"".join(client.get("/management/rotation/export/").streaming_content))
    )
    assert "7.25" not in str(book.get_sheet_by_index(1).to_python())


def test_searching_never_finds_a_person_whose_name_the_reader_may_not_read(bureau, client_of):
    client = client_of("discipline_officer", area=["S1", "S2"])
    for asked in ("林一", "OF001"):
        assert client.get("/management/rotation/", {"q": asked}).context["listed"].count == 0
    assert client_of("management").get("/management/rotation/", {"q": "林一"}).context["listed"].count == 2


def test_the_page_says_that_a_reminder_is_staffing_and_no_suspicion_in_both_languages(bureau, client_of):
    client = client_of("management")
    assert "轮岗提醒是人员安排事项" in client.get("/management/rotation/").content.decode()
    client.cookies["django_language"] = "en"
    assert "Years on a post say nothing against anybody" in client.get("/management/rotation/").content.decode()


def test_every_look_at_these_names_is_an_entry_of_the_log(bureau, client_of):
    client = client_of("management")
    client.get("/management/rotation/", {"clock": "post"})
    entry = Entry.objects.get(action="view")
    assert (entry.actor, entry.subject_kind, entry.subject) == (client.user.username, "rotation", "2026-06-30")
    assert '"row_count":2' in entry.detail and "clock=post" in entry.detail


def test_a_proposed_move_is_told_with_where_to_when_and_with_whom(home, client_of):
    moved = {"to_post": "patrol", "to_institution_id": "S2", "swap_with_officer_id": "OF002"}
    write_night(home, {**tables(), "rotation_plan": [reminder("OF001", "due", "post", 5.5, **moved)]})
    response = client_of("management").get("/management/rotation/")
    row = rows_of(response)[0]
    assert "巡查" in row and "西所" in row and "陈二" in row
    text = client_of("discipline_officer", area=["S1"]).get("/management/rotation/").content.decode()
    assert pseudonym("OF001", current()) in text and pseudonym("OF002", current()) not in text


def test_a_night_without_moves_says_so_and_shows_no_empty_columns(bureau, client_of):
    text = client_of("management").get("/management/rotation/").content.decode()
    assert "不提出方案" in text and "对调人员" not in text


def test_the_workbook_holds_what_the_filters_leave_and_no_more(bureau, client_of):
    response = client_of("management").get("/management/rotation/export/", {"unit_id": "S2"})
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response.streaming_content)))
    rows = book.get_sheet_by_index(1).to_python()
    assert len(rows) == 2 and "王三" in rows[1] and "OF003" in rows[1]
    assert Entry.objects.filter(action="export", subject="rotation_export").count() == 1


def test_units_are_counted_by_clock_and_status(bureau, client_of):
    table = client_of("management").get("/management/rotation/").context["by_unit"]
    # post, station, grid; each overdue, due, to watch
    assert [(row["unit"], row["cells"]) for row in table] == [
        ("S1", [1, 1, 0, 0, 1, 0, 0, 0, 0]),
        ("S2", [0, 0, 0, 0, 0, 0, 0, 0, 1]),
    ]


def test_a_night_without_registers_shows_identifiers_and_no_error(home, client_of):
    made = tables()
    write_night(home, {"rotation_plan": made["rotation_plan"]}, absent=("officer", "institution"))
    assert "OF001" in rows_of(client_of("management").get("/management/rotation/"))[0]


def test_nobody_due_says_where_the_limits_stand(home, client_of):
    write_night(home, {**tables(), "rotation_plan": []})
    response = client_of("management").get("/management/rotation/")
    assert response.status_code == 200 and "没有人达到开始关注的年限" in response.content.decode()


def test_bars_stack_by_status_and_stand_where_their_years_lie():
    rows = [
        reminder("OF001", "due", "post", 5.2),
        reminder("OF002", "watch", "post", 5.4),
        reminder("OF003", "watch", "post", 3.0),
    ]
    picture = drawn("post", rows, LIMITS)
    assert [(bar.status, bar.count) for bar in picture.bars] == [("watch", 1), ("due", 1), ("watch", 1)]
    at_five = [bar for bar in picture.bars if bar.x == picture.limits[1].x]
    assert at_five[0].y == at_five[1].y + at_five[1].height
    assert picture.rows[1] == {"from": 5.0, "to": 5.5, "cells": [0, 1, 1]}


def test_a_clock_far_beyond_its_limit_stays_inside_the_picture():
    picture = drawn("post", [reminder("OF001", "overdue", "post", 31.7)], LIMITS)
    assert all(picture.left <= bar.x and bar.x + bar.width <= picture.right for bar in picture.bars)
    assert len(picture.ticks) <= 14
