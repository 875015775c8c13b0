"""Workbooks for people: figures as figures, text always as text, and who took them out, when, of which night."""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from django.db import transaction
from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.audit.log import append
from desk.listing.column import Column, Kind
from desk.listing.listed import Listing
from desk.listing.source import Source
from desk.published.night import Night

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_TEXT = 32_767
"""Characters of a cell that the format allows."""
LONGEST_NAME = 31
"""Characters of a sheet's name that the format allows."""
MOST_ROWS = 1_048_575
"""Rows of a sheet below its head that the format allows."""


class TooManyRows(ValueError):
    """A sheet would hold more rows than the format allows."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, its columns, and its rows by column name."""

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[Mapping[str, Any]]


def exported(request: HttpRequest, listing: Listing, source: Source, night: Night | None) -> FileResponse:
    """The rows that the request's state leaves as a workbook, written into the log."""
    _form, state = listing.state(request.GET)
    narrowed = [condition.words for condition in state.conditions]
    if state.search:
        narrowed.append(_("Search: %(text)s") % {"text": state.search})
    sheet = Sheet(str(listing.title), listing.shown, listing.stream(source, request.GET))
    return answered(request, str(listing.title), [sheet], night, narrowed)


def answered(
    request: HttpRequest, title: str, sheets: Iterable[Sheet], night: Night | None, narrowed: Iterable[str] = ()
) -> FileResponse:
    """A workbook of these sheets for download; the log says who took how many rows out before anything is sent.

    narrowed : the filters in words, for the first sheet. Raises TooManyRows.
    """
    filters = list(narrowed)
    facts = {
        _("Exported by"): request.user.get_username(),
        _("Exported at"): timezone.localtime().isoformat(timespec="seconds"),
        _("Night"): night.as_of.isoformat() if night else _("none: records of the desk itself"),
        _("Filters"): _("; ").join(filters) if filters else _("none"),
    }
    file = tempfile.TemporaryFile()  # noqa: SIM115 - FileResponse closes it
    count = write(file, title, sheets, facts)
    detail = {"title": title, "row_count": count, "filters": filters, "night": night and night.as_of.isoformat()}
    with transaction.atomic():
        append(request.user, "export", "page", request.page_name, detail)
    file.seek(0)
    day = (night.as_of if night else timezone.localdate()).isoformat()
    return FileResponse(file, as_attachment=True, filename=f"{request.page_name}-{day}.xlsx", content_type=MEDIA_TYPE)


def write(file: IO[bytes], title: str, sheets: Iterable[Sheet], facts: Mapping[str, str]) -> int:
    """Write the workbook; return the rows of all its sheets. Rows are written as they come, never held in memory."""
    import xlsxwriter

    # text that begins like a formula, a link or a number stays text
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, {**options, "strings_to_numbers": False, "nan_inf_to_errors": False})
    bold = book.add_format({"bold": True})
    formats = {
        Kind.DATE: book.add_format({"num_format": "yyyy-mm-dd"}),
        Kind.INSTANT: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        Kind.SHARE: book.add_format({"num_format": "0.0%"}),
        Kind.NUMBER: None,
    }
    names = {""}
    about = book.add_worksheet(_sheet_name(_("About this export"), names))
    about.set_column(0, 0, 18)
    about.set_column(1, 1, 90)
    about.write_string(0, 0, title, bold)
    for number, (name, said) in enumerate(facts.items(), start=1):
        about.write_string(number, 0, name)
        about.write_string(number, 1, said[:LONGEST_TEXT])
    total = 0
    for sheet in sheets:
        page = book.add_worksheet(_sheet_name(sheet.name, names))
        page.freeze_panes(1, 0)
        for place, column in enumerate(sheet.columns):
            page.set_column(place, place, 14)
            page.write_string(0, place, str(column.label), bold)
        words: dict[tuple[str, Any], str] = {}
        for number, row in enumerate(sheet.rows, start=1):
            if number > MOST_ROWS:
                raise TooManyRows(f"{sheet.name}: a sheet holds at most {MOST_ROWS:,} rows; filter the list first")
            total += 1
            for place, column in enumerate(sheet.columns):
                _put(page, number, place, _plain(column, row, words), formats.get(column.kind))
    about.write_string(len(facts) + 1, 0, _("Rows"))
    about.write_number(len(facts) + 1, 1, total)
    about.write_string(len(facts) + 2, 0, _("Note"))
    about.write_string(len(facts) + 2, 1, _("Hints for people who check, never findings about a person."))
    book.close()
    return total


def _plain(column: Column, row: Mapping[str, Any], words: dict[tuple[str, Any], str]) -> Any:
    # words of a choice are looked up once for each choice, not once for each row
    if column.kind is not Kind.CHOICE or column.value or row[column.source_name()] is None:
        return column.plain(row)
    key = column.name, row[column.source_name()]
    if key not in words:
        words[key] = column.plain(row)
    return words[key]


def _put(page, row: int, place: int, value: Any, style) -> None:
    if value is None:
        return
    if isinstance(value, datetime):
        naive = timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
        page.write_datetime(row, place, naive, style)
    elif isinstance(value, date):
        page.write_datetime(row, place, datetime(value.year, value.month, value.day), style)
    elif isinstance(value, str) or not math.isfinite(value):
        text = str(value)
        page.write_string(row, place, text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…")
    else:
        page.write_number(row, place, value, style)


def _sheet_name(wanted: str, taken: set[str]) -> str:
    # the format forbids some signs, an apostrophe at either end, more than 31 characters, and two alike
    plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", wanted).strip("' ") or _("Sheet")
    name, number = plain[:LONGEST_NAME].strip("' "), 1
    while name.lower() in taken:
        number += 1
        name = f"{plain[: LONGEST_NAME - 4]} {number}"
    taken.add(name.lower())
    return name
