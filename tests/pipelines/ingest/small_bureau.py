"""A bureau of a few rows, the ways to write it down, and an archive that takes it in."""

import csv
import io
from datetime import date
from pathlib import Path

import duckdb

from pipelines.contract import delivered_tables
from pipelines.ingest import Delivery, intake, load_raw

DELIVERED_ON = date(2026, 6, 30)

Rows = list[dict[str, object]]
Tables = dict[str, Rows]

BUREAU: Tables = {
    "institution": [
        {"institution_id": "B0", "name": "市局", "kind": "bureau", "parent_id": "", "is_rural": "0"},
        {"institution_id": "S1", "name": "城东所", "kind": "station", "parent_id": "B0", "is_rural": "0"},
        {"institution_id": "S2", "name": "河西所", "kind": "station", "parent_id": "B0", "is_rural": "1"},
    ],
    "grid": [
        {"grid_id": "G1", "institution_id": "S1", "kind": "market"},
        {"grid_id": "G2", "institution_id": "S2", "kind": "village"},
    ],
    "officer": [
        {"officer_id": "O1", "institution_id": "S1", "employment_kind": "civil_servant", "rank": "staff"},
        {"officer_id": "O2", "institution_id": "S1", "employment_kind": "contract", "rank": "staff"},
        {"officer_id": "O9", "institution_id": "B0", "employment_kind": "civil_servant", "rank": "head"},
    ],
    "posting": [
        {"posting_id": "T1", "officer_id": "O1", "institution_id": "S1", "post": "patrol", "started_on": "2024-01-01"},
    ],
    "merchant": [
        {
            "merchant_id": merchant_id,
            "uscc": uscc,
            "name": name,
            "kind": "individual",
            "industry_code": "F5212",
            "institution_id": institution_id,
            "grid_id": grid_id,
            "registered_on": "2020-05-01",
            "closed_on": "",
            "status": "active",
            "registered_capital_yuan": "50000.50",
        }
        for merchant_id, uscc, name, institution_id, grid_id in (
            ("M1", "92440300MA5EXAMPL1", "城东便利店", "S1", "G1"),
            ("M2", "92440300MA5EXAMPL2", "河西杂货店", "S2", "G2"),
        )
    ],
    "patrol": [
        {
            "patrol_id": f"P{number}",
            "merchant_id": merchant_id,
            "institution_id": institution_id,
            "lead_officer_id": "O1",
            "co_officer_id": "O2",
            "visit_kind": "routine",
            "started_at": f"2026-06-0{number} 09:30:00",
            "ended_at": f"2026-06-0{number} 10:00:00",
            "entered_at": f"2026-06-0{number} 17:00:00",
            "result": "normal",
            "finding_count": "1",
            "severe_finding_count": "0",
            "latitude": "22.54",
            "longitude": "114.05",
            "note_hash": f"9f86d081884c{number}",
        }
        for number, merchant_id, institution_id in ((1, "M1", "S1"), (2, "M2", "S2"), (3, "M1", "S1"), (4, "M2", "S2"))
    ],
    "complaint": [
        {
            "complaint_id": complaint_id,
            "received_at": "2026-06-02 11:00:00",
            "kind": kind,
            "channel": "12315",
            "merchant_id": merchant_id,
            "officer_id": officer_id,
            "category": "食品安全",
            "accepted_at": "2026-06-03 09:00:00",
            "complainant_hash": "ab12cd34ef56",
        }
        for complaint_id, kind, merchant_id, officer_id in (
            ("C1", "consumer_complaint", "M1", ""),
            ("C2", "violation_report", "M2", ""),
            ("C3", "accusation", "", "O1"),
        )
    ],
    "penalty": [
        {
            "case_id": "X1",
            "merchant_id": "M1",
            "institution_id": "S1",
            "lead_officer_id": "O1",
            "source": "patrol",
            "violation_code": "V1",
            "procedure": "ordinary",
            "filed_on": "2026-06-05",
            "decided_on": "2026-06-20",
            "outcome": "fined",
            "fine_yuan": "3000",
            "is_first_offence": "是",
        }
    ],
    "filing": [
        {
            "filing_id": "F1",
            "kind": "visit",
            "officer_id": "O1",
            "filed_at": "2026-05-30 08:00:00",
            "due_on": "2026-12-31",
        },
    ],
}


def headers_of(rows: Rows) -> list[str]:
    """The headers of rows, in the order in which they first come."""
    return list(dict.fromkeys(name for row in rows for name in row))


def csv_text(rows: Rows, headers: list[str] | None = None) -> str:
    """Rows as CSV text."""
    text = io.StringIO()
    writer = csv.DictWriter(text, headers or headers_of(rows), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def in_chinese(table_name: str, rows: Rows) -> Rows:
    """Rows under the contract's Chinese headers, with its Chinese labels for codes."""
    columns = {column.name: column for column in delivered_tables()[table_name].columns}
    return [
        {columns[name].zh: columns[name].values.get(str(value), value) for name, value in row.items()} for row in rows
    ]


def write_csv(folder: Path, tables: Tables) -> Path:
    """A delivery of CSV files in UTF-8."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        (folder / f"{name}.csv").write_text(csv_text(rows), encoding="utf-8")
    return folder


class Archive:
    """A raw folder, and what stands in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.raw_folder = root / "raw"
        self.messages: list[str] = []
        self._source_count = 0
        self._warehouse: duckdb.DuckDBPyConnection | None = None

    def next_source(self) -> Path:
        self._source_count += 1
        folder = self.root / f"source {self._source_count}"
        folder.mkdir()
        return folder

    def take_in(
        self, tables: Tables | Path, *, delivered_on: date = DELIVERED_ON, mapping: Path | None = None
    ) -> Delivery:
        """Take in tables, written as CSV, or a folder that is already written."""
        self._warehouse = None
        source = tables if isinstance(tables, Path) else write_csv(self.next_source(), tables)
        return intake(
            source, self.raw_folder, delivered_on=delivered_on, mapping=mapping, progress=self.messages.append
        )

    def query(self, sql: str) -> list[tuple]:
        """The rows of a query over schema raw, as it stands after the last delivery."""
        if self._warehouse is None:
            self._warehouse = duckdb.connect()
            load_raw(self._warehouse, self.raw_folder)
        return self._warehouse.execute(sql).fetchall()

    def reasons(self, table_name: str) -> dict[int, str]:
        """The reasons of a table's quarantined rows, by row number."""
        return dict(self.query(f"select row_number, reasons from raw.quarantine where table_name = '{table_name}'"))

    def bytes(self) -> dict[str, bytes]:
        """Every file below the raw folder with its bytes."""
        files = sorted(path for path in self.raw_folder.rglob("*") if path.is_file())
        return {str(path.relative_to(self.raw_folder)): path.read_bytes() for path in files}

    def everything_kept(self) -> str:
        """All values of all stored Parquet files, the names and texts of all other files, and what was said."""
        parts = list(self.messages)
        for name, data in self.bytes().items():
            parts.append(name)
            if name.endswith(".parquet"):
                rows = duckdb.read_parquet(str(self.raw_folder / name)).fetchall()
                parts += [str(value) for row in rows for value in row]
            else:
                parts.append(data.decode("utf-8"))
        return "\n".join(parts)
