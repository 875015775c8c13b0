"""Policy of the double-random draw: ratios by class, special tasks, who may be drawn, and when past draws are unusual."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from models.policy.dated import Dated, Strict
from models.policy.tiers import TIERS, Tier

WHOLE = 10_000
"""Shares of a draw are whole ten-thousandths, so that nobody who repeats it needs fractions."""

ClassColumn = Literal["credit_risk_class", "patrol_tier", "model_risk_tier"]
Status = Literal["active", "suspended", "revoked", "unlicensed"]


def per_10000(share: float) -> int:
    """A share as whole ten-thousandths. Raises ValueError where it is none."""
    whole = round(share * WHOLE)
    if abs(share * WHOLE - whole) > 1e-6:
        raise ValueError(f"a share of a draw must be a whole number of ten-thousandths; {share} is not")
    return whole


class DrawTask(Strict):
    """A special task: a share of those merchants that fit all it names, or of those on a list that the bureau gives."""

    code: str = Field(pattern="^[a-z_]+$")
    name_zh: str = Field(min_length=1)
    name_en: str = Field(min_length=1)
    share: float = Field(gt=0, le=1)
    classes: tuple[Tier, ...] = ()
    industry_prefixes: tuple[str, ...] = ()
    least_percentile: float | None = Field(default=None, ge=0, le=1)
    is_listed: bool = False

    @model_validator(mode="after")
    def _selects(self) -> DrawTask:
        per_10000(self.share)
        if self.code in TIERS or not (
            self.classes or self.industry_prefixes or self.least_percentile is not None or self.is_listed
        ):
            raise ValueError(
                f"task {self.code}: it must name classes, industry_prefixes, least_percentile or is_listed"
            )
        return self


class DrawPolicy(Dated):
    """Ratios rise with the class; officers per object as the law asks; limits of the audit in days, counts and shares."""

    class_from: tuple[ClassColumn, ...] = Field(min_length=1)
    ratio: dict[Tier, float]
    tasks: tuple[DrawTask, ...] = ()
    object_statuses: tuple[Status, ...] = Field(min_length=1)
    officer_posts: tuple[str, ...] = Field(min_length=1)
    officers_per_object: int = Field(ge=2)
    min_certified: int = Field(ge=2)
    audit_days: int = Field(ge=1)
    class_days: int = Field(ge=1)
    min_audit_count: int = Field(ge=1)
    substitution_limit: float = Field(gt=0, lt=1)
    false_discovery_rate: float = Field(gt=0, lt=1)
    substitution_reasons: dict[str, str] = Field(min_length=1)

    @model_validator(mode="after")
    def _rises(self) -> DrawPolicy:
        if set(self.ratio) != set(TIERS):
            raise ValueError("ratio must name the classes A, B, C and D")
        shares = [per_10000(self.ratio[name]) for name in TIERS]
        if not (
            0 <= shares[0] and shares[-1] <= WHOLE and all(a < b for a, b in zip(shares, shares[1:], strict=False))
        ):
            raise ValueError("ratio must rise from A to D and stay within 0 and 1")
        if self.min_certified < self.officers_per_object:
            raise ValueError("min_certified must not lie below officers_per_object")
        if len({task.code for task in self.tasks}) < len(self.tasks):
            raise ValueError("tasks must have different codes")
        return self

    def strata(self) -> dict[str, int]:
        """Ten-thousandths to be drawn of each class, by class."""
        return {name: per_10000(self.ratio[name]) for name in TIERS}

    def task(self, code: str) -> DrawTask | None:
        """The special task of that code; None where the policy has none."""
        return next((task for task in self.tasks if task.code == code), None)
