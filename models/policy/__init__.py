"""What the bureau has decided, dated: thresholds, tiers and clocks, chosen by the date of the act.

`policy.on(date)` gives the whole of it as frozen types. A value that a type refuses is named with its file and rule.
"""

from __future__ import annotations

import functools
import hashlib
import tomllib
from collections.abc import Callable
from datetime import date
from importlib import resources
from typing import Any

import numpy as np
import pandas as pd
from pydantic import Field, ValidationError, model_validator

from models.policy.aggregate import AggregatePolicy
from models.policy.confidential import CONFIDENTIAL_FAMILIES, SMALL_CELL
from models.policy.coverage import CoveragePolicy
from models.policy.dated import Dated, Strict
from models.policy.deadlines import DeadlinePolicy
from models.policy.decision import DecisionPolicy
from models.policy.desk import Deadline, DeskPolicy
from models.policy.draws import DrawPolicy
from models.policy.drift import DriftPolicy
from models.policy.due_tasks import DueTaskPolicy
from models.policy.patrol import PatrolPolicy
from models.policy.random_arm import RandomArmPolicy
from models.policy.rotation import Qualification, RotationPolicy
from models.policy.statutes import Statute, StatutePolicy
from models.policy.thresholds import ThresholdPolicy
from models.policy.tiers import TIERS, TierPolicy
from models.policy.unlicensed import UnlicensedPolicy
from models.policy.work import WorkPolicy

__all__ = [
    "CONFIDENTIAL_FAMILIES",
    "SMALL_CELL",
    "TIERS",
    "AggregatePolicy",
    "CoveragePolicy",
    "DecisionPolicy",
    "Deadline",
    "DeadlinePolicy",
    "DeskPolicy",
    "DiscretionPolicy",
    "DrawPolicy",
    "DriftPolicy",
    "DueTaskPolicy",
    "FlagPolicy",
    "PatrolPolicy",
    "Policy",
    "Qualification",
    "RandomArmPolicy",
    "RotationPolicy",
    "Statute",
    "StatutePolicy",
    "ThresholdPolicy",
    "TierPolicy",
    "TrainingPolicy",
    "UnlicensedPolicy",
    "WorkPolicy",
    "each",
    "fingerprint",
    "on",
]


class DiscretionPolicy(Dated):
    """When the rules of discretion over fines changed: like cases are compared within one version."""


class FlagPolicy(Dated):
    """Windows, minimum exposures and error rates of the flag families; `record_days` of visits and cases are kept at hand."""

    recent_days: int = Field(gt=0)
    window_days: int = Field(gt=0)
    long_days: int = Field(gt=0)
    recent_weight: float = Field(gt=0, lt=1)
    long_weight: float = Field(gt=0, lt=1)
    odds_ratio: float = Field(gt=1)
    record_days: int = Field(gt=0)
    false_discovery_rate: float = Field(gt=0, lt=1)
    posterior_confidence: float = Field(gt=0.5, lt=1)
    complaint_rate_ratio: float = Field(ge=1)
    leniency_margin: float = Field(ge=0, le=1)
    criminal_standard_yuan: float = Field(gt=0)
    criminal_share: float = Field(gt=0, le=1)
    downgraded_signs: int = Field(ge=1, le=6)
    min_decisions: int = Field(ge=1)
    min_visits: int = Field(ge=1)
    min_complaints: int = Field(ge=1)
    min_service_days: int = Field(ge=1)
    min_peers: int = Field(ge=2)
    min_rechecked_visits: int = Field(ge=1)
    min_severe_visits: int = Field(ge=1)
    min_dropped_cases: int = Field(ge=1)
    min_threshold_cases: int = Field(ge=1)
    min_rule_cases: int = Field(ge=1)
    shortest_visit_minutes: float = Field(gt=0)
    fastest_kilometres_per_hour: float = Field(gt=0)
    nearest_kilometres: float = Field(ge=0)
    min_visit_days: int = Field(ge=1)
    min_found_visits: int = Field(ge=1)
    min_complaining_merchants: int = Field(ge=5)
    retaliation_days: int = Field(ge=1)
    crowded_day_deviations: float = Field(gt=0)
    supplement_days: int = Field(ge=0)
    clock_tolerance_minutes: float = Field(ge=0)
    min_filings: int = Field(ge=1)
    meal_case_days: int = Field(ge=0)
    min_case_meals: int = Field(ge=1)
    scan_window_days: int = Field(ge=1)
    evidence_limit: int = Field(ge=1)
    min_kin_acts: int = Field(ge=1)
    draw_visit_days: int = Field(ge=0)
    referral_days: int = Field(ge=1)
    later_finding_days: int = Field(ge=1)
    min_group_visits: int = Field(ge=2)
    min_other_visits: int = Field(ge=2)
    self_check_due_days: int = Field(ge=0)
    self_check_grace_days: int = Field(ge=0)
    min_self_checks: int = Field(ge=1)
    min_rectifications: int = Field(ge=1)
    recurrence_days: int = Field(ge=1)
    min_anomaly_peers: int = Field(ge=2)
    anomaly_tail: float = Field(gt=0, lt=1)
    anomaly_share: float = Field(gt=0, lt=1)

    @model_validator(mode="after")
    def _widens(self) -> FlagPolicy:
        if not self.recent_days < self.window_days < self.long_days:
            raise ValueError("recent_days, window_days and long_days must rise")
        if self.recent_weight + self.long_weight >= 1:
            raise ValueError("recent_weight and long_weight must leave some weight to the usual window")
        return self


class TrainingPolicy(Dated):
    """How old a model may grow in days, how much of the past it learns from, and the least it can be learned from.

    The panel of officers has `panel_nights` nights, `panel_step_days` apart: findings come late, so it reaches back years.
    """

    max_model_age_days: int = Field(ge=1)
    window_days: int = Field(gt=0)
    row_limit: int = Field(gt=0)
    min_rows: int = Field(gt=0)
    min_positives: int = Field(gt=0)
    panel_step_days: int = Field(gt=0)
    panel_nights: int = Field(gt=0)
    min_outcome_officers: int = Field(gt=0)
    outcome_horizon_days: int = Field(gt=0)


class Policy(Strict):
    """All of the policy that is in force on one day."""

    tiers: TierPolicy
    due_tasks: DueTaskPolicy
    coverage: CoveragePolicy
    rotation: RotationPolicy
    discretion: DiscretionPolicy
    deadlines: DeadlinePolicy
    thresholds: ThresholdPolicy
    flags: FlagPolicy
    decision: DecisionPolicy
    patrol: PatrolPolicy
    draws: DrawPolicy
    training: TrainingPolicy
    drift: DriftPolicy
    desk: DeskPolicy
    statutes: StatutePolicy
    aggregate: AggregatePolicy
    unlicensed: UnlicensedPolicy
    work: WorkPolicy
    random_arm: RandomArmPolicy

    @model_validator(mode="after")
    def _reaches_back(self) -> Policy:
        if (self.training.panel_nights - 1) * self.training.panel_step_days < self.flags.window_days:
            raise ValueError("panel_nights of training must reach a window of the flags back, or nothing could last")
        return self


@functools.cache
def _versions(name: str) -> tuple[Dated, ...]:
    kind = Policy.model_fields[name].annotation
    text = resources.files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    try:
        versions = [kind(**version) for version in tomllib.loads(text)["version"]]
    except (ValidationError, KeyError) as error:
        raise ValueError(f"models/policy/{name}.toml: {error}; correct the value in that file") from error
    return tuple(sorted(versions, key=lambda version: version.effective_from))


def on(day: date) -> Policy:
    """The policy in force on that day. Raises ValueError where a policy has no version that early."""
    chosen = {}
    for name in Policy.model_fields:
        in_force = [version for version in _versions(name) if version.effective_from <= day]
        if not in_force:
            raise ValueError(f"models/policy/{name}.toml: no version is in force on {day}; the first begins later")
        chosen[name] = in_force[-1]
    return Policy(**chosen)


def each(name: str, setting: Callable[[Any], float], days: pd.Series) -> np.ndarray:
    """A setting of the policy `name`, shape (n,), as in force on each of these days; NaN where a day is missing or older.

    `setting` takes it from a version, as in `lambda rule: rule.case_days`.
    """
    versions = _versions(name)
    begins = np.array([version.effective_from for version in versions], dtype="datetime64[D]")
    values = np.array([np.nan, *(float(setting(version)) for version in versions)])
    moments = pd.to_datetime(days).to_numpy().astype("datetime64[D]")
    number = np.searchsorted(begins, moments, side="right")
    return values[np.where(np.isnat(moments), 0, number)]


def fingerprint() -> str:
    """SHA-256 over the text of every policy file, so that a night can say which policy it ran under."""
    digest = hashlib.sha256()
    for name in Policy.model_fields:
        digest.update(resources.files(__name__).joinpath(f"{name}.toml").read_bytes())
    return digest.hexdigest()
