"""Merchant risk: learned from the past of the night, calibrated out of time, scored row by row."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from models import policy
from models.boosted import BoostedTrees, NotTrainable
from models.merchant import MerchantModel, ground, train
from models.merchant_feature import features
from models.merchant_setting import Setting
from models.reasons import explain
from tests.models.visit_history import AS_OF, history

IN_FORCE = policy.on(AS_OF)
SMALL = Setting(rounds=40, min_rows_per_leaf=60)


def trained(learning: pd.DataFrame) -> MerchantModel:
    tonight = learning.drop_duplicates("merchant_id", keep="last")
    return train(learning, tonight, AS_OF, IN_FORCE.training, IN_FORCE.tiers.model_tier_mix, IN_FORCE.random_arm)


@pytest.fixture(scope="module")
def learning() -> pd.DataFrame:
    return history(rows=3000)


@pytest.fixture(scope="module")
def model(learning) -> MerchantModel:
    return trained(learning)


def test_probabilities_are_calibrated_on_visits_of_a_bureau_never_seen(model):
    fresh = history(seed=99)
    probability = model.probability(features(fresh))
    order = np.argsort(probability)
    for group in np.array_split(order, 5):
        assert abs(probability[group].mean() - fresh["is_severe"].to_numpy()[group].mean()) < 0.06


def test_a_merchant_scored_alone_gets_the_score_percentile_and_reasons_of_the_batch_to_the_last_digit(model, learning):
    """Who else was scored tonight must not change one merchant's risk, nor what is said of it."""
    frame = features(learning.tail(300))
    together, probability = explain(model.score, frame), model.probability(frame)
    percentile = model.percentile(probability)
    for row in range(0, 300, 7):
        alone = explain(model.score, frame.iloc[[row]])
        assert alone.raw_score[0] == together.raw_score[row]
        assert alone.base_value[0] == together.base_value[row]
        assert np.array_equal(alone.contribution[0], together.contribution[row])
        assert model.percentile(model.probability(frame.iloc[[row]]))[0] == percentile[row]


def test_the_order_in_which_merchants_are_scored_changes_nothing(model, learning):
    frame = features(learning.tail(300))
    turned = frame.iloc[::-1]
    assert np.array_equal(model.probability(turned)[::-1], model.probability(frame))


def test_every_fold_is_judged_by_trees_that_learned_only_from_before_it(learning, monkeypatch):
    """Out of time means out of time: no row of the fold, and none known only later, may teach."""
    taught = []

    def record(self, frame, target, weight=None, start=None, _fit=BoostedTrees.fit):
        taught.append(tuple(frame.index))
        return _fit(self, frame, target, weight, start)

    monkeypatch.setattr(BoostedTrees, "fit", record)
    numbered = learning.assign(merchant_id=np.arange(len(learning)))
    folds = trained(numbered).card["folds"]
    taught = list(dict.fromkeys(taught))
    assert len(taught) == len(folds) + 1 and set(taught[-1]) == set(range(len(numbered)))
    for fold, rows in zip(folds, taught[:-1], strict=True):
        begin = pd.Timestamp(fold["first_on"])
        assert numbered.loc[list(rows), "visited_on"].max() < begin
        assert numbered.loc[list(rows), "known_on"].max() < begin


def test_the_model_ranks_what_it_can_know_and_says_how_well_out_of_time(model):
    folds = model.card["folds"]
    assert len(folds) == 4
    assert all(fold["auc"]["value"] > 0.7 and fold["within_officer_auc"]["value"] > 0.7 for fold in folds)


def test_a_model_kept_as_text_and_json_is_the_same_model_and_so_is_its_blind_twin(model, learning):
    state = json.loads(json.dumps(model.to_state()))
    trees, blind = (BoostedTrees.from_text(score.trees.to_text()) for score in (model.score, model.blind))
    back = MerchantModel.from_state(trees, state, blind)
    frame = features(learning)
    assert np.array_equal(back.probability(frame), model.probability(frame))
    assert np.array_equal(back.drawn_probability(frame), model.drawn_probability(frame))
    assert np.array_equal(back.blind.raw_score(frame), model.blind.raw_score(frame))
    assert back.cut == model.cut


def test_a_model_without_a_twin_comes_back_without_one(learning):
    young = learning[learning["visited_on"] > pd.Timestamp(AS_OF) - pd.Timedelta(days=80)]
    young = pd.concat([young] * 3, ignore_index=True)
    model = trained(young)
    assert model.blind is None and model.card["folds"] == [] and (model.slope, model.intercept) == (1.0, 0.0)
    back = MerchantModel.from_state(model.score.trees, json.loads(json.dumps(model.to_state())))
    assert back.blind is None


def test_what_random_draws_teach_stands_beside_the_probability_and_moves_neither_order_nor_reasons(model, learning):
    """By policy the probability is that of the next visit; corrected for who was chosen it is another figure."""
    frame = features(learning.tail(300))
    probability, drawn = model.probability(frame), model.drawn_probability(frame)
    assert model.card["random_arm"]["visit_count"] > 200 and model.correction is not None and not model.is_corrected
    line = model.correction.corrected(np.log(probability / (1 - probability)))
    assert drawn == pytest.approx(1 / (1 + np.exp(-line))) and not np.allclose(drawn, probability)
    assert np.array_equal(np.argsort(drawn, kind="stable"), np.argsort(probability, kind="stable"))
    used = replace(model, is_corrected=True)
    assert np.array_equal(used.probability(frame), drawn)
    assert np.array_equal(explain(used.score, frame).raw_score, explain(model.score, frame).raw_score)


def test_what_was_foretold_is_told_of_the_quarters_out_of_time_alone(model, learning):
    told = model.foreseen.notna().all(axis=1).to_numpy()
    begin = pd.Timestamp(model.card["folds"][0]["first_on"])
    assert np.array_equal(told, (learning["visited_on"] >= begin).to_numpy())
    assert set(model.foreseen["model_risk_tier"].dropna()) <= set("ABCD")


def test_without_draws_there_is_no_probability_for_drawn_merchants(learning):
    young = learning[learning["visited_on"] > pd.Timestamp(AS_OF) - pd.Timedelta(days=80)]
    model = trained(pd.concat([young] * 3, ignore_index=True))
    assert model.correction is None and np.isnan(model.drawn_probability(features(learning))).all()
    assert "not computable" in model.card["random_arm"]["reason_en"]


def test_too_few_severe_findings_are_said_not_learned_from(learning):
    few = learning.assign(is_severe=np.arange(len(learning)) < 3)
    with pytest.raises(NotTrainable, match="3 with a severe finding; at least 500 are needed, and 50 with and without"):
        trained(few)


def test_the_scores_of_a_model_are_the_same_with_and_without_any_column_of_officers(model, learning):
    """Removing the officers changes nothing, because nothing of them is read."""
    bare = learning.drop(columns=["lead_officer_id", "visit_kind", "patrol_id"])
    dressed = learning.assign(co_officer_id="R9", officer_severe_share_730=0.9, lead_officer_count=7)
    expected = model.probability(features(learning))
    assert np.array_equal(model.probability(features(bare)), expected)
    assert np.array_equal(model.probability(features(dressed)), expected)


def test_officers_who_swap_their_names_in_all_records_leave_every_byte_of_the_model_as_it_was(learning, model):
    """An officer is told apart only by what he finds; his name, and where it stands in the alphabet, is nothing."""
    names = sorted(learning["lead_officer_id"].unique())
    swapped = dict(zip(names, ["Z" + name for name in names[2:] + names[:2]], strict=True))
    again = trained(learning.assign(lead_officer_id=learning["lead_officer_id"].map(swapped)))
    assert again.score.trees.to_text() == model.score.trees.to_text()
    assert json.dumps(again.to_state()) == json.dumps(model.to_state())
    assert again.blind.trees.to_text() == model.blind.trees.to_text()


def test_merchants_of_a_strict_and_of_a_lenient_officer_get_the_same_score_for_the_same_record():
    """Half of the merchants are always visited by one who finds three times as much: that is not their risk."""
    visits = history(rows=6000, seed=21, officers=1)
    random = np.random.default_rng(4)
    strict = random.uniform(size=len(visits)) < 0.5
    odds = 1.5 * visits["severe_excess_730"] - 2.3 + np.where(strict, 0.8, -0.8)
    visits = visits.assign(
        # a column free to go either way, by which a model could tell who visits whom
        merchant_per_officer=np.where(strict, 1.0, -1.0) + random.normal(size=len(visits)) / 10,
        lead_officer_id=np.where(strict, "R1", "R2"),
        is_severe=random.uniform(size=len(visits)) < 1 / (1 + np.exp(-odds)),
    )
    crossed = random.uniform(size=len(visits)) < 0.3
    # some visits are by the other one, who finds what he always finds
    other = np.where(strict, "R2", "R1")
    by_other = random.uniform(size=len(visits)) < 1 / (1 + np.exp(-(odds + np.where(strict, -1.6, 1.6))))
    visits = visits.assign(
        lead_officer_id=np.where(crossed, other, visits["lead_officer_id"]),
        is_severe=np.where(crossed, by_other, visits["is_severe"]).astype(bool),
    )
    aware = ground(visits).grown(SMALL).raw_score(features(visits))
    unaware = ground(visits.assign(lead_officer_id="R1")).grown(SMALL).raw_score(features(visits))

    def apart(score: np.ndarray) -> float:
        return score[strict].mean() - score[~strict].mean()

    assert apart(unaware) > 0.3
    assert abs(apart(aware)) < apart(unaware) / 2
