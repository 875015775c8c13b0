"""In which unit an officer served on the day of a record that does not say so itself."""

from __future__ import annotations

import pandas as pd

MOMENT = "datetime64[us]"


def with_unit(records: pd.DataFrame, day: str, postings: pd.DataFrame) -> pd.DataFrame:
    """The records in the order of their day, with unit_id: of the posting that its officer had begun last by then.

    day : column of records, beside officer_id. postings : rows of feature.officer_posting (clock, posting_id, officer_id,
    unit_id, started_on). Before his first posting on file he is taken to have served in that; records of officers
    without any posting are left out.
    """
    held = postings[postings["clock"] == "post"].assign(started_on=lambda rows: rows["started_on"].astype(MOMENT))
    held = held.sort_values(["started_on", "posting_id"], kind="stable")[["officer_id", "started_on", "unit_id"]]
    dated = records.assign(**{day: pd.to_datetime(records[day]).astype(MOMENT)}).sort_values(day, kind="stable")
    found = pd.merge_asof(dated, held, left_on=day, right_on="started_on", by="officer_id")
    first = found["officer_id"].map(held.groupby("officer_id")["unit_id"].first())
    found = found.drop(columns="started_on").assign(unit_id=found["unit_id"].fillna(first))
    return found[found["unit_id"].notna()].reset_index(drop=True)
