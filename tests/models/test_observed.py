"""Outcomes against what was published before them: right in the large, or told so."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from models import policy
from models.observed import calibration

AS_OF = date(2026, 6, 30)
RULES = policy.on(AS_OF).drift


def judged(probability: float, severe: int, visits: int) -> pd.Series:
    published = pd.DataFrame(
        {
            "published_on": pd.Timestamp(AS_OF) - pd.to_timedelta(np.arange(visits) % 91 + 1, unit="D"),
            "probability": probability,
            "is_severe": np.arange(visits) < severe,
        }
    )
    return calibration(published, AS_OF - timedelta(days=90), AS_OF, RULES).iloc[0]


@pytest.mark.parametrize(
    ("probability", "severe", "status"),
    [
        (0.10, 100, "stable"),
        (0.10, 110, "stable"),
        (0.10, 122, "watch"),
        (0.10, 160, "shifted"),
        (0.10, 60, "shifted"),
    ],
)
def test_probabilities_that_came_true_are_stable_and_the_others_are_not(probability, severe, status):
    row = judged(probability, severe, 1000)
    assert row["status"] == status
    assert row["value"] == pytest.approx(severe / 1000 - probability)


def test_chance_is_not_called_miscalibration():
    """A third more than expected, but of few visits: within the interval."""
    row = judged(0.06, 24, 300)
    assert row["status"] == "stable" and row["interval_low"] < 0.06 < row["interval_high"]


def test_the_interval_is_that_of_wilson():
    """Wilson 1927: 10 of 400 at 95 %."""
    row = judged(0.02, 10, 400)
    z, share, visits = 1.959964, 10 / 400, 400
    centre = (share + z**2 / (2 * visits)) / (1 + z**2 / visits)
    half = z / (1 + z**2 / visits) * np.sqrt(share * (1 - share) / visits + z**2 / (4 * visits**2))
    assert (row["interval_low"], row["interval_high"]) == pytest.approx((centre - half, centre + half), abs=1e-6)


def test_too_few_visits_since_are_said():
    row = judged(0.1, 5, 20)
    assert row["status"] == "not_computable"
    assert "20 visits of the last 91 days had a probability published before them" in row["reason_en"]
