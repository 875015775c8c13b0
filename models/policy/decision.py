"""When a hint may come back after a conclusion, and what a conclusion is worth as a label."""

from __future__ import annotations

from pydantic import Field

from models.policy.dated import Dated


class DecisionPolicy(Dated):
    """What a reviewer's conclusion does.

    A hint that was exonerated or explained may come back once at least renewed_evidence_share of its evidence, by weight,
    became known after the conclusion, and that is renewed_evidence_count records or all of them. correction_weight: what
    a process correction is worth as a label beside a transfer (it says that work was amiss, not that anybody gained).
    """

    renewed_evidence_share: float = Field(gt=0, le=1)
    renewed_evidence_count: int = Field(ge=1)
    correction_weight: float = Field(ge=0, le=1)
