"""Policy of coverage: what share of whom must have been seen, and where the effort should go."""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from models.policy.dated import Dated, Strict
from models.policy.tiers import VisitKind


class HotIndustry(Strict):
    """A hot industry: how its codes (GB/T 4754) begin, and its name in both languages."""

    prefix: str = Field(pattern="^[0-9]{2,4}$")
    name_zh: str = Field(min_length=1)
    name_en: str = Field(min_length=1)


class CoveragePolicy(Dated):
    """Targets of coverage, as shares 0..1, and the industries and visits that count for the hot ones."""

    key_industry_target: float = Field(ge=0, le=1)
    hot_industries: tuple[HotIndustry, ...] = Field(min_length=1)
    hot_industry_visit_kinds: tuple[VisitKind, ...] = Field(min_length=1)
    hot_industry_target: float = Field(ge=0, le=1)
    effort_risk_share: float = Field(gt=0, lt=1)
    effort_target: float = Field(ge=0, le=1)
    visit_within_cap_target: float = Field(ge=0, le=1)
    cap_kept_target: float = Field(ge=0, le=1)

    @model_validator(mode="after")
    def _differ(self) -> CoveragePolicy:
        prefixes = [industry.prefix for industry in self.hot_industries]
        if [a for i, a in enumerate(prefixes) for j, b in enumerate(prefixes) if i != j and b.startswith(a)]:
            raise ValueError("hot_industries: no prefix may begin another, or a merchant would belong to two")
        return self

    @property
    def hot_industry_pattern(self) -> str:
        """A regular expression that takes from an industry code the prefix of its hot industry."""
        return "^(" + "|".join(industry.prefix for industry in self.hot_industries) + ")"

    def hot_industry_rows(self) -> list[dict[str, Any]]:
        """The hot industries as rows for SQL: prefix, name_zh, name_en."""
        return [industry.model_dump() for industry in self.hot_industries]
