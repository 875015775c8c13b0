"""One table's delivered text in, its typed and judged rows out: the SQL of that one pass.

Belongs here: how the expressions of values and reasons are put together. Does not belong here: running it (judging).
"""

from __future__ import annotations

from pipelines.contract import Column, Table
from pipelines.ingest.mapping import BOOLEAN_SPELLINGS, TableMapping
from pipelines.ingest.reasons import Reason, known
from pipelines.ingest.values import (
    ValueExpressions,
    coded,
    delivered,
    holds_number,
    parsed,
    quoted,
    value_expressions,
)

REFUSED = {
    "complaint": "kind = 'accusation' and officer_id in (select officer_id from head_officer)",
}
"""Rows that must not enter at all, by table: an accusation about the head (work rules on accusations, article 15)."""


def code_rows(table: Table, mapping: TableMapping) -> list[tuple[str, str, str]]:
    """Column, delivered text and what it stands for: codes, Chinese labels, boolean spellings; the mapping wins."""
    rows: list[tuple[str, str, str]] = []
    for column in table.columns:
        codes: dict[str, str] = {}
        if column.type == "enum":
            codes = {label: code for code, label in column.values.items()} | {code: code for code in column.values}
        elif column.type == "boolean":
            codes = dict(BOOLEAN_SPELLINGS)
        codes |= mapping.values.get(column.name, {})
        if column.type == "boolean":
            codes = {text: BOOLEAN_SPELLINGS[code] for text, code in codes.items()}
        rows += [(column.name, text, code) for text, code in codes.items()]
    return rows


def judged_rows_sql(table: Table, names: tuple[str, ...], mapping: TableMapping, reasons: list[Reason]) -> str:
    """The select that types and judges every delivered row.

    Reads `delivered_row`, `code`, `head_officer` and the tables of known keys; gives file_number, row_number, every
    column of the contract, `number in <name>` for the delivered ones, reasons (a list of reason numbers), is_refused.
    """
    columns = [column for column in table.columns if column.name in names]
    expressions = {column.name: value_expressions(column, bool(mapping.formats(column.name))) for column in columns}
    texts, joins = _codes(columns, mapping)
    return f"""
with coded_row as (select file_number, row_number, {", ".join(texts)} from delivered_row {" ".join(joins)}),
parsed_row as (select *, {_each(columns, expressions, "parsed", parsed)} from coded_row),
flagged_row as (select *, {_each(columns, expressions, "holds_number", holds_number)} from parsed_row),
valued_row as (select *, {_values(table, expressions)} from flagged_row),
known_row as ({_references(table, columns)})
select file_number, row_number, {", ".join(quoted(column.name) for column in table.columns)},
  {", ".join(holds_number(column.name) for column in columns)},
  {_reasons(reasons)} as reasons,
  coalesce({REFUSED.get(table.name, "false")}, false) as is_refused
from known_row"""


def _codes(columns: list[Column], mapping: TableMapping) -> tuple[list[str], list[str]]:
    texts, joins = [], []
    for column in columns:
        text, code = f"delivered_row.{delivered(column.name)}", quoted(f"code {column.name}")
        has_codes = column.type in ("enum", "boolean")
        if has_codes or column.name in mapping.values:
            joins.append(
                f"left join code as {code} on {code}.column_name = '{column.name}' and {code}.delivered_text = {text}"
            )
            coded_text = f"{code}.code" if has_codes else f"coalesce({code}.code, {text})"
        else:
            coded_text = text
        texts += [text, f"{coded_text} as {coded(column.name)}"]
    return texts, joins


def _each(columns: list[Column], expressions: dict[str, ValueExpressions], part: str, name: object) -> str:
    return ", ".join(f"{getattr(expressions[column.name], part)} as {name(column.name)}" for column in columns)


def _values(table: Table, expressions: dict[str, ValueExpressions]) -> str:
    """Every column of the contract with its engine type; one that was not delivered is null."""
    return ", ".join(
        f"cast({expressions[column.name].value if column.name in expressions else 'null'} as {column.engine_type}) "
        f"as {quoted(column.name)}"
        for column in table.columns
    )


def _references(table: Table, columns: list[Column]) -> str:
    """Whether each reference is known; one within the table itself is judged afterwards, when its good rows are."""
    found = {
        column.name: "true"
        if column.references == table.name
        else f"{quoted(column.name)} in (select key from {quoted(f'known {column.references}')})"
        for column in columns
        if column.references
    }
    return (
        ", ".join(["select *"] + [f"{condition} as {known(name)}" for name, condition in found.items()])
        + " from valued_row"
    )


def _reasons(reasons: list[Reason]) -> str:
    """The list of reasons; built for bad rows alone, since one cheap condition over all of them comes first."""
    is_bad = " or ".join(f"({reason.condition})" for reason in reasons)
    each = ", ".join(f"case when {reason.condition} then {reason.number} end" for reason in reasons)
    listed = f"list_filter([{each}], lambda number: number is not null)"
    return f"case when {is_bad} then {listed} else cast([] as integer[]) end"
