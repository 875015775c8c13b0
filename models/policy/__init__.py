"""What the bureau has decided, dated: thresholds, tiers and clocks, chosen by the date of the act.

`policy.on(date)` gives the whole of it as frozen types. A value that a type refuses is named with its file and rule.
"""

from __future__ import annotations

import functools
import hashlib
import tomllib
from datetime import date
from importlib import resources
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

TIERS = ("A", "B", "C", "D")
"""The four tiers, from the lowest concern to the highest."""


class _Dated(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    effective_from: date
    legal_basis: str = ""


class TierPolicy(_Dated):
    """Patrol tiers by rule: thresholds in counts and days, required visits and their cap per year."""

    young_merchant_days: int = Field(ge=0)
    d_record_threshold: int = Field(ge=1)
    d_complaint_upheld_count: int = Field(ge=1)
    required_visits_per_year: dict[Literal["A", "B", "C", "D"], int]
    visit_cap_per_year: int = Field(ge=1)
    a_patrol_policy: Literal["half_yearly", "exempt"]
    model_tier_mix: dict[Literal["A", "B", "C", "D"], float]
    key_industry_prefixes: tuple[str, ...]

    @model_validator(mode="after")
    def _is_whole(self) -> TierPolicy:
        for name in ("required_visits_per_year", "model_tier_mix"):
            if set(getattr(self, name)) != set(TIERS):
                raise ValueError(f"{name} must name the tiers A, B, C and D")
        if abs(sum(self.model_tier_mix.values()) - 1) > 1e-9:
            raise ValueError("model_tier_mix must add up to 1")
        return self

    @property
    def key_industry_pattern(self) -> str:
        """A regular expression that matches the industry codes of the key industries."""
        return "^(" + "|".join(self.key_industry_prefixes) + ")"


class RotationPolicy(_Dated):
    """Clocks of hot posts and stations, in years; gaps shorter than `merge_gap_days` do not reset a clock."""

    hot_posts: tuple[str, ...]
    watch_years: float = Field(gt=0)
    due_years: float = Field(gt=0)
    overdue_years: float = Field(gt=0)
    station_years: float = Field(gt=0)
    merge_gap_days: int = Field(ge=0)

    @model_validator(mode="after")
    def _rises(self) -> RotationPolicy:
        if not self.watch_years <= self.due_years <= self.overdue_years:
            raise ValueError("watch_years, due_years and overdue_years must rise")
        return self


class DiscretionPolicy(_Dated):
    """When the rules of discretion over fines changed: like cases are compared within one version."""


class FlagPolicy(_Dated):
    """Windows, minimum exposures and error rates of the flag families."""

    window_days: int = Field(gt=0)
    false_discovery_rate: float = Field(gt=0, lt=1)
    posterior_confidence: float = Field(gt=0.5, lt=1)
    complaint_rate_ratio: float = Field(ge=1)
    leniency_margin: float = Field(ge=0, le=1)
    min_decisions: int = Field(ge=1)
    min_visits: int = Field(ge=1)
    min_complaints: int = Field(ge=1)
    min_service_days: int = Field(ge=1)
    min_peers: int = Field(ge=2)
    scan_window_days: int = Field(ge=1)
    evidence_limit: int = Field(ge=1)


class TrainingPolicy(_Dated):
    """How old a model may grow in days, how much of the past it learns from, and the least it can be learned from."""

    max_model_age_days: int = Field(ge=1)
    window_days: int = Field(gt=0)
    row_limit: int = Field(gt=0)
    min_rows: int = Field(gt=0)
    min_positives: int = Field(gt=0)
    panel_step_days: int = Field(gt=0)
    panel_nights: int = Field(gt=0)
    outcome_horizon_days: int = Field(gt=0)


class DriftPolicy(_Dated):
    """When a change since training is worth a warning, and when a newly trained model replaces the one in use.

    `recent_days` is what counts as recent; below `min_rows` rows nothing is compared, below `min_severe` visits with and
    without a severe finding no two models are. Lines of the stability index, of the change of the share missing, and of
    observed against predicted share (0.10: a tenth more or fewer), which must lie outside the interval of `confidence`
    as well. `challenger_margin`: how much lower the area under the curve of a new model may be.
    """

    recent_days: int = Field(ge=7)
    min_rows: int = Field(ge=2)
    min_severe: int = Field(ge=1)
    watch_psi: float = Field(gt=0)
    shifted_psi: float = Field(gt=0)
    watch_missing_share: float = Field(gt=0, le=1)
    shifted_missing_share: float = Field(gt=0, le=1)
    watch_calibration: float = Field(gt=0)
    shifted_calibration: float = Field(gt=0)
    confidence: float = Field(gt=0.5, lt=1)
    challenger_margin: float = Field(ge=0, lt=0.5)

    @model_validator(mode="after")
    def _rises(self) -> DriftPolicy:
        for name in ("psi", "missing_share", "calibration"):
            if getattr(self, f"watch_{name}") > getattr(self, f"shifted_{name}"):
                raise ValueError(f"watch_{name} must not lie above shifted_{name}")
        return self


class Policy(BaseModel):
    """All of the policy that is in force on one day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tiers: TierPolicy
    rotation: RotationPolicy
    discretion: DiscretionPolicy
    flags: FlagPolicy
    training: TrainingPolicy
    drift: DriftPolicy


@functools.cache
def _versions(name: str) -> tuple[_Dated, ...]:
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


def fingerprint() -> str:
    """SHA-256 over the text of every policy file, so that a night can say which policy it ran under."""
    digest = hashlib.sha256()
    for name in Policy.model_fields:
        digest.update(resources.files(__name__).joinpath(f"{name}.toml").read_bytes())
    return digest.hexdigest()
