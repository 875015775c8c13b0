"""How a bureau numbers its records: whether a whole file's identifiers may be taken for numbers of persons.

Belongs here: the verdict on a file. Does not belong here: a single row's identifier (privacy, reasons).
"""

from __future__ import annotations

import duckdb

from pipelines.contract import Table
from pipelines.ingest.delivery import DeliveryError
from pipelines.ingest.values import holds_number


def check_identifiers(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Raise DeliveryError where more than half of a file's rows have a key that looks like a number of a person.

    Then it is how the bureau numbers its records, and row by row nearly all of the file would go to the quarantine.
    Reads `judged_row` and `file`.
    """
    for column in table.columns:
        if not column.is_key or column.type != "id":
            continue
        found = connection.execute(
            f"select file.name, count(*) filter (where {holds_number(column.name)}) as number_count, "
            "count(*) as row_count from judged_row join file using (file_number) group by file_number, file.name "
            "having number_count * 2 > row_count order by file_number limit 1"
        ).fetchall()
        if found:
            file_name, number_count, row_count = found[0]
            raise DeliveryError(
                f"{file_name}: {table.name}: {column.name} {column.zh} must not look like telephone or identity-card "
                f"numbers; {number_count:,} of {row_count:,} do; deliver another identifier or a digest of it."
            )
