"""Policy of coverage: what share of whom must have been seen, and where the effort should go."""

from __future__ import annotations

from pydantic import Field

from models.policy.dated import Dated
from models.policy.tiers import VisitKind


class CoveragePolicy(Dated):
    """Targets of coverage, as shares 0..1, and the industries and visits that count for the hot ones."""

    key_industry_target: float = Field(ge=0, le=1)
    hot_industry_prefixes: tuple[str, ...] = Field(min_length=1)
    hot_industry_visit_kinds: tuple[VisitKind, ...] = Field(min_length=1)
    hot_industry_target: float = Field(ge=0, le=1)
    effort_risk_share: float = Field(gt=0, lt=1)
    effort_target: float = Field(ge=0, le=1)
    visit_within_cap_target: float = Field(ge=0, le=1)
    cap_kept_target: float = Field(ge=0, le=1)
