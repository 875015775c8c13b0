"""How far two cases are from each other in what was at stake, so that like can be shown beside like.

distance = |log2(amount a) - log2(amount b)| + the number of facts in which they differ: an amount twice as large is as far
off as one fact. Facts: first offence, prompt correction, natural person or firm, procedure, penalties of the merchant
before (0, 1, 2 or more), mitigating facts on file or none, entry of the exemption list. A gap is like a gap and unlike
everything else; an amount that only one of the two has is one fact.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

STEPS = 10_000
"""Distances are told apart to a ten-thousandth, as whole numbers: what differs by less is equally near."""
GAP = -1
LEVELS = 4
"""Levels of a fact at most, the gap among them."""


class CaseDistance:
    """Distances among cases (columns of feature.case_record), which are named by their place."""

    def __init__(self, cases: pd.DataFrame) -> None:
        facts = {
            "is_first_offence": cases["is_first_offence"],
            "was_corrected_promptly": cases["was_corrected_promptly"],
            "is_natural_person": cases["is_natural_person"],
            "is_simple_procedure": cases["is_simple_procedure"],
            "prior_level": cases["prior_penalty_count_24m"].clip(upper=2),
            "mitigated_level": cases["mitigation_count"].clip(upper=1),
            "has_exemption": cases["has_exemption"],
            "has_amount": cases["amount_involved_yuan"].notna(),
        }
        levels = [
            fact.astype("Float64").to_numpy(dtype=float, na_value=GAP).astype(np.int64) for fact in facts.values()
        ]
        code = np.ravel_multi_index([level - GAP for level in levels], [LEVELS] * len(levels))
        _, first, self._cell = np.unique(code, return_index=True, return_inverse=True)
        cells = np.column_stack(levels)[first]
        self._differing = (cells[:, None, :] != cells[None, :, :]).sum(axis=2).astype(np.int32) * STEPS
        amount = cases["amount_involved_yuan"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        self._has_none = np.isnan(amount)
        # nothing at stake and one yuan are alike: there is no logarithm of the former
        self._amount = np.round(np.log2(np.maximum(np.nan_to_num(amount), 1.0)) * STEPS).astype(np.int32)

    def between(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Distances of the cases at places `left` from those at `right`, shape (left, right), in 1 / STEPS."""
        apart = np.abs(self._amount[left][:, None] - self._amount[right][None, :])
        apart[self._has_none[left]] = 0
        apart[:, self._has_none[right]] = 0
        return apart + self._differing[:, self._cell[right]][self._cell[left]]
