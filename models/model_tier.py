"""The tier of a merchant by its probability, and how it is kept from flipping night after night.

Source: DOMAIN.md 1.1 (#8, the mix of tiers), 2.6 (a statistical tier stands beside the tier by rule, never over it).
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from models.policy import TIERS


def model_tiers(probability: np.ndarray, cut: dict[str, float]) -> np.ndarray:
    """The tier of each probability: the highest tier whose cut it reaches (`cut` from tier_cuts)."""
    tier = np.full(len(probability), TIERS[0], dtype=object)
    for letter in TIERS[1:]:
        tier[probability >= cut[letter]] = letter
    return tier


def tier_cuts(probability: np.ndarray, mix: dict[str, float]) -> dict[str, float]:
    """The least probability of tiers B, C and D that splits `probability` by the policy's mix of tiers."""
    below = np.cumsum([mix[letter] for letter in TIERS])[:-1]
    return {letter: float(np.quantile(probability, share)) for letter, share in zip(TIERS[1:], below, strict=True)}


def settled_tiers(
    tonight: pd.Series, last_fact_on: pd.Series, previous: pd.DataFrame, last_night: date | None, night: date
) -> pd.DataFrame:
    """The tier by model that is published, and the night it last changed.

    A merchant keeps the tier published last night unless tonight's own tier is what it was last night too (two nights
    in a row agree), or something about it became known since. Where no tier was published last night, tonight's stands.

    Parameters
    ----------
    tonight : the tier that tonight's probability gives, indexed by merchant.
    last_fact_on : the last day on which something about the merchant became known, with the same index; empty: never.
    previous : last night's model_risk_tier (published), model_risk_tier_tonight (its own) and model_tier_changed_on,
        indexed by merchant; without rows where there was no night before.

    Returns a frame with the index of `tonight`: model_risk_tier, model_risk_tier_tonight, model_tier_changed_on (empty
    where the tier has not changed since it was first published).
    """
    before = previous.reindex(tonight.index)
    published = before["model_risk_tier"]
    agrees = tonight.eq(before["model_risk_tier_tonight"])
    is_new = pd.to_datetime(last_fact_on).gt(pd.Timestamp(last_night)) if last_night is not None else False
    settled = tonight.where(published.isna() | agrees | is_new, published)
    changed = published.notna() & settled.ne(published)
    changed_on = pd.to_datetime(before["model_tier_changed_on"]).mask(changed, pd.Timestamp(night))
    return pd.DataFrame(
        {"model_risk_tier": settled, "model_risk_tier_tonight": tonight, "model_tier_changed_on": changed_on}
    )
