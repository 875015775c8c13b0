"""Amounts under a threshold: a hint where they crowd there and nowhere else, none for habits, caps and honest scatter."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models.flags import threshold_bunching
from models.near_threshold import around_placebo, around_threshold, fined_cases, lowered_cases, split_cases
from tests.models.flags.docket import NIGHT, case, docket, frame, hints, night_of, some_of, verdicts

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(scope="module")
def honest() -> pd.DataFrame:
    return docket()


def priced(cases: pd.DataFrame, chosen: np.ndarray, yuan: np.ndarray | float) -> pd.DataFrame:
    """The cases, those chosen and fined with that amount."""
    chosen = chosen & cases["outcome"].eq("fined").to_numpy()
    amounts = np.resize(yuan, chosen.sum())
    priced = cases.copy()
    for name in ("fine_yuan", "total_yuan", "proposed_fine_yuan"):
        priced.loc[chosen, name] = amounts
    return priced


BELOW = np.array([2720.0, 2790, 2850, 2880, 2940, 2990])


@pytest.fixture(scope="module")
def crowding(honest) -> pd.DataFrame:
    return priced(honest, some_of(honest, "R05", 0.6), BELOW)


def test_honest_amounts_raise_no_hint(honest):
    judged = threshold_bunching.judge(night_of(honest))
    assert judged.flags == () and not judged.indicator["crosses"].any()


def test_amounts_that_crowd_just_below_are_told(crowding):
    found = hints(threshold_bunching.judge(night_of(crowding)))
    assert set(found) == {"R05"}
    assert (found["R05"].strength, found["R05"].facts) == ("moderate", ("just_below",))
    told = verdicts(found["R05"])
    assert told["both_sides"] == told["statutory_cap"] == "not_supported" and told["benchmark_step"] == "unknown"


def test_a_past_night_knows_nothing_of_what_was_decided_since(honest):
    since = priced(honest, some_of(honest, "R05", 0.9, since="2025-07-01"), BELOW)
    indicator = threshold_bunching.judge(night_of(since)).indicator.query("officer_id == 'R05'").set_index("as_of_on")
    assert indicator["crosses"].to_dict() == {pd.Timestamp("2025-06-30"): False, pd.Timestamp(NIGHT): True}


def test_who_crowds_under_every_round_amount_has_a_habit(honest):
    """990, 1980, 2980, 4950: 2980 is one of them, and nothing is at stake at the others."""
    each = priced(honest, some_of(honest, "R05", 1.0), np.array([1980.0, 2980, 4950, 990, 2980]))
    found = hints(threshold_bunching.judge(night_of(each)))
    assert "R05" not in found or (
        found["R05"].strength == "weak" and verdicts(found["R05"])["round_number_habit"] == "supported"
    )
    # the same amounts below the threshold alone are told as more than weak
    only = priced(honest, some_of(honest, "R05", 0.6), 2980.0)
    assert hints(threshold_bunching.judge(night_of(only)))["R05"].strength == "moderate"


def test_amounts_that_crowd_on_both_sides_keep_clear_of_nothing(honest):
    both = priced(honest, some_of(honest, "R05", 0.9), np.array([2800.0, 2900, 2950, 3000, 3050, 3200]))
    found = hints(threshold_bunching.judge(night_of(both)))
    assert "R05" not in found or (
        found["R05"].strength == "weak" and verdicts(found["R05"])["both_sides"] == "supported"
    )


def test_a_statutory_maximum_there_explains_it(crowding):
    capped = crowding.copy()
    capped.loc[capped["lead_officer_id"].eq("R05") & capped["total_yuan"].isin(BELOW), "statutory_max_yuan"] = 3000.0
    found = hints(threshold_bunching.judge(night_of(capped)))
    assert "R05" not in found or verdicts(found["R05"])["statutory_cap"] == "supported"


def test_the_threshold_is_the_one_of_the_party_and_the_day():
    cases = frame(
        [
            case("A", total_yuan=2700.0),
            case("B", total_yuan=3000.0),
            case("C", total_yuan=9500.0),
            case("D", total_yuan=9500.0, is_natural_person=False),
            case("E", total_yuan=95_000.0, is_natural_person=False),
            case("F", total_yuan=9500.0, is_natural_person=None),
            case("G", total_yuan=2700.0, is_simple_procedure=True),
            case("H", total_yuan=1700.0),
        ]
    )
    near = around_threshold(fined_cases(cases)).set_index("case_id")
    assert near["is_hit"].to_dict() == {"A": True, "B": False, "C": True, "E": True}
    assert near["near_yuan"].to_dict() == {"A": 3000, "B": 3000, "C": 10_000, "E": 100_000}


def test_a_placebo_never_asks_about_a_real_threshold():
    amounts = (2990.0, 1990.0, 4990.0, 9990.0, 990.0)
    cases = frame([case(f"P{number}", total_yuan=yuan) for number, yuan in enumerate(amounts)])
    placebo = around_placebo(fined_cases(cases)).set_index("total_yuan")
    assert placebo["is_hit"].to_dict() == {1990.0: True, 4990.0: True, 990.0: True}


def test_splits_are_counted_by_hand():
    """Each row says why it is one or is none."""
    rows = pd.read_csv(GOLDEN / "threshold_split.csv")
    cases = frame(
        [
            case(row.case_id, merchant_id=row.merchant_id, lead_officer_id=row.lead_officer_id, decided_on=row.decided_on,
                 total_yuan=float(row.total_yuan), violation_code=row.violation_code)
            for row in rows.itertuples()
        ]
    )  # fmt: skip
    found = split_cases(fined_cases(cases)).set_index("case_id")["is_hit"]
    assert found.reindex(rows["case_id"]).astype(int).tolist() == rows["is_hit"].tolist()
    others = split_cases(fined_cases(cases)).set_index("case_id")["is_other_violation"]
    assert others["G2"] and not others["A2"]


def test_split_cases_are_told(honest):
    chosen = np.flatnonzero(some_of(honest, "R05", 1.0) & honest["outcome"].eq("fined").to_numpy())
    cases = priced(honest, some_of(honest, "R05", 1.0), 1700.0)
    for first, second in zip(chosen[0:32:2], chosen[1:32:2], strict=True):
        cases.loc[second, "merchant_id"] = cases.loc[first, "merchant_id"]
        cases.loc[second, ["decided_on", "outcome_known_on"]] = cases.loc[first, "decided_on"] + pd.Timedelta(days=5)
        cases.loc[second, "violation_code"] = cases.loc[first, "violation_code"]
    found = [flag for flag in threshold_bunching.judge(night_of(cases)).flags if flag.facts == ("split",)]
    assert [flag.subject_id for flag in found] == ["R05"] and found[0].strength == "moderate"


def test_a_proposal_is_lowered_only_from_the_threshold_to_below_it():
    cases = frame(
        [
            case("A", proposed_fine_yuan=3500.0, fine_yuan=2900.0, total_yuan=2900.0),
            case("B", proposed_fine_yuan=3500.0, fine_yuan=3500.0, total_yuan=3500.0),
            case("C", proposed_fine_yuan=2900.0, fine_yuan=2000.0, total_yuan=2000.0),
            case("D", proposed_fine_yuan=9000.0, fine_yuan=2900.0, total_yuan=2900.0),
            case("E", proposed_fine_yuan=10_500.0, fine_yuan=9900.0, total_yuan=9900.0),
        ]
    )
    lowered = lowered_cases(fined_cases(cases)).set_index("case_id")["is_hit"]
    assert lowered.to_dict() == {"A": True, "B": False, "E": True}


def test_without_fines_nothing_and_without_proposals_the_rest_is_told(crowding):
    judged = threshold_bunching.judge(night_of(crowding, without=("has_fine",)))
    assert judged.flags == () and judged.not_computable[0].subject_kind == "bureau"
    judged = threshold_bunching.judge(night_of(crowding, without=("has_proposal",)))
    assert set(hints(judged)) == {"R05"} and judged.not_computable[0].subject_kind == "bureau"


def test_whether_the_heads_discussed_is_unknown_where_it_was_not_delivered(crowding):
    flag = hints(threshold_bunching.judge(night_of(crowding, without=("has_collective",))))["R05"]
    assert verdicts(flag)["decided_together"] == "unknown"
    assert flag.window_end_on == NIGHT
