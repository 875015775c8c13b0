"""A list as it is declared once, and as one reader sees it: rows, form, links and counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict

from desk.listing.column import Cell, Column
from desk.listing.source import Source
from desk.listing.state import PAGE, SORT, State, form_of, state_of

PAGE_SIZE = 50
"""Rows of a page: two screens, read without losing one's place."""


@dataclass(frozen=True)
class Heading:
    """The head of a column: the address that sorts by it, and how it is sorted now (for aria-sort; empty: it is not)."""

    label: Any
    help: Any
    is_figure: bool
    url: str | None
    sorted: str


@dataclass(frozen=True)
class Listing:
    """A list: its columns, the key that breaks ties, and the order where none is asked for (`-` before a name: falling).

    title : what it is a list of. empty : what to do where the list has no row at all.
    """

    title: Any
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    sort: str
    empty: Any

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if len(set(names)) != len(names) or self.sort.removeprefix("-") not in names:
            raise ValueError(f"listing: columns must differ and {self.sort!r} must be one of them: {names}")

    @property
    def shown(self) -> tuple[Column, ...]:
        """Columns that a reader sees."""
        return tuple(column for column in self.columns if column.is_shown)

    def asked(self, request: HttpRequest) -> tuple[forms.Form, State]:
        """The form and the state of a request's query string."""
        form = form_of(self.columns, request.GET)
        return form, state_of(self.columns, form, request.GET, self.sort)

    def listed(self, request: HttpRequest, source: Source) -> Listed:
        """One page of the list, as the request asks for it."""
        form, state = self.asked(request)
        count = source.count(state)
        last = max(1, -(-count // PAGE_SIZE))
        page = min(state.page, last)
        rows = source.rows(state, self.key, (page - 1) * PAGE_SIZE, PAGE_SIZE)
        total = source.count(None) if state.is_narrowed else count
        return Listed(self, request.GET, form, state, rows, count, total, page, last)


@dataclass(frozen=True)
class Listed:
    """A page of a list. count : rows that the filters leave. total : rows without any filter."""

    listing: Listing
    asked: QueryDict
    form: forms.Form
    state: State
    found: list[dict[str, Any]]
    count: int
    total: int
    page: int
    last_page: int

    @property
    def first_row(self) -> int:
        """Number of the page's first row, from 1."""
        return (self.page - 1) * PAGE_SIZE + 1

    @property
    def last_row(self) -> int:
        """Number of the page's last row."""
        return self.first_row + len(self.found) - 1

    def headings(self) -> Iterator[Heading]:
        """Heads of the columns shown; a click on the one sorted by turns the order round."""
        for column in self.listing.shown:
            is_here = column.source_name() == self.state.sort
            turned = f"-{column.name}" if is_here and not self.state.is_descending else column.name
            url = self.address(**{SORT: turned, PAGE: None}) if column.is_sortable else None
            now = ("descending" if self.state.is_descending else "ascending") if is_here else ""
            yield Heading(column.label, column.help, column.is_figure, url, now)

    def rows(self) -> Iterator[list[Cell]]:
        """The page's rows as cells."""
        for row in self.found:
            yield [column.cell(row) for column in self.listing.shown]

    def address(self, **changes: Any) -> str:
        """The query string with some keys set anew, or dropped where None."""
        query = self.asked.copy()
        for name, value in changes.items():
            query.pop(name, None)
            if value is not None:
                query[name] = str(value)
        return "?" + query.urlencode()

    @property
    def kept_sort(self) -> str:
        """The order that the filter form must keep; empty where it is the list's own."""
        return self.asked.get(SORT, "")

    @property
    def previous_url(self) -> str | None:
        """Address of the page before."""
        return self.address(**{PAGE: self.page - 1}) if self.page > 1 else None

    @property
    def next_url(self) -> str | None:
        """Address of the page after."""
        return self.address(**{PAGE: self.page + 1}) if self.page < self.last_page else None

    @property
    def query(self) -> str:
        """The whole state as a query string, for a link to the export of the same rows."""
        return self.address(**{PAGE: None})
