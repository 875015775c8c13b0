"""What a pool is made from: the tables of a published night that say who is there and who must not meet whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from models import policy
from models.draw.choice import NoPool, make_pool
from models.draw.lot import read_drawn
from models.draw.pool import DrawPool
from models.draw.substitution import SUBSTITUTIONS, assigned
from pipelines.draw_file import DRAWN, REVEAL, SUBSTITUTION, json_of, revealed, text_of
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
    "draw_pair": ("merchant_id", "officer_id", "draw_id", "drawn_on"),
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
    frames["merchant"] = frames["merchant"].merge(frames.pop("merchant_risk"), on="merchant_id", how="left")
    return frames, told, known


def pool_of(
    places: Places,
    night: date,
    valid_on: date,
    task_code: str,
    listed: Sequence[str] | None,
    *,
    until: str,
    but: str = "",
) -> tuple[DrawPool, list[str], set[str]]:
    """The pool of a draw, what it could not respect in words, and the draws that the night knows.

    until : ISO instant of the commit; what was drawn or substituted here later is not known yet, nor the draw `but` itself.
    listed : merchants that the bureau names, for a task that takes a list and no other.
    Raises NotPublished, Tampered, or NoPool where there is nothing to draw from.
    """
    in_force = policy.on(valid_on).draws
    task = in_force.task(task_code) if task_code else None
    if task_code and task is None:
        known = ", ".join(each.code for each in in_force.tasks)
        raise NoPool(f"the policy in force on {valid_on} has no task {task_code}; it has {known}")
    if (listed is not None) != (task is not None and task.is_listed):
        raise NoPool("--objects names the objects of a task whose policy says is_listed, and of no other draw")
    frames, notes, known_draws = pool_frames(places, night)
    frames["draw_pair"] = with_draws_made_here(frames["draw_pair"], places, datetime.fromisoformat(until), but)
    return make_pool(frames, in_force, valid_on, task, listed or ()), notes, known_draws


def with_draws_made_here(pairs: pd.DataFrame, places: Places, until: datetime, but: str = "") -> pd.DataFrame:
    """The last crews of a night and of the draws revealed here by `until`: who really went, substitutions counted."""
    import pandas as pd

    rows, here = [], {but}
    for path in revealed(places):
        told = json_of(path.with_name(REVEAL))
        if path.parent.name == but or datetime.fromisoformat(told["revealed_at"]) > until:
            continue
        made, _wrong = SUBSTITUTIONS.read(text_of(path.with_name(SUBSTITUTION)), told["drawn_sha256"])
        made = [each for each in made if datetime.fromisoformat(each.substituted_at) <= until]
        crews = assigned(read_drawn(text_of(path.with_name(DRAWN))), made)
        here.add(path.parent.name)
        rows += [(at, name, path.parent.name, told["drawn_on"]) for at, crew in crews.items() for name in crew]
    fresh = pd.DataFrame(rows, columns=["merchant_id", "officer_id", "draw_id", "drawn_on"], dtype="str")
    known = pairs[~pairs["draw_id"].isin(here)]
    # one way of writing a day, so that days can be put in order
    both = [frame.assign(drawn_on=pd.to_datetime(frame["drawn_on"])) for frame in (known, fresh)]
    found = pd.concat(both, ignore_index=True)
    found = found.sort_values(["drawn_on", "draw_id", "merchant_id", "officer_id"], ignore_index=True)
    return found[found["draw_id"] == found.groupby("merchant_id")["draw_id"].transform("last")]
