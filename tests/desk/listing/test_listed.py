"""Lists: search, filters, order and pages, all of it in the query string."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from desk.listing.column import Column
from desk.listing.listed import PAGE_SIZE, Listing
from desk.listing.source import NightSource, QuerySetSource
from desk.published.night import current
from tests.desk.listing.shops import LISTING, SELECT, asked, numbers, shop
from tests.desk.small_night import write_night


@pytest.fixture
def night(home):
    rows = [
        shop(1, percentile=0.5, overdue_days=3, is_overdue=True, next_due_on=date(2026, 6, 1)),
        shop(2, percentile=None, patrol_tier="D", grid_id="Bakery 100%_off", patrol_tier_reason_en="two orders"),
        shop(3, percentile=0.9, overdue_days=0, next_due_on=date(2026, 7, 1)),
        shop(4, percentile=0.5, grid_id="bakery south"),
        shop(5, percentile=1.0, institution_id="S2"),
    ]
    write_night(home, {"merchant_risk": rows})
    return current()


def test_rows_come_in_the_lists_own_order_with_what_is_unknown_last_and_ties_by_key(night):
    assert numbers(asked(night)) == ["M003", "M001", "M004", "M002"]
    assert numbers(asked(night, "sort=percentile")) == ["M001", "M004", "M003", "M002"]


def test_what_the_view_leaves_out_no_query_brings_back(night):
    assert "M005" not in numbers(asked(night, "q=M005")) + numbers(asked(night, "merchant_id=M005"))
    assert asked(night, "institution_id=S2").total == 4


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("patrol_tier=D", ["M002"]),
        ("percentile_from=60", ["M003"]),
        ("percentile_to=50", ["M001", "M004"]),
        ("overdue_days_from=1&overdue_days_to=3", ["M001"]),
        ("next_due_on_to=2026-06-30", ["M001"]),
        ("is_overdue=yes", ["M001"]),
        ("merchant_id=m00&q=BAKERY", ["M004", "M002"]),
    ],
)
def test_a_filter_keeps_what_was_asked_for(night, query, found):
    listed = asked(night, query)
    assert (numbers(listed), listed.count, listed.total) == (found, len(found), 4)


def test_a_wildcard_is_a_character_like_any_other(night):
    assert numbers(asked(night, "q=100%25_")) == ["M002"]
    assert numbers(asked(night, "q=%25")) == ["M002"]
    assert numbers(asked(night, "q=M_0")) == []


@pytest.mark.parametrize("text", ["' or 1=1 --", '"; drop table x; --', "$listing_limit", "\\", "%s", "{0}"])
def test_text_that_looks_like_sql_is_searched_for_as_text(night, text):
    from django.http import QueryDict

    query = QueryDict(mutable=True)
    for name in ("q", "merchant_id", "sort", "page"):
        query[name] = text
    assert numbers(asked(night, query.urlencode())) == []
    assert asked(night).count == 4


@pytest.mark.parametrize(
    "query", ["patrol_tier=X", "percentile_from=much", "next_due_on_from=2026-02-30", "q=" + "x" * 101]
)
def test_what_cannot_be_read_is_told_beside_its_field_and_left_out(night, query):
    listed = asked(night, query)
    assert listed.form.errors.keys() == {query.split("=")[0]}
    assert listed.count == 4


@pytest.mark.parametrize(
    "query", ["sort=password", "sort=--percentile", "page=0", "page=-1", "page=x", "page=²", "page=" + "9" * 40]
)
def test_an_order_or_page_that_is_none_shows_the_list_as_it_is(night, query):
    assert numbers(asked(night, query)) == ["M003", "M001", "M004", "M002"]


def test_a_list_is_cut_into_pages_that_hold_every_row_once(home):
    count = 2 * PAGE_SIZE + 7
    write_night(home, {"merchant_risk": [shop(number, percentile=0.5) for number in range(count)]})
    night, seen = current(), []
    for page in (1, 2, 3):
        listed = asked(night, f"page={page}&sort=patrol_tier")
        seen += numbers(listed)
        assert (listed.first_row, listed.last_row) == ((page - 1) * PAGE_SIZE + 1, min(page * PAGE_SIZE, count))
    assert sorted(set(seen)) == sorted(seen) and len(seen) == count
    assert asked(night, "page=99").page == asked(night, "page=3").page == 3
    assert asked(night, "page=1").previous_url is None and asked(night, "page=3").next_url is None


def test_links_keep_the_state_and_change_one_thing(night):
    listed = asked(night, "q=bakery&sort=percentile&page=1")
    by_name = {heading.label: heading for heading in listed.headings()}
    assert by_name["risk"].url == "?q=bakery&sort=-percentile" and by_name["risk"].sorted == "ascending"
    assert by_name["tier"].url == "?q=bakery&sort=patrol_tier" and by_name["tier"].sorted == ""
    assert listed.query == "?q=bakery&sort=percentile" and listed.hidden() == [("sort", "percentile")]


def test_cells_read_as_people_write_and_what_is_unknown_is_a_dash(night):
    cells = {cell.label: cell.text for cell in next(asked(night, "q=M001").rows())}
    assert cells == {
        "number": "M001", "name": "甲店", "tier": "tier A", "risk": "50.0 %", "days": "3 d", "due": "2026-06-01",
        "late": "是", "why": "–",
    }  # fmt: skip


def test_a_column_of_two_languages_follows_the_reader(night):
    with translation.override("en"):
        assert [cell.text for cell in next(asked(night, "q=M002").rows())][-1] == "two orders"
    assert [cell.text for cell in next(asked(night, "q=M002").rows())][-1] == "–"


@pytest.mark.django_db
def test_a_queryset_is_listed_by_the_same_rules():
    from django.test import RequestFactory

    from desk.audit.log import append
    from desk.audit.models import Entry

    for subject in ("a_b", "aXb", "x' or 1=1 --", "50%"):
        append(None, "look", "page", subject)
    listing = Listing(
        "Log", (Column("number", "number"), Column("subject", "what", is_searched=True)), ("number",), "-number", "none"
    )
    for query, found in [
        ("", [4, 3, 2, 1]),
        ("q=A_B", [1]),
        ("q=%25", [4]),
        ("q=' or 1=1", [3]),
        ("sort=subject", None),
    ]:
        listed = listing.listed(RequestFactory().get("/", query_params_of(query)), QuerySetSource(Entry.objects.all()))
        told = [row["number"] for row in listed.found]
        assert told == found if found else sorted(told) == [1, 2, 3, 4]


def query_params_of(query: str) -> dict[str, str]:
    from urllib.parse import parse_qsl

    return dict(parse_qsl(query))


def test_a_name_that_is_no_identifier_is_refused_where_it_is_declared():
    with pytest.raises(ValueError, match="no name of a column"):
        Column('a" from b --', "x")
    with pytest.raises(ValueError, match="must be one of them"):
        Listing("x", (Column("a", "a"),), ("a",), "b", "")


def test_rows_for_an_export_are_all_that_the_filters_leave_in_the_same_order(night):
    from django.http import QueryDict

    source = NightSource(night, SELECT, {"institution_id": "S1"})
    rows = LISTING.stream(source, QueryDict("patrol_tier=A&page=3"))
    assert [row["merchant_id"] for row in rows] == ["M003", "M001", "M004"]
