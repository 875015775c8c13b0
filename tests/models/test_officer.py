import json
import re
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from models import policy
from models.boosted import BoostedTrees
from models.officer import (
    CROSSINGS,
    FEATURES,
    MEASURES,
    NUMBERS,
    RISING,
    SCORED_FAMILIES,
    OfficerModel,
    assemble_panel,
    fit,
    learned,
    thinned,
)
from models.officer_card import card
from models.officer_label import Labels, label_panel
from models.reasons import TOLERANCE, explain
from pipelines.warehouse.statement import statements

TONIGHT = date(2026, 6, 30)
RULES = policy.on(TONIGHT)
NIGHTS = [TONIGHT - timedelta(days=RULES.training.panel_step_days * step) for step in range(0, 27, 3)]
OFFICERS = [f"R{number:03d}" for number in range(160)]
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


def labels_of(panel: pd.DataFrame) -> Labels:
    return label_panel(panel, SCORED_FAMILIES, NO_OUTCOMES, TONIGHT, RULES)


@pytest.fixture(scope="module")
def panel() -> pd.DataFrame:
    return assemble_panel(features(), {"clustered_complaints": indicator()})


@pytest.fixture(scope="module")
def model(panel) -> OfficerModel:
    return fit(panel, labels_of(panel))


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


def test_the_score_ranks_and_the_reasons_add_up(panel, model):
    tonight = panel[panel["as_of_on"] == pd.Timestamp(TONIGHT)]
    scored = model.score(tonight, RULES)
    above = [int((scored["integrity_score"] > score).sum()) for score in scored["integrity_score"]]
    assert list(scored["rank"]) == [1 + count for count in above], "equal scores share the first of their ranks"
    assert scored["integrity_score"].is_monotonic_decreasing and scored["integrity_score"].between(0, 1).all()
    assert scored["officer_id"].head(12).str.endswith("0").all()
    reasons = explain(model.scorer, model.frame(tonight))
    assert np.abs(reasons.base_value + reasons.contribution.sum(axis=1) - reasons.raw_score).max() <= TOLERANCE
    assert set(reasons.long("officer_id")["officer_id"]) == set(OFFICERS)


@pytest.mark.parametrize("name", RISING)
def test_more_of_what_speaks_against_an_officer_never_lowers_his_score(panel, model, name):
    rows = panel.tail(60)
    more = rows.assign(**{name: rows[name].fillna(0) + 5})
    less = rows.assign(**{name: rows[name].fillna(0)})
    raised = model.scorer.raw_score(model.frame(more)) - model.scorer.raw_score(model.frame(less))
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
    labels = labels_of(panel)
    assert "R000" not in set(panel.loc[labels.label.index, "officer_id"])
    scored = model.score(panel[panel["as_of_on"] == pd.Timestamp(TONIGHT)], RULES).set_index("officer_id")
    assert scored.loc["R000", "is_evaluable"]


def test_the_same_panel_makes_the_same_model_and_the_text_brings_it_back(panel, model):
    again = fit(panel, labels_of(panel))
    assert again.scorer.trees.to_text() == model.scorer.trees.to_text() and again.to_state() == model.to_state()
    back = OfficerModel.from_state(
        BoostedTrees.from_text(model.scorer.trees.to_text()), json.loads(json.dumps(model.to_state()))
    )
    pd.testing.assert_frame_equal(back.score(panel.tail(160), RULES), model.score(panel.tail(160), RULES))


def test_the_card_says_what_it_was_measured_on(model):
    assert model.card["label_source"] == "weak" and model.card["officers"] == 160
    assert model.card["positive_officers"] == 16 and model.card["nights"] == 6
    assert model.card["positives"] == pytest.approx(16 * 6, rel=0.2)
    assert model.card["auc_other_officers"] > 0.9


def test_the_card_does_not_hide_that_counting_complainants_does_as_well(panel):
    labels = labels_of(panel)
    rows, offset = panel.loc[labels.label.index], labels.offset.to_numpy()
    label = (labels.label > 0.5).to_numpy(dtype=float)
    frame = rows[list(FEATURES + MEASURES)]

    class Blind:
        """A score that tells nobody from another."""

        def raw_score(self, asked):
            return np.zeros(len(asked))

    blind = card(frame, rows, label, offset, lambda *known: Blind())
    assert blind["auc_other_officers"] == 0.5 < blind["auc_other_officers_complaints_alone"]
    assert blind["beats_complaints_alone"] is False
    alike = rows.assign(complainant_count_24m=1.0)
    seen = card(frame.assign(complainant_count_24m=1.0), alike, label, offset, learned)
    assert seen["auc_other_officers_complaints_alone"] == 0.5 and seen["beats_complaints_alone"] is True
    nobody = card(frame, rows, label * 0, offset, learned)
    assert nobody["beats_complaints_alone"] is None and nobody["positive_officers"] == 0


def test_of_too_many_rows_whole_nights_are_left_out_and_the_latest_stays(panel):
    labels = labels_of(panel)
    kept = thinned(panel, labels, limit=600)
    nights = panel.loc[kept.label.index, "as_of_on"].unique()
    assert len(kept.label) <= 600 and set(nights) == set(
        sorted(panel.loc[labels.label.index, "as_of_on"].unique())[::-2]
    )


def test_a_family_that_is_absent_tonight_is_an_empty_column_and_the_model_is_learned_all_the_same(panel, model):
    assert panel["leniency_index"].isna().all() and "leniency_index" in model.scorer.columns_
    assert model.scorer.linear.gap_coefficient[model.scorer.columns_.index("leniency_index")] == 0


def test_what_no_family_measured_is_empty_and_not_0():
    panel = assemble_panel(features(), {})
    assert panel[list(MEASURES)].isna().all().all() and panel[list(CROSSINGS)].isna().all().all()
