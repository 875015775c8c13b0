"""A world as a delivery: a folder of one file per table, and the truth beside it."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from pipelines.contract import delivered_tables
from tests.world.world import World


def write_world(world: World, folder: Path, *, file_kind: str = "parquet") -> None:
    """Write folder/<table>.parquet (or .csv) and <folder>.truth.csv beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in world.tables.items():
        rows = pa.Table.from_pandas(frame, preserve_index=False)
        for place, field in enumerate(rows.schema):
            if pa.types.is_timestamp(field.type) and delivered_tables()[name].column(field.name).type == "date":
                rows = rows.set_column(place, field.name, rows.column(place).cast(pa.timestamp("s")).cast(pa.date32()))
        if file_kind == "csv":
            pyarrow.csv.write_csv(rows, folder / f"{name}.csv")
        else:
            pyarrow.parquet.write_table(rows, folder / f"{name}.parquet")
    world.truth.to_csv(folder.with_name(folder.name + ".truth.csv"), index=False)
