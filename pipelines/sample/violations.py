"""The violations of the synthetic bureau: the statutory range of each, and what is usual within it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Violation:
    """One violation code: trades it occurs in, share of their cases, fine range in yuan, usual position in it."""

    code: str
    trade: str
    share: float
    minimum_yuan: float
    maximum_yuan: float
    position: float
    amount_yuan: float
    is_exempt_when_first: bool = False


VIOLATIONS = (
    Violation("GA01", "general", 0.36, 0, 500, 0.44, 300, True),
    Violation("GA02", "general", 0.30, 100, 1000, 0.42, 600),
    Violation("GA03", "general", 0.21, 300, 3000, 0.40, 2000),
    Violation("GA04", "general", 0.13, 1000, 10000, 0.36, 9000),
    Violation("FO01", "food", 0.28, 0, 1000, 0.42, 250, True),
    Violation("FO02", "food", 0.36, 200, 2000, 0.45, 500, True),
    Violation("FO03", "food", 0.199, 300, 3000, 0.43, 1500),
    Violation("FO04", "food", 0.125, 500, 5000, 0.42, 4000),
    Violation("FO05", "food", 0.036, 2000, 20000, 0.38, 15000),
    Violation("DR01", "drug", 0.70, 200, 2000, 0.42, 800),
    Violation("DR02", "drug", 0.30, 1000, 10000, 0.40, 6000),
    Violation("QU01", "quality", 0.48, 100, 1500, 0.43, 700, True),
    Violation("QU02", "quality", 0.375, 300, 3000, 0.42, 2500),
    Violation("QU03", "quality", 0.145, 500, 5000, 0.40, 6000),
    Violation("AD01", "advertising", 0.51, 0, 1000, 0.44, 400, True),
    Violation("AD02", "advertising", 0.395, 200, 2000, 0.43, 1200),
    Violation("AD03", "advertising", 0.095, 1000, 10000, 0.38, 8000),
)  # fmt: skip
"""Shares within one trade add up to one. The levels give the seed's mean fine of 1,178 yuan and 6.4 % major cases."""

MITIGATIONS = ("eliminated_harm", "confessed", "coerced", "merit", "hardship", "no_fault", "slight_and_corrected")
"""Facts of articles 32 and 33 of the penalty law; the last two carry a decision not to punish."""
