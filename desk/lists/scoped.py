"""What a reader sees of a list: rows of the institutions that are his to see, with what he may call people."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from desk.access.directory import merchant_name_select, officer_names
from desk.published.night import Night

SEEN = "($sees_all or list_contains(cast($institution_ids as varchar[]), {column}))"
CALLED = "(select unnest($officer_ids) as id, unnest($officers) as called)"
"""A table of what the reader calls each officer, for joins; bound by `names_of`."""


def seen_where(column: str = "institution_id") -> str:
    """A condition that leaves the rows of the institutions that a reader sees; bound by `seen_values`."""
    return SEEN.replace("{column}", column)


def seen_values(seen: Collection[str] | None) -> dict[str, Any]:
    """The values of `seen_where`; seen : institution ids, or None for all."""
    return {"sees_all": seen is None, "institution_ids": sorted(seen or ())}


def names_of(night: Night, user, table: str) -> dict[str, Any]:
    """The values of CALLED: what this reader is told of each officer of the table."""
    rows = night.rows(f"select distinct officer_id from {table} where officer_id is not null order by 1")
    called: Mapping[str, str] = officer_names(night, user, [row["officer_id"] for row in rows])
    return {"officer_ids": list(called), "officers": list(called.values())}


def with_names(text: str, night: Night) -> str:
    """A select in which `{names}` stands for merchant_id and name, as far as the night publishes names."""
    return text.replace("{names}", merchant_name_select(night))
