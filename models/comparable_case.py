"""Cases like the ones behind a hint, so that a reader sees what others decided: of the same violation, by other handlers.

How near two cases are says models/case_distance.py; among equally near ones the latest comes first. Who decided it, and
where, is no part of the distance.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from models.case_distance import CaseDistance
from models.case_record import DECIDED
from models.flag_record import subject_officer
from models.leniency import position

SHOWN = 10
"""Cases told of each record at most."""
DISTANCES_AT_ONCE = 2_000_000
"""Distances held in memory together, records x cases."""
NOBODY = -1
COLUMNS = (
    "flag_id",
    "record_id",
    "nearness_rank",
    "compared_case_id",
    "institution_id",
    "decided_on",
    "outcome",
    "discretion_tier",
    "fine_yuan",
    "statutory_min_yuan",
    "statutory_max_yuan",
    "position",
    "amount_involved_yuan",
    "is_first_offence",
)


def comparable_cases(
    flags: pd.DataFrame, records: pd.DataFrame, cases: pd.DataFrame, night: date, days: int
) -> pd.DataFrame:
    """The published comparable_case: COLUMNS, for every case of flag_record with a statutory range its SHOWN nearest.

    flags, records : red_flag (flag_id, subject_kind, subject_id) and flag_record. cases : rows of feature.case_record, those
    of the records among them. Compared are cases decided (fined, warned, no penalty) in the `days` up to the night, with a
    statutory range; none that a handler of the case, or the officer whom the flag is about, led or joined, and of a flag
    about an institution none of its own. position : that of the fine decided, in shares of the statutory range.
    """
    cases = _with_facts(cases, night, days)
    asked = records.loc[records["table"] == "penalty", ["flag_id", "record_id"]].assign(
        place=lambda rows: pd.Index(cases["case_id"]).get_indexer(rows["record_id"])
    )
    asked = asked[asked["place"] >= 0]
    asked = asked[cases["has_range"].to_numpy(dtype=bool)[asked["place"]]].reset_index(drop=True)
    pool = np.flatnonzero(cases["is_compared"])
    if asked.empty or len(pool) == 0:
        return pd.DataFrame(columns=list(COLUMNS))
    kept, distance, parts = _Kept.of(cases, flags, asked), CaseDistance(cases), [np.empty((0, 3), dtype=np.int64)]
    pool_of = {code: pool[part] for code, part in _groups(cases["violation_number"].to_numpy()[pool])}
    for code, rows in _groups(cases["violation_number"].to_numpy()[asked["place"]]):
        near = pool_of.get(code, ())
        for start in range(0, len(rows) if len(near) else 0, step := max(1, DISTANCES_AT_ONCE // max(len(near), 1))):
            block = rows[start : start + step]
            parts.append(_nearest(distance, kept, block, asked["place"].to_numpy()[block], near))
    chosen = pd.DataFrame(np.concatenate(parts), columns=["row", "nearness_rank", "place"])
    of_record = asked.loc[chosen["row"], ["flag_id", "record_id"]].reset_index(drop=True)
    compared = cases.iloc[chosen["place"]].reset_index(drop=True).rename(columns={"case_id": "compared_case_id"})
    told = pd.concat([of_record, chosen["nearness_rank"], compared], axis=1)[list(COLUMNS)]
    return told.sort_values(["flag_id", "record_id", "nearness_rank"], ignore_index=True)


def _with_facts(cases: pd.DataFrame, night: date, days: int) -> pd.DataFrame:
    """The cases, the latest decided first, with what `comparable_cases` asks of them."""
    known = pd.to_datetime(cases["outcome_known_on"])
    age = (pd.Timestamp(night) - known).dt.days
    fine = cases["fine_yuan"].astype(float).where(cases["outcome"] == "fined", 0.0)
    minimum, maximum = cases["statutory_min_yuan"].astype(float), cases["statutory_max_yuan"].astype(float)
    found = cases.assign(
        decided_on=known,
        fine_yuan=fine,
        position=position(fine.to_numpy(), minimum.to_numpy(), maximum.to_numpy()),
        has_range=(maximum > minimum.fillna(0)).to_numpy(dtype=bool),
        violation_number=pd.factorize(cases["violation_code"], sort=True)[0],
    )
    is_decided = cases["outcome"].isin(DECIDED) & found["position"].notna()
    found = found.assign(is_compared=(is_decided & (age >= 0) & (age < days)).to_numpy(dtype=bool))
    return found.sort_values(["decided_on", "case_id"], ascending=[False, True], ignore_index=True)


@dataclass(frozen=True)
class _Kept:
    """Who may not be compared. Of the cases, by place: lead, co, unit. Of the asked, by row: involved (3, n), own_unit."""

    lead: np.ndarray
    co: np.ndarray
    unit: np.ndarray
    involved: np.ndarray
    own_unit: np.ndarray

    @classmethod
    def of(cls, cases: pd.DataFrame, flags: pd.DataFrame, asked: pd.DataFrame) -> _Kept:
        """Of the asked their own two handlers and the officer, or else the institution, whom the flag is about."""
        officer, subject = asked["flag_id"].map(subject_officer(flags)), flags.set_index("flag_id")
        institution = asked["flag_id"].map(subject["subject_id"].where(subject["subject_kind"] == "institution"))
        names = pd.Index(pd.unique(pd.concat([cases["lead_officer_id"], cases["co_officer_id"], officer]).dropna()))
        lead, co = (names.get_indexer(cases[name]) for name in ("lead_officer_id", "co_officer_id"))
        units, place = pd.Index(pd.unique(cases["unit_id"])), asked["place"].to_numpy()
        involved = np.stack([lead[place], co[place], names.get_indexer(officer)])
        return cls(lead, co, units.get_indexer(cases["unit_id"]), involved, units.get_indexer(institution))

    def most_left_out(self, rows: np.ndarray, near: np.ndarray) -> int:
        """At most so many of `near` may not be compared with any one of the rows."""

        def held(names: np.ndarray, who: np.ndarray) -> np.ndarray:
            count = np.bincount(names[names != NOBODY], minlength=max(names.max(), who.max()) + 1)
            return np.where(who == NOBODY, 0, count[who])

        who = self.involved[:, rows]
        people = np.concatenate([self.lead[near], self.co[near]])
        return int((held(people, who).sum(axis=0) + held(self.unit[near], self.own_unit[rows])).max())

    def may_compare(self, rows: np.ndarray, places: np.ndarray) -> np.ndarray:
        """Whether each asked row may be compared with the case at the place beside it."""
        who = self.involved[:, rows]
        is_his = (who != NOBODY) & ((self.lead[places] == who) | (self.co[places] == who))
        return ~is_his.any(axis=0) & (self.unit[places] != self.own_unit[rows])


def _nearest(distance: CaseDistance, kept: _Kept, rows: np.ndarray, places: np.ndarray, near: np.ndarray) -> np.ndarray:
    """(row, rank, place) of the SHOWN nearest of `near` for each row, which asks of the case at its place; none is equal.

    `near` comes in the order of preference among equally near ones. So many are looked at that SHOWN are left whoever
    may not be compared.
    """
    apart = distance.between(places, near)
    last = min(SHOWN + kept.most_left_out(rows, near), len(near)) - 1
    number, column = np.nonzero(apart <= np.partition(apart, last, axis=1)[:, last : last + 1])
    row, place, far = rows[number], near[column], apart[number, column]
    may = kept.may_compare(row, place)
    number, column, row, place, far = (each[may] for each in (number, column, row, place, far))
    order = np.lexsort([column, far, number])
    number, row, place = number[order], row[order], place[order]
    rank = np.arange(len(number)) - np.searchsorted(number, number) + 1
    return np.column_stack([row, rank, place])[rank <= SHOWN]


def _groups(codes: np.ndarray) -> list[tuple[int, np.ndarray]]:
    """Each code with the positions where it stands, in order."""
    order = np.argsort(codes, kind="stable")
    found, first = np.unique(codes[order], return_index=True)
    return list(zip(found.tolist(), np.split(order, first[1:]), strict=True))
