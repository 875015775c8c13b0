"""How the merchant model learns, and the settings that are tried before one is chosen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Setting:
    """Size and caution of the merchant model's trees."""

    rounds: int = 100
    depth: int = 2
    leaves: int = 4
    learning_rate: float = 0.02
    min_rows_per_leaf: int = 300
    ridge: float = 10.0
    feature_share: float = 0.5


TRIED = (
    Setting(rounds=50),
    Setting(),
    Setting(rounds=300),
    Setting(rounds=200, depth=4, leaves=12, learning_rate=0.03),
)
"""From a few small trees to deeper ones: the least loss on all quarters out of time but the last is taken."""

DEFAULT = Setting()
"""Taken where there are too few quarters to choose by."""
