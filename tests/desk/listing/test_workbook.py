"""Workbooks: hostile text stays text, figures stay figures, and whoever takes rows out is named in them and in the log."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date, datetime

import pytest
from django.test import RequestFactory
from python_calamine import CalamineWorkbook

from desk.audit.models import Entry
from desk.listing.column import Column, Kind
from desk.listing.source import NightSource
from desk.listing.workbook import LONGEST_TEXT, Sheet, exported, write
from desk.published.night import current
from tests.desk.listing.shops import LISTING, SELECT, shop
from tests.desk.small_night import NIGHT, write_night

HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2",
    "@SUM(1)",
    "\t=1",
    "http://example.org/",
    "{=1}",
    "<b>&\"'",
    "\x01\x1f",
    "007",
]


def sheets_of(content: bytes) -> dict[str, list[list]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def written(*sheets: Sheet, **facts: str) -> bytes:
    file = io.BytesIO()
    write(file, "Title", sheets, facts)
    return file.getvalue()


def test_hostile_text_is_written_as_text_and_never_as_a_formula_or_a_link():
    content = written(
        Sheet("s", (Column("a", HOSTILE[0]),), [{"a": text} for text in HOSTILE]), **{HOSTILE[0]: HOSTILE[1]}
    )
    parts = zipfile.ZipFile(io.BytesIO(content))
    pages = {name: parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/sheet")}
    assert len(pages) == 2
    for text in pages.values():
        assert "<f>" not in text and "hyperlink" not in text
    assert not [name for name in parts.namelist() if "_rels/sheet" in name or "externalLink" in name]
    rows = sheets_of(content)["s"]
    assert rows[0] == [HOSTILE[0]]
    # signs that the format cannot hold as they are come back escaped, not lost
    assert [row[0] for row in rows[1:] if row[0].isprintable()] == [text for text in HOSTILE if text.isprintable()]
    assert all(isinstance(row[0], str) for row in rows)


def test_figures_dates_and_shares_are_values_and_what_is_unknown_is_an_empty_cell():
    columns = (
        Column("n", "n", Kind.NUMBER),
        Column("s", "s", Kind.SHARE),
        Column("d", "d", Kind.DATE),
        Column("t", "t", Kind.INSTANT),
        Column("b", "b", Kind.BOOLEAN),
        Column("c", "c", Kind.CHOICE, choices={"A": "tier A"}),
    )
    full = {"n": 3.5, "s": 0.25, "d": date(2026, 6, 1), "t": datetime(2026, 6, 1, 8, 30), "b": False, "c": "A"}
    rows = sheets_of(written(Sheet("s", columns, [full, dict.fromkeys(full), {**full, "n": float("nan")}])))["s"]
    assert rows[1] == [3.5, 0.25, date(2026, 6, 1), datetime(2026, 6, 1, 8, 30), "否", "tier A"]
    assert rows[2] == [""] * 6
    assert rows[3][0] == "nan"


def test_text_longer_than_a_cell_is_cut_and_shows_it():
    rows = sheets_of(written(Sheet("s", (Column("a", "a"),), [{"a": "x" * 40_000}])))["s"]
    assert len(rows[1][0]) == LONGEST_TEXT and rows[1][0].endswith("x…")


def test_names_of_sheets_are_made_lawful_and_different():
    wanted = ["a/b[c]:*?\\", "'quoted'", "x" * 40, "X" * 40, ""]
    names = list(sheets_of(written(*(Sheet(name, (Column("a", "a"),), []) for name in wanted))))
    assert len({name.lower() for name in names}) == 6
    assert names[1:3] == ["a b c", "quoted"] and all(len(name) <= 31 for name in names)


@pytest.mark.django_db
def test_an_export_names_its_reader_time_night_and_filters_and_stands_in_the_log(home, user_of):
    write_night(home, {"merchant_risk": [shop(1, patrol_tier="A"), shop(2, patrol_tier="D")]})
    request = RequestFactory().get("/?patrol_tier=D&q=M0")
    request.user, request.page_name = user_of("management", username="+wang"), "merchant_export"
    response = exported(request, LISTING, NightSource(current(), SELECT, {"institution_id": "S1"}), current())
    sheets = sheets_of(b"".join(response.streaming_content))
    about, shops = sheets.values()
    told = {row[0]: row[1] for row in about if len(row) > 1}
    assert {"+wang", NIGHT.isoformat()} <= set(told.values()) and 1.0 in told.values()
    assert any("tier D" in str(value) and "M0" in str(value) for value in told.values())
    assert [row[0] for row in shops[1:]] == ["M002"]
    assert response.headers["Content-Disposition"] == f'attachment; filename="merchant_export-{NIGHT}.xlsx"'
    entry = Entry.objects.get(action="export")
    assert (entry.actor, entry.subject) == ("+wang", "merchant_export")
    assert json.loads(entry.detail)["row_count"] == 1
