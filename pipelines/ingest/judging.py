"""The rows of one table, judged in sets: good, in quarantine, delivered alike twice, or refused.

Belongs here: the order of judgement, and the engine of one delivery. Does not belong here: what a value (values), a
reason (reasons) or a quarantined row (quarantine) is, and files.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from pipelines.contract import Table, delivered_tables
from pipelines.ingest.delivery import RowCount
from pipelines.ingest.identifiers import check_identifiers
from pipelines.ingest.loading import DeliveredSheet, LoadedFile, load_sheets
from pipelines.ingest.mapping import TableMapping
from pipelines.ingest.privacy import define_privacy
from pipelines.ingest.quarantine import create_quarantine, quarantine_bad_rows, quarantine_malformed_lines
from pipelines.ingest.reasons import Reason, reasons_of
from pipelines.ingest.rows import REFUSED, code_rows, judged_rows_sql
from pipelines.ingest.values import VALUE_MACROS, holds_number, quoted

_COPY = "(format parquet, compression zstd)"


@dataclass(frozen=True)
class Judgement:
    """What became of one table: its files, delivered columns, rows, quarantined rows per reason, numbers per column.

    `first_quarantined` is the file and row number of the first row in quarantine.
    """

    files: tuple[LoadedFile, ...]
    column_names: tuple[str, ...]
    rows: RowCount
    reasons: dict[str, int]
    first_quarantined: tuple[str, int] | None
    numbers_found: dict[str, int]


class Judge:
    """Judges the tables of one delivery, each after every table that it references."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        *,
        delivery_number: int,
        delivered_on: date,
        head_officer_ids: Iterable[str],
    ) -> None:
        self._connection = connection
        self._delivery_number = delivery_number
        self._delivered_on = delivered_on
        references = {column.references for table in delivered_tables().values() for column in table.columns}
        self._referenced = sorted(references - {None})
        define_privacy(connection)
        connection.execute(VALUE_MACROS)
        create_quarantine(connection)
        connection.execute("create temp table head_officer (officer_id varchar)")
        connection.execute("insert into head_officer select unnest($ids)", {"ids": sorted(head_officer_ids)})
        for name in self._referenced:
            connection.execute(f"create temp table {quoted(f'known {name}')} (key varchar)")

    def know_stored(self, table: Table, paths: list[Path]) -> None:
        """Count the good rows of earlier deliveries, in these Parquet files, as known."""
        if table.name in self._referenced and paths:
            self._connection.execute(
                f"insert into {quoted(f'known {table.name}')} "
                f"select distinct {quoted(table.key[0])} from read_parquet($paths)",
                {"paths": [str(path) for path in paths]},
            )

    def judge(
        self, table: Table, mapping: TableMapping, sheets: Iterable[DeliveredSheet], good_path: Path
    ) -> Judgement:
        """Judge the rows of one table and store the good ones, in the order in which they were delivered.

        The bad ones go to the quarantine. Raises DeliveryError where most identifiers of a file look like numbers of
        persons: then it is how the bureau numbers its records, and no row of it could stay.
        """
        files = load_sheets(self._connection, table, sheets)
        delivered_names = frozenset().union(*(file.column_names for file in files))
        names = tuple(name for name in table.column_names if name in delivered_names)
        reasons = reasons_of(table, names, self._delivered_on)
        self._type_and_judge(table, mapping, names, reasons)
        check_identifiers(self._connection, table)
        refused = self._refuse(table)
        self._judge_own_references(table, reasons)
        self._find_repetitions(table)
        bad = self._count("judged_row where len(reasons) > 0") + self._count("repeated_row where not is_alike")
        malformed = self._count("malformed_line")
        if bad:
            quarantine_bad_rows(self._connection, table, names, self._delivery_number)
        if malformed:
            quarantine_malformed_lines(self._connection, table, self._delivery_number)
        rows = RowCount(
            rows_in=sum(file.row_count for file in files),
            kept=self._store(table, good_path),
            quarantined=bad + malformed,
            collapsed=self._count("repeated_row where is_alike"),
            refused=refused,
        )
        judgement = Judgement(
            files, names, rows, self._reason_counts(), self._first_quarantined(table), self._numbers_found(names)
        )
        for name in ("delivered_row", "judged_row", "repeated_row", "malformed_line", "file", "code", "reason"):
            self._connection.execute(f"drop table {name}")
        return judgement

    def store_quarantine(self, path: Path) -> None:
        """Write the quarantine of all tables judged, by table, file and row."""
        self._connection.execute(
            f"copy (from quarantine order by table_name, source_file, row_number, reasons) to $path {_COPY}",
            {"path": str(path)},
        )

    def head_officer_ids(self) -> tuple[str, ...]:
        """The officers that any row, good or bad, of this or an earlier delivery, gave the rank of head."""
        rows = self._connection.execute("select distinct officer_id from head_officer order by 1").fetchall()
        return tuple(officer_id for (officer_id,) in rows)

    def _count(self, relation: str) -> int:
        return self._connection.execute(f"select count(*) from {relation}").fetchall()[0][0]

    def _type_and_judge(
        self, table: Table, mapping: TableMapping, names: tuple[str, ...], reasons: list[Reason]
    ) -> None:
        connection = self._connection
        codes = [list(column) for column in zip(*code_rows(table, mapping), strict=True)] or [[], [], []]
        connection.execute(
            "create temp table code as select unnest(cast($names as varchar[])) as column_name, "
            "unnest(cast($texts as varchar[])) as delivered_text, unnest(cast($codes as varchar[])) as code",
            dict(zip(("names", "texts", "codes"), codes, strict=True)),
        )
        connection.execute(
            "create temp table reason as select unnest($numbers) as number, unnest($codes) as code, "
            "unnest($columns) as column_name, unnest($sentences) as sentence, unnest($shows) as shows_value",
            {
                "numbers": [reason.number for reason in reasons],
                "codes": [reason.code for reason in reasons],
                "columns": [reason.column_name for reason in reasons],
                "sentences": [reason.sentence for reason in reasons],
                "shows": [reason.shows_value for reason in reasons],
            },
        )
        formats = {f"format_{name}": mapping.formats(name) for name in names if mapping.formats(name)}
        connection.execute(
            f"create temp table judged_row as {judged_rows_sql(table, names, mapping, reasons)}",
            {"delivered_on": self._delivered_on, **formats},
        )
        if table.name == "officer":
            connection.execute(
                "insert into head_officer select distinct officer_id from judged_row "
                f"where rank = 'head' and officer_id is not null and not {holds_number('officer_id')}"
            )

    def _refuse(self, table: Table) -> int:
        """Forget the rows that must not enter, also where the line they stood on is malformed; how many they were."""
        if table.name not in REFUSED:
            return 0
        refused = self._count("judged_row where is_refused")
        self._connection.execute("delete from judged_row where is_refused")
        whole = self._count("malformed_line")
        self._connection.execute(
            "delete from malformed_line where list_has_any(string_split(translate(line, ' \"', ''), ','), "
            "(select list(delivered_text) from code where column_name = 'kind' and code = 'accusation')) "
            "and list_has_any(string_split(translate(line, ' \"', ''), ','), "
            "(select coalesce(list(officer_id), []) from head_officer))"
        )
        return refused + whole - self._count("malformed_line")

    def _judge_own_references(self, table: Table, reasons: list[Reason]) -> None:
        """Mark rows whose parent in the same table is not good, until no more are found: then their children, too."""
        for reason in reasons:
            if reason.code != "unknown_reference" or table.column(reason.column_name).references != table.name:
                continue
            parent, key = quoted(reason.column_name), quoted(table.key[0])
            while self._connection.execute(
                f"update judged_row set reasons = list_append(reasons, $number) where {parent} is not null "
                f"and not {holds_number(reason.column_name)} and not list_contains(reasons, $number) "
                f"and {parent} not in (select {key} from judged_row where len(reasons) = 0 and {key} is not null "
                f"union all select key from {quoted(f'known {table.name}')})",
                {"number": reason.number},
            ).fetchall()[0][0]:
                pass

    def _find_repetitions(self, table: Table) -> None:
        """Good rows whose key comes again: alike to a later row, or another version than the last."""
        key = ", ".join(quoted(name) for name in table.key)
        columns = ", ".join(quoted(name) for name in table.column_names)
        latest = "order by file_number desc, row_number desc"
        self._connection.execute(f"""
create temp table repeated_row as
with good_row as (select * from judged_row where len(reasons) = 0),
repeated_key as (select {key} from good_row group by {key} having count(*) > 1)
select file_number, row_number,
  row_number() over (partition by {columns} {latest}) > 1 as is_alike,
  first_value(file_number) over (partition by {key} {latest}) as last_file_number,
  first_value(row_number) over (partition by {key} {latest}) as last_row_number
from good_row semi join repeated_key using ({key})
qualify file_number <> last_file_number or row_number <> last_row_number""")

    def _store(self, table: Table, path: Path) -> int:
        """Write the good rows, and count them as known; how many they are."""
        good = "judged_row anti join repeated_row using (file_number, row_number) where len(reasons) = 0"
        columns = ", ".join(quoted(name) for name in table.column_names)
        if table.name in self._referenced:
            key = quoted(table.key[0])
            self._connection.execute(f"insert into {quoted(f'known {table.name}')} select {key} from {good}")
        self._connection.execute(
            f"copy (select {columns}, cast($number as integer) as delivery_number from {good} "
            f"order by file_number, row_number) to $path {_COPY}",
            {"path": str(path), "number": self._delivery_number},
        )
        return self._count(good)

    def _reason_counts(self) -> dict[str, int]:
        """Quarantined rows by reason code; a row with two reasons counts in both."""
        rows = self._connection.execute("""
select code, count(*) as row_count from (
  select distinct file_number, row_number, code
  from (select file_number, row_number, unnest(reasons) as number from judged_row) join reason using (number)
  union all select file_number, row_number, 'duplicate_key' from repeated_row where not is_alike
  union all select file_number, row_number, 'malformed_row' from malformed_line)
group by code order by code""").fetchall()
        return dict(rows)

    def _first_quarantined(self, table: Table) -> tuple[str, int] | None:
        rows = self._connection.execute(
            "select source_file, row_number from quarantine where table_name = $name order by all limit 1",
            {"name": table.name},
        ).fetchall()
        return rows[0] if rows else None

    def _numbers_found(self, names: tuple[str, ...]) -> dict[str, int]:
        counts = ", ".join(f"count(*) filter (where {holds_number(name)})" for name in names)
        found = self._connection.execute(f"select {counts} from judged_row").fetchall()[0]
        return {name: count for name, count in zip(names, found, strict=True) if count}
