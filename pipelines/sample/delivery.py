"""A synthetic bureau as a delivery: one CSV file per table, and the truth beside the folder."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.csv

from pipelines.ingest.folder import mark_synthetic
from pipelines.sample.bureau import Bureau


def write_bureau(bureau: Bureau, out: Path) -> None:
    """Write out/<table>.csv (UTF-8) for every table, and what was planted to <out>.truth.csv, outside the delivery.

    A mark beside the tables says that they are of nobody; where the folder held other tables before, it holds for none.
    """
    out.mkdir(parents=True, exist_ok=True)
    for name, rows in bureau.tables.items():
        _write(rows, out / f"{name}.csv")
    mark_synthetic(out, {f"{name}.csv" for name in bureau.tables})
    _write(bureau.truth, out.with_name(out.name + ".truth.csv"))


def _write(rows: pa.Table, path: Path) -> None:
    """Write one file; instants to the second, as the bureaus' own systems print them."""
    whole = pa.timestamp("s")
    fields = [field.with_type(whole) if pa.types.is_timestamp(field.type) else field for field in rows.schema]
    pyarrow.csv.write_csv(rows.cast(pa.schema(fields)), path)
