"""What counts as a number of a person, as a digest, and as a header that announces a person.

The card number is the example of GB 11643 itself, the telephone number that of a carrier's own hotline.
"""

from datetime import date

import duckdb
import pytest

from pipelines.ingest.privacy import define_privacy, is_personal_header, without_numbers

MOBILE = "13800138000"
CARD = "11010519491231002X"
OLD_CARD = "110105491231002"
REMOVED = "〔号码已删除〕"

TEXTS = {
    MOBILE: REMOVED,
    f"电{MOBILE}话": f"电{REMOVED}话",
    f"+86 {MOBILE}， +86{MOBILE}": f"{REMOVED}， {REMOVED}",
    f"86-{MOBILE}": REMOVED,
    f"0086{MOBILE}": REMOVED,
    "138 0013 8000": REMOVED,
    "138-0013-8000": REMOVED,
    "１３８００１３８０００": REMOVED,
    "１３８　００１３　８０００": REMOVED,
    f"{MOBILE},{MOBILE},{MOBILE} {MOBILE}": f"{REMOVED},{REMOVED},{REMOVED} {REMOVED}",
    f"证{CARD}号": f"证{REMOVED}号",
    CARD.lower(): REMOVED,
    "11010519491231002Ｘ": REMOVED,
    "１１０１０５１９４９１２３１００２Ｘ": REMOVED,
    "110105194912310020": REMOVED,
    OLD_CARD: REMOVED,
    # Not numbers of persons: too long a run, no such prefix, no such month or day, a digest.
    f"1{MOBILE}": f"1{MOBILE}",
    f"{MOBILE}0": f"{MOBILE}0",
    "12800138000": "12800138000",
    "110105194913310020": "110105194913310020",
    "110105491232002": "110105491232002",
    f"ab{MOBILE}cdef": f"ab{MOBILE}cdef",
    "0755-12345678": "0755-12345678",
    # A gap elsewhere, of any kind.
    "138-00138000": REMOVED,
    "电138 00138000。": f"电{REMOVED}。",
    "1380013 8000": REMOVED,
    "138.0013.8000": REMOVED,
    "138．0013．8000": REMOVED,
    "138·0013·8000": REMOVED,
    "138—00138000": REMOVED,
    "138.00138000": REMOVED,
    "+86 138-00138000": REMOVED,
    "2026-06-30 138-00138000": f"2026-06-30 {REMOVED}",
    "138-00138000-138-00138000": f"{REMOVED}-{REMOVED}",
    "110105 19491231 002X": REMOVED,
    "110105-19491231-002x": REMOVED,
    "110105.1949.1231.002X": REMOVED,
    "11010519491231 002X": REMOVED,
    "１１０１０５　１９４９１２３１　００２Ｘ": REMOVED,
    MOBILE + MOBILE: REMOVED,
    f"电{MOBILE}{MOBILE}。": f"电{REMOVED}。",
    # Fixed lines and service lines; without any gap only as the whole value.
    "021-62345678": REMOVED,
    "010 62345678": REMOVED,
    "0755-26001234": REMOVED,
    "0571－2600123": REMOVED,
    "(021)62345678": REMOVED,
    "（0755）2600-1234转8": f"{REMOVED}转8",
    "+86-21-62345678": REMOVED,
    "02162345678": REMOVED,
    "编号02162345678": "编号02162345678",
    "400-800-1234": REMOVED,
    "电400-800-1234": f"电{REMOVED}",
    # Dates, times, file numbers, standards, amounts, places.
    **{
        text: text
        for text in (
            "2026-06-30 10:00:00",
            "2026-06-30T15:00:00.123+08:00",
            "2026年6月30日15时30分",
            "20260630 150000",
            "1782784800",
            "2026-0630-0001",
            "3307.2026.00012",
            "330702-20260630-0012",
            "330702 20260630 0012",
            "2026-139-20260001",
            "2026-0755-2600123",
            "京市监罚〔2026〕1380012号",
            "GB 14881-2013",
            "GB/T 19001-2016",
            "GB 5009.138-2017",
            "DB11/T 1322.15-2019",
            "1380013.80元",
            "1380013.8000万元",
            "15,000,000.00至18,000,000.00元",
            "13500元、15800元、18000元",
            "116.40739990,39.90419989",
            "135.01234567, 48.36541234",
            "(22.5431, 114.0579)",
            "6901234567892",
            "92440300MA5EXAMPL1",
        )
    },
}


@pytest.fixture(scope="module")
def engine():
    with duckdb.connect() as connection:
        define_privacy(connection)
        yield connection


@pytest.mark.parametrize("text", TEXTS)
def test_numbers_are_replaced_inside_a_text_and_other_digits_stay(engine, text):
    assert engine.execute(
        "select case when holds_number($1) then numbers_replaced($1) else $1 end", [text]
    ).fetchall() == [(TEXTS[text],)]


def test_names_of_files_and_headers_are_scrubbed_by_the_same_pattern():
    texts = [text for text in TEXTS if not text.startswith("ab")]
    assert [without_numbers(text) for text in texts] == [TEXTS[text] for text in texts]


@pytest.mark.parametrize(
    ("identifier", "is_personal"),
    [
        (MOBILE, True),
        (f"M{MOBILE}", True),
        ("138-0013-8000", True),
        (CARD, True),
        (f"M-{CARD}", True),
        (OLD_CARD, True),
        ("110105194912310020", True),
        # Region, date, serial: a case number of this year, unless its check digit says that it is a card.
        ("110105202606010010", False),
        ("110105202606010018", True),
        ("X139-2026-0001", False),
        ("139-20260001", False),
        ("1500001-2026", False),
        ("138-00138000", True),
        ("1380013 8000", True),
        (MOBILE + MOBILE, True),
        ("110105 19491231 002X", True),
        ("330702-20260630-0012", False),
        ("0755-26001234", False),
        ("PT20260601000123", False),
        (f"ab{MOBILE}cdef0123456789", False),
        (f"0{MOBILE[:7]}-1380-4138-8001-{MOBILE}a", False),
    ],
)
def test_an_identifier_is_personal_when_a_number_of_a_person_is_its_make(engine, identifier, is_personal):
    sql = "select identifier_holds_number($1, $2)"
    assert engine.execute(sql, [identifier, date(2026, 6, 30)]).fetchall() == [(is_personal,)]


@pytest.mark.parametrize(
    ("code", "is_personal"),
    [(CARD, True), ("110105194912310020", False), ("92440300MA5EXAMPL1", False), (MOBILE, True)],
)
def test_a_credit_code_is_a_card_number_only_with_its_check_digit(engine, code, is_personal):
    assert engine.execute("select credit_code_holds_number($1)", [code]).fetchall() == [(is_personal,)]


@pytest.mark.parametrize(
    ("digest", "is_hash"),
    [
        ("acc6", True),
        ("acc66022", True),
        ("ACC66022", True),
        ("9f86d081884c7d65", True),
        ("1234567890123456", True),
        ("f47ac10b-58cc-4372-a567-0e02b2c3d479", True),
        ("k9_Zx-31mQ0pLs7T", True),
        ("acc", False),
        ("Acc66022", False),
        ("zhang_wei_1980", False),
        ("ZhangSan1", False),
        ("02162345678", False),
        ("123456789012345", False),
        ("notonedigitamongthem", False),
        ("f" * 128, True),
        ("f" * 129, False),
        ("投诉人摘要零一二三四五六七八九十1", False),
    ],
)
def test_a_digest_is_hexadecimal_or_long(engine, digest, is_hash):
    assert engine.execute("select is_hash($1)", [digest]).fetchall() == [(is_hash,)]


@pytest.mark.parametrize(
    "header",
    ["投诉人", "举报人姓名", "Reporter_Name", "联系电话", "身份证号", "id_card", "投诉人手机号", "诉求人", "诉求人电话"]
    + ["来电人", "来电号码", "反映人", "联系人", "contact", "contact_name", "caller", "caller_number"],
)
def test_headers_that_announce_a_person_are_known(header):
    assert is_personal_header("complaint", header)


def test_a_name_is_an_officers_column_and_a_reporters_secret():
    assert is_personal_header("complaint", "姓名")
    assert not is_personal_header("officer", "姓名")
