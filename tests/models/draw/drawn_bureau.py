"""A bureau whose past draws are honest, or are bent in one way, for tests of their audit."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pandas as pd

from models import policy
from models.draw.past import PastDraws, past_draws

NIGHT = date(2026, 6, 30)
POLICY = policy.on(NIGHT).draws
CLASSES = ("A", "B", "C", "D")
COLUMNS = ["draw_id", "merchant_id", "officer_id", "drawn_on", "seed", "is_substituted", "task"]


@dataclass
class Bureau:
    """Four units of six certified officers and 400 merchants, drawn from four times by the ratios; rows may be bent."""

    seed: int = 1
    days: tuple[int, ...] = (20, 50, 80, 110)
    rows: list[list] = field(default_factory=list)

    def __post_init__(self) -> None:
        random = np.random.default_rng(self.seed)
        self.random = random
        self.merchants = pd.DataFrame(
            {
                "merchant_id": [f"M{number:03}" for number in range(400)],
                "institution_id": [f"S{number % 4}" for number in range(400)],
                "credit_risk_class": random.choice(CLASSES, 400, p=(0.5, 0.2, 0.2, 0.1)),
                "patrol_tier": "A",
                "model_risk_tier": "A",
                "status": "active",
                "registered_on": pd.Timestamp("2020-01-01"),
                "closed_on": pd.NaT,
            }
        )
        self.officers = {f"S{unit}": [f"R{unit}{seat}" for seat in range(6)] for unit in range(4)}
        for back in self.days:
            for name in CLASSES:
                pool = self.merchants[self.merchants["credit_risk_class"] == name]
                count = int(np.ceil(len(pool) * POLICY.ratio[name] - 1e-9))
                for _, row in pool.sample(count, random_state=random).iterrows():
                    crew = random.choice(self.officers[row["institution_id"]], 2, replace=False)
                    self.add(back, row["merchant_id"], crew)

    def add(self, back: int, merchant: str, crew, is_by_hand: bool | None = False) -> None:
        """One object of the draw held so many days before the night."""
        day = NIGHT - timedelta(days=back)
        self.rows += [[f"D{back:03}", merchant, officer, day, "s", is_by_hand, None] for officer in crew]

    def unit(self, merchant: str) -> str:
        return f"S{int(merchant[1:]) % 4}"

    def past(self, **changed) -> PastDraws:
        """What the audit is given."""
        days = [NIGHT - timedelta(days=back) for back in {*self.days}]
        able = [(day, unit, officer) for day in days for unit, names in self.officers.items() for officer in names]
        frames = {
            "draw": pd.DataFrame(self.rows, columns=COLUMNS),
            "merchant": self.merchants,
            "able": pd.DataFrame(able, columns=["drawn_on", "institution_id", "officer_id"]),
            "institution": pd.DataFrame({"institution_id": [*self.officers], "unit_id": [*self.officers]}),
        }
        return past_draws(frames | changed, POLICY, NIGHT)
