"""Reading what nights have published: the pointer, the manifests, and whether a night is still what it was.

HOME/published/<as_of> leads to one whole night and HOME/published/current to the latest of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.contract import published_tables
from pipelines.places import Places

if TYPE_CHECKING:
    import pandas as pd

MANIFEST = "manifest.json"
CURRENT = "current"
TIER_COLUMNS = ("model_risk_tier", "model_risk_tier_tonight", "model_tier_changed_on")
"""Columns of merchant_risk that the next night's tiers are held against."""


class NotPublished(LookupError):
    """There is no such night."""


class Tampered(RuntimeError):
    """A published night is not what its manifest says."""


def nights(places: Places) -> list[date]:
    """The nights that are published, oldest first."""
    if not places.published.is_dir():
        return []
    names = [path.name for path in places.published.glob("????-??-??") if (path / MANIFEST).exists()]
    return sorted(date.fromisoformat(name) for name in names)


def current(places: Places) -> date:
    """The night that `current` names. Raises NotPublished."""
    pointer = places.published / CURRENT
    if not pointer.is_symlink():
        raise NotPublished(f"{places.published}: no night is published yet; run `mingjian night`")
    return date.fromisoformat(pointer.readlink().name)


def manifest(places: Places, night: date) -> dict[str, Any]:
    """The manifest of a published night. Raises NotPublished."""
    path = places.published / night.isoformat() / MANIFEST
    if not path.exists():
        raise NotPublished(f"{places.published}: the night {night} is not published")
    return json.loads(path.read_text(encoding="utf-8"))


def night_before(places: Places, night: date) -> date | None:
    """The last night published before `night`; None where there is none."""
    return max((published for published in nights(places) if published < night), default=None)


def previous_row_counts(places: Places, night: date) -> Mapping[str, int]:
    """Rows of every warehouse table on the last night published before `night`; empty where there is none."""
    earlier = night_before(places, night)
    return {} if earlier is None else manifest(places, earlier)["warehouse_row_counts"]


def previous_tiers(places: Places, night: date) -> tuple[date | None, pd.DataFrame]:
    """The last night published before `night` and its merchants' tiers by model, as TIER_COLUMNS indexed by merchant.

    (None, no rows) where there is none, or where that night did not publish all of TIER_COLUMNS.
    """
    import pandas as pd
    import pyarrow.parquet

    earlier = night_before(places, night)
    if earlier is not None:
        path = places.published / earlier.isoformat() / "merchant_risk.parquet"
        if set(TIER_COLUMNS) <= set(pyarrow.parquet.read_schema(path).names):
            table = pyarrow.parquet.read_table(path, columns=["merchant_id", *TIER_COLUMNS])
            return earlier, table.to_pandas().set_index("merchant_id")
    return None, pd.DataFrame(columns=[*TIER_COLUMNS], index=pd.Index([], dtype="str", name="merchant_id"))


def previous_plan(places: Places, night: date) -> pd.Series:
    """The days after `night` on which the last night published before it planned visits, by merchant; empty where none."""
    import pandas as pd
    import pyarrow.parquet

    earlier = night_before(places, night)
    if earlier is None:
        return pd.Series([], dtype="datetime64[us]", index=pd.Index([], dtype="str", name="merchant_id"))
    path = places.published / earlier.isoformat() / "patrol_plan.parquet"
    plan = pyarrow.parquet.read_table(path, columns=["merchant_id", "role", "visit_on"]).to_pandas()
    visit_on = plan.loc[plan["role"] == "lead"].set_index("merchant_id")["visit_on"].astype("datetime64[us]")
    return visit_on[visit_on > pd.Timestamp(night)]


def previous_rotation(places: Places, night: date) -> pd.DataFrame:
    """The moves that the last night published before `night` planned: officer_id, unit_id, post, grid_id, move_on."""
    import pandas as pd
    import pyarrow.parquet

    names = {"to_institution_id": "unit_id", "to_post": "post", "to_grid_id": "grid_id"}
    columns = ["officer_id", *names, "move_on"]
    earlier = night_before(places, night)
    path = places.published / str(earlier) / "rotation_move.parquet"
    if earlier is None or not path.exists():
        return pd.DataFrame(columns=columns).rename(columns=names)
    moves = pyarrow.parquet.read_table(path, columns=[*columns, "barring_rule"]).to_pandas()
    return moves.loc[moves["barring_rule"].isna(), columns].rename(columns=names)


def deliveries_of(places: Places, night: date) -> tuple[str, ...]:
    """Identifiers of the deliveries that a published night was made from. Raises NotPublished."""
    return tuple(delivery["id"] for delivery in manifest(places, night)["deliveries"])


def sha256(path: Path) -> str:
    """The fingerprint of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify(places: Places, night: date) -> dict[str, int]:
    """Hold a published night against its manifest; return the rows of each table.

    Every table of the contract is there with the fingerprint that the manifest gives, every flag has its explanation,
    and base + contributions are the raw score in every explanation. Raises Tampered, naming the first that is not so.
    """
    import pyarrow.parquet

    folder, said = places.published / night.isoformat(), manifest(places, night)
    for name, entry in said["files"].items():
        path = folder / name
        if not path.exists() or sha256(path) != entry["sha256"]:
            raise Tampered(f"published/{night}/{name}: it is not the file that was published; run the night again")
    missing = [name for name in published_tables() if f"{name}.parquet" not in said["files"]]
    if missing:
        raise Tampered(
            f"published/{night}: {len(missing)} tables are missing (first: {missing[0]}); run the night again"
        )
    tables = {name: pyarrow.parquet.read_table(folder / f"{name}.parquet") for name in published_tables()}
    _verify_sums(tables["merchant_reason"], ["merchant_id"], f"published/{night}/merchant_reason")
    _verify_sums(tables["flag_reason"], ["flag_id", "model", "record_id"], f"published/{night}/flag_reason")
    explained = set(tables["flag_reason"].column("flag_id").to_pylist())
    bare = [flag for flag in tables["red_flag"].column("flag_id").to_pylist() if flag not in explained]
    if bare:
        raise Tampered(f"published/{night}/red_flag: {len(bare)} flags have no explanation (first: {bare[0]})")
    return {name: table.num_rows for name, table in tables.items()}


def _verify_sums(reasons, keys: list[str], where: str) -> None:
    from models.reasons import TOLERANCE

    summed = (
        reasons.to_pandas()
        .groupby(keys, sort=False)
        .agg(base=("base_value", "first"), added=("contribution", "sum"), raw=("raw_score", "first"))
    )
    off = (summed["base"] + summed["added"] - summed["raw"]).abs()
    wrong = summed.index[~(off <= TOLERANCE)]
    if len(wrong):
        raise Tampered(f"{where}: {len(wrong)} explanations do not add up to the raw score (first: {wrong[0]})")
