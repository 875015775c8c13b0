"""The records of a question as arrays, in an order of their own, so that sums are the same whatever order they came in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from models.hint.question import Asked

FOLDS = 4
"""Officers are dealt into this many folds; nobody's records teach what is expected of him."""
FEW_OFFICERS = 16
"""So few (mostly institutions asked as one each) are a fold each: who shared one with an outlier would see less expected
of him than the rest."""


@dataclass(frozen=True)
class Ledger:
    """n records by c cells of like facts: codes into `officers`, `units` and `cells`, day known, hit (0 or 1).

    place : position of each record in the frame that was asked. fold : fold of each officer.
    """

    officer: np.ndarray
    unit: np.ndarray
    cell: np.ndarray
    day: np.ndarray
    hit: np.ndarray
    place: np.ndarray
    officers: np.ndarray
    units: np.ndarray
    cells: pd.DataFrame
    fold: np.ndarray

    @classmethod
    def of(cls, asked: Asked) -> Ledger:
        """The ledger of a question's records, ordered by the day they became known and their name.

        Raises ValueError where a record has no name or stands twice.
        """
        records = asked.records
        day = pd.to_datetime(records["known_on"]).to_numpy().astype("datetime64[D]").astype(np.int64)
        if records["record_id"].isna().any():
            raise ValueError(f"{asked.question.family}: a record of {asked.question.pattern} has no name")
        name = records["record_id"].to_numpy(dtype=str)
        by_name = np.arange(len(name)) if (name[1:] >= name[:-1]).all() else np.argsort(name, kind="stable")
        ordered = name[by_name]
        if (ordered[1:] == ordered[:-1]).any():
            raise ValueError(f"{asked.question.family}: records of {asked.question.pattern} name one record twice")
        place = by_name[np.argsort(day[by_name], kind="stable")]
        officer, officers = pd.factorize(records["officer_id"], sort=True)
        unit, units = pd.factorize(records["unit_id"], sort=True)
        cell, cells = _cells(records[list(asked.question.facts)])
        # by the name alone: neither later records nor a new colleague may move anybody into another fold
        fold = np.array([_hashed(str(name)) % FOLDS for name in officers], dtype=np.int64)
        if len(officers) <= FEW_OFFICERS:
            fold = np.arange(len(officers))
        return cls(
            officer=officer[place],
            unit=unit[place],
            cell=cell[place],
            day=day[place],
            hit=records["is_hit"].to_numpy(dtype=float)[place],
            place=place,
            officers=np.asarray(officers, dtype=object),
            units=np.asarray(units, dtype=object),
            cells=cells,
            fold=fold,
        )

    def inside(self, last_on: date, days: int) -> slice:
        """The records known in the `days` up to that day, which stand together."""
        last = np.datetime64(last_on, "D").astype(np.int64)
        return slice(*np.searchsorted(self.day, [last - days, last], side="right"))

    def others_sum(self, group: np.ndarray, value: np.ndarray, window: slice) -> np.ndarray:
        """For each record of the ledger, the sum of value over those of the window that others have in its group.

        group : a small whole number of each record, from 0 on. value : not negative, one per record.
        """
        size = int(group.max(initial=0)) + 1
        own = self.officer * size + group
        sums = np.bincount(own[window], weights=value[window], minlength=len(self.officers) * size).reshape(-1, size)
        # a difference of sums may lie a rounding below nothing
        return np.maximum(sums.sum(axis=0) - sums, 0.0).reshape(-1)[own]

    def of_officer(self, officer_id: str, held: slice | np.ndarray) -> np.ndarray:
        """Which of these records are an officer's, as booleans; names are looked up once and not record by record."""
        return np.isin(self.officer[held], np.flatnonzero(self.officers == officer_id))

    def of_unit(self, unit_id: str, held: slice | np.ndarray) -> np.ndarray:
        """Which of these records are an institution's, as booleans."""
        return np.isin(self.unit[held], np.flatnonzero(self.units == unit_id))

    def counts(self, window: slice) -> dict[str, int]:
        """Records of the window by officer, 0 for who has none in it."""
        counts = np.bincount(self.officer[window], minlength=len(self.officers))
        return dict(zip(self.officers.tolist(), counts.tolist(), strict=True))

    def table(self, window: slice, expected: np.ndarray, kept: np.ndarray | None = None) -> pd.DataFrame:
        """One row per officer with records in the window: exposure_count, hit_count, expected_count and unit.

        expected : share of hits expected of each record of the ledger. kept : boolean, which of the ledger's records
        count; all where None. unit : where he had most of them. Indexed by officer_id.
        """
        held = np.arange(window.start, window.stop)
        if kept is not None:
            held = held[kept[held]]
        officer, size = self.officer[held], len(self.officers)
        by_unit = np.bincount(officer * len(self.units) + self.unit[held], minlength=size * len(self.units))
        table = pd.DataFrame(
            {
                "exposure_count": np.bincount(officer, minlength=size),
                "hit_count": np.bincount(officer, weights=self.hit[held], minlength=size),
                "expected_count": np.bincount(officer, weights=expected[held], minlength=size),
                "unit_id": self.units[by_unit.reshape(size, len(self.units)).argmax(axis=1)] if size else [],
            },
            index=pd.Index(self.officers, name="officer_id"),
        )
        return table[table["exposure_count"] > 0]


def _hashed(name: str) -> int:
    """A number drawn by a name; a checksum will not do: names that differ in one digit get related ones."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big")


def _cells(facts: pd.DataFrame) -> tuple[np.ndarray, pd.DataFrame]:
    """The cell of each record and, one row per cell, its facts as numbers; a gap is a value of its own."""
    code = np.zeros(len(facts), dtype=np.int64)
    for name in facts:
        values = facts[name].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        part, found = pd.factorize(values, sort=True, use_na_sentinel=False)
        if code.max(initial=0) > np.iinfo(np.int64).max // (len(found) + 1) - 1:
            code = np.unique(code, return_inverse=True)[1]
        code = code * len(found) + part
    _, first, cell = np.unique(code, return_index=True, return_inverse=True)
    cells = facts.iloc[first].astype("Float64").astype(float).reset_index(drop=True)
    return cell.astype(np.int64), cells
