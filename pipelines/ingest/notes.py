"""What an intake tells about a delivery, in sentences: where, rule, found, what to do.

Belongs here: wording. Does not belong here: counting (judging). No note repeats a delivered value.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.ingest.delivery import Delivery, DroppedColumn
from pipelines.ingest.judging import Judgement
from pipelines.ingest.privacy import REMOVED_NUMBER


def table_notes(table_name: str, judgement: Judgement) -> Iterator[str]:
    """The notes on one table's rows."""
    rows = judgement.rows
    if rows.quarantined:
        file_name, row_number = judgement.first_quarantined
        reasons = ", ".join(f"{code} {count:,}" for code, count in judgement.reasons.items())
        yield (
            f"{table_name}: {rows.quarantined:,} of {rows.rows_in:,} rows are in quarantine ({reasons}; first: row "
            f"{row_number} of {file_name}). Correct and deliver them again."
        )
    if rows.collapsed:
        yield (
            f"{table_name}: {rows.collapsed:,} of {rows.rows_in:,} rows repeat another one in every column. They "
            "were left out."
        )
    if rows.refused:
        yield (
            f"{table_name}: {rows.refused:,} accusations about an officer of rank head were refused at the door; "
            "nothing of them is kept. They belong with the authority above."
        )
    for column_name, count in judgement.numbers_found.items():
        yield (
            f"{table_name}: {column_name} must not hold telephone or identity-card numbers; {count:,} values did. They "
            f"were emptied or replaced by {REMOVED_NUMBER}. Leave them out of the delivery."
        )
    empty = sum(file.empty_count for file in judgement.files)
    if empty:
        yield f"{table_name}: {empty:,} rows were empty in every column and count as none."


def dropped_notes(dropped: tuple[DroppedColumn, ...]) -> Iterator[str]:
    """The notes on columns that stopped at the door, by file."""
    for file_name in dict.fromkeys(column.file_name for column in dropped):
        of_file = [column for column in dropped if column.file_name == file_name]
        personal = [column.header for column in of_file if column.is_personal]
        unknown = [column.header for column in of_file if not column.is_personal]
        if personal:
            yield (
                f"{file_name}: columns that name or number a person are never stored; {len(personal)} were dropped "
                f"({', '.join(personal)}). Leave them out of the delivery."
            )
        if unknown:
            yield (
                f"{file_name}: columns must be in the contract or the mapping; {len(unknown)} were dropped "
                f"({', '.join(unknown)}). Name those that are needed in the mapping."
            )


def ignored_note(names: list[str]) -> Iterator[str]:
    """The note on what else lay in the delivery."""
    if names:
        listed = ", ".join(names)
        yield f"The delivery also holds {len(names)} that are no table of the contract and were not read: {listed}."


def repeated_note(stored: Delivery) -> str:
    """The note on a delivery that is already stored."""
    return (
        f"This delivery is the same, byte for byte, as number {stored.number} taken in on {stored.delivered_on}; "
        "nothing of it is new."
    )


def taken_again_note(stored: Delivery) -> str:
    """The note on a delivery that is stored once more."""
    return (
        f"This delivery is the same, byte for byte, as number {stored.number} taken in on {stored.delivered_on}; rows "
        "of it were waiting in quarantine for what they refer to, so it was taken in again."
    )
