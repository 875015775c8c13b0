"""Policy of unlicensed operation: its eight stages, how long each may take, what is stuck and who keeps coming back."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, PositiveInt, model_validator

from models.policy.dated import Dated

STAGES = ("patrol", "found", "recorded", "disposed", "rechecked", "copied", "investigated", "reported_back")
"""The eight stages in their order (DOMAIN.md 1.4 #65)."""

Stage = Literal["patrol", "found", "recorded", "disposed", "rechecked", "copied", "investigated", "reported_back"]


class UnlicensedPolicy(Dated):
    """Deadlines of the stages of unlicensed operation.

    stage_days : days from entering a stage to the next one, for every stage but the last, which has none after it.
    stuck_days : days in one stage beyond which it is stuck, whatever the stage. repeat_count : times of being found again
    after a disposal from which somebody is listed as coming back again and again.
    """

    stage_days: dict[Stage, PositiveInt]
    stuck_days: int = Field(ge=1)
    repeat_count: int = Field(ge=1)

    @model_validator(mode="after")
    def _is_whole(self) -> UnlicensedPolicy:
        if set(self.stage_days) != set(STAGES[:-1]):
            raise ValueError(f"stage_days must name {', '.join(STAGES[:-1])}, no more and no less")
        if self.stuck_days < max(self.stage_days.values()):
            raise ValueError("stuck_days must not be below any of stage_days: what is stuck is late before")
        return self

    def stage_rows(self) -> list[dict[str, Any]]:
        """The stages as rows for SQL: stage, stage_order from 1, stage_days (None for the last)."""
        return [
            {"stage": stage, "stage_order": number, "stage_days": self.stage_days.get(stage)}
            for number, stage in enumerate(STAGES, start=1)
        ]
