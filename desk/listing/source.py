"""Where a list takes its rows from: a select on a night, or a queryset. Values are always bound, never written into SQL."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from typing import Any, Protocol

from django.db.models import F, Q, QuerySet

from desk.listing.state import Operator, State
from desk.published.night import Night

COMPARED = {Operator.EQUALS: "=", Operator.AT_LEAST: ">=", Operator.AT_MOST: "<="}
LOOKUPS = {
    Operator.EQUALS: "exact",
    Operator.AT_LEAST: "gte",
    Operator.AT_MOST: "lte",
    Operator.HOLDS: "icontains",
}


class Source(Protocol):
    """Rows of a list, as dictionaries by column name, in an order that is the same every time."""

    def count(self, state: State | None) -> int:
        """Rows that the state leaves, or all."""

    def rows(self, state: State, key: Sequence[str], offset: int, limit: int) -> list[dict[str, Any]]:
        """A page of rows; ties are broken by `key`."""

    def stream(self, state: State, key: Sequence[str]) -> Iterator[dict[str, Any]]:
        """All rows that the state leaves, without holding them in memory."""


class NightSource:
    """Rows of a select on a published night. `select` is our own text; what readers give goes into `values` alone."""

    def __init__(self, night: Night, select: str, values: Mapping[str, Any] | None = None) -> None:
        self.night, self.select, self.values = night, select, dict(values or {})

    def count(self, state: State | None) -> int:
        """Rows that the state leaves, or all."""
        where, values = self._where(state)
        return self.night.value(f"select count(*) from ({self.select}) as listed{where}", values)

    def rows(self, state: State, key: Sequence[str], offset: int, limit: int) -> list[dict[str, Any]]:
        """A page of rows; ties are broken by `key`."""
        text, values = self._ordered(state, key)
        paged = {**values, "listing_offset": offset, "listing_limit": limit}
        return self.night.rows(f"{text} limit $listing_limit offset $listing_offset", paged)

    def stream(self, state: State, key: Sequence[str]) -> Iterator[dict[str, Any]]:
        """All rows that the state leaves, without holding them in memory."""
        return self.night.stream(*self._ordered(state, key))

    def _ordered(self, state: State, key: Sequence[str]) -> tuple[str, dict[str, Any]]:
        where, values = self._where(state)
        order = [
            f'"{state.sort}" {"desc" if state.is_descending else "asc"} nulls last',
            *(f'"{name}"' for name in key),
        ]
        return f"select * from ({self.select}) as listed{where} order by {', '.join(order)}", values

    def _where(self, state: State | None) -> tuple[str, dict[str, Any]]:
        # names of columns are declared in code (Column refuses what is no identifier); everything else is a parameter
        parts, values = [], dict(self.values)
        for number, condition in enumerate(state.conditions if state else ()):
            mark = f"listing_{number}"
            if condition.operator is Operator.IS_EMPTY:
                parts.append(f'"{condition.name}" is null')
                continue
            values[mark] = condition.value
            if condition.operator is Operator.HOLDS:
                parts.append(f'contains(lower(cast("{condition.name}" as varchar)), lower(${mark}))')
            else:
                parts.append(f'"{condition.name}" {COMPARED[condition.operator]} ${mark}')
        if state and state.search:
            values["listing_search"] = state.search
            found = [f'contains(lower(cast("{name}" as varchar)), lower($listing_search))' for name in state.searched]
            parts.append(f"({' or '.join(found)})")
        return (" where " + " and ".join(parts) if parts else ""), values


class QuerySetSource:
    """Rows of a Django queryset, read as dictionaries of its fields and annotations."""

    def __init__(self, queryset: QuerySet) -> None:
        self.queryset = queryset

    def count(self, state: State | None) -> int:
        """Rows that the state leaves, or all."""
        return self._narrowed(state).count()

    def rows(self, state: State, key: Sequence[str], offset: int, limit: int) -> list[dict[str, Any]]:
        """A page of rows; ties are broken by `key`."""
        return list(self._ordered(state, key)[offset : offset + limit])

    def stream(self, state: State, key: Sequence[str]) -> Iterator[dict[str, Any]]:
        """All rows that the state leaves, without holding them in memory."""
        return self._ordered(state, key).iterator(chunk_size=2000)

    def _ordered(self, state: State, key: Sequence[str]) -> QuerySet:
        first = F(state.sort).desc(nulls_last=True) if state.is_descending else F(state.sort).asc(nulls_last=True)
        return self._narrowed(state).order_by(first, *key).values()

    def _narrowed(self, state: State | None) -> QuerySet:
        narrowed = self.queryset
        for condition in state.conditions if state else ():
            if condition.operator is Operator.IS_EMPTY:
                narrowed = narrowed.filter(**{f"{condition.name}__isnull": True})
            else:
                narrowed = narrowed.filter(**{f"{condition.name}__{LOOKUPS[condition.operator]}": condition.value})
        if state and state.search:
            found = (Q(**{f"{name}__icontains": state.search}) for name in state.searched)
            narrowed = narrowed.filter(reduce(operator.or_, found))
        return narrowed
