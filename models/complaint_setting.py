"""Tonight's complaints measured anew under an innocent explanation, and what it then means for one officer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from models.complaints import complaint_rates, distinct_complainants
from models.flags import CounterEvidence
from models.policy import FlagPolicy

HALF = 0.5
"""An explanation takes away at least this share of the excess over the peers; mere loss of records does not."""


@dataclass(frozen=True)
class Setting:
    """Tonight's exposed officers (indexed by officer_id), counted complaints, measured rates, and the policy.

    grids : rows of feature.officer_grid; empty where complaints name no merchant.
    """

    rows: pd.DataFrame
    complaints: pd.DataFrame
    measured: pd.DataFrame
    policy: FlagPolicy
    as_of: date
    grids: pd.DataFrame

    def without(self, is_left_out: pd.Series, officer_id: str) -> tuple[float | None, bool]:
        """His ratio with those complaints out for everyone, and whether it still reaches the threshold."""
        kept = self.complaints[~is_left_out]
        return self.outcome(
            complaint_rates(self.rows, distinct_complainants(kept, self.rows.index), self.policy), officer_id
        )

    def outcome(self, measured: pd.DataFrame, officer_id: str) -> tuple[float | None, bool]:
        """Ratio of an officer in a measurement, and whether it reaches the threshold; None where he is not in it."""
        if officer_id not in measured.index:
            return None, False
        row = measured.loc[officer_id]
        return float(row["ratio"]), bool(row["probability"] >= self.policy.posterior_confidence)


def settled(
    setting: Setting,
    officer_id: str,
    code: str,
    is_there: bool,
    outcome: tuple[float | None, bool],
    zh: str,
    en: str,
) -> CounterEvidence:
    """One explanation, settled. is_there : whether its facts are. outcome : ratio without them, and whether it stands."""
    score, stands = outcome
    if score is None:
        return CounterEvidence(code, "unknown", f"{zh};除去后无从再算", f"{en}; without them it cannot be measured")
    excess = float(setting.measured.loc[officer_id, "ratio"]) - 1
    is_explained = is_there and not stands and score - 1 <= HALF * excess
    return CounterEvidence(
        code,
        "supported" if is_explained else "not_supported",
        f"{zh};除去后全年收缩估计为同类的{score:.1f}倍",
        f"{en}; without them the year's rate, shrunk, is {score:.1f} times that of the peers",
        score,
    )
