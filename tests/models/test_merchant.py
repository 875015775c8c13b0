"""Merchant risk: learned from the past of the night, calibrated out of time, scored row by row."""

import json
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from models import policy
from models.boosted import BoostedTrees, NotTrainable
from models.merchant import MerchantModel, features, train

AS_OF = date(2026, 6, 30)
IN_FORCE = policy.on(AS_OF)


def history(rows: int = 4000, seed: int = 5) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    risk = random.normal(size=rows)
    age = random.integers(1, 1000, size=rows)
    return pd.DataFrame(
        {
            "merchant_id": [f"M{row % 900:04d}" for row in range(rows)],
            "as_of_on": [AS_OF - timedelta(days=int(days) + 1) for days in age],
            "kind": "company",
            "status": "active",
            "last_visit_on": pd.NaT,
            "finding_decayed_180": risk,
            "age_years": random.uniform(0, 20, size=rows),
            "patrol_id": [f"P{row:05d}" for row in range(rows)],
            "visited_on": pd.to_datetime([AS_OF - timedelta(days=int(days)) for days in age]),
            "known_on": pd.to_datetime([AS_OF - timedelta(days=int(days)) for days in age]),
            "is_severe": random.uniform(size=rows) < 1 / (1 + np.exp(-(1.5 * risk - 2))),
        }
    ).sort_values(["visited_on", "patrol_id"], ignore_index=True)


@pytest.fixture(scope="module")
def learning() -> pd.DataFrame:
    return history()


@pytest.fixture(scope="module")
def model(learning) -> MerchantModel:
    tonight = learning.drop_duplicates("merchant_id").drop(columns=["patrol_id", "visited_on", "known_on", "is_severe"])
    return train(learning, tonight, AS_OF, IN_FORCE.training, IN_FORCE.tiers.model_tier_mix)


def test_probabilities_are_calibrated_on_visits_of_a_bureau_never_seen(model):
    fresh = history(seed=99)
    probability = model.probability(features(fresh))
    order = np.argsort(probability)
    for group in np.array_split(order, 5):
        assert abs(probability[group].mean() - fresh["is_severe"].to_numpy()[group].mean()) < 0.06


def test_a_merchant_scored_alone_gets_the_same_probability_percentile_and_tier(model, learning):
    """Who else was scored tonight must not change one merchant's risk."""
    frame = features(learning)
    together = model.percentile(model.probability(frame))
    alone = model.percentile(model.probability(frame.iloc[[17]]))
    assert alone[0] == together[17]


def test_every_fold_is_judged_by_trees_that_learned_only_from_before_it(learning, monkeypatch):
    """Out of time means out of time: no row of the fold, and none known only later, may teach."""
    taught = []

    def record(self, frame, target, weight=None, _fit=BoostedTrees.fit):
        taught.append(frame.index)
        return _fit(self, frame, target, weight)

    monkeypatch.setattr(BoostedTrees, "fit", record)
    numbered = learning.assign(merchant_id=np.arange(len(learning)))
    model = train(numbered, numbered, AS_OF, IN_FORCE.training, IN_FORCE.tiers.model_tier_mix)
    for fold, rows in zip(model.card["folds"], taught, strict=False):
        assert numbered.loc[list(rows), "visited_on"].max() < pd.Timestamp(fold["first_on"])


def test_the_model_ranks_what_it_can_know_and_says_how_well_out_of_time(model):
    assert len(model.card["folds"]) == 3
    assert all(fold["auc"] > 0.7 for fold in model.card["folds"])


def test_a_model_kept_as_text_and_json_is_the_same_model(model, learning):
    state = json.loads(json.dumps(model.to_state()))
    back = MerchantModel.from_state(BoostedTrees.from_text(model.trees.to_text()), state)
    frame = features(learning)
    assert np.array_equal(back.probability(frame), model.probability(frame))
    assert back.cut == model.cut


def test_too_few_severe_findings_are_said_not_learned_from(learning):
    few = learning.assign(is_severe=np.arange(len(learning)) < 3)
    with pytest.raises(NotTrainable, match="3 with a severe finding; at least 500 are needed, and 50 with and without"):
        train(few, few, AS_OF, IN_FORCE.training, IN_FORCE.tiers.model_tier_mix)


def test_no_feature_names_an_officer(model):
    """An officer's leniency would leak into the merchant's risk, and come back as an excuse for it."""
    assert not [name for name in model.trees.columns_ if name.endswith("_id") or name.startswith("lead_")]
