"""When a change since training is worth a warning, and when a new model replaces the one in use."""

from __future__ import annotations

from pydantic import Field, model_validator

from models.policy.dated import Dated


class DriftPolicy(Dated):
    """When a change since training is worth a warning, and when a newly trained model replaces the one in use.

    `recent_days` is what counts as recent; below `min_rows` rows nothing is compared, below `min_severe` visits with and
    without a severe finding no two models are. Lines of the stability index, of the change of the share missing, and of
    observed against predicted share (0.10: a tenth more or fewer), which must lie outside the interval of `confidence`
    as well. `usual_quantile`: the part of the like comparisons within the training window that is taken for usual; up to
    `usual_multiple` times that is watched and not warned of. `challenger_margin`: how much lower the area under the curve
    of a new model may be.
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
    usual_quantile: float = Field(ge=0.5, le=1)
    usual_multiple: float = Field(ge=1)
    confidence: float = Field(gt=0.5, lt=1)
    challenger_margin: float = Field(ge=0, lt=0.5)

    @model_validator(mode="after")
    def _rises(self) -> DriftPolicy:
        for name in ("psi", "missing_share", "calibration"):
            if getattr(self, f"watch_{name}") > getattr(self, f"shifted_{name}"):
                raise ValueError(f"watch_{name} must not lie above shifted_{name}")
        return self
