"""flag → published: a whole night beside the old one, one pointer moved at the end.

Each run writes a folder of its own under `.runs`; `<as_of>` and `current` are symbolic links, replaced atomically and
only once every file lies on the disk. Killed at any moment, the last published night is still whole.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.contract import published_tables
from pipelines.places import Places
from pipelines.published import CURRENT, MANIFEST, sha256

if TYPE_CHECKING:
    import duckdb
    import pyarrow

RUNS = ".runs"

SOURCES = {
    "merchant_risk": "score.merchant_risk",
    "merchant_reason": "score.merchant_reason",
    "tier_disagreement": "score.tier_disagreement",
    "random_arm": "score.random_arm",
    "coverage": "plan.coverage",
    "due_task": "feature.due_task",
    "officer_score": "score.officer_score",
    "red_flag": "flag.red_flag",
    "flag_reason": "flag.flag_reason",
    "feature_label": "flag.feature_label",
    "flag_evidence": "flag.flag_evidence",
    "flag_counter_evidence": "flag.flag_counter_evidence",
    "flag_window": "flag.flag_window",
    "flag_peer": "flag.flag_peer",
    "flag_record": "flag.flag_record",
    "comparable_case": "flag.comparable_case",
    "flag_contact": "flag.flag_contact",
    "not_computable": "flag.not_computable",
    "rotation_plan": "plan.rotation_plan",
    "rotation_move": "plan.rotation_move",
    "rotation_summary": "plan.rotation_summary",
    "quarantine": "flag.quarantine",
    "patrol_plan": "plan.patrol_plan",
    "unplaced_visit": "plan.unplaced_visit",
    "drift": "score.drift",
    "officer": "feature.officer_directory",
    "institution": "feature.institution_directory",
    "merchant": "feature.merchant_directory",
    "declared_interest": "feature.declared_interest",
    "unit_aggregate": "flag.unit_aggregate",
    "hint_aggregate": "flag.hint_aggregate",
    "flag_officer": "flag.flag_officer",
    "flag_interest": "flag.flag_interest",
    "draw": "flag.draw",
    "draw_audit": "flag.draw_audit",
    "draw_pair": "feature.draw_pair",
    "draw_substitution": "feature.draw_substitution",
    "recusal": "feature.recusal_directory",
    "key_industry_coverage": "plan.key_industry_coverage",
    "hot_industry_coverage": "feature.hot_industry_coverage",
    "unlicensed_register": "feature.unlicensed_register",
    "unlicensed_bulletin": "feature.unlicensed_bulletin",
    "officer_task": "plan.officer_task",
    "officer_month": "feature.officer_month",
}
"""Where each published table lies in the warehouse."""


class ChecksFailed(RuntimeError):
    """A check that a published figure rests on has not passed."""


def refuse_unless_checked(connection: duckdb.DuckDBPyConnection) -> None:
    """Raise ChecksFailed where a blocking check of this night has not passed."""
    failed = connection.execute(
        "select message from night.checked where is_blocking and not has_passed order by asset, name"
    ).fetchall()
    if failed:
        raise ChecksFailed(
            f"{len(failed)} checks that published figures rest on have not passed (first: {failed[0][0]})"
        )


def tables_of(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, pyarrow.Table]]:
    """Every published table in the contract's columns, types and key order."""
    for table in published_tables().values():
        columns = ", ".join(
            f'cast("{column.name}" as {column.engine_type}) as "{column.name}"' for column in table.columns
        )
        order = ", ".join(f'"{name}"' for name in table.key)
        query = f"select {columns} from {SOURCES[table.name]} order by {order}"
        yield table.name, connection.execute(query).to_arrow_table()


def publish(
    places: Places,
    night: date,
    run_id: str,
    tables: Iterator[tuple[str, pyarrow.Table]],
    papers: Mapping[str, str],
    facts: Mapping[str, Any],
    *,
    after_file: Callable[[Path], None] = lambda path: None,
) -> Path:
    """Write a night and move the pointers to it; return the folder `published/<as_of>`.

    `facts` is what the manifest says besides the files; `papers` are texts for people (pictures, pages) by file name.
    `current` moves unless it names a later night. `after_file` is called with every path once it is written or moved.
    """
    import pyarrow.parquet

    runs = places.published / RUNS
    fresh = runs / f"{night.isoformat()}-{run_id}"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    files: dict[str, dict[str, Any]] = {}
    for name, table in tables:
        path = fresh / f"{name}.parquet"
        pyarrow.parquet.write_table(table, path, compression="zstd", use_dictionary=True, write_statistics=True)
        files[path.name] = {"sha256": sha256(path), "row_count": table.num_rows}
        _settle(path)
        after_file(path)
    for name, text in papers.items():
        path = fresh / name
        path.write_text(text, encoding="utf-8")
        files[path.name] = {"sha256": sha256(path)}
        _settle(path)
        after_file(path)
    path = fresh / MANIFEST
    said = {"run_id": run_id, "as_of": night.isoformat(), "published_at": _now(), **facts, "files": files}
    path.write_text(json.dumps(said, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    _settle(path)
    _settle(fresh)
    _settle(runs)
    after_file(path)
    folder = places.published / night.isoformat()
    replaced = folder.readlink().name if folder.is_symlink() else None
    _point(folder, Path(RUNS) / fresh.name)
    after_file(folder)
    pointer = places.published / CURRENT
    if not pointer.is_symlink() or pointer.readlink().name <= night.isoformat():
        _point(pointer, Path(night.isoformat()))
        after_file(pointer)
    _sweep(places, replaced)
    return folder


def _point(link: Path, target: Path) -> None:
    fresh = link.with_name(f".{link.name}.fresh")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    os.replace(fresh, link)
    _settle(link.parent)


def _sweep(places: Places, replaced: str | None) -> None:
    # what no night points to was replaced or never came to its end; who reads the run just replaced may finish
    kept = {path.readlink().name for path in places.published.iterdir() if path.is_symlink()} | {replaced}
    for folder in (places.published / RUNS).iterdir():
        if folder.name not in kept:
            shutil.rmtree(folder)


def _settle(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _now() -> str:
    return datetime.now(UTC).astimezone().isoformat(timespec="seconds")
