"""A mapping file reads foreign headers, codes and dates without code, and says nothing that the contract does not know."""

from pathlib import Path

import pytest

from pipelines.ingest import DeliveryError
from pipelines.ingest.mapping import read_mapping

MAPPING = """
[patrol]
files = ["检查台账*.csv"]

[patrol.columns]
"检查单号" = "patrol_id"
"户号" = "merchant_id"
"检查时间" = "started_at"
"结论" = "result"

[patrol.values.result]
"合格" = "normal"
"警示" = "order_to_correct"

[patrol.values.institution_id]
"东" = "S1"

[patrol.date_formats]
started_at = ["%d/%m/%Y %H:%M", "%d.%m.%Y"]

[penalty.values.is_first_offence]
"首次" = "是"
"累犯" = "0"
"""

LEDGER = """检查单号,户号,机构编号,主检人员,检查类型,检查时间,结论,问题数
P10,M1,东,O1,日常检查,03/06/2026 09:30,合格,0
P11,M1,S2,O1,routine,04.06.2026,警示,1
P12,M1,西,O1,routine,04/06/2026 09:30,正常,1
P13,M1,S1,O1,routine,2026-06-04 09:30,normal,1
"""


def deliver(archive, **options):
    source = archive.next_source()
    (source / "检查台账（六月）.csv").write_text(LEDGER, encoding="gb18030")
    return source


def test_a_mapping_in_the_delivery_reads_foreign_files_headers_codes_and_dates(begun):
    source = deliver(begun)
    (source / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    delivery = begun.take_in(source)
    assert begun.query(
        "select patrol_id, institution_id, started_at::varchar, result from raw.patrol where delivery_number = 2 order by 1"
    ) == [
        ("P10", "S1", "2026-06-03 09:30:00", "normal"),
        ("P11", "S2", "2026-06-04 00:00:00", "order_to_correct"),
    ]
    reasons = begun.reasons("patrol")
    assert reasons[4].startswith("unknown_reference: institution_id")
    assert reasons[5].startswith("type: started_at")
    assert delivery.notes[-1].startswith("patrol: 2 of 4 rows are in quarantine")


def test_a_mapping_may_lie_elsewhere(begun):
    mapping = begun.root / "bureau.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    delivery = begun.take_in(deliver(begun), mapping=mapping)
    assert delivery.tables["patrol"].kept == 2
    assert delivery.mapping_sha256 is not None


def test_without_the_mapping_the_file_is_no_table(begun):
    with pytest.raises(DeliveryError, match="holds no table"):
        begun.take_in(deliver(begun))


def test_a_boolean_may_have_codes_of_its_own(begun, bureau):
    case = bureau["penalty"][0]
    mapping = begun.root / "bureau.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    cases = [
        case | {"case_id": f"X1{n}", "is_first_offence": text} for n, text in enumerate(("首次", "累犯", "否", "?"))
    ]
    source = begun.next_source()
    from .small_bureau import write_csv

    begun.take_in(write_csv(source, {"penalty": cases}), mapping=mapping)
    assert begun.query("select case_id, is_first_offence from raw.penalty where delivery_number = 2 order by 1") == [
        ("X10", True),
        ("X11", False),
        ("X12", False),
    ]


WRONG = {
    "[patroll.columns]\nx = 'patrol_id'": "[patroll] is no table of the contract",
    "[patrol.columns]\nx = 'patrol_number'": "[patrol] names patrol_number, which is no column of patrol",
    "[patrol.values.result]\nx = 'fine'": "[patrol] gives result 1 codes that the contract does not have (first: fine)",
    "[patrol.values.outcome]\nx = 'fined'": "[patrol] names outcome, which is no column of patrol",
    "[penalty.values.is_first_offence]\nx = 'maybe'": "[penalty] gives is_first_offence 1 codes",
    "[patrol.values.finding_count]\nx = '1'": "[patrol] gives values for finding_count, which has no codes",
    "[patrol.date_formats]\nresult = '%Y'": "[patrol] gives a date format for result, which is no date",
    "[patrol.date_formats]\nstarted_at = '%Q'": "[patrol] gives started_at the date format '%Q', which cannot be read",
    "[patrol.date_formats]\nstarted_at = '%Y-%m-%d %z'": "which cannot be read",
    "[patrol]\nheaders = ['x']": "patrol.headers: Extra inputs are not permitted",
    "[patrol]\nfiles = 'x.csv'": "patrol.files: Input should be a valid list",
    "[patrol.columns]\nx = 1": "patrol.columns.x: Input should be a valid string",
    "[patrol": "the mapping is not TOML in UTF-8",
    "[complaint.columns]\n'投诉人' = 'complainant_hash'": "[complaint] maps 投诉人 onto complainant_hash, but that column names",
    "[patrol.values.merchant_id]\nx = '13800138000'": "[patrol] gives merchant_id a telephone or identity-card number",
    "[merchant.columns]\n'联系电话' = 'name'": "[merchant] maps 联系电话 onto name, but that column names or numbers a person",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_mapping_that_says_what_cannot_be_is_refused(tmp_path, text):
    path = tmp_path / "mapping.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DeliveryError) as error:
        read_mapping(path)
    assert str(error.value).startswith("mapping.toml: ")
    assert WRONG[text] in str(error.value)


def test_a_mapping_that_is_not_there_is_refused(begun):
    with pytest.raises(DeliveryError, match="nowhere.toml: the mapping cannot be read"):
        begun.take_in(deliver(begun), mapping=Path("nowhere.toml"))


def test_a_file_that_fits_two_tables_is_refused(begun):
    source = deliver(begun)
    text = '[patrol]\nfiles = ["检查*.csv"]\n[penalty]\nfiles = ["*台账*"]\n'
    (source / "mapping.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DeliveryError, match="fits the mapping's files of patrol, penalty"):
        begun.take_in(source)


def test_a_mapped_file_of_another_format_is_refused(begun):
    source = begun.next_source()
    (source / "检查台账.xls").write_bytes(b"old")
    (source / "mapping.toml").write_text('[patrol]\nfiles = ["检查台账*"]\n', encoding="utf-8")
    with pytest.raises(DeliveryError, match=r"检查台账.xls is named by the mapping but is none of .csv .xlsx .parquet"):
        begun.take_in(source)
