"""The expectations that follow from what a table promises.

Belongs here: which expectation, its stable name, whether it blocks, and its sentence. Does not belong here: running.
A check blocks where a figure published from the table would be wrong; it warns where the figure is right but a person
should look at the delivery. The names follow from the promise alone, never from the night, so that Dagster can know
them beforehand: what a night has nothing to compare with holds and says so.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipelines.checks.limits import Freshness, RowCountLimits
from pipelines.checks.sql_text import breaking_rows, dangling_rows, repeated_keys, shape_differences

if TYPE_CHECKING:
    from great_expectations.expectations.expectation import Expectation as GreatExpectation

    from pipelines.checks.table_spec import ColumnSpec, TableSpec

NIGHT_COLUMN = "as_of_on"
"""Column of the tables that describe several nights at once."""

LARGEST_FINITE = sys.float_info.max
"""Bound of a number that has no other: DuckDB sorts NaN above it, and infinity lies beyond it."""


@dataclass(frozen=True)
class Expectation:
    """One expectation: Great Expectations' class and arguments, what it holds in a sentence, and whether it blocks.

    `aspect` is what it looks at: shape, grain, null, enum, range, link, rule, row_count or freshness.
    `columns` are those of the table that must be there, and of their type, before it can be judged; `reads` is the
    column of another table that must be there too.
    """

    name: str
    aspect: str
    kind: str
    arguments: Mapping[str, Any] = field(hash=False)
    is_blocking: bool
    zh: str
    en: str
    columns: tuple[str, ...] = ()
    reads: tuple[str, str, str] | None = None

    @property
    def severity(self) -> str:
        """'blocking' or 'warning'."""
        return "blocking" if self.is_blocking else "warning"

    @property
    def shows_rows(self) -> bool:
        """True where the expectation is a query for the wrong rows."""
        return self.kind == "UnexpectedRowsExpectation"

    def as_great_expectation(self) -> GreatExpectation:
        """The expectation as an object of Great Expectations, which imports it; its meta carries the name."""
        import great_expectations.expectations

        make = getattr(great_expectations.expectations, self.kind)
        severity = "critical" if self.is_blocking else "warning"
        return make(**self.arguments, severity=severity, description=self.en, meta={"name": self.name})


def suite_for(
    spec: TableSpec,
    *,
    previous_row_count: int | None = None,
    fresh: Freshness | None = None,
    limits: RowCountLimits | None = None,
) -> list[Expectation]:
    """The expectations of a table, in the order in which a person would read them.

    `previous_row_count` is the table's row count of the previous night, None on the first. `fresh` is used where the
    table has an event column. Raises ValueError where two expectations would share a name.
    """
    expectations = [
        _shape(spec),
        *_grain(spec),
        *(expectation for column in spec.columns for expectation in _column(spec, column)),
        *_rules(spec),
        *_row_counts(spec, previous_row_count, limits or RowCountLimits()),
        *_freshness(spec, fresh),
    ]
    names = [expectation.name for expectation in expectations]
    shared = sorted({name for name in names if names.count(name) > 1})
    if shared:
        raise ValueError(
            f"{spec.table}: a check's name must be its own; {shared[0]} names two; rename the column or rule"
        )
    return expectations


def _shape(spec: TableSpec) -> Expectation:
    more_zh, more_en = ("", "") if spec.may_have_more_columns else ("，不多一列", ", and none beside them")
    return Expectation(
        name="shape",
        aspect="shape",
        kind="UnexpectedRowsExpectation",
        arguments={"unexpected_rows_query": shape_differences(spec)},
        is_blocking=True,
        zh=f"应有约定的 {len(spec.columns)} 列且类型相符{more_zh}",
        en=f"the {len(spec.columns)} promised columns must be there, each of its type{more_en}",
    )


def _grain(spec: TableSpec) -> Iterator[Expectation]:
    if not spec.grain:
        return
    key = ", ".join(spec.grain)
    yield Expectation(
        name="grain",
        aspect="grain",
        kind="UnexpectedRowsExpectation",
        arguments={"unexpected_rows_query": repeated_keys(spec.grain)},
        is_blocking=True,
        zh=f"每个 ({key}) 只应有一行",
        en=f"each ({key}) must have one row only",
        columns=spec.grain,
    )


def _column(spec: TableSpec, column: ColumnSpec) -> Iterator[Expectation]:
    label_zh = f"{column.zh}（{column.name}）"
    if column.is_required:
        yield Expectation(
            name=f"{column.name}_not_null",
            aspect="null",
            kind="ExpectColumnValuesToNotBeNull",
            arguments={"column": column.name},
            is_blocking=True,
            zh=f"{label_zh}不应为空",
            en=f"{column.name} must not be empty",
            columns=(column.name,),
        )
    if column.values:
        listed = ", ".join(column.values)
        yield Expectation(
            name=f"{column.name}_in_set",
            aspect="enum",
            kind="ExpectColumnValuesToBeInSet",
            arguments={"column": column.name, "value_set": list(column.values)},
            is_blocking=True,
            zh=f"{label_zh}应为下列之一：{listed}",
            en=f"{column.name} must be one of {listed}",
            columns=(column.name,),
        )
    if column.is_number:
        yield _range(column, label_zh)
    if column.references:
        schema, table, key = column.references
        yield Expectation(
            name=f"{column.name}_in_{table}",
            aspect="link",
            kind="UnexpectedRowsExpectation",
            arguments={"unexpected_rows_query": dangling_rows(column.name, column.references, spec.grain)},
            # An optional link that leads nowhere leaves the row counted, only unlinked.
            is_blocking=column.is_required,
            zh=f"{label_zh}应见于 {schema}.{table}.{key}",
            en=f"{column.name} must be found in {schema}.{table}.{key}",
            columns=(column.name, *spec.grain),
            reads=column.references,
        )


def _range(column: ColumnSpec, label_zh: str) -> Expectation:
    low, high = column.minimum, column.maximum
    if low is not None and high is not None:
        zh, en = f" {low:,.15g} 至 {high:,.15g}", f"from {low:,.15g} to {high:,.15g}"
    elif low is not None:
        zh, en = f"不小于 {low:,.15g} 的有限数", f"a finite number, {low:,.15g} or more"
    elif high is not None:
        zh, en = f"不大于 {high:,.15g} 的有限数", f"a finite number, {high:,.15g} or less"
    else:
        zh, en = "有限数", "a finite number"
    return Expectation(
        name=f"{column.name}_in_range",
        aspect="range",
        kind="ExpectColumnValuesToBeBetween",
        arguments={
            "column": column.name,
            "min_value": -LARGEST_FINITE if low is None else low,
            "max_value": LARGEST_FINITE if high is None else high,
        },
        is_blocking=True,
        zh=f"{label_zh}应为{zh}",
        en=f"{column.name} must be {en}",
        columns=(column.name,),
    )


def _rules(spec: TableSpec) -> Iterator[Expectation]:
    names = [column.name for column in spec.columns]
    for rule in spec.rules:
        yield Expectation(
            name=f"rule_{rule.code}",
            aspect="rule",
            kind="UnexpectedRowsExpectation",
            arguments={"unexpected_rows_query": breaking_rows(rule.check, spec.grain)},
            is_blocking=True,
            zh=f"不应有这样的行：{rule.zh}",
            en=f"no row may be so: {rule.en}",
            columns=tuple(name for name in names if name in rule.words or name in spec.grain),
        )


def _row_counts(spec: TableSpec, previous: int | None, limits: RowCountLimits) -> Iterator[Expectation]:
    if NIGHT_COLUMN in spec.grain:
        # how many nights a table describes depends on whether this one trains
        return
    near, collapsed = {"min_value": 0, "max_value": None}, {"min_value": 0, "max_value": None}
    near_zh = collapsed_zh = "上一晚无行可比"
    near_en = collapsed_en = "no rows of a previous night to compare with"
    if previous:
        least = previous - math.floor(previous * limits.fall_share)
        most = previous + math.floor(previous * limits.growth_share)
        rest = previous - math.floor(previous * limits.collapse_share)
        near, collapsed = {"min_value": least, "max_value": most}, {"min_value": rest, "max_value": None}
        near_zh = f"行数应在 {least:,} 至 {most:,} 之间（上一晚 {previous:,} 行）"
        near_en = f"the row count must be from {least:,} to {most:,} (previous night: {previous:,})"
        collapsed_zh = f"行数不应少于 {rest:,}（上一晚 {previous:,} 行）"
        collapsed_en = f"the row count must be {rest:,} or more (previous night: {previous:,})"
    kind = "ExpectTableRowCountToBeBetween"
    # A history cannot vanish overnight; what is drawn from it anew each night can shrink.
    is_history = spec.schema == "raw"
    yield Expectation("row_count_near_previous", "row_count", kind, near, False, near_zh, near_en)
    yield Expectation("row_count_not_collapsed", "row_count", kind, collapsed, is_history, collapsed_zh, collapsed_en)


def _freshness(spec: TableSpec, fresh: Freshness | None) -> Iterator[Expectation]:
    column = spec.event_column
    if column is None:
        return
    if fresh is None:
        kind, arguments = "ExpectColumnToExist", {"column": column}
        zh, en = "无日期可比", "no date to compare with"
    else:
        kind, arguments = "ExpectColumnMaxToBeBetween", {"column": column, "min_value": fresh.oldest}
        zh = f"最新的 {column} 不应早于 {fresh.oldest:%Y-%m-%d}（{fresh.as_of:%Y-%m-%d} 前 {fresh.days} 天）"
        en = f"the newest {column} must be {fresh.oldest:%Y-%m-%d} or later ({fresh.days} days before {fresh.as_of})"
    yield Expectation(
        name=f"{column}_is_fresh",
        aspect="freshness",
        kind=kind,
        arguments=arguments,
        is_blocking=False,
        zh=zh,
        en=en,
        columns=(column,),
    )
