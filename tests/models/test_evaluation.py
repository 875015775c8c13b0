"""Rolling evaluation: nothing of a quarter reaches the score that is held against it."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from models import evaluation, policy
from models.boosted import NotTrainable
from models.evaluation import evaluate, origins
from models.merchant_feature import DIRECTION
from models.merchant_fold import FOLD_DAYS
from models.quarter import WEIGHT_LIMIT, judge_quarter

AS_OF = date(2026, 6, 30)
CONTEXT = {
    "kind": "company",
    "status": "active",
    "finding_count_730": 1,
    "was_last_severe": False,
    "minor_record_count_730": 0,
    "severe_record_count_730": 0,
    "case_record_count_730": 0,
    "complaint_upheld_count_90": 0,
    "annual_report_failed_count_730": 0,
    "age_days": 3000,
}


def merchants(rows: int, random: np.random.Generator) -> pd.DataFrame:
    frame = pd.DataFrame(np.zeros((rows, len(DIRECTION))), columns=list(DIRECTION))
    frame["severe_excess_730"] = random.normal(size=rows)
    frame["age_years"] = random.uniform(0, 20, size=rows)
    frame["is_key_industry"] = False
    return frame.assign(**CONTEXT)


def world(seed: int = 3, visits: int = 5000, strict: float = 0.0) -> dict[str, pd.DataFrame]:
    """Visits of two years with two officers; `strict` in log-odds is what the first finds beyond the second."""
    random = np.random.default_rng(seed)
    frame = merchants(visits, random)
    day = np.sort(random.integers(1, 730, size=visits))[::-1]
    visited_on = pd.to_datetime([AS_OF - timedelta(days=int(days) - 1) for days in day])
    officer = random.integers(0, 2, size=visits)
    odds = 1.2 * frame["severe_excess_730"] - 2 + strict * (officer - 0.5)
    frame = frame.assign(
        merchant_id=[f"M{number:05d}" for number in range(visits)],
        as_of_on=visited_on - pd.Timedelta(days=1),
        lead_officer_id=np.where(officer == 1, "R1", "R2"),
        visit_kind="routine",
        was_drawn=False,
        draw_stratum="",
        visited_on=visited_on,
        known_on=visited_on,
        is_severe=random.uniform(size=visits) < 1 / (1 + np.exp(-odds)),
    )
    nights = origins(AS_OF, 2)
    told = [
        frame.drop(columns=["visited_on", "known_on", "is_severe", "lead_officer_id", "visit_kind"]).assign(
            as_of_on=pd.Timestamp(night)
        )
        for night in nights
    ]
    return {"learning": frame, "merchants": pd.concat(told, ignore_index=True), "visits": frame, "nights": nights}


@pytest.fixture(scope="module")
def strict_world() -> dict:
    return world(strict=2.0)


@pytest.fixture(scope="module")
def judged(strict_world):
    return evaluate(policy_on=policy.on, **strict_world)


def test_quarters_follow_one_another_up_to_the_day_and_do_not_overlap(judged):
    assert [(quarter.origin, quarter.last_on) for quarter in judged.quarters] == [
        (AS_OF - timedelta(days=2 * FOLD_DAYS), AS_OF - timedelta(days=FOLD_DAYS)),
        (AS_OF - timedelta(days=FOLD_DAYS), AS_OF),
    ]


def test_the_model_is_ahead_of_what_counts_nothing_and_its_interval_holds_its_figure(judged):
    told = judged.figure("model", "within_officer_auc")
    assert told["low"] <= told["value"] <= told["high"]
    assert told["low"] > judged.figure("past_findings", "within_officer_auc")["high"]


def test_who_inspects_tells_much_of_a_finding_and_nothing_of_two_visits_by_one_officer(judged):
    """That a score ranks officers is no knowledge of merchants: the figure within officer is the one to believe."""
    assert judged.figure("who_inspects", "auc")["low"] > 0.6
    figures = judged.figures
    assert figures[(figures["scorer"] == "who_inspects") & (figures["measure"] == "within_officer_auc")].empty


def test_no_visit_stands_for_more_than_its_limit(judged):
    for quarter in judged.quarters:
        assert quarter.population_weight.max() <= WEIGHT_LIMIT * (1 + 1e-6)
        assert quarter.population_weight.mean() == pytest.approx(1)


def test_what_a_quarter_finds_changes_no_score_of_that_quarter(strict_world):
    night = strict_world["nights"][1]
    frame = strict_world["learning"]
    past = frame[frame["known_on"] <= pd.Timestamp(night)].reset_index(drop=True)
    after = frame[frame["visited_on"] > pd.Timestamp(night)].reset_index(drop=True)
    here = strict_world["merchants"][strict_world["merchants"]["as_of_on"] == pd.Timestamp(night)].reset_index(
        drop=True
    )
    flipped = after.assign(is_severe=~after["is_severe"])
    first, second = (judge_quarter(past, here, visits, night, AS_OF, policy.on(night)) for visits in (after, flipped))
    assert np.array_equal(first.score["model"], second.score["model"])
    assert np.array_equal(first.score["who_inspects"], second.score["who_inspects"])


def test_visits_weighed_by_the_chance_of_a_visit_stand_for_the_merchants_that_are_rarely_visited(strict_world):
    night = strict_world["nights"][1]
    frame = strict_world["learning"]
    past = frame[frame["known_on"] <= pd.Timestamp(night)].reset_index(drop=True)
    after = frame[frame["visited_on"] > pd.Timestamp(night)]
    # the risky are visited far more often
    chance = 1 / (1 + np.exp(-1.5 * after["severe_excess_730"].to_numpy()))
    kept = after[np.random.default_rng(1).uniform(size=len(after)) < chance].reset_index(drop=True)
    here = strict_world["merchants"][strict_world["merchants"]["merchant_id"].isin(after["merchant_id"])]
    here = here[here["as_of_on"] == pd.Timestamp(night)].reset_index(drop=True)
    quarter = judge_quarter(past, here, kept, night, AS_OF, policy.on(night))
    excess = kept["severe_excess_730"].to_numpy()
    weighed = np.average(excess, weights=quarter.population_weight)
    everyone = here["severe_excess_730"].mean()
    assert abs(weighed - everyone) < abs(excess.mean() - everyone) / 2


def test_random_visits_alone_are_believed_where_there_are_enough_and_said_to_be(strict_world):
    half = np.where(np.arange(len(strict_world["visits"])) % 2 == 0, "random", "routine")
    told = evaluate(policy_on=policy.on, **{**strict_world, "visits": strict_world["visits"].assign(visit_kind=half)})
    selection = told.selection.set_index("visits")
    assert selection["is_used"].to_dict() == {"as_made": False, "random": True, "weighed": False}
    assert selection.loc["random", "predicted"] == pytest.approx(selection.loc["random", "observed"], rel=0.25)


def test_without_enough_random_visits_the_weighed_ones_are_used(judged):
    used = judged.selection.set_index("visits")["is_used"]
    assert used["weighed"] and not used["random"]
    assert np.isnan(judged.selection.set_index("visits").loc["random", "auc"])


def test_a_past_too_short_to_learn_from_is_left_out_with_its_reason(strict_world):
    early = {**strict_world, "nights": [AS_OF - timedelta(days=729), *strict_world["nights"][1:]]}
    told = evaluate(policy_on=policy.on, **early)
    assert len(told.quarters) == 1
    assert "visits to learn from" in told.left_out[0][2]
    with pytest.raises(NotTrainable, match="no quarter can be evaluated"):
        evaluate(policy_on=policy.on, **{**early, "nights": early["nights"][:1]})


def test_the_same_records_give_the_same_figures_to_the_last_digit(strict_world, judged):
    again = evaluate(policy_on=policy.on, **strict_world)
    pd.testing.assert_frame_equal(again.figures, judged.figures, check_exact=True)
    assert (*evaluation.SCORERS, evaluation.LEAD) == tuple(judged.figures["scorer"].drop_duplicates())
