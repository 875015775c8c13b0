"""Visits that found something severe: whether a case followed, and the groups of merchants that might be spared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from models.policy import FlagPolicy
from models.visit_record import led_visits

LEVELS = (
    ("kind_number", "industry_division", "prior_level", "quarter"),
    ("kind_number", "industry_division", "prior_level"),
    ("kind_number", "prior_level"),
    ("kind_number",),
)
"""What makes findings alike, the finest first."""

AGENT, KIN, INDIVIDUAL, COMPANY = "agent", "kin", "individual", "company"
MOST_FINDINGS = 3.0


def severe_visits(visits: pd.DataFrame, policy: FlagPolicy) -> pd.DataFrame:
    """Severe visits as records: is_hit where no case followed within referral_days, settled_on when that is known.

    A visit whose result says that it was referred was referred, whatever became of it: that is another's to answer for.
    Also finding_level (1, 2, 3 for more), is_repeated (a severe finding by others before) and is_late (a case followed
    after the term). In order of record_id.
    """
    chosen = visits[visits["was_inspected"].astype(bool) & visits["is_severe"].fillna(False).astype(bool)]
    chosen = led_visits(chosen).sort_values("record_id", ignore_index=True)
    term = pd.to_datetime(chosen["visited_on"]) + timedelta(days=policy.referral_days)
    referred_on = pd.to_datetime(chosen["referred_on"])
    is_referred = (chosen["result"] == "case_referred") | (referred_on <= term)
    return chosen.assign(
        is_hit=~is_referred,
        is_late=~is_referred & referred_on.notna(),
        settled_on=np.maximum(pd.to_datetime(chosen["known_on"]), term),
        finding_level=chosen["finding_count"].clip(1, MOST_FINDINGS).astype(float),
        is_repeated=chosen["prior_severe_count"] > 0,
    )


@dataclass(frozen=True)
class Findings:
    """n severe visits (`severe_visits`) and m memberships in groups: position in records, and name of the group.

    Names are `agent|<digest>`, `kin`, `individual` and `company`.
    """

    records: pd.DataFrame
    place: np.ndarray
    group: np.ndarray

    @classmethod
    def of(cls, records: pd.DataFrame, agents: pd.DataFrame, contacts: pd.DataFrame) -> Findings:
        """agents : feature.merchant_agent, who served a merchant on the day of the visit. contacts : feature.kin_contact,
        visits that an officer led at a firm of a person whom he had declared by then."""
        served = (
            records[["merchant_id", "visited_on"]]
            .assign(place=np.arange(len(records)))
            .merge(agents[["merchant_id", "person_hash", "from_on", "to_on"]], on="merchant_id")
        )
        day, began, ended = (pd.to_datetime(served[name]) for name in ("visited_on", "from_on", "to_on"))
        served = served[(began.isna() | (began <= day)) & (ended.isna() | (ended > day))]
        is_kin = (contacts["record_table"] == "patrol") & (contacts["role"] == "lead")
        kin = contacts.loc[is_kin & ~contacts["is_declared_later"].astype(bool), "record_id"]
        single = records["is_individual_merchant"].astype("boolean")
        named = {
            KIN: records["record_id"].isin(set(kin)),
            INDIVIDUAL: single.fillna(False),
            COMPANY: ~single.fillna(True),
        }
        parts = [served.assign(group=AGENT + "|" + served["person_hash"].astype(str))[["place", "group"]]]
        parts += [
            pd.DataFrame({"place": np.flatnonzero(inside.to_numpy(dtype=bool)), "group": name})
            for name, inside in named.items()
        ]
        members = pd.concat(parts).drop_duplicates().sort_values(["group", "place"])
        return cls(records, members["place"].to_numpy(dtype=np.int64), members["group"].to_numpy(dtype=object))

    def where(self, kept: np.ndarray | pd.Series) -> Findings:
        """Those findings only."""
        kept = np.asarray(kept, dtype=bool)
        inside = kept[self.place]
        return Findings(
            self.records[kept].reset_index(drop=True), (np.cumsum(kept) - 1)[self.place[inside]], self.group[inside]
        )

    def settled(self, as_of: date, days: int) -> Findings:
        """The findings whose term was over by that night and not more than `days` before."""
        until = pd.Timestamp(as_of)
        settled_on = self.records["settled_on"]
        return self.where((settled_on <= until) & (settled_on > until - timedelta(days=days)))

    def inside(self, group: str) -> np.ndarray:
        """Whether each finding is of that group."""
        found = np.zeros(len(self.records), dtype=bool)
        found[self.place[self.group == group]] = True
        return found
