"""A list as it is declared once, and as one reader sees it: rows, form, links and counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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

    title : what it is a list of. empty : what to do where the list has no row at all. page_size : rows of a page.
    """

    title: Any
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    sort: str
    empty: Any
    page_size: int = PAGE_SIZE

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if len(set(names)) != len(names) or self.sort.removeprefix("-") not in names:
            raise ValueError(f"listing: columns must differ and {self.sort!r} must be one of them: {names}")

    @property
    def shown(self) -> tuple[Column, ...]:
        """Columns that a reader sees."""
        return tuple(column for column in self.columns if column.is_shown)

    def state(self, asked: QueryDict) -> tuple[forms.Form, State]:
        """The form and the state of a query string."""
        form = form_of(self.columns, asked)
        return form, state_of(self.columns, form, asked, self.sort)

    def stream(self, source: Source, asked: QueryDict | None = None) -> Iterator[dict[str, Any]]:
        """All rows of the list in its order, or those that a query string leaves, without holding them in memory."""
        _form, state = self.state(QueryDict() if asked is None else asked)
        return source.stream(state, self.key)

    def listed(self, request: HttpRequest, source: Source, kept: Sequence[str] = ()) -> Listed:
        """One page of the list, as the request asks for it; the form keeps the keys `kept` of the page's own state too."""
        form, state = self.state(request.GET)
        count = source.count(state)
        last = max(1, -(-count // self.page_size))
        page = min(state.page, last)
        rows = source.rows(state, self.key, (page - 1) * self.page_size, self.page_size)
        total = source.count(None) if state.is_narrowed else count
        return Listed(self, request.GET, form, state, rows, count, total, page, last, tuple(kept))


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
    kept: tuple[str, ...]

    @property
    def first_row(self) -> int:
        """Number of the page's first row, from 1."""
        return (self.page - 1) * self.listing.page_size + 1

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

    def hidden(self) -> list[tuple[str, str]]:
        """Keys and values that the filter form hands on unseen: the order, and what belongs to the page."""
        return [(name, self.asked[name]) for name in (SORT, *self.kept) if self.asked.get(name)]

    @property
    def cleared(self) -> str:
        """The query string without search, filters, order and page."""
        query = QueryDict(mutable=True)
        query.update({name: self.asked[name] for name in self.kept if self.asked.get(name)})
        return "?" + query.urlencode()

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
