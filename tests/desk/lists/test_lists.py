"""The lists on the desk: who sees which rows, what stands above them, and what leaves in a workbook."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from desk.access.pseudonym import pseudonym
from desk.audit.models import Entry
from desk.lists import key_industry, month, picture, task, unlicensed
from desk.lists.words import CHARGES, CLOSED_BY, STAGES, TASK_KINDS
from desk.published.night import current
from pipelines.contract import published_tables
from tests.desk.lists.bureau import NAMES, hot, tables
from tests.desk.lists.bureau import task as task_row
from tests.desk.small_night import write_night

pytestmark = pytest.mark.django_db
OF_MERCHANTS = ("key_industry_list", "hot_industry_list", "unlicensed_list")
OF_OFFICERS = ("officer_task_list", "officer_month_list")


@pytest.fixture
def night(home):
    write_night(home, tables())


def shown(client, name: str, query: str = "", language: str = "en") -> str:
    client.cookies["django_language"] = language
    response = client.get(reverse(name) + query)
    assert response.status_code == 200
    # a form's token is random letters, which may hold any short name
    return re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]*', r"\1", response.content.decode())


def workbook(client, name: str, query: str = "") -> dict[str, list[list]]:
    client.cookies["django_language"] = "en"
    response = client.get(reverse(name) + query)
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response.streaming_content)))
    return {sheet: book.get_sheet_by_name(sheet).to_python() for sheet in book.sheet_names}


def test_every_list_opens_in_both_languages_and_the_first_page_leads_to_each(night, client_of):
    client = client_of("management")
    overview = shown(client, "lists")
    for name in (*OF_MERCHANTS, *OF_OFFICERS):
        assert reverse(name) in overview
        assert "东所" in shown(client, name) and "东所" in shown(client, name, language="zh-hans")


def test_a_discipline_officer_reads_the_merchants_of_his_area_and_no_list_of_officers(night, client_of):
    client = client_of("discipline_officer", area=["S2"])
    assert "M3" in (text := shown(client, "key_industry_list")) and "M1" not in text
    assert "U3" in (text := shown(client, "unlicensed_list")) and "U1" not in text and "东所" not in text
    assert "西所" in (text := shown(client, "hot_industry_list")) and "东所" not in text
    assert not [name for name in OF_OFFICERS if reverse(name) in shown(client, "lists")]
    for name in OF_OFFICERS:
        assert client.get(reverse(name)).status_code == 403


def test_no_query_and_no_workbook_leads_out_of_an_area(night, client_of):
    client = client_of("discipline_officer", area=["S2"])
    assert "/merchant/M1/" not in shown(client, "key_industry_list", "?institution_id=S1&q=M1")
    assert "U1" not in shown(client, "unlicensed_list", "?institution_id=S1")
    for name in ("key_industry_export", "hot_industry_export", "unlicensed_export"):
        told = str(workbook(client, name))
        assert "西所" in told and "东所" not in told and "M1" not in told and "U1" not in told


def test_key_industries_say_by_unit_who_is_left_and_who_has_a_visit_planned(night, client_of):
    response = client_of("management").get(reverse("key_industry_list"))
    told = {
        row["name"]: (
            row["merchant_count"],
            row["visited_count"],
            row["share"],
            row["planned_count"],
            row["left_count"],
        )
        for row in response.context["by_unit"]
    }
    assert told == {"东所": (2, 1, 0.5, 1, 0), "西所": (1, 0, 0.0, 0, 1)}
    text = shown(client_of("management"), "key_industry_list", "?is_visited=no")
    assert "/merchants/merchant/M2/" in text and "/merchants/merchant/M1/" not in text and "2026-07-09" in text


def test_where_no_visit_was_delivered_a_share_is_a_dash_and_never_nought(home, client_of):
    rows = tables()
    rows["key_industry_coverage"] = [row | {"is_visited": None} for row in rows["key_industry_coverage"]]
    rows["hot_industry_coverage"] = [
        row | {"visited_count_365": None, "share_365": None, "is_met": None} for row in rows["hot_industry_coverage"]
    ]
    write_night(home, rows)
    client = client_of("management")
    assert [row["share"] for row in client.get(reverse("key_industry_list")).context["by_unit"]] == [None, None]
    (together,) = client.get(reverse("hot_industry_list")).context["together"]
    assert together["share_365"] is None and together["is_met"] is None
    assert "0.0 %" not in shown(client, "key_industry_list")


def test_hot_industries_together_are_those_that_the_reader_sees(night, client_of):
    (all_units,) = client_of("management").get(reverse("hot_industry_list")).context["together"]
    assert (all_units["merchant_count"], all_units["share_365"], all_units["is_met"]) == (4, 0.25, False)
    assert hot("all", 4, 1)["share_365"] == all_units["share_365"]
    own = client_of("discipline_officer", area=["S1"]).get(reverse("hot_industry_list")).context["together"]
    assert [(row["merchant_count"], row["visited_count_365"]) for row in own] == [(3, 1)]


def test_the_register_tells_late_stuck_and_coming_back_and_draws_the_stages(night, client_of):
    response = client_of("management").get(reverse("unlicensed_list"))
    rows = {row["name"]: row for row in response.context["by_unit"]}
    names = ("open_count", "unstaged_count", "late_count", "stuck_count", "repeat_count", "closed_count")
    assert [rows["东所"][name] for name in names] == [2, 0, 2, 1, 1, 0]
    assert [rows["西所"][name] for name in names] == [1, 1, 0, 0, 0, 1]
    bars = response.context["stages"].bars
    assert [(bar.open_count, bar.late_count) for bar in bars] == [(0, 0), (0, 0), (1, 1), (1, 1), *[(0, 0)] * 4]
    assert "U2" in (text := shown(client_of("management"), "unlicensed_list", "?is_stuck=yes")) and "U1" not in text


def test_the_bulletin_shows_the_rate_with_what_it_rests_on_and_goes_along_in_the_workbook(night, client_of):
    client = client_of("management")
    text = shown(client, "unlicensed_list", "?show=bulletin")
    assert "2.1 %" in text and ">48<" in text and "as its denominator" in text
    assert len(workbook(client, "unlicensed_export", "?show=bulletin")["Monthly bulletin"]) == 3
    assert [len(rows) for rows in workbook(client, "unlicensed_export", "?is_late=yes").values()][1] == 3


def test_of_the_register_no_officer_is_shown_to_who_reads_no_names_for_a_grid_has_one_publicly_named_person(
    night, client_of
):
    assert NAMES["OF001"] in shown(client_of("management"), "unlicensed_list")
    client = client_of("discipline_officer", area=["S1"])
    text, taken = shown(client, "unlicensed_list"), str(workbook(client, "unlicensed_export"))
    for told in (text, taken):
        assert "G1" in told and "U1" in told
        assert not [name for name in (pseudonym("OF001", current()), NAMES["OF001"], "OF001") if name in told]
    asked = client.get(reverse("unlicensed_list") + f"?q={pseudonym('OF001', current())}")
    assert asked.context["listed"].count == 0


def test_what_was_copied_to_others_waits_for_them_and_is_late_beside_nobodys_name(home, client_of):
    rows = tables()
    rows["unlicensed_register"][1] |= {"stage": "copied"}
    write_night(home, rows)
    client = client_of("management")
    answer = client.get(reverse("unlicensed_list") + "?is_late=others")
    assert [row["merchant_id"] for row in answer.context["listed"].found] == ["U2"]
    assert "等待其他部门" in (text := answer.content.decode()) and "按暂定期限(假定)" in text
    assert [row["late_count"] for row in answer.context["by_unit"]] == [1, 0]
    assert [bar.late_count for bar in answer.context["stages"].bars if bar.open_count] == [1, 0]
    assert client.get(reverse("unlicensed_list") + "?is_late=yes").context["listed"].count == 1


def test_the_work_of_officers_says_what_its_terms_do_not_count_and_what_is_lawful(night, client_of):
    text = shown(client_of("management"), "officer_month_list", language="zh-hans")
    assert "听证" in text and "事后补报" in text


def test_tasks_are_counted_by_unit_and_officer_with_planned_visits_apart(night, client_of):
    client = client_of("management")
    rows = {row["name"]: row for row in client.get(reverse("officer_task_list")).context["by_unit"]}
    names = ("overdue_count", "due_count", "upcoming_count", "nobody_count", "owed_count", "led_count")
    assert [rows["东所"][name] for name in names] == [1, 0, 0, 0, 0, 1]
    assert [rows["西所"][name] for name in names] == [0, 0, 0, 0, 1, 0]
    sheets = workbook(client, "officer_task_export", "?show=officers")
    by_officer = {row[0]: row[3:] for row in sheets["Tasks by officer"][1:]}
    assert by_officer == {"林一": [1, 0, 0, 0, "", 1, 0], "陈二": [0, 0, 0, 0, "", 0, 1]}
    assert "陈二" in shown(client, "officer_task_list", "?show=officers&q=OF002")


def with_matters(count: int, *, is_planned: bool = True) -> dict[str, list[dict]]:
    """The bureau, with so many matters of one officer who has nothing else, but a visit planned for one of them."""
    rows = tables()
    more = {"record_id": "matter_OF003", "officer_id": "OF003", "charge": "handler", "due_on": date(2026, 7, 11)}
    rows["officer_task"] += [
        task_row(10 + number, "matter", "due", **more, reason_en="a matter is due by 2026-07-11")
        for number in range(count)
    ]
    if is_planned:
        rows["officer_task"].append(
            task_row(
                10, "planned_visit", "due", **{**more, "charge": "lead"}, reason_en="a matter is due by 2026-07-11"
            )
        )
    return rows


@pytest.mark.parametrize("query", ["", "?charge=handler", "?kind=matter", "?due_on_from=2026-07-11", "?q=OF003"])
def test_a_matter_stands_in_no_row_and_no_workbook_and_tells_no_day(home, client_of, query):
    write_night(home, with_matters(4))
    client = client_of("management")
    told = shown(client, "officer_task_list", query)
    assert (
        not re.search("complaint|投诉", told, re.I) and 'value="handler"' not in told and 'value="matter"' not in told
    )
    for text in (told, str(workbook(client, "officer_task_export", query))):
        assert "a matter is due" not in text and "M11" not in text
    found = client.get(reverse("officer_task_list") + query).context["listed"].found
    assert not [row for row in found if row["kind"] == "matter" or row["due_on"] == date(2026, 7, 11)]


@pytest.mark.parametrize(("count", "expected"), [(4, None), (5, [0, 0, 0, 0, 5, 0, 0])])
def test_matters_are_counted_by_officer_from_five_on_and_by_no_unit(home, client_of, count, expected):
    write_night(home, with_matters(count, is_planned=False))
    client = client_of("management")
    rows = workbook(client, "officer_task_export", "?show=officers")["Tasks by officer"][1:]
    assert {row[1]: row[3:] for row in rows}.get("OF003") == expected
    units = client.get(reverse("officer_task_list")).context["by_unit"]
    assert sum(row["due_count"] + row["overdue_count"] for row in units) == 1 and "matter_count" not in units[0]


def test_what_a_merchant_owes_is_no_overdue_task_of_an_officer(home, client_of):
    rows = tables()
    rows["officer_task"] += [task_row(2, kind, "overdue") for kind in ("annual_report", "permit_expiry")]
    write_night(home, rows)
    client = client_of("management")
    assert client.get(reverse("officer_task_list") + "?urgency=1").context["listed"].count == 1
    owed = client.get(reverse("officer_task_list") + "?urgency=4&q=OF001").context["listed"].found
    assert {row["charge"] for row in owed} == {"merchant"} and len(owed) == 2
    assert "主体到期事项" in (text := shown(client, "officer_task_list", language="zh-hans")) and "岗位新人" in text
    counts = {row[1]: row[3:7] for row in workbook(client, "officer_task_export", "?show=officers")["Tasks by officer"]}
    assert counts["OF001"] == [1, 0, 0, 2]


def test_the_work_of_officers_is_read_by_name_and_the_log_says_by_whom(night, client_of):
    client = client_of("management", username="head")
    text = shown(client, "officer_month_list")
    assert "林一" in text and "95.0 %" in text and "fines are never a merit" in text
    entry = Entry.objects.filter(action="view").last()
    assert (entry.actor, entry.subject_kind, '"row_count":3' in entry.detail) == ("head", "officer_month", True)
    workbook(client, "officer_month_export", "?period=2026-06")
    exported = Entry.objects.filter(action="export").last()
    assert exported.subject == "officer_month_export" and '"row_count":1' in exported.detail


def test_nobody_can_be_ranked_by_a_figure_of_his_work_and_no_fine_is_among_them(night):
    listing = month.listing({}, month.periods(current()))
    sortable = {column.name for column in listing.columns if column.is_sortable}
    assert sortable == {"period", "institution_id", "officer", "officer_id"}
    assert not [column.name for column in listing.columns if column.tone or re.search("fine|yuan", column.name)]
    told = {name for name, _label in month.COUNTS} | {name for row in month.SHARES for name in (row[0], row[2])}
    rest = set(published_tables()["officer_month"].column_names) - told
    assert rest == {"as_of", "officer_id", "period", "is_complete", "institution_id", "reason_zh", "reason_en"}


def test_a_sort_by_a_figure_is_not_followed(night, client_of):
    client = client_of("management")
    order = re.compile(r"林一|陈二")
    plain = order.findall(shown(client, "officer_month_list"))
    assert order.findall(shown(client, "officer_month_list", "?sort=-led_visit_count")) == plain


def test_a_night_without_these_lists_says_so(home, client_of):
    write_night(home, tables(), absent=("key_industry_coverage", "officer_month"))
    client = client_of("management")
    client.raise_request_exception = False
    for name in ("key_industry_list", "officer_month_list"):
        assert client.get(reverse(name)).status_code == 503
    assert client.get(reverse("unlicensed_list")).status_code == 200


@pytest.mark.parametrize(
    ("table", "column", "words"),
    [
        ("unlicensed_register", "stage", STAGES),
        ("unlicensed_register", "closed_by", CLOSED_BY),
        ("officer_task", "kind", TASK_KINDS),
        ("officer_task", "charge", CHARGES),
    ],
)
def test_every_code_that_a_night_publishes_has_a_word(table, column, words):
    # matters, and the charge that they alone have, stand in no row; the merchant's own charge is the desk's
    untold = {"matter", "handler"} if table == "officer_task" else set()
    assert set(published_tables()[table].column(column).values) - untold == set(words) - {"merchant"}


@pytest.mark.parametrize(
    ("table", "listing"),
    [
        ("key_industry_coverage", key_industry.listing({})),
        ("unlicensed_register", unlicensed.listing({}, is_named=True)),
        ("officer_task", task.listing({})),
    ],
)
def test_the_columns_of_a_list_are_those_that_a_night_publishes(table, listing):
    own = {"name", "officer", "reason", "urgency"}
    assert {column.name for column in listing.columns} - own <= set(published_tables()[table].column_names)


def test_a_bar_is_as_long_as_the_most_and_without_any_open_matter_nothing_breaks():
    rows = [
        {"stage": "found", "open_count": 4, "late_count": 1},
        {"stage": "recorded", "open_count": 2, "late_count": 2},
    ]
    one, other = picture.drawn(rows, STAGES).bars
    assert (one.width, one.late_width, other.width) == (picture.ACROSS, picture.ACROSS / 4, picture.ACROSS / 2)
    assert picture.drawn([dict(row, open_count=0, late_count=0) for row in rows], STAGES).open_count == 0
