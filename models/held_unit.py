"""In which unit an officer served on the day of a record that does not say so itself."""

from __future__ import annotations

import pandas as pd

from models.station_size import FAR

MOMENT = "datetime64[us]"


def with_unit(records: pd.DataFrame, day: str, postings: pd.DataFrame) -> pd.DataFrame:
    """The records in the order of their day, with unit_id: of the posting that its officer held on that day.

    day : column of records, beside officer_id. postings : rows of feature.officer_posting (clock, posting_id, officer_id,
    unit_id, started_on, ended_on). Of several the one begun last counts; between postings the last that ended, and
    before the first on file that. Records of officers without any posting are left out.
    """
    held = _spans(postings)
    dated = records.assign(**{day: pd.to_datetime(records[day]).astype(MOMENT)}).sort_values(day, kind="stable")
    found = pd.merge_asof(dated, held, left_on=day, right_on="from_on", by="officer_id")
    first = found["officer_id"].map(held.drop_duplicates("officer_id").set_index("officer_id")["unit_id"])
    found = found.assign(unit_id=found["unit_id"].where(found["from_on"].notna(), first)).drop(columns="from_on")
    return found[found["unit_id"].notna()].reset_index(drop=True)


def _spans(postings: pd.DataFrame) -> pd.DataFrame:
    """officer_id, from_on, unit_id: where an officer served from that day on, until his next row; ordered by from_on."""
    held = postings[postings["clock"] == "post"].drop_duplicates("posting_id")
    held = held.assign(
        started_on=pd.to_datetime(held["started_on"]).astype(MOMENT),
        until_on=pd.to_datetime(held["ended_on"]).astype(MOMENT).fillna(FAR),
    )
    turns = pd.concat(
        [
            held[["officer_id"]].assign(from_on=held["started_on"]),
            # the posting's last day is still its own
            held[["officer_id"]].assign(from_on=held["until_on"] + pd.Timedelta(days=1)),
        ]
    ).drop_duplicates()
    both = turns.merge(held, on="officer_id")
    both = both[both["started_on"] <= both["from_on"]]
    both = both.assign(is_held=both["until_on"] >= both["from_on"])
    # of those in force the one begun last; where none is, the one that ended last
    both = both.assign(ended_last=both["until_on"].where(~both["is_held"]))
    order = ["officer_id", "from_on", "is_held", "ended_last", "started_on", "posting_id"]
    last = both.sort_values(order, na_position="first", kind="stable").drop_duplicates(
        ["officer_id", "from_on"], keep="last"
    )
    return last.sort_values(["from_on", "officer_id"], kind="stable")[["officer_id", "from_on", "unit_id"]]
