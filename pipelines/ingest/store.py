"""What is kept of deliveries: one folder each below raw, written beside and then renamed, never changed again.

Belongs here: names of folders and files, and the one rename. Does not belong here: what is in them (judging, raw).
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from pipelines.ingest.delivery import Delivery, DeliveryError

RECORD_NAME = "delivery.json"
QUARANTINE_NAME = "quarantine.parquet"
_ARRIVING = ".arriving-"
_FOLDER_NAME = re.compile(r"[0-9]{6}-[0-9a-f]{12}")


def deliveries(raw_folder: Path) -> list[Delivery]:
    """The deliveries stored below `raw_folder`, in order of number; none where there is no such folder."""
    if not raw_folder.is_dir():
        return []
    folders = sorted(path for path in raw_folder.iterdir() if _FOLDER_NAME.fullmatch(path.name))
    return [_read(folder) for folder in folders]


def table_paths(raw_folder: Path, stored: Iterable[Delivery], table_name: str) -> list[Path]:
    """The Parquet files of a table in these deliveries, in their order; a delivery without the table has none."""
    return [
        raw_folder / delivery.folder_name / f"{table_name}.parquet"
        for delivery in stored
        if table_name in delivery.tables
    ]


def remove_abandoned(raw_folder: Path) -> None:
    """Remove what an intake that was killed left behind."""
    for path in raw_folder.glob(f"{_ARRIVING}*"):
        shutil.rmtree(path)


@contextmanager
def arriving(raw_folder: Path) -> Iterator[Path]:
    """A hidden folder beside the stored deliveries, for `keep` to rename; on any error all is as it was before."""
    created = [path for path in (raw_folder, *raw_folder.parents) if not path.exists()]
    raw_folder.mkdir(parents=True, exist_ok=True)
    folder = raw_folder / f"{_ARRIVING}{os.getpid()}"
    folder.mkdir()
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder)
        for path in created:
            path.rmdir()
        raise


def keep(folder: Path, delivery: Delivery) -> None:
    """Write the delivery's record into its hidden folder, and give the folder its name in one step."""
    record = delivery.model_dump_json(indent=2, exclude={"is_new"}) + "\n"
    (folder / RECORD_NAME).write_text(record, encoding="utf-8")
    for path in (*folder.iterdir(), folder):
        _flush(path)
    folder.rename(folder.with_name(delivery.folder_name))
    _flush(folder.parent)


def _flush(path: Path) -> None:
    """Have the disk hold what was written, so that a power cut leaves either the whole delivery or none."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(folder: Path) -> Delivery:
    try:
        return Delivery.model_validate_json((folder / RECORD_NAME).read_text(encoding="utf-8"))
    except (OSError, ValidationError):
        raise DeliveryError(
            f"raw/{folder.name}: {RECORD_NAME} is missing or not as it was written; restore the folder from a copy."
        ) from None
