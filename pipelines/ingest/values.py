"""How a delivered text becomes a value of the contract: one SQL expression per column.

Belongs here: types, spellings, dates. Does not belong here: what makes a row bad (reasons), rows (judging).

Three expressions follow one another for each column, each by the name that the one before gave it:
`parsed` is the value or NULL, `holds_number` says whether a personal number stands in it, `value` is what is stored.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.contract import Column, Table
from pipelines.ingest.privacy import REMOVED_NUMBER, REMOVED_VALUE, REPORTER_TABLE

WHITESPACE = " \t\r\n\u3000\u00a0\u200b\ufeff"

TEXT_TYPES = ("id", "text", "json", "hash")
"""The types whose value is the text itself, with or without what privacy removes from it."""

_DECIMAL = "[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,2})?"
_WHOLE = "[+-]?[0-9]{1,15}([.]0*)?"
_DAY = "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}"
_HOUR = "[ T]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?"
_LOCAL = f"({_DAY})({_HOUR})?"
_WITH_OFFSET = f"({_DAY}){_HOUR} ?(Z|[+-][0-9]{{2}}(:?[0-9]{{2}})?)"
_CHINESE_FORMATS = (
    "%Y年%m月%d日",
    "%Y年%m月%d日 %H:%M",
    "%Y年%m月%d日 %H:%M:%S",
    "%Y年%m月%d日%H时%M分",
    "%Y年%m月%d日 %H时%M分",
) + ("%Y年%m月%d日%H:%M", "%Y年%m月%d日%H:%M:%S", "%Y年%m月%d日%H时%M分%S秒", "%Y年%m月%d日 %H时%M分%S秒", "%Y%m%d")
_MONTH = "[0-9]{4}([-/]?[0-9]{1,2}|年[0-9]{1,2}月)"
_MONTH_FORMATS = ("%Y-%m", "%Y/%m", "%Y年%m月", "%Y%m")
_LARGE = 1e10
"""From here on a number may be a telephone or identity-card number; no unit of the contract reaches so far."""


def _listed(formats: tuple[str, ...]) -> str:
    return "[" + ", ".join(f"'{date_format}'" for date_format in formats) + "]"


VALUE_MACROS = f"""
create macro moment(value) as
  case when regexp_full_match(value, '{_LOCAL}') then try_cast(value as timestamp)
    when regexp_full_match(value, '{_WITH_OFFSET}') then try_cast(value as timestamptz) at time zone 'Asia/Shanghai'
    else try_strptime(value, {_listed(_CHINESE_FORMATS)}) end;
create macro whole_day(moment) as case when moment = date_trunc('day', moment) then cast(moment as date) end;
create macro first_day(moment) as case when moment = date_trunc('month', moment) then moment end;
create macro decimal_number(value) as
  case when regexp_full_match(value, '{_DECIMAL}') then try_cast(value as double) end;
create macro whole_number(value) as
  case when regexp_full_match(value, '{_WHOLE}') then cast(try_cast(value as double) as bigint) end;
create macro month_of(value) as strftime(
  case when regexp_full_match(value, '{_MONTH}') then try_strptime(value, {_listed(_MONTH_FORMATS)})
    else first_day(moment(value)) end, '%Y-%m');
"""
"""Words for the engine: text to instant (Asia/Shanghai local), day, number, month; NULL where it is none."""


def quoted(name: str) -> str:
    """An identifier of the contract as SQL spells it."""
    return '"' + name.replace('"', '""') + '"'


def delivered(name: str) -> str:
    """The column that holds a contract column's text as it was delivered."""
    return quoted(f"delivered {name}")


def coded(name: str) -> str:
    """The column that holds the delivered text, or the code that it stands for where its column has codes."""
    return quoted(f"coded {name}")


def parsed(name: str) -> str:
    """The column that holds the parsed value before privacy was looked at."""
    return quoted(f"parsed {name}")


def holds_number(name: str) -> str:
    """The column that says whether a personal number stands in the delivered text."""
    return quoted(f"number in {name}")


@dataclass(frozen=True)
class ValueExpressions:
    """The three expressions of one column, to be selected one level above another."""

    parsed: str
    holds_number: str
    value: str


def value_expressions(column: Column, has_date_formats: bool) -> ValueExpressions:
    """The expressions of one column.

    They read `coded(name)` and `delivered(name)`; `$format_<name>` is bound to the mapping's date formats where it has
    some (then no other spelling is read), `$delivered_on` to the day of the delivery.
    """
    parsed_value, has_number = parsed(column.name), holds_number(column.name)
    match column.type:
        case "id":
            value = f"case when {has_number} then '{REMOVED_NUMBER}' else {parsed_value} end"
        case "text" | "json":
            value = f"case when {has_number} then numbers_replaced({parsed_value}) else {parsed_value} end"
        case "hash":
            value = f"case when is_hash({parsed_value}) and not {has_number} then {parsed_value} end"
        case _:
            value = f"case when not {has_number} then {parsed_value} end"
    return ValueExpressions(_parsed(column, has_date_formats), _holds_number(column), value)


def _parsed(column: Column, has_date_formats: bool) -> str:
    text = coded(column.name)
    instant = f"try_strptime({text}, $format_{column.name})" if has_date_formats else f"moment({text})"
    match column.type:
        case "id" | "text" | "json" | "hash" | "enum":
            return text
        case "boolean":
            return f"cast({text} as boolean)"
        case "month":
            return f"month_of({text})"
        case "date":
            return f"whole_day({instant})"
        case "timestamp":
            return instant
        case "count":
            return f"whole_number({text})"
        case _:
            return f"decimal_number({text})"


def _holds_number(column: Column) -> str:
    text, parsed_value = delivered(column.name), parsed(column.name)
    if column.name == "uscc":
        return f"coalesce(credit_code_holds_number({text}), false)"
    match column.type:
        case "id":
            return f"coalesce(identifier_holds_number({text}, $delivered_on), false)"
        case "text" | "json":
            return f"coalesce(holds_number({text}), false)"
        case "hash":
            return f"coalesce(is_number({text}), false)"
        case "enum" | "boolean" | "month" | "date" | "timestamp":
            doubtful = f"{parsed_value} is null"
        case _:
            doubtful = f"{parsed_value} is null or abs({parsed_value}) >= {_LARGE}"
    # A value that was read as what it should be is no telephone number: the pattern looks at the others alone.
    return f"case when {doubtful} then coalesce(looks_like_number({text}), false) else false end"


def shown(table: Table, column: Column) -> str:
    """The expression for a delivered text as a quarantined row may show it: numbers and names replaced.

    In the table of what people reported, a value that is not what its column is for may be a name, and so may an
    identifier: there only plain ones are shown (of the record's own identifier those with a digit, too).
    Reads `delivered(name)`, `holds_number(name)` and the value.
    """
    text, has_number, value = delivered(column.name), holds_number(column.name), quoted(column.name)
    match column.type:
        case "text" | "json":
            return f"case when {has_number} then numbers_replaced({text}) else {text} end"
        case "hash":
            return f"case when {value} is null and {text} is not null then '{REMOVED_VALUE}' else {text} end"
    if table.name != REPORTER_TABLE:
        return f"case when {has_number} then '{REMOVED_NUMBER}' else {text} end"
    is_fitting = f"{value} is not null" if column.type != "id" else "false"
    if column.type == "id" and column.is_key:
        is_fitting = f"regexp_matches({text}, '[0-9]')"
    return (
        f"case when {has_number} then '{REMOVED_NUMBER}' when {is_fitting} or is_plain({text}) then {text} "
        f"when {text} is not null then '{REMOVED_VALUE}' end"
    )
