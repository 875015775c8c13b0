"""Why a row is bad: one reason per rule and column, each an SQL condition and a sentence.

Belongs here: the rules of a single row. Does not belong here: duplicates and files (judging), what is
personal (privacy).

A sentence begins with its machine code: type, enum, missing, range, later_than_delivery, unknown_reference,
personal_number, the code of a rule of the contract; judging adds duplicate_key and malformed_row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pipelines.contract import Column, Table, delivered_tables
from pipelines.ingest.values import TEXT_TYPES, delivered, holds_number, quoted

EARLIEST = date(1900, 1, 1)
"""No record is older; a day before it is a slip of the keyboard or a spreadsheet's zero."""

_KINDS = {
    "date": "a date such as 2026-06-01 (须为日期)",
    "timestamp": "a date and time such as 2026-06-01 09:30 (须为日期时间)",
    "boolean": "0 or 1, true or false, 是 or 否 (须为是否)",
    "month": "a month such as 2026-06 (须为年月)",
    "count": "a whole number (须为整数)",
    "yuan": "an amount in yuan (须为金额)",
    "hash": "a digest: 4 to 128 hexadecimal digits (fewer than 16 with a letter among them), a UUID, or 16 to 128 "
    "letters, digits, _ or - with a digit among them (须为不可逆摘要)",
}


@dataclass(frozen=True)
class Reason:
    """One way for a row to be bad: where the condition is true it is, and the sentence says why.

    `shows_value` where the sentence may be followed by what was found, personal numbers replaced.
    """

    number: int
    code: str
    column_name: str | None
    condition: str
    sentence: str
    shows_value: bool


def known(name: str) -> str:
    """The column that says whether a reference was found among the good rows."""
    return quoted(f"known {name}")


def reasons_of(table: Table, column_names: tuple[str, ...], delivered_on: date) -> list[Reason]:
    """All reasons of a table for the columns that this delivery has, numbered from 1 in the contract's order.

    The conditions read the columns of `values`, `known(name)` for references, and bind `$delivered_on`.
    """
    drafts = [
        (code, column.name, condition, f"{code}: {column.name} {column.zh} {sentence}", shows_value)
        for column in table.columns
        if column.name in column_names
        for code, condition, sentence, shows_value in _of_column(column, delivered_on)
    ]
    drafts += [
        (rule.code, None, f"not ({rule.check})", f"{rule.code}: {rule.en} ({rule.zh})", False) for rule in table.rules
    ]
    return [Reason(number, *draft) for number, draft in enumerate(drafts, start=1)]


def _of_column(column: Column, delivered_on: date) -> Iterator[tuple[str, str, str, bool]]:
    """Code, condition, sentence, and whether the value may be shown, for each reason of one column."""
    value, text, number = quoted(column.name), delivered(column.name), holds_number(column.name)
    is_text = column.type in TEXT_TYPES
    if column.type in ("id", "hash"):
        advice = "holds a telephone or identity-card number, deliver a digest or another identifier instead"
        yield "personal_number", number, f"{advice} (含手机号或身份证号，请改用摘要或其他编号)", False
    if column.must_be_present:
        is_empty = f"{text} is null" if is_text else f"{text} is null or {number}"
        yield "missing", is_empty, "must not be empty (必填)", False
    if not is_text or column.type == "hash":
        condition = f"{value} is null and {text} is not null and not {number}"
        if column.type == "enum":
            yield "enum", condition, f"must be one of {', '.join(column.values)} (不在代码表内)", True
        else:
            yield "type", condition, f"must be {_KINDS.get(column.type, 'a number (须为数字)')}", column.type != "hash"
    yield from _of_bounds(column, value, delivered_on)
    if column.references:
        parent = delivered_tables()[column.references]
        condition = f"{value} is not null and not {number} and not {known(column.name)}"
        sentence = f"is not among the good rows of {parent.name} (引用的{parent.title_zh}不在合格记录中)"
        yield "unknown_reference", condition, sentence, False


def _of_bounds(column: Column, value: str, delivered_on: date) -> Iterator[tuple[str, str, str, bool]]:
    if column.minimum is not None and column.maximum is not None:
        condition = f"{value} < {column.minimum} or {value} > {column.maximum}"
        bounds = f"must be {column.minimum:g} to {column.maximum:.15g} "
        meaning = "不得为负，也不得过大" if column.minimum == 0 else "超出范围"
        yield "range", condition, f"{bounds}({meaning})", True
    if column.type in ("date", "timestamp"):
        yield "range", f"{value} < date '{EARLIEST}'", f"must not be before {EARLIEST} (日期过早)", True
        if not column.may_be_later:
            sentence = f"must not be later than the delivery of {delivered_on} (晚于交付日期)"
            yield "later_than_delivery", f"cast({value} as date) > $delivered_on", sentence, True
