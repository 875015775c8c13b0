"""A column of a list: what it is called, how it is shown, and how it may be sorted, searched and filtered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

DASH = "–"
"""Shown where a record says nothing: never the same as 0."""


class Kind(StrEnum):
    """What a column holds, and so how it is written."""

    TEXT = "text"
    CHOICE = "choice"
    NUMBER = "number"
    SHARE = "share"
    DATE = "date"
    INSTANT = "instant"
    BOOLEAN = "boolean"


class Filter(StrEnum):
    """How readers may narrow a column down."""

    CHOICE = "choice"
    RANGE = "range"
    TEXT = "text"


class Cell(NamedTuple):
    """A value as a list shows it. css : class of the cell. tone : class of a chip, empty where it is plain text."""

    label: Any
    text: str
    css: str
    url: str | None
    tone: str


@dataclass(frozen=True)
class Column:
    """One column, named as the select or the queryset names it.

    choices : value -> words, of a CHOICE. digits, unit : of a NUMBER. is_bilingual : the source has `<name>_zh` and
    `<name>_en`. is_searched : the search box looks here. is_shown : False for one that is only filtered by. may_be_empty :
    a choice "not known" is offered. value : made from a row, where it is not simply a column of it. link : address for a
    row, or None. tone : chip class for a row. help : what it means.
    """

    name: str
    label: Any
    kind: Kind = Kind.TEXT
    filter: Filter | None = None
    choices: Mapping[Any, Any] = field(default_factory=dict)
    digits: int = 0
    unit: Any = ""
    is_bilingual: bool = False
    is_sortable: bool = True
    is_searched: bool = False
    is_shown: bool = True
    may_be_empty: bool = False
    value: Callable[[Mapping[str, Any]], Any] | None = None
    link: Callable[[Mapping[str, Any]], str | None] | None = None
    tone: Callable[[Mapping[str, Any]], str] | None = None
    help: Any = ""

    def __post_init__(self) -> None:
        if not self.name.isidentifier():
            raise ValueError(f"listing: {self.name!r} is no name of a column")

    @property
    def is_figure(self) -> bool:
        """Aligned on the right."""
        return self.kind in (Kind.NUMBER, Kind.SHARE)

    def source_name(self) -> str:
        """The name in the source, by the reader's language."""
        if not self.is_bilingual:
            return self.name
        return f"{self.name}_{'en' if (get_language() or 'zh').startswith('en') else 'zh'}"

    def text(self, row: Mapping[str, Any]) -> str:
        """The value as it is read; DASH where there is none."""
        value = self._value(row)
        if value is None or value == "":
            return DASH
        if self.kind is Kind.NUMBER:
            return f"{value:,.{self.digits}f}" + (f" {self.unit}" if self.unit else "")
        if self.kind is Kind.SHARE:
            return f"{100 * value:.1f} %"
        if isinstance(value, datetime):
            at = timezone.localtime(value) if timezone.is_aware(value) else value
            return f"{at:%Y-%m-%d %H:%M}"
        if isinstance(value, date):
            return value.isoformat()
        if self.kind is Kind.BOOLEAN:
            return _("yes") if value else _("no")
        return str(self.choices.get(value, value))

    def plain(self, row: Mapping[str, Any]) -> Any:
        """The value as a workbook holds it: figures and dates as such, choices and truth in words."""
        value = self._value(row)
        if value is None or self.kind in (Kind.NUMBER, Kind.SHARE, Kind.DATE, Kind.INSTANT):
            return value
        return self.text(row) if self.kind in (Kind.CHOICE, Kind.BOOLEAN) else str(value)

    def _value(self, row: Mapping[str, Any]) -> Any:
        return self.value(row) if self.value else row[self.source_name()]

    def _css(self) -> str:
        if self.is_figure:
            return "number"
        if self.kind in (Kind.DATE, Kind.INSTANT):
            return "date"
        return "word" if self.kind in (Kind.CHOICE, Kind.BOOLEAN) else ""

    def cell(self, row: Mapping[str, Any]) -> Cell:
        """The value of a row as a list shows it."""
        return Cell(
            self.label,
            self.text(row),
            self._css(),
            self.link(row) if self.link else None,
            self.tone(row) if self.tone else "",
        )
