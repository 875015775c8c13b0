"""How many hints a family gives, for management: by bureau and institution, never where the number points at a person.

Hints about persons are counted: officers, pairs and cases, each with its officer; hints about an institution are not. A
number is told where it is 0, or where the hints concern at least min_officers officers and as many who can be evaluated
have none: five hints about one officer are one officer, and "all of them" names each. What is left of the bureau's number
when those told are taken away must be as safe, or the smallest of them are withheld as well. Source: DOMAIN.md 2.11.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

import pandas as pd

from models.flags import STRENGTHS, Judgement, families
from models.policy import AggregatePolicy
from models.truth import REMINDER_FAMILY

BUREAU = "all"
NOWHERE = ""
"""Unit of an officer whom the register does not know: he counts for the bureau and is told in no institution's row."""


class Cell(NamedTuple):
    """Officers who can be evaluated, hints about them, and how many of them these concern."""

    evaluable_count: int
    hint_count: int
    hinted_count: int

    def is_safe(self, policy: AggregatePolicy) -> bool:
        """Whether the number of hints may be told: there is none, or enough officers have one and enough have none."""
        if self.evaluable_count < policy.min_officers:
            return False
        spared_count = self.evaluable_count - self.hinted_count
        return self.hint_count == 0 or min(self.hinted_count, spared_count) >= policy.min_officers


def evaluable_officers(judgements: Mapping[str, Judgement], night: date) -> pd.DataFrame:
    """Family and officer_id of everybody whom a family can measure tonight, from the families' indicators."""
    parts = []
    for name, judgement in judgements.items():
        tonight = judgement.indicator[judgement.indicator["as_of_on"] == pd.Timestamp(night)]
        parts.append(tonight[["officer_id"]].assign(family=name))
    return pd.concat(parts, ignore_index=True)[["family", "officer_id"]]


def hints_of_officers(flags: pd.DataFrame, handlers: Mapping[str, str]) -> pd.DataFrame:
    """Family, strength and officer_id of every hint about a person; of a case its lead handler.

    flags : red_flag of the night. handlers : officer by case. Raises KeyError for a case that has none.
    """
    if flags.empty:
        return pd.DataFrame({"family": [], "strength": [], "officer_id": []}, dtype="str")
    personal = flags[flags["subject_kind"] != "institution"]
    officers = [
        handlers[subject] if kind == "case" else subject.split("|")[0]
        for kind, subject in zip(personal["subject_kind"], personal["subject_id"], strict=True)
    ]
    return personal[["family", "strength"]].assign(officer_id=officers).reset_index(drop=True)


def hint_aggregate(
    hints: pd.DataFrame, evaluable: pd.DataFrame, unit: pd.Series, policy: AggregatePolicy, night: date
) -> pd.DataFrame:
    """The rows of the published table `hint_aggregate`: the bureau's, and an institution's with enough evaluable officers.

    hints : `hints_of_officers`. evaluable : `evaluable_officers`; who has a hint counts as evaluable. unit : unit_id by
    officer_id. Counts; a hint_count that would point at a person is empty, and more is not worse by itself. Raises
    ValueError for a hint of a family and strength that no row is made for.
    """
    cells = [
        (family, strength)
        for family in sorted(families())
        for strength in STRENGTHS
        if (strength == "reminder") == (family == REMINDER_FAMILY)
    ]
    stray = set(map(tuple, hints[["family", "strength"]].drop_duplicates().to_numpy())) - set(cells)
    if stray:
        raise ValueError(f"hint_aggregate: no row is made for hints of {sorted(stray)[0]}; name it in `cells`")
    evaluable = pd.concat([evaluable, hints[["family", "officer_id"]]]).drop_duplicates()
    counted: dict[tuple[str, str], dict[str, Cell]] = {cell: {} for cell in cells}
    evaluable, hints = (
        rows.assign(unit_id=rows["officer_id"].map(unit).fillna(NOWHERE)) for rows in (evaluable, hints)
    )
    measured = evaluable.groupby(["family", "unit_id"]).size()
    hinted = hints.groupby(["family", "strength", "unit_id"])["officer_id"].agg(["size", "nunique"]).to_dict("index")
    for family, strength in cells:
        for name, count in measured.get(family, pd.Series(dtype="int64")).items():
            number = hinted.get((family, strength, name), {"size": 0, "nunique": 0})
            counted[family, strength][name] = Cell(int(count), number["size"], number["nunique"])
    rows = []
    for (family, strength), units in counted.items():
        told, whole = _told(units, policy), _together(units.values())
        number = whole.hint_count if whole.is_safe(policy) else None
        rows.append(("bureau", BUREAU, family, strength, whole.evaluable_count, number))
        rows += [
            ("institution", name, family, strength, cell.evaluable_count, cell.hint_count if name in told else None)
            for name, cell in units.items()
            if cell.evaluable_count >= policy.min_officers and name != NOWHERE
        ]
    names = ["unit_kind", "unit_id", "family", "strength", "evaluable_officer_count", "hint_count"]
    frame = pd.DataFrame(rows, columns=names).astype({"evaluable_officer_count": "int64", "hint_count": "Int64"})
    return frame.assign(as_of=pd.Timestamp(night))


def _together(cells: Iterable[Cell]) -> Cell:
    columns = list(zip(*cells, strict=True))
    return Cell(*(sum(column) for column in columns)) if columns else Cell(0, 0, 0)


def _told(units: Mapping[str, Cell], policy: AggregatePolicy) -> set[str]:
    """Institutions whose number of hints of one family and strength is told; `units` are all that the bureau consists of."""
    told = [name for name, cell in units.items() if cell.is_safe(policy) and name != NOWHERE]
    if not _together(units.values()).is_safe(policy):
        return set(told)
    # the smallest number is withheld first, none at all last: what is taken away must make the rest large
    told.sort(key=lambda name: (units[name].hint_count == 0, units[name].hint_count, name))
    while told:
        left = _together([cell for name, cell in units.items() if name not in told])
        if left.hint_count == 0 or left.is_safe(policy):
            break
        told = told[1:]
    return set(told)
