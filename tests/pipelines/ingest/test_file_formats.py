"""A table reads the same in every encoding, format and language, and lines that are no row are set apart."""

import json
from pathlib import Path

import duckdb
import pyarrow
import pyarrow.parquet
import pytest
import xlsxwriter

from pipelines.contract import delivered_tables

from .small_bureau import BUREAU, Archive, Rows, csv_text, headers_of, in_chinese, write_csv


def write_workbook(path: Path, rows: Rows) -> None:
    """Rows as XLSX, numbers as numbers and instants as the program's own dates, as a clerk would have them."""
    with xlsxwriter.Workbook(path, {"strings_to_numbers": True}) as workbook:
        sheet = workbook.add_worksheet()
        moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        headers = headers_of(rows)
        sheet.write_row(0, 0, headers)
        for line, row in enumerate(rows, start=1):
            for position, header in enumerate(headers):
                value = row.get(header, "")
                if header.endswith(("_at", "_on")) and value:
                    instant = duckdb.execute("select cast($1 as timestamp)", [value]).fetchall()[0][0]
                    sheet.write_datetime(line, position, instant, moment)
                else:
                    sheet.write(line, position, value)


def write_parquet(path: Path, table_name: str, rows: Rows) -> None:
    """Rows as Parquet with the types that a database would give them."""
    kinds = {column.name: column.engine_type for column in delivered_tables()[table_name].columns}
    headers = headers_of(rows)
    typed = ", ".join(f'cast(nullif("{name}", \'\') as {kinds[name]}) as "{name}"' for name in headers)
    with duckdb.connect() as connection:
        connection.register("written", pyarrow.table({name: [row.get(name, "") for row in rows] for name in headers}))
        connection.execute(f"copy (select {typed} from written) to $1 (format parquet)", [str(path)])


def contents(archive: Archive) -> dict[str, list[tuple]]:
    return {name: archive.query(f'select * from raw."{name}" order by all') for name in BUREAU}


@pytest.fixture(scope="module")
def expected(first_archive):
    return contents(first_archive)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_chinese_headers_titles_and_labels_read_the_same_in_every_encoding(archive, bureau, expected, encoding):
    source = archive.next_source()
    for name, rows in bureau.items():
        path = source / f"{delivered_tables()[name].title_zh}_2026.csv"
        path.write_text(csv_text(in_chinese(name, rows)), encoding=encoding)
    delivery = archive.take_in(source)
    assert {file.encoding for file in delivery.files} == {encoding}
    assert {name: len(rows) for name, rows in bureau.items()} == {
        file.table_name: file.row_count for file in delivery.files
    }
    assert contents(archive) == expected


def test_a_workbook_reads_as_the_csv_does(archive, bureau, expected):
    source = archive.next_source()
    for name, rows in bureau.items():
        write_workbook(source / f"{name}.xlsx", rows)
    delivery = archive.take_in(source)
    assert {file.encoding for file in delivery.files} == {None}
    assert contents(archive) == expected


def test_parquet_reads_as_the_csv_does(archive, bureau, expected):
    bureau["penalty"][0]["is_first_offence"] = "true"
    source = archive.next_source()
    for name, rows in bureau.items():
        write_parquet(source / f"{name}.parquet", name, rows)
    archive.take_in(source)
    assert contents(archive) == expected


def test_parquet_from_a_data_frame_keeps_whole_identifiers_and_missing_values(begun, patrol):
    rows = [patrol("x", visit_filing_id=number) for number in (7.0, float("nan"))]
    for position, row in enumerate(rows):
        row |= {"patrol_id": 1000 + position, "finding_count": 2.0 + position, "latitude": 22.5 if position else None}
    source = begun.next_source()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), source / "patrol.parquet")
    begun.take_in(source)
    assert begun.query(
        "select patrol_id, visit_filing_id, finding_count, latitude from raw.patrol where delivery_number = 2 order by 1"
    ) == [("1000", "7", 2, None), ("1001", None, 3, 22.5)]


def test_a_table_may_lie_in_many_files_and_each_row_knows_its_own(begun, patrol):
    source = begun.next_source()
    (source / "patrol_2025.csv").write_text(csv_text([patrol("P10"), patrol("P11", result="x")]), encoding="utf-8")
    (source / "巡查记录_2026.csv").write_text(
        csv_text(in_chinese("patrol", [patrol("P12", result="y"), patrol("P13")])), encoding="gb18030"
    )
    write_workbook(source / "patrol_2026.xlsx", [patrol("P14"), patrol("P15"), patrol("P16", result="z")])
    delivery = begun.take_in(source)
    assert [(file.name, file.encoding, file.row_count) for file in delivery.files] == [
        ("patrol_2025.csv", "utf-8", 2),
        ("patrol_2026.xlsx", None, 3),
        ("巡查记录_2026.csv", "gb18030", 2),
    ]
    assert begun.query("select source_file, row_number from raw.quarantine order by all") == [
        ("patrol_2025.csv", 3),
        ("patrol_2026.xlsx", 4),
        ("巡查记录_2026.csv", 2),
    ]
    assert begun.query("select count(*) from raw.patrol where delivery_number = 2") == [(4,)]


def test_the_longest_table_name_owns_a_file(begun):
    source = begun.next_source()
    item = {"patrol_id": "P1", "item": "other", "result": "normal"}
    (source / "patrol_item_2025.csv").write_text(csv_text([item]), encoding="utf-8")
    assert [file.table_name for file in begun.take_in(source).files] == ["patrol_item"]


def test_other_files_are_named_and_left_alone(begun, patrol):
    source = write_csv(begun.next_source(), {"patrol": [patrol("P10")]})
    for name in ("README.md", "merchant.truth.csv", "weather.csv"):
        (source / name).write_text("nothing of this is read", encoding="utf-8")
    before = {path.name: path.read_bytes() for path in source.iterdir()}
    delivery = begun.take_in(source)
    assert delivery.notes == (
        "The delivery also holds 3 that are no table of the contract and were not read: "
        "README.md, merchant.truth.csv, weather.csv.",
    )
    assert {path.name: path.read_bytes() for path in source.iterdir()} == before


def test_dates_and_times_are_read_in_every_spelling_as_shanghai_time(begun, patrol):
    spellings = [
        "2026-06-01 09:30:00",
        "2026-06-01T09:30",
        "2026/6/1 9:30",
        "2026年6月1日 09:30",
        "2026年6月1日9时30分",
        "2026-06-01T01:30:00Z",
        "2026-06-01 10:30:00+09:00",
        "2026-05-31T17:30:00.000-0800",
    ]
    begun.take_in({"patrol": [patrol(f"P{10 + n}", started_at=text) for n, text in enumerate(spellings)]})
    assert begun.query("select started_at::varchar, count(*) from raw.patrol where delivery_number = 2 group by 1") == [
        ("2026-06-01 09:30:00", len(spellings))
    ]


def test_a_month_is_a_month_however_a_spreadsheet_kept_it(begun):
    months = ["2026-01", "2026-02-01", "2026/3", "2026年4月", "2026-05-01 00:00:00", "2026-06-15", "2026-13"]
    rows = [
        {"institution_id": "S1", "month": month, "reported_on": "2026-06-01", "problem_count": "0"} for month in months
    ]
    begun.take_in({"self_check": rows})
    assert begun.query("select month from raw.self_check order by 1") == [(f"2026-0{n}",) for n in range(1, 6)]
    assert {row: text.split(":")[0] for row, text in begun.reasons("self_check").items()} == {7: "type", 8: "type"}


def test_malformed_lines_are_set_apart_and_the_lines_around_them_are_read(begun):
    lines = [
        "grid_id,institution_id,name",
        "G10,S1,菜市场",
        "G11,S1",
        "",
        "G12,S1,水果市场,多出一列",
        'G13,S1,"未闭合',
        "G14,S1,商场",
        'G15,S1,"跨两行的',
        '名称"',
        'G16,S1,12" 店',
        'G17,S1,"引号后"有字',
        ",,",
        'G18,S1,"含""引号""、含,逗号"',
        "G19,S2,最后一行",
    ]
    source = begun.next_source()
    (source / "grid.csv").write_bytes("\r\n".join(lines).encode("utf-8-sig"))
    delivery = begun.take_in(source)
    assert begun.query("select grid_id, name from raw.grid where delivery_number = 2 order by 1") == [
        ("G10", "菜市场"),
        ("G14", "商场"),
        ("G15", "跨两行的\r\n名称"),
        ("G16", '12" 店'),
        ("G17", "引号后有字"),
        ("G18", '含"引号"、含,逗号'),
        ("G19", "最后一行"),
    ]
    quarantined = begun.query("select row_number, reasons, raw from raw.quarantine order by row_number")
    assert [(row, reason.split(" (")[0]) for row, reason, _ in quarantined] == [
        (3, "malformed_row: 2 fields where the header has 3"),
        (5, "malformed_row: 4 fields where the header has 3"),
        (6, "malformed_row: a quotation mark is not closed"),
    ]
    assert json.loads(quarantined[0][2]) == {"line": "G11,S1"}
    assert delivery.tables["grid"].rows_in == 10
    assert any("1 rows were empty in every column" in note for note in delivery.notes)


def test_a_row_number_counts_a_row_of_several_lines_once(begun):
    source = begun.next_source()
    text = 'grid_id,institution_id,name\nG10,S1,"一\n二\n三"\nG11,S404,四\n'
    (source / "grid.csv").write_text(text, encoding="utf-8")
    begun.take_in(source)
    assert list(begun.reasons("grid")) == [3]


def test_marks_that_pair_by_accident_do_not_swallow_lines(begun):
    source = begun.next_source()
    text = 'grid_id,name,institution_id\nG10,甲",S1\nG11,x","开\nG12,乙,S1\nG13,"丙",S1\n'
    (source / "grid.csv").write_text(text, encoding="utf-8")
    delivery = begun.take_in(source)
    assert begun.query("select grid_id from raw.grid where delivery_number = 2 order by 1") == [
        ("G10",),
        ("G12",),
        ("G13",),
    ]
    assert list(begun.reasons("grid")) == [3]
    assert delivery.tables["grid"].rows_in == 4


def test_lines_may_end_as_on_an_old_machine(begun):
    source = begun.next_source()
    (source / "grid.csv").write_bytes(b"grid_id,institution_id\rG10,S1\rG11,S404\r")
    begun.take_in(source)
    assert begun.query("select grid_id from raw.grid where delivery_number = 2") == [("G10",)]
    assert list(begun.reasons("grid")) == [3]


def test_a_table_may_be_a_header_alone(begun):
    source = begun.next_source()
    (source / "grid.csv").write_text("grid_id,institution_id", encoding="utf-8")
    assert begun.take_in(source).tables["grid"].rows_in == 0
