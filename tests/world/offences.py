"""Offences that cases are about: statutory range for persons and firms, usual sum, and whether the first may be let off."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Offence(NamedTuple):
    """One offence; ranges are (least, most) in yuan."""

    code: str
    share: float
    person: tuple[int, int]
    firm: tuple[int, int]
    usual_sum_yuan: float
    is_minor: bool


OFFENCES = (
    Offence("W-0101", 0.17, (0, 500), (0, 2000), 180, True),
    Offence("W-0102", 0.14, (0, 1000), (500, 5000), 420, True),
    Offence("W-0203", 0.13, (200, 2000), (1000, 10000), 900, False),
    Offence("W-0204", 0.11, (500, 5000), (2000, 20000), 2400, False),
    Offence("W-0207", 0.10, (0, 3000), (0, 10000), 1100, True),
    Offence("W-0311", 0.09, (1000, 10000), (5000, 50000), 5200, False),
    Offence("W-0315", 0.08, (100, 1000), (300, 3000), 350, False),
    Offence("W-0402", 0.07, (2000, 20000), (10000, 100000), 9000, False),
    Offence("W-0405", 0.06, (300, 3000), (1000, 30000), 1500, False),
    Offence("W-0501", 0.05, (5000, 50000), (50000, 200000), 14000, False),
)
SHARES = np.array([offence.share for offence in OFFENCES])
MINOR = np.array([offence.is_minor for offence in OFFENCES])
USUAL_SUM = np.array([offence.usual_sum_yuan for offence in OFFENCES])
RANGES = np.array([[offence.person, offence.firm] for offence in OFFENCES], dtype=float)
"""Least and most, by offence and by party (0 person, 1 firm)."""

CODES = np.array([offence.code for offence in OFFENCES])
