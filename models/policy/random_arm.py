"""Policy of the random arm: how far back random draws are read, how many a rate needs, and whether they correct the model."""

from __future__ import annotations

from pydantic import Field

from models.policy.dated import Dated


class RandomArmPolicy(Dated):
    """Window in days, least counts, and whether the published probability itself is corrected by random draws.

    `min_visits` drawn visits that took place give a class a rate. A correction needs `min_correction_visits` and
    `min_correction_severe`; from `min_slope_severe` on it has a slope besides its intercept. `draw_visit_days`: within so
    many days of a draw a random visit is the one that was drawn.
    """

    window_days: int = Field(ge=30)
    draw_visit_days: int = Field(ge=0)
    confidence: float = Field(gt=0.5, lt=1)
    min_visits: int = Field(ge=1)
    is_correcting: bool
    min_correction_visits: int = Field(ge=1)
    min_correction_severe: int = Field(ge=1)
    min_slope_severe: int = Field(ge=1)
