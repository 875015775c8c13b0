"""Items of the rectification list as records: closed without evidence, there again soon, closed by the one who owned them."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from models.policy import FlagPolicy
from models.station_size import SMALL_STATION

CLOSED = ("done_at_once", "done", "reopened")

HEADS = ("station_head", "team_head")


def closed_items(items: pd.DataFrame, names: dict[str, str], serving: pd.DataFrame, policy: FlagPolicy) -> pd.DataFrame:
    """The items that were closed, or closed and opened again, as records of their unit_id (last name).

    Adds record_id, is_at_once (0 or 1), has_evidence (NA where no item of the bureau names any), was_closed_by_owner (NA
    where either is not on file, and where nobody else was there to close it: the owner is the head, or his station has
    two officers), is_again: reopened, or the same problem of the same unit falls due again, later than this one and
    within recurrence_days of its closing; again_known_on, when that is settled; has_other_measure (the later item has
    another measure; NA without measures).

    serving : officers of tonight, with officer_id, unit_id, post and station_officer_count. No day on which a problem was
    found is delivered, so the term of the later item stands for it.
    """
    items = items.assign(
        record_id=items["item_id"],
        unit_id=items["institution_id"].replace(names),
        closed_on=pd.to_datetime(items["closed_on"]),
        due_on=pd.to_datetime(items["due_on"]),
    ).sort_values("item_id", ignore_index=True)
    term = timedelta(days=policy.recurrence_days)
    kept = items["status"].isin(CLOSED) & (items["closed_on"].notna() | (items["status"] == "reopened"))
    closed = items[kept].reset_index(drop=True)
    later = _later_items(closed, items, term)
    is_reopened = closed["status"] == "reopened"
    owner, closer = closed["owner_officer_id"], closed["closed_by"]
    heads = set(serving.loc[serving["post"].isin(HEADS), "officer_id"])
    small = set(serving.loc[serving["station_officer_count"] <= SMALL_STATION, "unit_id"])
    has_nobody_else = owner.isin(heads) | closed["unit_id"].isin(small)
    evidence, measure = (items[name].notna().any() for name in ("evidence_ref", "measure"))
    has_other_measure = closed["item_id"].isin(later.loc[later["measure"] != later["measure_later"], "item_id"])
    return closed.assign(
        is_at_once=(closed["status"] == "done_at_once").astype(float),
        has_evidence=closed["evidence_ref"].notna().astype("boolean") if evidence else pd.NA,
        was_closed_by_owner=(owner == closer).astype("boolean").mask(owner.isna() | closer.isna() | has_nobody_else),
        is_again=is_reopened | closed["item_id"].isin(later["item_id"]),
        again_known_on=(closed["closed_on"] + term).fillna(closed["due_on"]),
        has_other_measure=has_other_measure.astype("boolean") if measure else pd.NA,
    ).astype({"has_evidence": "boolean", "has_other_measure": "boolean"})


def _later_items(closed: pd.DataFrame, items: pd.DataFrame, term: timedelta) -> pd.DataFrame:
    """Pairs of a closed item and a later one of the same unit and problem that falls due within the term of its closing."""
    columns = ["unit_id", "problem", "item_id", "due_on", "measure"]
    pairs = closed[[*columns, "closed_on"]].merge(items[columns], on=["unit_id", "problem"], suffixes=("", "_later"))
    after = (pairs["due_on_later"] > pairs["closed_on"]) & (pairs["due_on_later"] > pairs["due_on"])
    return pairs[after & (pairs["due_on_later"] <= pairs["closed_on"] + term)]
