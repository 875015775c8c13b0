from dataclasses import replace
from datetime import date

import pandas as pd

from models.flags import Flag, Judgement
from models.strength import crossing_before, crossing_on, strengthen

TONIGHT = date(2026, 6, 30)
A_YEAR_BEFORE = date(2025, 6, 30)
FLAG = Flag(
    subject_kind="officer",
    subject_id="R1",
    family="leniency",
    strength="moderate",
    window_start_on=A_YEAR_BEFORE,
    window_end_on=TONIGHT,
    statistic_name="position_effect",
    statistic=-0.2,
    observed=0.1,
    expected=0.3,
    interval_low=-0.3,
    interval_high=-0.1,
    exposure_count=40,
    exposure_unit="decision",
    peer_group="S1",
    peer_count=5,
    peer_median=0.0,
    p_value=0.001,
    q_value=0.01,
    summary_zh="风险提示",
    summary_en="Risk hint",
    rule_trace="",
    facts=("handler_beside_station",),
    evidence=(),
    counter_evidence=(),
)


def crossing(column: str, *nights: date, officer: str = "R1") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "officer_id": officer,
            "as_of_on": pd.to_datetime([TONIGHT, A_YEAR_BEFORE]),
            column: [night in nights for night in (TONIGHT, A_YEAR_BEFORE)],
        }
    )


def judged(leniency: Flag, complaints: Flag, lenient_nights=(TONIGHT, A_YEAR_BEFORE)) -> list[str]:
    found = strengthen(
        {
            "leniency": Judgement((leniency,), (), crossing("leniency_crosses", *lenient_nights)),
            "clustered_complaints": Judgement((complaints,), (), crossing("complaint_crosses", TONIGHT, A_YEAR_BEFORE)),
        },
        TONIGHT,
        365,
    )
    return [flag.strength for judgement in found.values() for flag in judgement.flags]


COMPLAINTS = replace(FLAG, family="clustered_complaints")


def test_two_kinds_of_record_that_agree_and_last_are_strong():
    assert judged(FLAG, COMPLAINTS) == ["strong", "strong"]


def test_one_kind_of_record_is_never_strong():
    found = strengthen(
        {"leniency": Judgement((FLAG,), (), crossing("leniency_crosses", TONIGHT, A_YEAR_BEFORE))}, TONIGHT, 365
    )
    assert found["leniency"].flags == (FLAG,)


def test_two_that_agree_on_different_officers_are_not_strong():
    assert judged(FLAG, replace(COMPLAINTS, subject_id="R2")) == ["moderate", "moderate"]


def test_what_did_not_last_is_not_strong():
    assert judged(FLAG, COMPLAINTS, lenient_nights=(TONIGHT,)) == ["moderate", "moderate"]


def test_a_night_that_shares_a_day_with_tonights_window_is_no_earlier_window():
    overlapping = crossing("leniency_crosses", TONIGHT, A_YEAR_BEFORE).replace(
        pd.Timestamp(A_YEAR_BEFORE), pd.Timestamp(A_YEAR_BEFORE) + pd.Timedelta(days=1)
    )
    assert crossing_before(overlapping, "leniency_crosses", TONIGHT, 365) == set()
    whole = crossing("leniency_crosses", TONIGHT, A_YEAR_BEFORE)
    assert crossing_before(whole, "leniency_crosses", TONIGHT, 365) == {"R1"}


def test_a_crossing_that_was_explained_away_is_none():
    explained = crossing("leniency_crosses", TONIGHT, A_YEAR_BEFORE)
    explained["leniency_crosses"] = pd.array([pd.NA, True], dtype="boolean")
    assert crossing_on(explained, "leniency_crosses", TONIGHT) == set()


def test_what_an_explanation_weakened_makes_nothing_strong():
    assert judged(replace(FLAG, strength="weak"), COMPLAINTS) == ["weak", "moderate"]


def test_tenure_counts_towards_nothing():
    reminder = replace(FLAG, family="hot_post_tenure", strength="reminder")
    found = strengthen(
        {
            "leniency": Judgement((FLAG,), (), crossing("leniency_crosses", TONIGHT, A_YEAR_BEFORE)),
            "hot_post_tenure": Judgement((reminder,), (), crossing("hot_post_years", TONIGHT, A_YEAR_BEFORE)),
        },
        TONIGHT,
        365,
    )
    assert [flag.strength for judgement in found.values() for flag in judgement.flags] == ["moderate", "reminder"]
