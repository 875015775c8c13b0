"""What a reader asks of a list, read from the query string: search, filters, order, page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from desk.listing.column import Column, Filter, Kind

SEARCH, SORT, PAGE = "q", "sort", "page"
LONGEST = 100
"""Characters of a text searched for: longer than any name or number that lists hold."""
EMPTY = "none"
"""The choice that asks for rows without a value."""


class Operator(StrEnum):
    """What a condition asks."""

    EQUALS = "equals"
    IS_EMPTY = "is_empty"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    HOLDS = "holds"


@dataclass(frozen=True)
class Condition:
    """A column must be so; `words` tells it to readers."""

    name: str
    operator: Operator
    value: Any
    words: str


@dataclass(frozen=True)
class State:
    """What is asked for. search : text that one of `searched` must hold, empty for none. sort : a column's own name."""

    conditions: tuple[Condition, ...]
    search: str
    searched: tuple[str, ...]
    sort: str
    is_descending: bool
    page: int

    @property
    def is_narrowed(self) -> bool:
        """Rows may be left out."""
        return bool(self.conditions or self.search)


def form_of(columns: Sequence[Column], asked: QueryDict) -> forms.Form:
    """The form of search and filters, bound to what was asked; its errors stand beside its fields."""
    form = forms.Form(asked)
    form.fields.update(_fields(columns))
    return form


def _fields(columns: Sequence[Column]) -> Iterator[tuple[str, forms.Field]]:
    searched = [str(column.label) for column in columns if column.is_searched]
    if searched:
        where = _("Search in: %(columns)s") % {"columns": _(", ").join(searched)}
        search = forms.TextInput(attrs={"type": "search", "accesskey": "s"})
        yield SEARCH, forms.CharField(required=False, max_length=LONGEST, label=where, widget=search)
    for column in columns:
        if column.filter is Filter.CHOICE:
            truth = {"yes": _("yes"), "no": _("no")} if column.kind is Kind.BOOLEAN else column.choices
            empty = [(EMPTY, _("not known"))] if column.may_be_empty else []
            choices = [("", _("all")), *((str(key), words) for key, words in truth.items()), *empty]
            yield column.name, forms.ChoiceField(required=False, choices=choices, label=column.label)
        elif column.filter is Filter.TEXT:
            yield column.name, forms.CharField(required=False, max_length=LONGEST, label=column.label)
        elif column.filter is Filter.RANGE:
            for end, words in (("from", _("%(column)s, from")), ("to", _("%(column)s, to"))):
                label = words % {"column": column.label} + (" (%)" if column.kind is Kind.SHARE else "")
                yield f"{column.name}_{end}", _bound(column, label)


def _bound(column: Column, label: str) -> forms.Field:
    if column.kind is Kind.DATE:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        return forms.DateField(required=False, label=label, widget=widget, input_formats=["%Y-%m-%d"])
    return forms.FloatField(required=False, label=label, widget=forms.NumberInput(attrs={"step": "any"}))


def state_of(columns: Sequence[Column], form: forms.Form, asked: QueryDict, sort: str) -> State:
    """What was asked for, as far as it can be read; `sort` is the order where none is asked for."""
    form.is_valid()
    said = form.cleaned_data
    order = asked.get(SORT) or sort
    sortable = {column.name for column in columns if column.is_sortable}
    if order.removeprefix("-") not in sortable:
        order = sort
    page = asked.get(PAGE, "1")
    return State(
        tuple(_conditions(columns, said)),
        said.get(SEARCH) or "",
        tuple(column.source_name() for column in columns if column.is_searched),
        next(column.source_name() for column in columns if column.name == order.removeprefix("-")),
        order.startswith("-"),
        max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 10 else 1,
    )


def _conditions(columns: Sequence[Column], said: dict[str, Any]) -> Iterator[Condition]:
    for column in columns:
        name, value = column.source_name(), said.get(column.name)
        if column.filter is Filter.CHOICE and value == EMPTY and column.may_be_empty:
            words = _("%(column)s: not known") % {"column": column.label}
            yield Condition(name, Operator.IS_EMPTY, None, words)
        elif column.filter is Filter.CHOICE and value and column.kind is Kind.BOOLEAN:
            words = _("yes") if value == "yes" else _("no")
            yield Condition(name, Operator.EQUALS, value == "yes", f"{column.label}: {words}")
        elif column.filter is Filter.CHOICE and value:
            key = next(key for key in column.choices if str(key) == value)
            yield Condition(name, Operator.EQUALS, key, f"{column.label}: {column.choices[key]}")
        elif column.filter is Filter.TEXT and value:
            yield Condition(name, Operator.HOLDS, value, f"{column.label}: {value}")
        elif column.filter is Filter.RANGE:
            percent = 100 if column.kind is Kind.SHARE else 1
            for end, operator, sign in (("from", Operator.AT_LEAST, "≥"), ("to", Operator.AT_MOST, "≤")):
                bound = said.get(f"{column.name}_{end}")
                if bound is not None:
                    limit = bound if column.kind is Kind.DATE else bound / percent
                    shown = bound if column.kind is Kind.DATE else f"{bound:g}"
                    yield Condition(name, operator, limit, f"{column.label} {sign} {shown}{' %' * (percent == 100)}")
