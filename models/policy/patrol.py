"""What the bureau has decided on planned visits: the horizon, who goes out, how many visits a day holds, days off."""

from __future__ import annotations

from datetime import date

from pydantic import Field, model_validator

from models.policy.dated import Dated


class PatrolPolicy(Dated):
    """The patrol plan: horizon, posts, what a pair does in a day, days off, and what weighs how many days of delay."""

    horizon_days: int = Field(ge=1)
    patrol_posts: tuple[str, ...]
    relief_posts: tuple[str, ...]
    visits_per_pair_day: int = Field(ge=1)
    rural_visits_per_pair_day: int = Field(ge=1)
    patrol_day_share: float = Field(gt=0, le=1)
    grouping_days: int = Field(ge=1)
    public_holidays: tuple[date, ...]
    working_weekend_days: tuple[date, ...]
    longest_wait_days: int = Field(ge=1)
    unfamiliar_days: float = Field(ge=0)
    same_pair_days: float = Field(ge=0)
    moved_days: float = Field(ge=0)

    @model_validator(mode="after")
    def _is_consistent(self) -> PatrolPolicy:
        if self.rural_visits_per_pair_day > self.visits_per_pair_day:
            raise ValueError("rural_visits_per_pair_day must not be above visits_per_pair_day: the way is longer there")
        if both := set(self.patrol_posts) & set(self.relief_posts):
            raise ValueError(f"patrol_posts and relief_posts must differ; both name {', '.join(sorted(both))}")
        return self
