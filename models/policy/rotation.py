"""Policy of rotation: clocks of hot posts, stations, grids and areas, and the rules of the plan that moves people."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, PositiveInt, model_validator

from models.policy.dated import Dated, Strict


class Qualification(Strict):
    """What a post asks for: so many years on one of these posts, or one of these ranks; nothing where both are empty."""

    posts: tuple[str, ...] = ()
    years: float = Field(default=0.0, ge=0)
    ranks: tuple[Literal["staff", "deputy_head", "head"], ...] = ()


class RotationPolicy(Dated):
    """Clocks in years, gaps shorter than `merge_gap_days` reset none; hard rules of a plan; and what weighs how much in it.

    Weights are in quarters: 1 is what it weighs that somebody whose clock has just run out waits a quarter longer.
    """

    hot_posts: tuple[str, ...]
    watch_years: float = Field(gt=0)
    due_years: float = Field(gt=0)
    overdue_years: float = Field(gt=0)
    station_years: float = Field(gt=0)
    grid_years: float = Field(gt=0)
    area_years: float = Field(gt=0)
    leading_posts: tuple[str, ...]
    merge_gap_days: int = Field(ge=0)

    quarter_count: PositiveInt
    notice_days: int = Field(ge=0)
    station_move_share: float = Field(gt=0, le=1)
    min_certified: int = Field(ge=0)
    min_handlers: int = Field(ge=0)
    handler_years: float = Field(ge=0)
    handler_cases: PositiveInt
    return_years: float = Field(ge=0)
    settled_years: float = Field(ge=0)
    leaving_days: int = Field(ge=0)
    min_station_officers: PositiveInt
    declined_days: int = Field(ge=0)
    certified_posts: tuple[str, ...]
    qualifications: dict[str, Qualification]
    movable_posts: tuple[str, ...]

    post_risk: dict[str, float]
    key_merchant_risk: float = Field(ge=0)
    never_quarters: float = Field(gt=0)
    successor_quarters: float = Field(ge=0)
    kilometre_quarters: float = Field(ge=0)
    unfamiliar_quarters: float = Field(ge=0)
    load_quarters: float = Field(ge=0)
    changed_quarters: float = Field(ge=0)
    accepted_quarters: float = Field(ge=0)

    @model_validator(mode="after")
    def _is_consistent(self) -> RotationPolicy:
        if not self.watch_years <= self.due_years <= self.overdue_years:
            raise ValueError("watch_years, due_years and overdue_years must rise")
        if any(risk <= 0 for risk in self.post_risk.values()):
            raise ValueError("post_risk: every weight must be above 0")
        if self.never_quarters <= self.quarter_count:
            raise ValueError(
                "never_quarters must be above quarter_count: not to move at all is worse than to move last"
            )
        return self

    def limits(self) -> dict[str, dict[str, float]]:
        """Years from which each clock (post, station, grid, area) is watched, due and overdue.

        The other clocks are watched and overdue as long before and after they are due as the post's is.
        """
        before, after = self.due_years - self.watch_years, self.overdue_years - self.due_years
        due_years = {
            "post": self.due_years,
            "station": self.station_years,
            "grid": self.grid_years,
            "area": self.area_years,
        }
        return {clock: {"watch": due - before, "due": due, "overdue": due + after} for clock, due in due_years.items()}
