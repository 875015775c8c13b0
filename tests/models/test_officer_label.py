"""What the officer model learns from: the future of a past night, and how much of it can be known yet."""

import re
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import policy
from models.boosted import NotTrainable
from models.officer_delay import MIN_AT_RISK, Delay, estimated_delay
from models.officer_label import WEAK_FOLLOW_DAYS, label_panel, weak_label

TONIGHT = date(2026, 6, 30)
RULES = policy.on(TONIGHT)
NIGHTS = [TONIGHT - timedelta(days=30 * step) for step in range(40)]
OFFICERS = [f"R{number:03d}" for number in range(60)]
FAMILIES = ("clustered_complaints", "leniency")
NO_OUTCOMES = pd.DataFrame({"officer_id": [], "opened_on": [], "closed_on": [], "result": []}, dtype="str")


def panel() -> pd.DataFrame:
    """Sixty officers on forty nights; nobody crosses anything, each lies as far out as his number."""
    rows = pd.DataFrame([(officer, pd.Timestamp(night)) for night in NIGHTS[::-1] for officer in OFFICERS])
    rows.columns = ["officer_id", "as_of_on"]
    rows["as_of_on"] = rows["as_of_on"].astype("datetime64[us]")
    number = rows["officer_id"].str[1:].astype(float)
    rows = rows.assign(leniency_index=np.nan, clustered_complaints_index=number)
    rows["leniency_crosses"] = pd.Series(pd.NA, rows.index, dtype="boolean")
    rows["clustered_complaints_crosses"] = pd.Series(False, rows.index, dtype="boolean")
    return rows


def outcomes(opened: dict[str, date], result: str = "substantiated", after_days: int = 60) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"officer_id": officer, "opened_on": day, "closed_on": day + timedelta(days=after_days), "result": result}
            for officer, day in opened.items()
        ]
    )


def labels(rows: pd.DataFrame, found: pd.DataFrame = NO_OUTCOMES):
    return label_panel(rows, FAMILIES, found, TONIGHT, RULES)


def test_an_outcome_labels_the_nights_of_the_year_before_it_was_opened():
    opened = NIGHTS[20] + timedelta(days=10)
    rows = panel()
    found = labels(rows, outcomes(dict.fromkeys(OFFICERS[:40], opened)))
    positive = rows.loc[found.label.index[found.label == 1]]
    assert found.source == "outcomes" and set(positive["officer_id"]) == set(OFFICERS[:40])
    assert set(positive["as_of_on"].dt.date) == {
        night for night in NIGHTS if opened - timedelta(days=365) <= night < opened
    } & {night for night in NIGHTS if night <= TONIGHT - timedelta(days=365)}
    assert rows.loc[found.label.index, "as_of_on"].max().date() <= TONIGHT - timedelta(days=365)


@pytest.mark.parametrize("result", ["unfounded", "exonerated"])
def test_what_was_not_substantiated_labels_nobody(result):
    opened = dict.fromkeys(OFFICERS, NIGHTS[20])
    assert labels(panel(), outcomes(opened, result)).source == "weak"


def test_a_result_that_is_not_known_tonight_labels_nobody():
    opened = dict.fromkeys(OFFICERS, NIGHTS[20])
    assert labels(panel(), outcomes(opened, after_days=900)).source == "weak"


def test_a_few_outcomes_are_too_few_to_replace_the_weak_labels():
    few = dict.fromkeys(OFFICERS[: RULES.training.min_outcome_officers - 1], NIGHTS[20])
    assert labels(panel(), outcomes(few)).source == "weak"


def test_recent_nights_of_whose_findings_less_is_known_start_lower():
    """Findings come late: that nobody was found of last year says less than that nobody was found of three years ago."""
    slow = pd.concat(
        [outcomes(dict.fromkeys(OFFICERS[:30], night), after_days=30 + 20 * step) for step, night in enumerate(NIGHTS)]
    )
    rows = panel()
    found = labels(rows, slow[pd.to_datetime(slow["closed_on"]) <= pd.Timestamp(TONIGHT)])
    by_night = found.offset.groupby(rows.loc[found.offset.index, "as_of_on"]).first()
    assert found.source == "outcomes" and (found.offset <= 0).all()
    assert by_night.is_monotonic_decreasing and by_night.iloc[-1] < by_night.iloc[0] - 0.1


def test_nobody_crosses_anything_and_the_furthest_out_still_teaches():
    """A world with few misdeeds must not leave every hint without an explanation."""
    rows = panel()
    found = labels(rows)
    mean = found.label.groupby(rows.loc[found.label.index, "officer_id"]).mean()
    assert found.source == "weak" and mean.idxmax() == OFFICERS[-1] and 0 <= mean.min() < mean.max() < 0.1


def test_weak_labels_are_the_crossings_of_the_year_that_follows():
    rows = panel()
    crosses = (rows["as_of_on"] == pd.Timestamp(NIGHTS[10])) & (rows["officer_id"] == "R000")
    found = labels(rows.assign(clustered_complaints_crosses=crosses.astype("boolean"))).label
    own = found[rows.loc[found.index, "officer_id"] == "R000"]
    raised = set(rows.loc[own.index[own > 0.05], "as_of_on"].dt.date)
    assert raised == {night for night in NIGHTS if NIGHTS[10] - timedelta(days=365) <= night < NIGHTS[10]} & {
        night for night in NIGHTS if night <= TONIGHT - timedelta(days=WEAK_FOLLOW_DAYS)
    }


def test_two_families_together_are_more_than_either_and_never_certain():
    rows = panel()
    one = rows.assign(clustered_complaints_crosses=pd.Series(True, rows.index, dtype="boolean"))
    two = one.assign(leniency_index=1.0, leniency_crosses=pd.Series(True, rows.index, dtype="boolean"))
    first, both = labels_of_families(one), labels_of_families(two)
    assert (both > first).all() and (both < 1).all()


def labels_of_families(rows: pd.DataFrame) -> pd.Series:
    return weak_label(rows, FAMILIES, pd.Timestamp(TONIGHT), RULES.training.outcome_horizon_days)


def test_what_was_erased_is_neither_label_nor_measure():
    rows = panel()
    erased = rows["officer_id"] == "R059"
    rows["clustered_complaints_index"] = rows["clustered_complaints_index"].mask(erased)
    rows["clustered_complaints_crosses"] = rows["clustered_complaints_crosses"].mask(erased)
    assert "R059" not in set(rows.loc[labels(rows).label.index, "officer_id"])


def test_too_little_to_learn_from_is_told_with_the_numbers():
    with pytest.raises(NotTrainable, match=re.escape("weak labels on 0 rows of 0 officers")) as told:
        labels(panel().head(0))
    assert "仅0行0人" in told.value.zh


def test_labels_that_are_all_alike_teach_nothing():
    with pytest.raises(NotTrainable, match="alike"):
        labels(panel().assign(clustered_complaints_index=1.0))


def matters(delays: list[int], opened_days_ago: list[int]) -> pd.DataFrame:
    opened = [pd.Timestamp(TONIGHT) - pd.Timedelta(days=days) for days in opened_days_ago]
    closed = [day + pd.Timedelta(days=took) for day, took in zip(opened, delays, strict=True)]
    return pd.DataFrame({"officer_id": "R1", "opened_on": opened, "closed_on": closed, "result": "substantiated"})


def test_where_all_are_old_enough_the_share_known_is_the_plain_share():
    found = estimated_delay(matters(list(range(1, 101)), [2000] * 100), TONIGHT)
    assert found.known_within(np.array([0, 25, 50, 100, 5000])) == pytest.approx([0, 0.25, 0.5, 1.0, 1.0])


def test_recent_matters_that_were_closed_fast_do_not_make_findings_look_fast():
    """Half take 100 days, half 400; of the recent ones only the fast are on file, and the plain share would say more."""
    old = matters([100, 400] * 50, [1000] * 100)
    recent = matters([100] * 100, [200] * 100)
    found = estimated_delay(pd.concat([old, recent]), TONIGHT)
    assert found.known_within(np.array([99, 100, 399, 400])) == pytest.approx([0, 0.5, 0.5, 1.0])


def test_a_single_old_matter_does_not_decide_how_late_findings_come():
    alone = pd.concat([matters([50] * 100, [300] * 100), matters([3000], [3400])])
    assert estimated_delay(alone, TONIGHT).known_within(np.array([49, 50])) == pytest.approx([0, 1])


def test_without_matters_nothing_is_said_to_be_late():
    found = estimated_delay(matters([10] * (MIN_AT_RISK - 1), [500] * (MIN_AT_RISK - 1)), TONIGHT)
    assert found.known_within(np.array([0, 9])).tolist() == [1, 1]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 3000)), min_size=1, max_size=60))
def test_what_is_known_only_grows_with_time(pairs):
    closed = [(took, ago) for took, ago in pairs if took <= ago] or [(0, 0)]
    found = estimated_delay(matters(*map(list, zip(*closed, strict=True))), TONIGHT)
    share = found.known_within(np.arange(0, 3001, 50))
    assert ((share >= 0) & (share <= 1)).all() and (np.diff(share) >= -1e-12).all()


def test_of_a_years_findings_the_share_known_is_the_mean_over_its_days():
    late = Delay(np.array([100, 200]), np.array([0.5, 1.0]))
    nights = pd.Series([pd.Timestamp(TONIGHT) - pd.Timedelta(days=days) for days in (365, 600)])
    known = late.knowable(nights, pd.Timestamp(TONIGHT), 365)
    assert known == pytest.approx([(165 + 0.5 * 100) / 365, 1.0])
