"""Lists held against what came: counted by hand, equals sharing places, officers drawn with all their years."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.officer_evaluation import DEPTHS, PERFECT, SCORERS, Year, evaluated, found_within, hits_at

NIGHT = pd.Timestamp(2020, 1, 1)


def year(officers: int = 1000, found: int = 60, seed: int = 1, as_of: pd.Timestamp = NIGHT) -> Year:
    """Officers of whom some are found; the model knows half of it, the others nothing."""
    random = np.random.default_rng(seed)
    is_found = np.arange(officers) < found
    frame = pd.DataFrame({"officer_id": [f"R{n:04d}" for n in range(officers)], "is_found": is_found})
    for scorer in SCORERS:
        frame[scorer] = random.random(officers) + (0.5 * is_found if scorer == "model" else 0)
    return Year(as_of, frame, "outcomes", 10, 0, 0.9)


def value(evaluation, scorer: str, measure: str, depth: str, of: str = "all") -> float:
    rows = evaluation.figures
    return rows[
        (rows["year"] == of) & (rows["scorer"] == scorer) & (rows["measure"] == measure) & (rows["depth"] == depth)
    ]["value"].item()


def outcome(opened: str, closed: str, result: str = "substantiated", officer: str = "A") -> dict:
    return {
        "officer_id": officer,
        "opened_on": pd.Timestamp(opened),
        "closed_on": pd.Timestamp(closed),
        "result": result,
    }


@pytest.mark.parametrize(
    ("matter", "counts"),
    [
        (outcome("2020-01-02", "2021-06-01"), True),
        (outcome("2020-12-31", "2021-06-01"), True),
        (outcome("2020-01-01", "2021-06-01"), False),
        (outcome("2021-01-02", "2021-06-01"), False),
        (outcome("2020-05-01", "2023-01-01"), False),
        (outcome("2020-05-01", "2021-06-01", "unfounded"), False),
    ],
)
def test_what_counts_is_opened_in_the_year_after_and_known_to_be_substantiated(matter, counts):
    found = found_within(["A", "B"], pd.DataFrame([matter]), NIGHT, 365, pd.Timestamp(2022, 1, 1))
    assert found.tolist() == [counts, False]


def test_a_perfect_list_finds_whoever_there_is_and_the_depths_are_those_of_one_place():
    only = evaluated([year()])
    assert set(only.figures["depth"]) == set(DEPTHS) and set(only.figures["year"]) == {"2020-01-01"}
    assert value(only, PERFECT, "precision", "50", "2020-01-01") == 1.0
    assert value(only, PERFECT, "recall", "50", "2020-01-01") == pytest.approx(50 / 60)
    assert value(only, PERFECT, "precision", "200", "2020-01-01") == pytest.approx(60 / 200)
    assert value(only, PERFECT, "recall", "1%", "2020-01-01") == pytest.approx(10 / 60)


def test_years_are_pooled_and_the_lead_over_blind_rules_is_told_with_its_interval():
    both = evaluated([year(seed=1), year(seed=2, found=30, as_of=pd.Timestamp(2021, 1, 1))])
    hits = sum(value(both, "model", "precision", "100", day) for day in ("2020-01-01", "2021-01-01")) * 100
    assert value(both, "model", "precision", "100") == pytest.approx(hits / 200)
    assert value(both, "model", "recall", "100") == pytest.approx(hits / 90)
    gap = both.differences.query("year == 'all' and scorer == 'logistic' and measure == 'recall' and depth == '100'")
    assert gap["low"].item() > 0 and gap["low"].item() <= gap["value"].item() <= gap["high"].item()


def test_one_officer_in_many_years_is_one_piece_of_evidence():
    """Were years drawn apart, the same officer found six times would look like six findings."""
    years = [year(seed=5, as_of=pd.Timestamp(2015 + step, 1, 1)) for step in range(6)]
    rows = (
        evaluated(years).figures.query("scorer == 'model' and measure == 'recall' and depth == '100'").set_index("year")
    )
    width = rows["high"] - rows["low"]
    assert width["all"] > 0.8 * width["2015-01-01"]


def test_who_has_no_score_comes_last():
    found = np.array([1.0, 0.0, 0.0])
    hits = hits_at(np.array([np.nan, 0.1, -5.0]), found, np.ones((1, 3)), {"2": np.array([2.0]), "3": np.array([3.0])})
    assert hits["2"].tolist() == [0.0] and hits["3"].tolist() == [1.0]


def test_equal_scores_share_the_places_they_take():
    found = np.array([1.0, 0.0, 0.0, 0.0])
    hits = hits_at(np.zeros(4), found, np.ones((1, 4)), {"1": np.array([1.0])})
    assert hits["1"].tolist() == [0.25]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=40), st.randoms())
def test_the_order_in_which_officers_stand_in_the_table_changes_nothing(rows, shuffle):
    mixed = list(rows)
    shuffle.shuffle(mixed)
    told = []
    for table in (rows, mixed):
        score, found = (np.array(column, dtype=float) for column in zip(*table, strict=True))
        ends = {str(k): np.array([float(min(k, len(table)))]) for k in (1, 3, 10)}
        told.append({k: v[0] for k, v in hits_at(score, found, np.ones((1, len(table))), ends).items()})
    assert told[0] == pytest.approx(told[1])


def test_without_a_year_there_is_nothing_to_evaluate():
    with pytest.raises(ValueError, match="no year"):
        evaluated([])
