"""Units over time: what is not told stays a gap, and the median is told of enough units only."""

from datetime import date

import pytest

from desk.management import aggregate
from desk.management.line import drawn
from desk.published.night import current
from tests.desk.management.bureau import quarters, tables, unit_row
from tests.desk.small_night import write_night

SHARE = aggregate.Measure("finding_share", "share", "share")


def days(count: int) -> list[date]:
    return quarters()[:count]


def test_a_quarter_that_is_not_told_breaks_the_line_and_is_no_zero():
    line = drawn(SHARE, days(5), [0.2, 0.4, None, 0.1, 0.2], [None] * 5)
    assert len(line.own) == 2 and line.points[2].y is None
    assert line.points[1].y < line.points[0].y < line.floor


def test_a_lone_quarter_is_a_point_and_no_line():
    line = drawn(SHARE, days(3), [None, 0.3, None], [None] * 3)
    assert line.own == () and line.points[1].y is not None and line.last is line.points[1]


def test_a_measure_that_is_never_told_has_no_picture():
    line = drawn(SHARE, days(2), [None, None], [None, None])
    assert line.highest is None and line.last is None


def test_a_figure_of_zero_in_all_quarters_lies_on_the_axis():
    line = drawn(SHARE, days(2), [0.0, 0.0], [None, None])
    assert [point.y for point in line.points] == [line.floor, line.floor]


def test_the_median_is_told_of_five_units_and_not_of_four(home):
    day = quarters()[-1]
    shares = [0.1, 0.2, 0.3, 0.4, 0.9]
    write_night(home, {"unit_aggregate": [unit_row(f"S{n}", day, finding_share=s) for n, s in enumerate(shares)]})
    assert aggregate.medians(current())[day]["finding_share"] == 0.3
    write_night(home, {"unit_aggregate": [unit_row(f"S{n}", day, finding_share=s) for n, s in enumerate(shares[:4])]})
    assert aggregate.medians(current())[day]["finding_share"] is None


@pytest.mark.django_db
def test_units_are_listed_for_the_latest_complete_quarter_and_in_the_order_asked_for(home, client_of):
    early, late = quarters()[-2:]
    rows = [
        unit_row("S1", early, finding_share=0.2),
        unit_row("S2", early, finding_share=None),
        unit_row("S3", early, finding_share=0.6),
        unit_row("S1", late, is_complete=False),
    ]
    write_night(home, {**tables(), "unit_aggregate": rows})
    response = client_of("management").get("/management/units/", {"order": "finding_share"})
    assert response.context["quarter"] == early
    assert [row["institution_id"] for row in response.context["rows"]] == ["S3", "S1", "S2"]


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["order=finding_share;drop table red_flag", "order=1", "quarter=never"])
def test_an_order_or_quarter_that_is_none_is_left_out(bureau, client_of, asked):
    response = client_of("management").get(f"/management/units/?{asked}")
    assert response.status_code == 200 and response.context["quarter"] == quarters()[-1]
    assert [row["institution_id"] for row in response.context["rows"]] == ["B", "S1", "S2", "S3", "S4", "S5"]


@pytest.mark.django_db
def test_one_unit_shows_its_figures_the_median_and_numbers_of_hints_only_as_published(bureau, client_of):
    response = client_of("management").get("/management/units/S1/")
    text = response.content.decode()
    assert "21.0 %" in text and "50.0 %" in text and "2026 Q2" in text
    counted = {str(row["label"]): row["cells"][1] for row in response.context["hints"]}
    assert list(counted.values()) == [(True, 0), (True, None)]
    assert "会指向个人的数字不予显示" in text


@pytest.mark.django_db
def test_small_units_are_told_in_the_row_of_the_unit_above_them(bureau, client_of):
    text = client_of("management").get("/management/units/B/").content.decode()
    assert "下属小单位合计" in text and "4.50" in text


@pytest.mark.django_db
def test_a_discipline_officer_is_refused_a_unit_outside_his_area_with_the_reason(bureau, client_of):
    client = client_of("discipline_officer", area=["S1"])
    assert client.get("/management/units/S1/").status_code == 200
    refused = client.get("/management/units/S2/")
    assert refused.status_code == 403 and "不在您的管辖范围内" in refused.content.decode()
    assert [row["institution_id"] for row in client.get("/management/units/").context["rows"]] == ["S1"]


@pytest.mark.django_db
def test_a_unit_that_does_not_exist_is_not_found(bureau, client_of):
    assert client_of("management").get("/management/units/S99/").status_code == 404


@pytest.mark.django_db
def test_a_night_without_aggregates_says_so_instead_of_showing_nothing(home, client_of):
    write_night(home, {"institution": tables()["institution"]}, absent=("unit_aggregate", "hint_aggregate"))
    client = client_of("management")
    assert "本晚未发布单位数字" in client.get("/management/units/").content.decode()
    text = client.get("/management/units/S1/").content.decode()
    assert "本晚未发布单位数字" in text and "本晚未发布疑点计数" in text
