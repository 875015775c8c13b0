import json
import re
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from models import policy
from models.boosted import NotTrainable
from models.officer import (
    CROSSINGS,
    FEATURES,
    MEASURES,
    NUMBERS,
    RISING,
    Labels,
    OfficerModel,
    assemble_panel,
    fit,
    label_panel,
    small_trees,
)
from models.officer_card import card
from models.reasons import TOLERANCE, explain
from pipelines.warehouse.statement import statements

TONIGHT = date(2026, 6, 30)
NIGHTS = [TONIGHT - timedelta(days=91 * step) for step in range(9)]
OFFICERS = [f"R{number:03d}" for number in range(160)]
RULES = policy.on(TONIGHT)
NO_OUTCOMES = pd.DataFrame({"officer_id": [], "opened_on": [], "closed_on": [], "result": []}, dtype="str")


def features() -> pd.DataFrame:
    """Officers of whom every tenth is complained about, on nine nights."""
    random = np.random.default_rng(1)
    rows = pd.DataFrame([(officer, pd.Timestamp(night)) for night in NIGHTS for officer in OFFICERS])
    rows.columns = ["officer_id", "as_of_on"]
    rows = rows.assign(**{name: random.random(len(rows)).round(2) for name in NUMBERS})
    busy = rows["officer_id"].str.endswith("0")
    rows["complainant_count_24m"] = random.poisson(np.where(busy, 12, 2))
    rows["complainant_count_60m"] = rows["complainant_count_24m"] * 2
    rows["service_day_count_12m"] = 365
    return rows


def indicator() -> pd.DataFrame:
    rows = features()[["officer_id", "as_of_on"]]
    busy = rows["officer_id"].str.endswith("0")
    return rows.assign(index=np.where(busy, 3.0, 1.0), crosses=busy)


def outcomes(opened: dict[str, date], result: str = "substantiated", after_days: int = 60) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"officer_id": officer, "opened_on": day, "closed_on": day + timedelta(days=after_days), "result": result}
            for officer, day in opened.items()
        ]
    )


@pytest.fixture(scope="module")
def panel() -> pd.DataFrame:
    return assemble_panel(features(), {"clustered_complaints": indicator()})


@pytest.fixture(scope="module")
def model(panel) -> OfficerModel:
    return fit(panel, label_panel(panel, NO_OUTCOMES, TONIGHT, RULES))


def test_what_the_law_forbids_and_seniority_are_no_features():
    forbidden = re.compile(
        r"(^|_)(age|sex|gender|birth|origin|ethnic|health|marriage|lifestyle|religion|joined|seniority|rank|employment)(_|$)"
    )
    assert not [name for name in FEATURES + MEASURES if forbidden.search(name)]


def test_no_station_post_or_person_is_a_feature():
    described = {column.name: column for column in statements()["feature.officer"].columns}
    assert set(FEATURES) <= set(described)
    assert not {described[name].unit for name in FEATURES} & {"id", "text", "enum", "date"}
    assert RISING == FEATURES + MEASURES


def test_no_accusation_can_be_read_from_a_reason():
    """监察法 and 处理检举控告工作规则 protect who accuses: a reason that moves on the day of an accusation would tell the
    accused's own bureau that somebody accused. Accusations reach the discipline office, and no table of features."""
    named = [column.name for column in statements()["feature.officer"].columns]
    assert not [name for name in (*FEATURES, *MEASURES, *named) if "accus" in name]


def test_tenure_is_no_feature():
    """How long somebody sat on a hot post is the management's doing, and has a reminder of its own (DOMAIN.md 3.0)."""
    assert not [name for name in FEATURES + MEASURES if "tenure" in name or "years" in name]


def test_no_feature_counts_complaints_instead_of_people():
    """One person can file a thousand complaints; he must move no score a thousand times."""
    assert not [name for name in FEATURES if "complaint_count" in name or "feedback_count" in name]


def test_an_outcome_labels_the_nights_of_the_year_before_it_was_opened(panel):
    opened = NIGHTS[6] + timedelta(days=10)
    found = label_panel(panel, outcomes({name: opened for name in OFFICERS[:40]}), TONIGHT, RULES)
    assert isinstance(found, Labels) and found.source == "outcomes"
    positive = panel.loc[found.label.index[found.label == 1]]
    assert set(positive["officer_id"]) == set(OFFICERS[:40])
    assert set(positive["as_of_on"].dt.date) == {
        night for night in NIGHTS[5:] if opened - timedelta(days=365) <= night < opened
    }
    assert panel.loc[found.label.index, "as_of_on"].max().date() <= TONIGHT - timedelta(days=365)


@pytest.mark.parametrize("result", ["unfounded", "exonerated"])
def test_what_was_not_substantiated_labels_nobody(panel, result):
    opened = {name: NIGHTS[5] + timedelta(days=10) for name in OFFICERS[:60]}
    assert label_panel(panel, outcomes(opened, result), TONIGHT, RULES).source == "weak"


def test_a_result_that_is_not_known_tonight_labels_nobody(panel):
    opened = {name: NIGHTS[5] + timedelta(days=10) for name in OFFICERS[:60]}
    assert label_panel(panel, outcomes(opened, after_days=900), TONIGHT, RULES).source == "weak"


def test_weak_labels_are_the_crossings_of_a_year_later(panel):
    shifted = panel.copy()
    shifted["clustered_complaints_crosses"] = (shifted["as_of_on"] == pd.Timestamp(NIGHTS[0])) & shifted[
        "officer_id"
    ].str.endswith("0")
    found = label_panel(shifted, NO_OUTCOMES, TONIGHT, RULES)
    positive = shifted.loc[found.label.index[found.label == 1]]
    assert found.source == "weak" and set(positive["as_of_on"].dt.date) == {NIGHTS[4]}
    assert len(positive) == 16


def test_crossings_of_the_same_night_are_no_labels(panel):
    same_night = panel.assign(
        clustered_complaints_crosses=panel["clustered_complaints_crosses"]
        & (panel["as_of_on"] < pd.Timestamp(NIGHTS[4]))
    )
    with pytest.raises(NotTrainable):
        label_panel(same_night, NO_OUTCOMES, TONIGHT, RULES)


def test_too_little_to_learn_from_is_told_with_the_numbers(panel):
    with pytest.raises(NotTrainable, match=re.escape("0 rows (at least 500)")) as told:
        label_panel(panel.head(0), NO_OUTCOMES, TONIGHT, RULES)
    assert "0行(至少500)" in told.value.zh


def test_the_score_ranks_and_the_reasons_add_up(panel, model):
    tonight = panel[panel["as_of_on"] == pd.Timestamp(TONIGHT)]
    scored = model.score(tonight, RULES)
    above = [int((scored["integrity_score"] > score).sum()) for score in scored["integrity_score"]]
    assert list(scored["rank"]) == [1 + count for count in above], "equal scores share the first of their ranks"
    assert scored["integrity_score"].is_monotonic_decreasing and scored["integrity_score"].between(0, 1).all()
    assert scored["officer_id"].head(12).str.endswith("0").all()
    reasons = explain(model.trees, model.frame(tonight))
    assert np.abs(reasons.base_value + reasons.contribution.sum(axis=1) - reasons.raw_score).max() <= TOLERANCE
    assert set(reasons.long("officer_id")["officer_id"]) == set(OFFICERS)


@pytest.mark.parametrize("name", RISING)
def test_more_of_what_speaks_against_an_officer_never_lowers_his_score(panel, model, name):
    rows = panel.tail(60)
    more = rows.assign(**{name: rows[name].fillna(0) + 5})
    less = rows.assign(**{name: rows[name].fillna(0)})
    raised = model.trees.raw_score(model.frame(more)) - model.trees.raw_score(model.frame(less))
    assert (raised >= -1e-12).all()


def test_an_officer_without_enough_service_has_no_score_and_no_rank(panel, model):
    tonight = panel[panel["as_of_on"] == pd.Timestamp(TONIGHT)].reset_index(drop=True)
    tonight.loc[0, "service_day_count_12m"] = 89
    scored = model.score(tonight, RULES).set_index("officer_id")
    assert not scored.loc["R000", "is_evaluable"]
    assert pd.isna(scored.loc["R000", "integrity_score"]) and pd.isna(scored.loc["R000", "rank"])
    assert len(scored["rank"].dropna()) == 159


def test_equal_scores_share_a_rank(panel, model):
    tonight = panel[panel["as_of_on"] == pd.Timestamp(TONIGHT)].head(3)
    alike = tonight.assign(**tonight.iloc[0][list(FEATURES + MEASURES)].to_dict())
    assert list(model.score(alike, RULES)["rank"]) == [1, 1, 1]


def test_an_officer_whom_no_family_can_measure_has_no_score(model):
    known = indicator()
    panel = assemble_panel(features(), {"clustered_complaints": known[known["officer_id"] != "R000"]})
    scored = model.score(panel[panel["as_of_on"] == pd.Timestamp(TONIGHT)], RULES).set_index("officer_id")
    assert not scored.loc["R000", "is_evaluable"] and scored.drop("R000")["is_evaluable"].all()


def test_what_an_explanation_took_away_is_no_label_and_no_measure_and_leaves_the_officer_evaluable(model):
    cleared = indicator()
    is_cleared = cleared["officer_id"] == "R000"
    cleared["index"] = cleared["index"].mask(is_cleared)
    cleared["crosses"] = cleared["crosses"].astype("boolean").mask(is_cleared)
    panel = assemble_panel(features(), {"clustered_complaints": cleared})
    labels = label_panel(panel, NO_OUTCOMES, TONIGHT, RULES)
    assert "R000" not in set(panel.loc[labels.label.index, "officer_id"])
    scored = model.score(panel[panel["as_of_on"] == pd.Timestamp(TONIGHT)], RULES).set_index("officer_id")
    assert scored.loc["R000", "is_evaluable"]


def test_the_same_panel_makes_the_same_model_and_the_text_brings_it_back(panel, model):
    again = fit(panel, label_panel(panel, NO_OUTCOMES, TONIGHT, RULES))
    assert again.trees.to_text() == model.trees.to_text() and again.to_state() == model.to_state()
    back = OfficerModel.from_state(model.trees, json.loads(json.dumps(model.to_state())))
    pd.testing.assert_frame_equal(back.score(panel.tail(160), RULES), model.score(panel.tail(160), RULES))


def test_the_card_says_what_it_was_measured_on(model):
    assert model.card["label_source"] == "weak" and model.card["officers"] == 160
    assert model.card["positives"] == 16 * 5 and model.card["positive_officers"] == 16
    assert model.card["auc_other_officers"] > 0.9


def test_the_card_does_not_hide_that_counting_complainants_does_as_well(panel):
    labels = label_panel(panel, NO_OUTCOMES, TONIGHT, RULES)
    rows = panel.loc[labels.label.index]
    constant = np.zeros(len(labels.label))

    class Blind:
        """Trees that tell nobody from another."""

        def fit(self, frame, label):
            return self

        def predict(self, frame):
            return constant[: len(frame)]

    blind = card(rows[list(FEATURES + MEASURES)], rows, labels.label, lambda count: Blind())
    assert blind["auc_other_officers"] == 0.5 < blind["auc_other_officers_complaints_alone"]
    assert blind["beats_complaints_alone"] is False
    alike = rows.assign(complainant_count_24m=1.0)
    seen = card(alike[list(FEATURES + MEASURES)], alike, labels.label, small_trees)
    assert seen["auc_other_officers_complaints_alone"] == 0.5 and seen["beats_complaints_alone"] is True
    nobody = card(rows[list(FEATURES + MEASURES)], rows, labels.label * 0, small_trees)
    assert nobody["beats_complaints_alone"] is None and nobody["positive_officers"] == 0


def test_what_no_family_measured_is_empty_and_not_0():
    panel = assemble_panel(features(), {})
    assert panel[list(MEASURES)].isna().all().all() and panel[list(CROSSINGS)].isna().all().all()
