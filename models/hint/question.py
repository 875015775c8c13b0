"""What a family asks of each of its records: what is a hit, what makes records alike, and what else could explain it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from models.flags import CounterEvidence

Words = tuple[str, str]
"""Words in Chinese and English."""

FEWEST_HITS = 3
"""Fewer hits than this are no pattern, however little was expected."""


@dataclass(frozen=True)
class Explanation:
    """One innocent explanation: its code, labels, and which records it points at (boolean with gaps, NA: not on file)."""

    code: str
    zh: str
    en: str
    points_at: Callable[[pd.DataFrame], pd.Series]


@dataclass(frozen=True)
class Unknown:
    """An innocent explanation that no record can test; a reader must."""

    code: str
    zh: str
    en: str

    def said(self) -> CounterEvidence:
        """Its verdict."""
        return CounterEvidence(self.code, "unknown", self.zh, self.en)


@dataclass(frozen=True)
class Question:
    """A question asked of every record of a kind.

    family, pattern : the family, and which of its patterns (a fact of the flag's key; a family has one or several).
    table : contract table that a record_id names. record : what is counted, as in `120次巡查` and `120 visits`.
    hit : what a hit is, after the count, as in `未发现问题` and `found nothing`.
    facts : numeric columns with few values each, by which records are alike; never an officer or a station.
    least_exposure : an officer with fewer records in every window is not computable.
    is_fewer_worse : fewer hits than expected are the pattern, not more.
    explanations, unknowns : innocent explanations that records can test, and those that they cannot.
    note : a record in words (Chinese, English), without a name.
    fewest_hits : fewer hits raise no hint, where more are worse.
    own_tests : explanations that lie beside the records asked about, each tested by officer_id.
    weight : how much of the family's error rate its patterns spend on this one, against 1 of any other.
    is_confidential : records would betray who complained: none is shown, and counts that single out are not told.
    record_kind : the kind of record it is asked of, where that is not the family's RECORD_KIND.
    """

    family: str
    pattern: str
    table: str
    record: Words
    hit: Words
    facts: tuple[str, ...]
    least_exposure: int
    note: Callable[[pd.Series], Words]
    is_fewer_worse: bool = False
    explanations: tuple[Explanation, ...] = ()
    unknowns: tuple[Unknown, ...] = ()
    fewest_hits: int = FEWEST_HITS
    own_tests: tuple[Callable[[str], CounterEvidence], ...] = ()
    weight: float = 1.0
    is_confidential: bool = False
    record_kind: str | None = None


REQUIRED = ("record_id", "officer_id", "unit_id", "known_on", "is_hit")
"""Columns that the records of every question have: identifier, whose discretion it was, where, known from, hit or not."""


@dataclass(frozen=True)
class Placebo:
    """The same question where nothing is at stake: whoever goes beyond there as well has a habit, and the code is supported.

    records : as those of `Asked`, without what explanations point at.
    """

    code: str
    zh: str
    en: str
    records: pd.DataFrame


@dataclass(frozen=True)
class Asked:
    """A question with its records: one row each, with REQUIRED, the question's facts, and what explanations point at.

    placebos : the question where nothing is at stake, if there is such a place.

    Raises ValueError where a column is missing.
    """

    question: Question
    records: pd.DataFrame
    placebos: tuple[Placebo, ...] = ()

    def known_by(self, day: date) -> Asked:
        """The same without the records that become known later: they must not even change who is compared with whom."""
        known = pd.to_datetime(self.records["known_on"]) <= pd.Timestamp(day)
        return self if known.all() else replace(self, records=self.records[known])

    def __post_init__(self) -> None:
        missing = [name for name in (*REQUIRED, *self.question.facts) if name not in self.records]
        if missing:
            raise ValueError(f"{self.question.family}: records of {self.question.pattern} lack {', '.join(missing)}")
