"""Telephone numbers, identity-card numbers and reporters' names: how they are known, and what stands in their place.

Belongs here: the patterns, once for Python and for the engine (both read the same syntax, without lookarounds).
Does not belong here: what happens to a row that holds one (judging).

Sources: mobile numbers are eleven digits, 13 to 19 first; area codes are 010, 02x or of four digits, the numbers behind
them have seven or eight digits, the first of them 2 to 9 (numbering plan of the telephone network); identity-card
numbers and their check digit follow GB 11643-1999 (18 digits) and its predecessor of 1989 (15 digits).
"""

from __future__ import annotations

import itertools
import re

import duckdb

REMOVED_NUMBER = "〔号码已删除〕"
REMOVED_VALUE = "〔已删除〕"

_DIGIT = "[0-9０-９]"
_HYPHEN_OR_DOT = ".．·・。‐‑‒–—―－-"
_GAP = "[ \t\u3000\u00a0‐‑‒–—―－-]"
_GAP_OR_DOT = f"[ \t\u3000\u00a0{_HYPHEN_OR_DOT}]"
_PREFIX = f"(?:(?:[+＋]|00|００)?[8８][6６]{_GAP}?)?"
_MOBILE = f"{_PREFIX}[1１][3-9３-９]{_DIGIT}{{9}}"
_MOBILES = f"(?:{_MOBILE})+"
_MOBILE_HEAD = f"{_PREFIX}[1１][3-9３-９]{_DIGIT}"
_GROUPED_MOBILE = f"{_MOBILE_HEAD}{_GAP_OR_DOT}{_DIGIT}{{4}}{_GAP_OR_DOT}{_DIGIT}{{4}}"
_SPLIT_MOBILE = f"{_MOBILE_HEAD}(?:{_GAP}{_DIGIT}{{4}}|{_DIGIT}{{4}}{_GAP}){_DIGIT}{{4}}"
# With one dot it may be a degree of longitude: the country lies west of 136.
_DOTTED_MOBILE = f"{_PREFIX}[1１](?:[3３][6-9６-９]|[4-9４-９]{_DIGIT})[.．·・。]{_DIGIT}{{8}}"
_MONTH_AND_DAY = "(?:[0０][1-9１-９]|[1１][0-2０-２])(?:[0０][1-9１-９]|[12１２][0-9０-９]|[3３][01０１])"
_YEAR = f"(?:[1１][89８９]|[2２][0０]){_DIGIT}{{2}}"
_PAST_YEAR = f"(?:[1１][89８９]{_DIGIT}|[2２][0０][01０１]){_DIGIT}"
_REGION = f"[1-9１-９]{_DIGIT}{{5}}"
_SERIAL = f"{_DIGIT}{{3}}[0-9０-９xXｘＸ]"
_CARD = f"{_REGION}{_YEAR}{_MONTH_AND_DAY}{_SERIAL}"
_OLD_CARD = f"[1-9１-９]{_DIGIT}{{7}}{_MONTH_AND_DAY}{_DIGIT}{{3}}"


def _grouped_card(year: str) -> str:
    gap = _GAP_OR_DOT
    dates = f"(?:{gap}{year}{gap}?{_MONTH_AND_DAY}{gap}?|{year}{gap}{_MONTH_AND_DAY}{gap}?|{year}{_MONTH_AND_DAY}{gap})"
    return f"{_REGION}{dates}{_SERIAL}"


_AREA = f"(?:[1１][0０]|[2２]{_DIGIT}|[3-9３-９]{_DIGIT}{{2}})"
_SUBSCRIBER = f"[2-9２-９]{_DIGIT}{{2,3}}{_GAP_OR_DOT}?{_DIGIT}{{4}}"
_AREA_AND_GAP = (
    f"(?:[(（][0０]{_AREA}[)）]{_GAP_OR_DOT}?|[0０]{_AREA}{_GAP_OR_DOT}|[+＋][8８][6６]{_GAP}?{_AREA}{_GAP}?)"
)
_FIXED_LINE = f"{_AREA_AND_GAP}{_SUBSCRIBER}"
_UNGROUPED_FIXED_LINE = f"[0０]{_AREA}[2-9２-９]{_DIGIT}{{6,7}}"
_SERVICE_LINE = f"[48４８][0０]{{2}}{_GAP_OR_DOT}{_DIGIT}{{3}}{_GAP_OR_DOT}{_DIGIT}{{4}}"
_UNBROKEN = f"(?:{_MOBILES}|{_CARD}|{_OLD_CARD})"
# Region, day and serial with gaps are how case numbers of these years are written, too: there the day must be past.
_GROUPED = "|".join(
    (_GROUPED_MOBILE, _SPLIT_MOBILE, _DOTTED_MOBILE, _grouped_card(_PAST_YEAR), _FIXED_LINE, _SERVICE_LINE)
)
_WHOLE_NUMBER = f"(?:{_UNBROKEN}|{_GROUPED}|{_UNGROUPED_FIXED_LINE})"
# A run of digits longer than the number is something else: the neighbours are part of the match, and are put back.
_BEFORE, _AFTER = "(^|[^0-9０-９])", "($|[^0-9０-９])"
# 2026-139-20260001 is one file number: a number with gaps does not follow on a digit and a hyphen or dot.
_BEFORE_GROUPS = f"(^[{_HYPHEN_OR_DOT}]?|[^0-9０-９{_HYPHEN_OR_DOT}]|[^0-9０-９][{_HYPHEN_OR_DOT}])"
_NUMBER = f"{_BEFORE}{_UNBROKEN}{_AFTER}|{_BEFORE_GROUPS}(?:{_GROUPED}){_AFTER}|^{_UNGROUPED_FIXED_LINE}$"
_NUMBER_REPLACED = rf"\1\3{REMOVED_NUMBER}\2\4"
# In an identifier, X139-2026-0001 may well be a case number: groups count only when they are the whole value, and
# 139-20260001 does not count, since a year stands in it.
_NO_YEAR = f"(?:[013-9０１３-９]{_DIGIT}|[2２][1-9１-９])"
_SPLIT_WITHOUT_YEAR = (
    f"{_MOBILE_HEAD}(?:{_GAP_OR_DOT}{_NO_YEAR}{_DIGIT}{{6}}|{_DIGIT}{{4}}{_GAP_OR_DOT}{_NO_YEAR}{_DIGIT}{{2}})"
)
_MOBILE_OR_OLD_CARD = f"^(?:{_GROUPED_MOBILE}|{_SPLIT_WITHOUT_YEAR})$|{_BEFORE}(?:{_MOBILES}|{_OLD_CARD}){_AFTER}"
_CARD_OF_ONE_RUN = f"(?:^|[^0-9０-９])({_CARD})(?:$|[^0-9０-９])"
_IDENTIFIER_CARD = f"^{_grouped_card(_YEAR)}$|{_CARD_OF_ONE_RUN}"
_UUID = "[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
_DIGEST = f"[0-9a-f]{{16,128}}|[0-9A-F]{{16,128}}|{_UUID}"
_SHORT_HASH = "[0-9a-f]{4,128}|[0-9A-F]{4,128}"
_LONG_HASH = "[0-9A-Za-z_-]{16,128}"
_PLAIN_TOKEN = '[ "]*(?:[0-9A-Za-z_-]*|[0-9 :./+-]*)[ "]*'
_PLAIN_VALUE = "[0-9A-Za-z_:./ -]*"

_CHECK_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_SUM = " + ".join(f"try_cast(card[{i}] as integer) * {w}" for i, w in enumerate(_CHECK_WEIGHTS, start=1))

_MACROS = f"""
create macro is_digest(value) as regexp_full_match(value, '{_DIGEST}') and regexp_matches(value, '[A-Fa-f]');
create macro is_hash(value) as
  (regexp_full_match(value, '{_SHORT_HASH}') and (length(value) >= 16 or regexp_matches(value, '[A-Fa-f]')))
  or (regexp_full_match(value, '{_LONG_HASH}') and regexp_matches(value, '[0-9]'));
create macro is_number(value) as regexp_full_match(value, '{_WHOLE_NUMBER}');
create macro looks_like_number(value) as regexp_matches(value, '{_NUMBER}');
create macro holds_number(value) as case when looks_like_number(value) then not is_digest(value) else false end;
create macro numbers_replaced(value) as regexp_replace(
  regexp_replace(value, '{_NUMBER}', '{_NUMBER_REPLACED}', 'g'), '{_NUMBER}', '{_NUMBER_REPLACED}', 'g');
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
  case when not regexp_matches(value, '{_MOBILE_OR_OLD_CARD}|{_IDENTIFIER_CARD}') or is_digest(value) then false
    when regexp_matches(value, '{_MOBILE_OR_OLD_CARD}') then true
    else list_transform([coalesce(nullif(regexp_extract(value, '{_CARD_OF_ONE_RUN}', 1), ''),
      regexp_replace(value, '{_GAP_OR_DOT}', '', 'g'))], lambda card: is_likely_card(card, delivered_on))[1] end;
create macro is_plain(value) as regexp_full_match(value, '{_PLAIN_VALUE}');
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
    whole value, `is_hash(value)` for what may be a digest. `is_plain(value)` where no name in Chinese can stand in it;
    `plain_tokens(line)` leaves of a comma-separated line only what looks like an identifier, a number or a date.
    A value that is wholly a hexadecimal digest or a UUID holds no number, whatever run of digits is in it.
    """
    connection.execute(_MACROS)


def without_numbers(text: str) -> str:
    """The text with every telephone and identity-card number replaced; for names of files and headers."""
    for _ in range(2):  # two numbers side by side share a neighbour: the second pass finds what the first stepped over
        text = re.sub(_NUMBER, _NUMBER_REPLACED, text)
    return text


REPORTER_TABLE = "complaint"
"""The table of what people reported: a value out of its place there may be who they are."""

_REPORTERS = ("投诉人", "举报人", "检举人", "控告人", "诉求人", "反映人", "来电人", "来信人", "来访人", "联系人")
_REPORTER_FACTS = ("", "姓名", "名称", "地址", "住址", "联系方式", "证件号", "证件号码")
_NUMBER_FACTS = (
    ("电话", "联系电话", "电话号码", "手机", "手机号", "手机号码", "联系方式", "身份证", "身份证号", "身份证号码")
    + ("来电号码", "公民身份号码", "phone", "phonenumber", "mobile", "mobilenumber", "mobilephone", "telephone", "tel")
    + ("idcard", "idcardnumber", "idnumber", "identitycard", "identitycardnumber", "contactphone")
)
_REPORTER_NAMES = ("reporter", "complainant", "accuser", "informant", "caller", "contact")
_PERSONAL_HEADERS = frozenset(
    {*_NUMBER_FACTS, *_REPORTER_NAMES}
    | {who + what for who, what in itertools.product(_REPORTERS, _REPORTER_FACTS + _NUMBER_FACTS)}
    | {
        who + what
        for who, what in itertools.product(_REPORTER_NAMES, ("name", "number", "phone", "mobile", "idcard", "idnumber"))
    }
)
_PERSONAL_HEADERS_OF_COMPLAINT = frozenset({"姓名", "name"})


def is_personal_header(table_name: str, header: str) -> bool:
    """True for a header known to announce who reported, or a telephone or identity-card number."""
    plain = re.sub(r"[\s_\-.（）()]", "", header).casefold()
    return plain in _PERSONAL_HEADERS or (table_name == REPORTER_TABLE and plain in _PERSONAL_HEADERS_OF_COMPLAINT)
