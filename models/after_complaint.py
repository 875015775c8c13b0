"""What an officer did at a merchant after a complaint about him concerned it, against before, and against other merchants.

Every complaint here names a merchant; who spoke, the merchant or a consumer, is not on file, and whoever reads what is
made of it must not learn which merchant. Records are settled at the end of a month, so that no night's change points at a
day.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.held_unit import with_unit
from models.hint.question import Words
from models.near_in_time import count_near, pairs_near
from models.policy import FlagPolicy

COMPLAINT_KINDS = ("officer_feedback", "handling_complaint")
CHOSEN_KINDS = ("routine", "special", "targeted")
"""Kinds of visits whose merchant the station chooses: not by lot, not because of a complaint, not after an order."""
LEGAL_SOURCES = ("complaint", "report", "transfer", "random")
"""Cases that came from there answer a complaint, another office or the lot, not an officer's choice."""
FEWEST_MATCHED = 3
MATCHED_LEVELS = (0.0, 0.05, 0.1, 0.2, 0.4)
"""Bounds of the share of matched merchants that saw more of him, few enough that like records can be found."""
SWEPT_SHARE = 0.2
"""From this share of matched merchants on, he went through the grid, and not to one merchant."""


def officer_acts(visits: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """Visits led or joined and cases led that the officer's station chose: officer_id, merchant_id, acted_on, planned_on.

    visits : feature.visit_record; cases : core.penalty. planned_on : the day on which a filing announced the visit; of a
    campaign, and of nothing announced, empty. is_campaign : a visit of a campaign.
    """
    chosen = visits[visits["visit_kind"].isin(CHOSEN_KINDS)]
    lag = pd.to_timedelta(chosen["filing_lag_minutes"].astype("Float64").to_numpy(float, na_value=np.nan), unit="min")
    chosen = chosen.assign(
        acted_on=pd.to_datetime(chosen["visited_on"]),
        planned_on=(pd.to_datetime(chosen["visited_on"]) + lag).dt.normalize(),
        is_campaign=chosen["visit_kind"] == "special",
    )
    filed = cases[~cases["source"].isin(LEGAL_SOURCES)]
    filed = filed.assign(acted_on=pd.to_datetime(filed["filed_on"]), planned_on=pd.NaT, is_campaign=False)
    columns = ["officer_id", "merchant_id", "acted_on", "planned_on", "is_campaign"]
    parts = [
        frame.rename(columns={role: "officer_id"})[columns].dropna(subset="officer_id")
        for frame, role in (
            (chosen, "lead_officer_id"),
            (chosen, "co_officer_id"),
            (filed.astype({"planned_on": chosen["planned_on"].dtype}), "lead_officer_id"),
        )
    ]
    return pd.concat(parts, ignore_index=True)


def after_complaints(
    complaints: pd.DataFrame, acts: pd.DataFrame, merchants: pd.DataFrame, postings: pd.DataFrame, policy: FlagPolicy
) -> pd.DataFrame:
    """One record per officer and merchant concerned in a complaint about him (the first within long_days).

    complaints : core.complaint; merchants : core.merchant; postings : feature.officer_posting. Columns: REQUIRED of
    a question; is_hit (more acts in the retaliation_days after than before), before_level (acts before: 0, 1, 2 and more),
    matched_level (how many of the merchants of the same grid and industry, without a complaint about anybody in these
    days, saw more of him than before, in MATCHED_LEVELS; empty where fewer than FEWEST_MATCHED are), is_about_handling (a
    complaint about handling, often a consumer's, whose merchant may rightly be looked at again), was_planned (nothing but
    campaigns, or visits filed by the day of the complaint), was_swept (SWEPT_SHARE of the matched saw more of him too).
    """
    said = complaints[
        complaints["kind"].isin(COMPLAINT_KINDS)
        & complaints["merchant_id"].notna()
        & ~complaints["is_duplicate"].astype(bool)
    ]
    said = said.assign(received_on=pd.to_datetime(said["received_on"])).sort_values(["received_on", "complaint_id"])
    own = said[said["officer_id"].notna()]
    since = own["received_on"] - own.groupby(["officer_id", "merchant_id"])["received_on"].shift(1)
    own = own[since.isna() | (since.dt.days > policy.long_days)].merge(_groups(merchants), on="merchant_id", how="left")
    own = with_unit(own, "received_on", postings)
    acts = acts.merge(_groups(merchants), on="merchant_id", how="left")
    days = policy.retaliation_days
    own = own.assign(**_own_acts(own, acts, days))
    share = _matched_share(own, said, acts, merchants, days)
    settled = own["received_on"] + pd.Timedelta(days=days + policy.supplement_days)
    return own.assign(
        record_id=own["complaint_id"],
        known_on=settled + pd.offsets.MonthEnd(0),
        is_hit=own["after_count"] > own["before_count"],
        before_level=own["before_count"].clip(upper=2).astype(float),
        matched_level=np.where(np.isnan(share), np.nan, np.searchsorted(MATCHED_LEVELS, share, side="left")),
        is_about_handling=(own["kind"] == "handling_complaint").astype(float),
        was_planned=(own["after_count"] > 0) & (own["free_count"] == 0),
        was_swept=pd.Series(share >= SWEPT_SHARE, index=own.index, dtype="boolean").mask(np.isnan(share)),
    )


def _groups(merchants: pd.DataFrame) -> pd.DataFrame:
    """merchant_id and its group: grid and division of its industry."""
    group = merchants["grid_id"].astype(str) + "|" + merchants["industry_code"].astype(str).str[:2]
    return pd.DataFrame({"merchant_id": merchants["merchant_id"], "group": group})


def _pair(frame: pd.DataFrame, other: str) -> pd.Series:
    return frame["officer_id"].astype(str) + "|" + frame[other].astype(str)


def _own_acts(own: pd.DataFrame, acts: pd.DataFrame, days: int) -> dict[str, np.ndarray]:
    """before_count, after_count, and of these free_count: neither of a campaign nor planned by its day."""
    acts = acts[acts["merchant_id"].isin(own["merchant_id"])]
    record, act = pairs_near(
        _pair(own, "merchant_id"), own["received_on"], _pair(acts, "merchant_id"), acts["acted_on"], -days, days
    )
    met = acts.iloc[act]
    received = own["received_on"].to_numpy()[record]
    is_after = met["acted_on"].to_numpy() > received
    # filed on the day of the complaint: which of the two came first is not on file, and doubt is the officer's
    was_planned = met["is_campaign"].to_numpy(dtype=bool) | (met["planned_on"].to_numpy() <= received)
    count = {
        "before_count": ~is_after,
        "after_count": is_after,
        "free_count": is_after & ~was_planned,
    }
    return {name: np.bincount(record, weights=held, minlength=len(own)) for name, held in count.items()}


def _matched_share(
    own: pd.DataFrame, said: pd.DataFrame, acts: pd.DataFrame, merchants: pd.DataFrame, days: int
) -> np.ndarray:
    """Share of the matched merchants of each record that saw more of the officer after than before; NaN where too few."""
    acts = acts[acts["group"].isin(own["group"])]
    record, act = pairs_near(
        _pair(own, "group"), own["received_on"], _pair(acts, "group"), acts["acted_on"], -days, days
    )
    met = pd.DataFrame(
        {
            "record": record,
            "merchant_id": acts["merchant_id"].to_numpy()[act],
            "received_on": own["received_on"].to_numpy()[record],
            "change": np.where(acts["acted_on"].to_numpy()[act] > own["received_on"].to_numpy()[record], 1, -1),
        }
    )
    met = met[met["merchant_id"].to_numpy() != own["merchant_id"].to_numpy()[record]]
    quiet = (
        count_near(met["merchant_id"], met["received_on"], said["merchant_id"], said["received_on"], -days, days) == 0
    )
    change = met[quiet].groupby(["record", "merchant_id"])["change"].sum()
    more = change[change > 0].groupby("record").size().reindex(range(len(own)), fill_value=0).to_numpy()
    group = _groups(merchants)
    size = own["group"].map(group["group"].value_counts()).fillna(0).to_numpy()
    told = said.merge(group, on="merchant_id")
    loud = count_near(own["group"], own["received_on"], told["group"], told["received_on"], -days, days)
    matched = np.maximum(size - np.maximum(loud, 1), 0)
    return np.where(matched >= FEWEST_MATCHED, np.minimum(more / np.maximum(matched, 1), 1.0), np.nan)


def refuse_note(row: pd.Series) -> Words:
    """A record of this kind would name who complained: telling one is an error, raised as PermissionError."""
    raise PermissionError("after_complaint: a record names the merchant that a complaint concerns; it is never told")
