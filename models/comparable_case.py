"""Cases like the ones behind a hint, so that a reader sees what others decided: of the same violation, by other handlers.

How near two cases are. distance = |log2(amount a) - log2(amount b)| + the number of facts in which they differ: an amount
twice as large is as far off as one fact. Facts: first offence, prompt correction, natural person or firm, procedure,
penalties of the merchant before (0, 1, 2 or more), mitigating facts on file or none, entry of the exemption list. A gap
equals a gap and differs from everything else; an amount that only one of the two has is one fact. Among equally near ones
the latest comes first. Who decided it, and where, is no part of the distance.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from models.case_record import DECIDED
from models.flag_record import subject_officer
from models.leniency import position

SHOWN = 10
"""Cases told of each record at most."""
CELLS_AT_ONCE = 2_000_000
"""Distances held in memory together, records x cases."""
PRECISION = 1e6
"""Distances are compared to a millionth: what differs by less is equally near."""
NEAR_FACTS = (
    "is_first_offence",
    "was_corrected_promptly",
    "is_natural_person",
    "is_simple_procedure",
    "prior_level",
    "is_mitigated",
    "has_exemption",
)
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
NOBODY = -1


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
    people, unit = _people(cases, flags, asked)
    pool_of = {code: pool[part] for code, part in _groups(cases["violation_number"].to_numpy()[pool])}
    distance, parts = _Distance(cases), []
    for code, rows in _groups(cases["violation_number"].to_numpy()[asked["place"]]):
        near = pool_of.get(code, np.empty(0, int))
        for start in range(0, len(rows), step := max(1, CELLS_AT_ONCE // max(len(near), 1))):
            block = rows[start : start + step]
            parts.append(_nearest(distance, asked["place"].to_numpy()[block], near, block, people, unit))
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
        prior_level=cases["prior_penalty_count_24m"].clip(upper=2),
        is_mitigated=cases["mitigation_count"].astype("Float64") > 0,
    )
    is_decided = cases["outcome"].isin(DECIDED) & found["position"].notna()
    found = found.assign(is_compared=(is_decided & (age >= 0) & (age < days)).to_numpy(dtype=bool))
    return found.sort_values(["decided_on", "case_id"], ascending=[False, True], ignore_index=True)


class _Distance:
    """How far cases lie from each other; see the head of the file."""

    def __init__(self, cases: pd.DataFrame) -> None:
        numbers = cases[list(NEAR_FACTS)].astype("Float64").to_numpy(dtype=float, na_value=NOBODY).astype(np.int64)
        cells, self.cell = np.unique(numbers, axis=0, return_inverse=True)
        self.cell = self.cell.ravel()
        self.differing = (cells[:, None, :] != cells[None, :, :]).sum(axis=2)
        amount = cases["amount_involved_yuan"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        self.amount = np.log2(np.maximum(amount, 1.0))

    def between(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Distances of the cases at places `left` from those at `right`, shape (left, right)."""
        apart = np.abs(self.amount[left][:, None] - self.amount[right][None, :])
        one_gap = np.isnan(self.amount[left])[:, None] != np.isnan(self.amount[right])[None, :]
        return np.where(np.isnan(apart), one_gap, apart) + self.differing[np.ix_(self.cell[left], self.cell[right])]


def _people(cases: pd.DataFrame, flags: pd.DataFrame, asked: pd.DataFrame) -> tuple[tuple[np.ndarray, ...], tuple]:
    """Handlers and institutions as numbers: of the cases lead and co, of the asked their own two and the flag's officer."""
    officer = asked["flag_id"].map(subject_officer(flags))
    kind = flags.set_index("flag_id")["subject_kind"]
    institution = flags.set_index("flag_id")["subject_id"].where(kind == "institution")
    names = pd.Index(pd.unique(pd.concat([cases["lead_officer_id"], cases["co_officer_id"], officer]).dropna()))
    lead, co = (names.get_indexer(cases[name]) for name in ("lead_officer_id", "co_officer_id"))
    place = asked["place"].to_numpy()
    units = pd.Index(pd.unique(cases["unit_id"]))
    own = units.get_indexer(asked["flag_id"].map(institution))
    return (lead, co, lead[place], co[place], names.get_indexer(officer)), (units.get_indexer(cases["unit_id"]), own)


def _nearest(
    distance: _Distance,
    places: np.ndarray,
    near: np.ndarray,
    rows: np.ndarray,
    people: tuple[np.ndarray, ...],
    unit: tuple[np.ndarray, np.ndarray],
) -> np.ndarray:
    """(row, rank, place) of the SHOWN nearest of `near` for each row; `near` comes in the order of preference."""
    lead, co, *involved = people
    is_other = unit[0][near][None, :] != unit[1][rows][:, None]
    for each in involved:
        who = each[rows][:, None]
        is_other &= ~((who != NOBODY) & ((lead[near][None, :] == who) | (co[near][None, :] == who)))
    # one whole number for distance and order together, so that no tie is left to the sorting
    far = np.iinfo(np.int64).max
    key = np.round(distance.between(places, near) * PRECISION).astype(np.int64) * len(near) + np.arange(len(near))
    key = np.where(is_other, key, far)
    best = (
        np.argpartition(key, min(SHOWN, len(near)) - 1, axis=1)[:, :SHOWN]
        if len(near)
        else np.empty((len(rows), 0), int)
    )
    chosen = np.take_along_axis(key, best, axis=1)
    order = np.argsort(chosen, axis=1)
    best, chosen = np.take_along_axis(best, order, axis=1), np.take_along_axis(chosen, order, axis=1)
    row, rank = np.nonzero(chosen < far)
    return np.column_stack([rows[row], rank + 1, near[best[row, rank]]]).astype(np.int64)


def _groups(codes: np.ndarray) -> list[tuple[int, np.ndarray]]:
    """Each code with the positions where it stands, in order."""
    order = np.argsort(codes, kind="stable")
    found, first = np.unique(codes[order], return_index=True)
    return list(zip(found.tolist(), np.split(order, first[1:]), strict=True))
