"""The card of the merchant model says what was measured, by whom the setting was chosen, and nothing of a person."""

import json
import re
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models import policy
from models.calibration import calibrate, calibrated_elsewhere
from models.foreseen import draws_of
from models.merchant_card import card
from models.merchant_choice import FIXED
from models.merchant_feature import DIRECTION
from models.merchant_fold import Fold, OutOfTime
from models.merchant_setting import DEFAULT, TRIED
from models.random_correction import learned

AS_OF = date(2026, 6, 30)
STRATUM = pd.Series(["B"] * 800)
ROOT = Path(__file__).resolve().parents[2]


def fold(back: int, level: float = 0.0, count: int = 800) -> Fold:
    random = np.random.default_rng(back)
    raw = random.normal(size=count)
    label = (random.uniform(size=count) < 1 / (1 + np.exp(2 + level - raw))).astype(float)
    last = AS_OF - timedelta(days=91 * back)
    names = [np.array([f"{letter}{row % size}" for row in range(count)]) for letter, size in (("O", 9), ("M", 300))]
    drawn = np.arange(count) % 4 == 0
    return Fold(last - timedelta(days=90), last, raw, label, *names, drawn, np.arange(count))


def told(*folds: Fold) -> dict:
    visits = pd.DataFrame(
        {
            "merchant_id": ["M1", "M2", "M1"],
            "lead_officer_id": ["O1", "O1", "O2"],
            "visited_on": pd.to_datetime(["2024-01-05", "2025-03-01", "2026-06-20"]),
            "known_on": pd.to_datetime(["2024-01-05", "2025-03-09", "2026-06-21"]),
            "is_severe": [True, False, False],
        }
    )
    search = [{**vars(setting), "log_loss": 0.2, "is_chosen": setting == DEFAULT} for setting in TRIED]
    tried = OutOfTime(DEFAULT, folds, search if len(folds) > 1 else [])
    known = calibrated_elsewhere(tried.folds)
    taught = learned(draws_of(tried.folds, known, STRATUM, STRATUM), policy.on(AS_OF).random_arm)
    line = calibrate(tried.raw_score, tried.label)
    return card(visits, 7, AS_OF, policy.on(AS_OF).training, tried, line, known, taught)


@pytest.fixture(scope="module")
def full() -> dict:
    return told(fold(3), fold(2), fold(1), fold(0))


def test_the_card_is_plain_values_the_same_every_time_and_kept_exactly_as_json(full):
    assert json.loads(json.dumps(full)) == full == told(fold(3), fold(2), fold(1), fold(0))


def test_the_data_it_learned_from_is_told_with_its_days_and_counts(full):
    data = full["data"]
    assert (data["first_visit_on"], data["last_visit_on"]) == ("2024-01-05", "2026-06-20")
    assert data["known_until_on"] == "2026-06-21"
    counts = ("visit_count", "severe_count", "visited_merchant_count", "officer_count", "scaled_merchant_count")
    assert [data[name] for name in counts] == [3, 1, 2, 2, 7]
    assert [feature["name"] for feature in full["features"]] == list(DIRECTION)


def test_the_last_quarter_had_no_part_in_the_choice_and_is_reported_all_the_same(full):
    assert [part["chose_the_setting"] for part in full["folds"]] == [True, True, True, False]
    assert full["folds"][-1]["auc"]["value"] > 0.6
    assert [part["is_chosen"] for part in full["search"]].count(True) == 1
    assert full["pooled"]["visit_count"] == 3200


def test_no_quarter_is_calibrated_by_itself():
    """Held against the visits that it was made from, any calibration looks right: here the last quarter is not."""
    quarters = [fold(3), fold(2), fold(1), fold(0, level=1.0)]
    last = told(*quarters)["folds"][-1]
    assert last["mean_predicted"]["interval_low"] > last["mean_observed"]["interval_high"]
    other = Fold(**{**vars(quarters[-1]), "label": 1 - quarters[-1].label})
    before, after = calibrated_elsewhere(quarters)[-1], calibrated_elsewhere([*quarters[:-1], other])[-1]
    assert np.array_equal(before, after)


def test_what_one_quarter_or_none_cannot_tell_is_not_told():
    alone = told(fold(0))
    assert alone["search"] == [] and "nothing was searched" in alone["how_chosen"]["en"]
    assert alone["folds"][0]["brier"]["value"] is None and alone["folds"][0]["auc"]["value"] > 0.6
    assert not alone["folds"][0]["chose_the_setting"] and alone["calibration"]["deciles"] == []
    nothing = told()
    assert nothing["folds"] == [] and nothing["pooled"] is None and "too little history" in nothing["calibration"]["en"]


def test_what_it_must_not_be_used_for_names_the_penalty_the_officer_and_the_law(full):
    said = " ".join(text["en"] for text in full["must_not_be_used_for"])
    assert "penalty" in said and "officer" in said and "Art. 24" in said and "visit by a human" in said


def test_no_merchant_and_no_person_is_on_the_card(full):
    said = json.dumps(full)
    assert not re.search(r'"[MO]\d+"', said)


PLACES = {
    ("sql/feature/merchant_visit.sql", 730): "exp(-ln(2) * age_days / 730)",
    ("sql/feature/merchant_visit.sql", 1): "severe_excess_sum_730 / (total.weight_730 + 1)",
    ("sql/feature/merchant.sql", 2): "grid.expected_severe_730 - visit.entered_expected_severe_730 + 2",
    ("sql/feature/merchant.sql", 10): "grid.visit_count_730 - visit.entered_visit_count_730 + 10",
    ("sql/feature/visit_expectation.sql", 20): "coalesce(own.severe_count, 0) + 20 * led.bureau_severe_share",
    ("sql/feature/merchant_complaint.sql", 90): "exp(-ln(2) * age_days / 90)",
}


def test_every_constant_that_the_card_tells_is_the_one_in_the_file_that_it_names():
    """Those of Python are read from where they are used; those of a SQL text are told a second time and held to it."""
    named = {(choice["where"], choice["value"]) for choice in FIXED if choice["where"].startswith("sql/")}
    assert named == set(PLACES)
    for (where, _), text in PLACES.items():
        assert text in (ROOT / where).read_text(encoding="utf-8"), where
