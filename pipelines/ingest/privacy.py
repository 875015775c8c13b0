"""Telephone numbers, identity-card numbers and reporters' names: how they are known, and what stands in their place.

Belongs here: the patterns, once for Python and for the engine (both read the same syntax, without lookarounds).
Does not belong here: what happens to a row that holds one (judging).

Sources: mobile numbers are eleven digits, 13 to 19 first (numbering plan of the telephone network);
identity-card numbers and their check digit follow GB 11643-1999 (18 digits) and its predecessor of 1989 (15 digits).
"""

from __future__ import annotations

import itertools
import re

import duckdb

REMOVED_NUMBER = "〔号码已删除〕"
REMOVED_VALUE = "〔已删除〕"

_DIGIT = "[0-9０-９]"
_GAP = "[ \t\u3000\u00a0‐‑–—－-]"
_PREFIX = f"(?:(?:[+＋]|00|００)?[8８][6６]{_GAP}?)?"
_MOBILE = f"{_PREFIX}[1１][3-9３-９]{_DIGIT}{{9}}"
_GROUPED_MOBILE = f"{_PREFIX}[1１][3-9３-９]{_DIGIT}{_GAP}{_DIGIT}{{4}}{_GAP}{_DIGIT}{{4}}"
_MONTH_AND_DAY = "(?:[0０][1-9１-９]|[1１][0-2０-２])(?:[0０][1-9１-９]|[12１２][0-9０-９]|[3３][01０１])"
_CARD = f"[1-9１-９]{_DIGIT}{{5}}(?:[1１][89８９]|[2２][0０]){_DIGIT}{{2}}{_MONTH_AND_DAY}{_DIGIT}{{3}}[0-9０-９xXｘＸ]"
_OLD_CARD = f"[1-9１-９]{_DIGIT}{{7}}{_MONTH_AND_DAY}{_DIGIT}{{3}}"
_WHOLE_NUMBER = f"(?:{_MOBILE}|{_GROUPED_MOBILE}|{_CARD}|{_OLD_CARD})"
# A run of digits longer than the number is something else: the neighbours are part of the match, and are put back.
_NUMBER = f"(^|[^0-9０-９]){_WHOLE_NUMBER}($|[^0-9０-９])"
# In an identifier, 139-2026-0001 may well be a case number: groups count only when they are the whole value.
_MOBILE_OR_OLD_CARD = f"^{_GROUPED_MOBILE}$|(^|[^0-9０-９])(?:{_MOBILE}|{_OLD_CARD})($|[^0-9０-９])"
_CARD_OF_ONE_RUN = f"(?:^|[^0-9０-９])({_CARD})(?:$|[^0-9０-９])"
_DIGEST = "[0-9a-f]{16,128}|[0-9A-F]{16,128}|[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
# a name written in letters alone is no digest
_HASH = "[0-9A-Za-z_-]*[0-9][0-9A-Za-z_-]*"
_PLAIN_TOKEN = '[ "]*(?:[0-9A-Za-z_-]*|[0-9 :./+-]*)[ "]*'

_CHECK_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_SUM = " + ".join(f"try_cast(card[{i}] as integer) * {w}" for i, w in enumerate(_CHECK_WEIGHTS, start=1))

_MACROS = f"""
create macro is_digest(value) as regexp_full_match(value, '{_DIGEST}') and regexp_matches(value, '[A-Fa-f]');
create macro is_hash(value) as length(value) between 4 and 128 and regexp_full_match(value, '{_HASH}');
create macro is_number(value) as regexp_full_match(value, '{_WHOLE_NUMBER}');
create macro looks_like_number(value) as regexp_matches(value, '{_NUMBER}');
create macro holds_number(value) as case when looks_like_number(value) then not is_digest(value) else false end;
create macro numbers_replaced(value) as regexp_replace(
  regexp_replace(value, '{_NUMBER}', '\\1{REMOVED_NUMBER}\\2', 'g'),
  '{_NUMBER}', '\\1{REMOVED_NUMBER}\\2', 'g');
create macro plain_digits(value) as upper(translate(value, '０１２３４５６７８９ｘＸ', '0123456789XX'));
create macro has_check_digit(value) as list_transform([plain_digits(value)], lambda card:
  ('10X98765432')[({_CHECK_SUM}) % 11 + 1] = card[18])[1];
create macro credit_code_holds_number(value) as
  case when not holds_number(value) then false
    when regexp_full_match(value, '{_CARD}') then has_check_digit(value)
    else true end;
create macro is_likely_card(card, delivered_on) as
  try_cast(plain_digits(card)[7:10] as integer) <= year(delivered_on) - 16 or has_check_digit(card);
create macro identifier_holds_number(value, delivered_on) as
  case when not regexp_matches(value, '{_MOBILE_OR_OLD_CARD}|{_CARD_OF_ONE_RUN}') or is_digest(value) then false
    when regexp_matches(value, '{_MOBILE_OR_OLD_CARD}') then true
    else list_transform([regexp_extract(value, '{_CARD_OF_ONE_RUN}', 1)], lambda card:
      is_likely_card(card, delivered_on))[1] end;
create macro plain_tokens(line) as
  array_to_string(list_transform(string_split(line, ','), lambda token:
    case when regexp_full_match(token, '{_PLAIN_TOKEN}') then token else '{REMOVED_VALUE}' end), ',');
"""


def define_privacy(connection: duckdb.DuckDBPyConnection) -> None:
    """Teach an engine the words of this file.

    For running text `holds_number(value)` and `numbers_replaced(value)`; `looks_like_number(value)` for a value that was
    to be something else. `identifier_holds_number(value, delivered_on)` for identifiers: there a card number whose
    birth date lies less than 16 years back counts only with its check digit, since region + date + serial is how case
    numbers are built. `credit_code_holds_number(value)` for the unified social credit code. `is_number(value)` for a
    whole value, `is_hash(value)` for what may be a digest. `plain_tokens(line)` leaves of a comma-separated line only
    what looks like an identifier, a number or a date.
    A value that is wholly a hexadecimal digest or a UUID holds no number, whatever run of digits is in it.
    """
    connection.execute(_MACROS)


def without_numbers(text: str) -> str:
    """The text with every telephone and identity-card number replaced; for names of files and headers."""
    for _ in range(2):  # two numbers side by side share a neighbour: the second pass finds what the first stepped over
        text = re.sub(_NUMBER, rf"\1{REMOVED_NUMBER}\2", text)
    return text


_REPORTERS = ("投诉人", "举报人", "检举人", "控告人", "反映人", "来电人", "来信人", "来访人", "联系人")
_REPORTER_FACTS = ("", "姓名", "名称", "地址", "住址", "联系方式", "证件号", "证件号码")
_NUMBER_FACTS = (
    ("电话", "联系电话", "电话号码", "手机", "手机号", "手机号码", "联系方式", "身份证", "身份证号", "身份证号码")
    + ("公民身份号码", "phone", "phonenumber", "mobile", "mobilenumber", "mobilephone", "telephone", "tel")
    + ("idcard", "idcardnumber", "idnumber", "identitycard", "identitycardnumber", "contactphone")
)
_REPORTER_NAMES = ("reporter", "complainant", "accuser", "informant")
_PERSONAL_HEADERS = frozenset(
    {*_NUMBER_FACTS, *_REPORTER_NAMES}
    | {who + what for who, what in itertools.product(_REPORTERS, _REPORTER_FACTS + _NUMBER_FACTS)}
    | {
        who + what
        for who, what in itertools.product(_REPORTER_NAMES, ("name", "phone", "mobile", "idcard", "idnumber"))
    }
)
_PERSONAL_HEADERS_OF_COMPLAINT = frozenset({"姓名", "name"})


def is_personal_header(table_name: str, header: str) -> bool:
    """True for a header known to announce who reported, or a telephone or identity-card number."""
    plain = re.sub(r"[\s_\-.（）()]", "", header).casefold()
    return plain in _PERSONAL_HEADERS or (table_name == "complaint" and plain in _PERSONAL_HEADERS_OF_COMPLAINT)
