"""Policy of tiers: thresholds of the rules, visits that a tier or an industry is owed, and the cap on visits."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, PositiveInt, model_validator

from models.policy.dated import Dated, Strict

TIERS = ("A", "B", "C", "D")
"""The four tiers, from the lowest concern to the highest."""

Tier = Literal["A", "B", "C", "D"]
VisitKind = Literal["routine", "special", "targeted", "random", "complaint", "recheck"]


class IndustryVisits(Strict):
    """Visits per year that every merchant of an industry is owed at least; `code` is published as the rule, the names are told."""

    code: str = Field(pattern="^[a-z_]+$")
    name_zh: str = Field(min_length=1)
    name_en: str = Field(min_length=1)
    prefixes: tuple[str, ...] = Field(min_length=1)
    visits_per_year: PositiveInt


class TierPolicy(Dated):
    """Patrol tiers by rule: thresholds in counts and days; visits per year, and their cap per merchant and year."""

    young_merchant_days: int = Field(ge=0)
    d_record_threshold: int = Field(ge=1)
    d_complaint_upheld_count: int = Field(ge=1)
    d_refusal_count: int = Field(ge=1)
    required_visits_per_year: dict[Tier, int]
    a_patrol_policy: Literal["half_yearly", "exempt"]
    key_industry_visits_per_year: int = Field(ge=0)
    industry_visits: tuple[IndustryVisits, ...] = ()
    visit_cap_per_year: int = Field(ge=1)
    cap_exempt_visit_kinds: tuple[VisitKind, ...]
    model_tier_mix: dict[Tier, float]
    disagreement_distance: int = Field(ge=1, le=3)
    key_industries: dict[str, tuple[str, ...]] = Field(min_length=1)

    @model_validator(mode="after")
    def _is_whole(self) -> TierPolicy:
        for name in ("required_visits_per_year", "model_tier_mix"):
            if set(getattr(self, name)) != set(TIERS):
                raise ValueError(f"{name} must name the tiers A, B, C and D")
        if abs(sum(self.model_tier_mix.values()) - 1) > 1e-9:
            raise ValueError("model_tier_mix must add up to 1")
        if not all(self.key_industries.values()):
            raise ValueError("key_industries: every group must name at least one prefix of an industry code")
        return self

    @property
    def key_industry_pattern(self) -> str:
        """A regular expression that matches the industry codes of the key industries."""
        prefixes = [prefix for group in self.key_industries.values() for prefix in group]
        return "^(" + "|".join(prefixes) + ")"
