"""How an officer's cases and grave findings ended, as records for the families of hints, each settled on its day."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from models import policy
from models.case_record import DROPPED, led_cases
from models.flags import Night
from models.visit_record import led_visits

LEAVING_DAYS = 30
"""What a handler ends so near to leaving a post may be what he hands over in order."""


def ordinary_cases(night: Night) -> pd.DataFrame:
    """Cases of the ordinary procedure whose outcome is on file, with what the explanations point at."""
    cases = night.frames["feature.case_record"]
    cases = led_cases(cases[~cases["is_simple_procedure"].astype(bool) & cases["outcome"].notna()])
    ended = cases["outcome_known_on"].fillna(pd.Timestamp(night.as_of))
    grounds = cases["mitigation_count"].astype("Float64").gt(0) | cases["has_exemption"].astype("boolean")
    corrected = cases["is_first_offence"].astype("boolean") & cases["was_corrected_promptly"].astype("boolean")
    is_agreed = cases["legal_review_result"].eq("approved") | cases["collective_discussed_on"].notna()
    delivery = night.frames["core.delivery"].iloc[0]
    is_told = bool(delivery["has_review"] or delivery["has_collective"])
    return cases.assign(
        is_merchant_closed=_closed_by(cases["merchant_id"], ended, night),
        has_open_case=_meets_open_case(cases, cases["filed_on"], ended, cases["case_id"], night),
        is_agreed=is_agreed if is_told else pd.NA,
        has_grounds=grounds | corrected,
        is_leaving=_near_leaving(cases["lead_officer_id"], ended, night.frames["core.posting"])
        if delivery["has_posting_end"]
        else pd.NA,
    )


def caught_later(cases: pd.DataFrame, as_of: date, later_days: int) -> pd.DataFrame:
    """A row per dropped case that is `later_days` old; a hit where others found something at the merchant in them.

    later_days : how far feature.case_record looks for later findings of others (later_finding_days of the policy).
    """
    dropped = cases[cases["outcome"].isin(DROPPED)]
    settled_on = dropped["outcome_known_on"] + pd.Timedelta(days=later_days)
    caught = dropped.assign(known_on=settled_on, is_hit=dropped["later_finding_count"].astype(float) > 0)
    return caught[settled_on <= pd.Timestamp(as_of)]


def deadline_reached(cases: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """A row per case that ended in time or reached the end of deadline and extension: settled on that day."""
    days = policy.each("deadlines", lambda rule: rule.case_days + rule.case_extension_days, cases["filed_on"])
    limit_on = cases["filed_on"] + pd.to_timedelta(days + 1, unit="D")
    is_late = cases["outcome_known_on"].isna() | (cases["outcome_known_on"] >= limit_on)
    settled_on = limit_on.where(is_late, cases["outcome_known_on"])
    return cases.assign(known_on=settled_on, is_hit=is_late)[settled_on <= pd.Timestamp(as_of)]


def visits_to_be_filed(night: Night) -> pd.DataFrame:
    """Visits with a severe finding, referral_days old: settled on that day, whatever was filed later.

    A hit where no case followed in that time and the result does not say that the case was referred: what became of a
    referral is another's to answer for.
    """
    visits = night.frames["feature.visit_record"]
    visits = led_visits(visits[visits["is_severe"].astype("boolean").fillna(False).to_numpy(dtype=bool)])
    until = pd.to_datetime(visits["visited_on"]) + pd.Timedelta(days=night.policy.flags.referral_days)
    known_on = pd.concat([until, pd.to_datetime(visits["known_on"])], axis=1).max(axis=1)
    referred = pd.to_datetime(visits["referred_on"])
    others = visits["later_other_visit_count"].to_numpy(dtype=float)
    visits = visits.assign(
        known_on=known_on,
        is_hit=~(referred <= until) & (visits["result"] != "case_referred"),
        is_merchant_closed=_closed_by(visits["merchant_id"], until, night),
        has_open_case=_meets_open_case(visits, visits["visited_on"], visits["visited_on"], None, night),
        is_late=referred.notna() & (referred > until),
        is_clean_later=(others > 0) & (visits["later_other_finding_count"].to_numpy(dtype=float) == 0),
    )
    return visits[known_on <= pd.Timestamp(night.as_of)]


def _closed_by(merchant: pd.Series, day: pd.Series, night: Night) -> pd.Series:
    """Whether each merchant had closed by each day; NA where no closing was delivered."""
    if not night.frames["core.delivery"].iloc[0]["has_merchant_closed"]:
        return pd.Series(pd.NA, index=merchant.index, dtype="boolean")
    closed = pd.to_datetime(merchant.map(night.frames["core.merchant"].set_index("merchant_id")["closed_on"]))
    return (closed.notna() & (closed <= day)).astype("boolean")


def _meets_open_case(
    records: pd.DataFrame, from_on: pd.Series, to_on: pd.Series, own: pd.Series | None, night: Night
) -> np.ndarray:
    """Whether another case of the merchant, filed before the end of each span, was open in it or after."""
    cases = night.frames["feature.case_record"]
    span = pd.DataFrame(
        {
            "place": np.arange(len(records)),
            "merchant_id": records["merchant_id"].to_numpy(),
            "from_on": pd.to_datetime(from_on).to_numpy(),
            "to_on": pd.to_datetime(to_on).to_numpy(),
            "own": "" if own is None else own.to_numpy(),
        }
    )
    other = cases[["merchant_id", "case_id", "filed_on", "outcome_known_on", "outcome"]]
    met = span.merge(other[~other["outcome"].isin(DROPPED)], on="merchant_id")
    ended = met["outcome_known_on"].fillna(pd.Timestamp(night.as_of))
    is_open = (met["case_id"] != met["own"]) & (met["filed_on"] <= met["to_on"]) & (ended >= met["from_on"])
    found = np.zeros(len(records), dtype=bool)
    found[met.loc[is_open, "place"].unique()] = True
    return found


def _near_leaving(officer: pd.Series, day: pd.Series, postings: pd.DataFrame) -> np.ndarray:
    """Whether a posting of each officer ended within LEAVING_DAYS of each day."""
    span = pd.DataFrame({"place": np.arange(len(day)), "officer_id": officer.to_numpy(), "day": day.to_numpy()})
    met = span.merge(postings.dropna(subset="ended_on")[["officer_id", "ended_on"]], on="officer_id")
    is_near = (pd.to_datetime(met["ended_on"]) - met["day"]).abs() <= pd.Timedelta(days=LEAVING_DAYS)
    found = np.zeros(len(day), dtype=bool)
    found[met.loc[is_near, "place"].unique()] = True
    return found
