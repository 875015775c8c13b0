"""What a pool is made from: the tables of a published night that say who is there and who must not meet whom."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pipelines.draw_file import revealed
from pipelines.places import Places
from pipelines.published import NotPublished, Tampered, manifest, sha256

if TYPE_CHECKING:
    import pandas as pd

FAMILY = "draw"
COLUMNS = {
    "merchant": ("merchant_id", "institution_id", "industry_code", "status", "credit_risk_class"),
    "merchant_risk": ("merchant_id", "patrol_tier", "model_risk_tier", "percentile"),
    "officer": ("officer_id", "unit_id", "post", "employment_kind", "certificate_valid_to_on", "is_serving"),
    "institution": ("institution_id", "parent_id", "unit_id"),
    "recusal": ("merchant_id", "officer_id"),
    "declared_interest": ("merchant_id", "officer_id"),
    "draw_pair": ("merchant_id", "officer_id"),
    "draw": ("draw_id",),
    "not_computable": ("family", "reason_zh", "reason_en"),
}
"""Tables and the columns taken of them: no name of a person or a firm."""


def pool_frames(places: Places, night: date) -> tuple[dict[str, pd.DataFrame], list[str], set[str]]:
    """The frames of `models.draw.choice.make_pool`, what could not be respected in words, and the draws known already.

    Raises NotPublished where the night does not publish one of the tables or columns, Tampered where one was changed since.
    """
    import pyarrow.parquet

    frames = {}
    files = manifest(places, night)["files"]
    for name, columns in COLUMNS.items():
        path = places.published / night.isoformat() / f"{name}.parquet"
        if path.exists() and sha256(path) != files[path.name]["sha256"]:
            raise Tampered(f"published/{night}/{path.name}: it is not the file that was published; run the night again")
        there = set(pyarrow.parquet.read_schema(path).names) if path.exists() else set()
        missing = sorted(set(columns) - there)
        if missing:
            raise NotPublished(
                f"the night {night} does not publish {name}.{missing[0]}; run the night again, then draw"
            )
        frames[name] = pyarrow.parquet.read_table(path, columns=list(columns)).to_pandas()
    gaps = frames.pop("not_computable")
    told = [f"{zh} · {en}" for family, zh, en in gaps.itertuples(index=False) if family == FAMILY]
    known = set(frames.pop("draw")["draw_id"])
    frames["draw_pair"] = with_draws_made_here(frames["draw_pair"], places, known)
    frames["merchant"] = frames["merchant"].merge(frames.pop("merchant_risk"), on="merchant_id", how="left")
    return frames, told, known


def with_draws_made_here(pairs: pd.DataFrame, places: Places, known: set[str]) -> pd.DataFrame:
    """The last crews, with those of draws revealed here that no night has taken in yet: they came later than the night's."""
    import pandas as pd

    lot = [pd.read_csv(path, dtype=str) for path in revealed(places)]
    if not lot:
        return pairs
    rows = pd.concat(lot, ignore_index=True)
    rows = rows[~rows["draw_id"].isin(known) & (rows["is_substituted"] == "false")].sort_values(["drawn_on", "draw_id"])
    latest = rows.groupby("merchant_id")["draw_id"].transform("last")
    fresh = rows.loc[rows["draw_id"] == latest, ["merchant_id", "officer_id"]]
    return pd.concat([pairs[~pairs["merchant_id"].isin(fresh["merchant_id"])], fresh], ignore_index=True)
