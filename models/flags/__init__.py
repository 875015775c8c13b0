"""Flag families: one file each, whose docstring is its page. Adding a family adds a file and edits none.

A family's module has four names: FAMILY, the name of CONTRACT; RECORD_KIND, the one kind of record it rests on ("cases",
"complaints", "visits", "filings", "postings" ...; None where it rests on several and agrees with no other; a hint that
rests on another says so itself); NEEDS, the feature and core tables it reads, by name: the columns it takes, or () for
all; and `judge(night) -> Judgement`.

A flag is a hint to a human (疑点), never a verdict.
"""

from __future__ import annotations

import functools
import hashlib
import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import ModuleType

import pandas as pd

from models.policy import Policy

STRENGTHS = ("weak", "moderate", "strong", "reminder")
VERDICTS = ("supported", "not_supported", "unknown")


@dataclass(frozen=True)
class Night:
    """What a family may look at: the night, the policy of that night, and feature frames by table name."""

    as_of: date
    policy: Policy
    frames: Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Evidence:
    """One record behind a flag; a larger weight speaks louder (0..1)."""

    table: str
    record_id: str
    weight: float
    note_zh: str
    note_en: str


@dataclass(frozen=True)
class CounterEvidence:
    """One innocent explanation, tested: its verdict, and the statistic without the confounder where that makes sense.

    log_odds_left : what it leaves of a hint that was measured in log-odds, positive = worse; for judging, not published.
    """

    code: str
    verdict: str
    detail_zh: str
    detail_en: str
    score_without: float | None = None
    log_odds_left: float | None = None


@dataclass(frozen=True)
class RecordReason:
    """Why a model expected of a single record what it did: base_value + the sum of contributions = raw_score.

    model : its name. features, values, contributions : of like length, in the model's order.
    """

    model: str
    features: tuple[str, ...]
    values: tuple[float, ...]
    contributions: tuple[float, ...]
    base_value: float
    raw_score: float


@dataclass(frozen=True)
class WindowMeasure:
    """The statistic of a hint over the last `window_days` days, so that a reader sees whether it is new or old."""

    window_days: int
    exposure_count: int
    observed: float
    expected: float
    statistic: float
    interval_low: float
    interval_high: float
    probability: float


@dataclass(frozen=True)
class Peer:
    """What was measured of one peer, in the units of the flag's own statistic; empty where it may not or cannot be told."""

    exposure_count: int | None
    observed: float | None
    expected: float | None
    statistic: float
    interval_low: float | None
    interval_high: float | None


@dataclass(frozen=True)
class Flag:
    """One hint, with all that a reader needs to weigh it. Counts and units are those of `statistic_name`.

    reason : of a single case, the expected-outcome model's explanation; officers and pairs have the officer model's.
    record_kind : the kind of record it rests on; None: its family's RECORD_KIND. is_lasting : whether the very pattern
    that is told crossed in two windows that share no record. peers : the subject, then those he is compared with, as
    `models.peer.told_peers` puts them; none where the family measures no peer.
    """

    subject_kind: str
    subject_id: str
    family: str
    strength: str
    window_start_on: date
    window_end_on: date
    statistic_name: str
    statistic: float
    observed: float
    expected: float
    interval_low: float | None
    interval_high: float | None
    exposure_count: int
    exposure_unit: str
    peer_group: str
    peer_count: int
    peer_median: float | None
    p_value: float | None
    q_value: float | None
    summary_zh: str
    summary_en: str
    rule_trace: str
    facts: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    counter_evidence: tuple[CounterEvidence, ...]
    windows: tuple[WindowMeasure, ...] = ()
    reason: RecordReason | None = None
    record_kind: str | None = None
    is_lasting: bool = False
    peers: tuple[Peer, ...] = ()

    @property
    def flag_key(self) -> str:
        """The same subject, family and facts give the same key, night after night."""
        return _digest(self.subject_kind, self.subject_id, self.family, *self.facts)

    def flag_id(self, as_of: date) -> str:
        """The identifier of this flag on this night."""
        return _digest(as_of.isoformat(), self.subject_kind, self.subject_id, self.family, *self.facts)


@dataclass(frozen=True)
class NotComputable:
    """A question that the records cannot answer, and why: never the same as 'clean'."""

    subject_kind: str
    subject_id: str
    family: str
    reason_zh: str
    reason_en: str


INDICATOR = {"officer_id": "str", "as_of_on": "datetime64[us]", "index": "float64", "crosses": "boolean"}
"""Columns of every family's indicator, and their types."""


def indicator_frame(rows: pd.DataFrame | None = None) -> pd.DataFrame:
    """The rows as an indicator: columns and types of INDICATOR, in the order of as_of_on and officer_id; none where None.

    Raises KeyError where a column is missing.
    """
    if rows is None:
        rows = pd.DataFrame({name: [] for name in INDICATOR})
    return rows[list(INDICATOR)].astype(INDICATOR).sort_values(["as_of_on", "officer_id"], ignore_index=True)


@dataclass(frozen=True)
class Judgement:
    """What a family says of a night.

    `indicator` (`indicator_frame`) has one row for every officer-night of the panel that the family can measure, and none
    for others: officer_id, as_of_on; index, the family's measure (higher is worse); crosses, whether it is beyond the
    family's threshold that night. Where an innocent explanation takes the measure away, index and crosses are empty and
    the row stays. The officer model learns from it, and so does the strength of hints.
    """

    flags: tuple[Flag, ...] = ()
    not_computable: tuple[NotComputable, ...] = ()
    indicator: pd.DataFrame = field(default_factory=indicator_frame)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:24]


@functools.cache
def families() -> Mapping[str, ModuleType]:
    """Every family that has a file here, by its name. Raises ValueError where a file is not named after its family."""
    found = {}
    for module_info in sorted(pkgutil.iter_modules(__path__), key=lambda info: info.name):
        module = importlib.import_module(f"{__name__}.{module_info.name}")
        if module.FAMILY != module_info.name:
            raise ValueError(
                f"models/flags/{module_info.name}.py: FAMILY is {module.FAMILY!r}; file and family must agree"
            )
        found[module.FAMILY] = module
    return found
