"""The door: one delivery folder in, checked, scrubbed and stored, or refused as a whole.

Belongs here: the order of an intake. Does not belong here: any single step of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import duckdb

from pipelines.contract import delivered_tables
from pipelines.ingest.delivery import DeliveredFile, Delivery, DroppedColumn
from pipelines.ingest.folder import (
    MAPPING_NAME,
    FoundFile,
    check_complete,
    file_sha256,
    find_files,
    identity,
    is_synthetic,
    repeated_identity,
)
from pipelines.ingest.headers import read_header
from pipelines.ingest.judging import Judge, Judgement
from pipelines.ingest.loading import DeliveredSheet
from pipelines.ingest.mapping import TableMapping, read_mapping
from pipelines.ingest.notes import dropped_notes, ignored_note, repeated_note, table_notes, taken_again_note
from pipelines.ingest.raw import waiting_count
from pipelines.ingest.sheet import ChosenColumns
from pipelines.ingest.sheet_file import read_sheet
from pipelines.ingest.store import QUARANTINE_NAME, arriving, deliveries, keep, remove_abandoned, table_paths


def ignore(_message: str) -> None:
    """Progress for nobody."""


def intake(
    source: Path,
    raw_folder: Path,
    *,
    delivered_on: date,
    mapping: Path | None = None,
    progress: Callable[[str], None] = ignore,
) -> Delivery:
    """Take in one delivery folder: read, check, scrub and store it below `raw_folder`; the source is left untouched.

    Gives the delivery with its counts (rows), files, dropped columns and notes. `mapping` is the mapping file; without
    it, `mapping.toml` of the source where there is one. The same delivery a second time gives what is stored, with
    `is_new` false and a note that says so, and changes nothing; unless others came after it and rows of it still wait
    in quarantine for what they refer to: then it is stored again, as the newest. Raises DeliveryError before anything
    changed where the delivery cannot be read as a whole; bad rows alone go to the quarantine.
    """
    mapping_path = mapping or (source / MAPPING_NAME if (source / MAPPING_NAME).is_file() else None)
    whole_mapping = read_mapping(mapping_path) if mapping_path else {}
    mapping_sha256 = file_sha256(mapping_path) if mapping_path else None
    found, others = find_files(source, whole_mapping, mapping_path)
    first_id = identity(found, mapping_sha256)
    stored = deliveries(raw_folder)
    remove_abandoned(raw_folder)
    same = [delivery for delivery in stored if delivery.id in (first_id, repeated_identity(first_id, delivery.number))]
    if same and (same[-1] == stored[-1] or not waiting_count(raw_folder, same[-1])):
        return same[-1].model_copy(update={"notes": (*same[-1].notes, repeated_note(same[-1]))})
    if not stored:
        check_complete(found, others)
    with arriving(raw_folder) as folder, duckdb.connect() as connection:
        # Nothing that was not scrubbed may reach a disk, so the engine is given no folder to spill into.
        connection.execute("set temp_directory = ''; set timezone = 'Asia/Shanghai'")
        number = stored[-1].number + 1 if stored else 1
        judge = Judge(
            connection,
            delivery_number=number,
            delivered_on=delivered_on,
            head_officer_ids=stored[-1].head_officer_ids if stored else (),
        )
        judged: dict[str, Judgement] = {}
        for table in delivered_tables().values():
            judge.know_stored(table, table_paths(raw_folder, stored, table.name))
            files = [file for file in found if file.table is table]
            if files:
                part = whole_mapping.get(table.name, TableMapping())
                judgement = judge.judge(table, part, _read(files, part), folder / f"{table.name}.parquet")
                judged[table.name] = judgement
                progress(f"{table.name}: {judgement.rows.kept:,} of {judgement.rows.rows_in:,} rows are good")
        judge.store_quarantine(folder / QUARANTINE_NAME)
        dropped = tuple(column for judgement in judged.values() for file in judgement.files for column in file.dropped)
        delivery = Delivery(
            id=repeated_identity(first_id, number) if same else first_id,
            number=number,
            is_new=True,
            delivered_on=delivered_on,
            mapping_sha256=mapping_sha256,
            tables={name: judgement.rows for name, judgement in judged.items()},
            files=_delivered_files(found, judged),
            delivered_columns={name: judgement.column_names for name, judgement in judged.items()},
            dropped_columns=dropped,
            head_officer_ids=judge.head_officer_ids(),
            notes=(
                *(taken_again_note(delivery) for delivery in same[-1:]),
                *dropped_notes(dropped),
                *(note for name, judgement in judged.items() for note in table_notes(name, judgement)),
                *ignored_note(others),
            ),
            is_synthetic=is_synthetic(source, found),
        )
        keep(folder, delivery)
    return delivery


def _read(files: list[FoundFile], mapping: TableMapping) -> Iterator[DeliveredSheet]:
    """The sheets of one table's files, each read when it is asked for."""
    return (_read_file(file, mapping) for file in files)


def _read_file(file: FoundFile, mapping: TableMapping) -> DeliveredSheet:
    dropped: list[DroppedColumn] = []

    def choose(header: list[str]) -> ChosenColumns:
        reading = read_header(file.table, mapping, file.shown_name, header)
        dropped.extend(reading.dropped)
        return reading.chosen

    sheet = read_sheet(file.path, file.shown_name, choose)
    file.check_unchanged()
    return DeliveredSheet(file.shown_name, sheet, tuple(dropped))


def _delivered_files(found: list[FoundFile], judged: dict[str, Judgement]) -> tuple[DeliveredFile, ...]:
    loaded = [file for judgement in judged.values() for file in judgement.files]
    return tuple(
        DeliveredFile(
            name=file.shown_name,
            table_name=file.table.name,
            sha256=file.sha256,
            byte_count=file.byte_count,
            encoding=read.encoding,
            row_count=read.row_count,
        )
        for file, read in zip(found, loaded, strict=True)
    )
