"""Pages: everything shown is escaped but our own pictures, nothing is loaded, and what is missing is said."""

import re

import jinja2
import pytest

from pipelines.page import FOLDER, Column, _templates, drawn, number, rendered
from pipelines.pictures import calibration_picture

HEAD = '{% from "part.html" import both, interval, table, figure, facts %}'


def shown(text: str, **values) -> str:
    return _templates().from_string(HEAD + text).render(values)


def test_a_value_that_looks_like_markup_is_shown_as_text():
    """A label or a name comes from a delivery: whoever writes it must not write the page."""
    evil = "<script>alert(1)</script>"
    for text in (
        "{{ both(evil, evil) }}",
        "{{ table(evil, evil, [column(evil, evil, evil)], [[evil], [{'zh': evil, 'en': evil}]]) }}",
        "{{ figure(evil, evil, evil, evil) }}",
        "{{ facts([(evil, evil, evil)]) }}",
    ):
        page = shown(text, evil=evil)
        assert "<script" not in page and page.count("&lt;script&gt;") >= 2


def test_a_table_aligns_its_figures_marks_the_chosen_row_and_leaves_a_dash_where_nothing_is_known():
    page = shown(
        "{{ table('检查', 'visits', columns, rows, chosen=[1]) }}",
        columns=[Column("名称", "name"), Column("次数", "count", "次 visits", 0), Column("占比", "share", "", 1, True)],
        rows=[["甲", 12345, 0.0421], ["乙", None, {"value": 0.5, "interval_low": 0.4, "interval_high": 0.6}]],
    )
    assert '<td class="figure">12,345</td>' in page and '<td class="figure">4.2%</td>' in page
    assert '<td class="figure">—</td>' in page and '50.0% <span class="range">(40.0%–60.0%)</span>' in page
    assert page.count('<tr class="chosen">') == 1
    assert '<span class="unit">次 visits</span>' in page


def test_an_interval_reads_as_a_value_with_its_bounds_or_alone():
    told = {"value": 0.6239, "interval_low": 0.6121, "interval_high": 0.6364}
    assert shown("{{ interval(told) }}", told=told) == '0.624 <span class="range">(0.612–0.636)</span>'
    assert shown("{{ interval(told) }}", told={**told, "interval_low": None, "interval_high": None}) == "0.624"
    assert shown("{{ interval(told) }}", told=dict.fromkeys(told)) == "—"


def test_a_figure_is_read_with_thousands_apart():
    assert number(1234567.891, 2) == "1,234,567.89"
    assert number(None, 2) == "—"


def test_a_value_that_a_page_needs_and_nobody_gave_stops_it():
    """An empty place on a page would be read as nothing to say."""
    with pytest.raises(jinja2.UndefinedError):
        shown("{{ forgotten }}")


def test_our_own_pictures_stand_in_the_page_and_name_no_part_that_another_picture_could_take():
    picture = drawn(calibration_picture([{"predicted": 0.1, "observed": 0.2, "count": 10}] * 3))
    page = shown("{{ figure(picture, '甲', 'a', '乙 b') }}", picture=picture)
    assert "<svg" in page and 'aria-label="乙 b"' in page
    assert ' id="' not in picture and "url(#" not in picture


def test_the_layout_loads_nothing_and_runs_nothing():
    """A page must look the same on a closed network, and in ten years."""
    page = rendered("layout.html")
    assert "default-src 'none'" in page
    for path in FOLDER.glob("*.html"):
        assert not re.search(r"<script|<link|<iframe|https?:|@import|\bon\w+=|\| *safe", path.read_text("utf-8")), path
