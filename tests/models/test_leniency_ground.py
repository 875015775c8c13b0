"""Leniency to which no ground is on file, and single cases that hold the signs of downgraded handling."""

import numpy as np
import pandas as pd
import pytest

from models import policy
from models.flags import Night
from models.leniency import ExpectedPosition, measurable
from models.leniency_downgraded import downgraded_flags, signs
from models.leniency_ground import ungrounded
from tests.models.test_leniency import LENIENT, TONIGHT, case_records, judged

LEAST = policy.on(TONIGHT).flags.min_decisions
NIGHT = Night(TONIGHT, policy.on(TONIGHT), {})


def hits(cases: pd.DataFrame) -> dict[str, set[str]]:
    """The cases that each pattern counts, by its name."""
    return {
        asked.question.pattern: set(asked.records.loc[asked.records["is_hit"], "record_id"])
        for asked in ungrounded(cases, "leniency", LEAST)
    }


def one(**changes) -> pd.DataFrame:
    """One case fined below its minimum for no reason on file."""
    row = {"fine_counted_yuan": 500.0, "fine_decided_yuan": 500.0, "mitigation_count": 0, "is_first_offence": False}
    return case_records(per_handler=1).head(1).assign(**(row | changes))


def test_a_fine_under_the_minimum_counts_where_no_ground_is_on_file():
    assert hits(one())["below_minimum_without_ground"] == {"C00000"}


@pytest.mark.parametrize(
    "ground",
    [
        {"mitigation_count": 1},
        {"has_exemption": True},
        {"is_first_offence": True, "was_corrected_promptly": True},
        {"fine_counted_yuan": 1000.0},
        {"was_collectively_discussed": True},
    ],
)
def test_a_ground_on_file_or_the_heads_decision_takes_it_away(ground):
    assert hits(one(**ground))["below_minimum_without_ground"] == set()


def test_a_case_let_off_counts_where_no_ground_is_on_file():
    assert hits(one(outcome="no_penalty"))["let_off_without_ground"] == {"C00000"}
    assert hits(one(outcome="no_penalty", has_exemption=True))["let_off_without_ground"] == set()


def test_where_grounds_were_not_delivered_nothing_is_without_one():
    assert ungrounded(one(mitigation_count=pd.array([pd.NA], dtype="Int64")), "leniency", LEAST) == []


def test_a_handler_who_fines_under_the_minimum_without_a_ground_is_told_of():
    cases = case_records().assign(mitigation_count=0)
    own = cases.index[cases["lead_officer_id"] == LENIENT]
    # just under the minimum: his mean position hardly moves, the law is passed all the same
    cases.loc[own[::3], ["fine_counted_yuan", "fine_decided_yuan"]] = 990.0
    cases.loc[own[1::3], ["fine_counted_yuan", "fine_decided_yuan"]] += 3500.0
    (flag,) = [flag for flag in judged(cases).flags if flag.subject_kind == "officer"]
    assert (flag.subject_id, flag.facts, flag.strength) == (LENIENT, ("below_minimum_without_ground",), "moderate")
    assert "法定下限1,000元" in flag.evidence[0].note_zh


def test_a_case_with_most_signs_of_downgraded_handling_is_a_weak_hint_explained_by_what_was_expected():
    cases = measurable(
        case_records().assign(
            prior_penalty_count_24m=lambda frame: np.where(frame["case_id"] == "C00007", 3, 0),
            amount_involved_yuan=lambda frame: np.where(frame["case_id"] == "C00007", 45_000.0, 900.0),
            fine_decided_yuan=lambda frame: np.where(frame["case_id"] == "C00007", 200.0, 5000.0),
            was_collectively_discussed=lambda frame: frame["case_id"] == "C00007",
        )
    )
    expectation = ExpectedPosition().fit(cases, NIGHT.policy)
    (flag,) = downgraded_flags(NIGHT, "leniency", (cases, cases.head(0)), expectation)
    assert (flag.subject_kind, flag.subject_id, flag.strength, flag.statistic) == ("case", "C00007", "weak", 4.0)
    told = flag.reason
    assert told.base_value + sum(told.contributions) == pytest.approx(told.raw_score)


def test_what_is_not_on_file_is_no_sign():
    cases = one(amount_involved_yuan=np.nan, statutory_min_yuan=np.nan, discretion_tier=None)
    assert not signs(cases, NIGHT).any(axis=None)
