from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from models.flags import Flag, Judgement, families, indicator_frame
from models.strength import crossing_before, crossing_on, single_strength, strengthen

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
    is_lasting=True,
)


def crossing(*nights: date, officer: str = "R1") -> pd.DataFrame:
    rows = {
        "officer_id": officer,
        "as_of_on": pd.to_datetime([TONIGHT, A_YEAR_BEFORE]),
        "index": 1.0,
        "crosses": [night in nights for night in (TONIGHT, A_YEAR_BEFORE)],
    }
    return indicator_frame(pd.DataFrame(rows))


def judged(leniency: Flag, complaints: Flag) -> list[str]:
    found = strengthen(
        {flag.family: Judgement((flag,), (), crossing(TONIGHT, A_YEAR_BEFORE)) for flag in (leniency, complaints)}
    )
    return [flag.strength for judgement in found.values() for flag in judgement.flags]


COMPLAINTS = replace(FLAG, family="clustered_complaints")


def test_two_kinds_of_record_that_agree_and_last_are_strong():
    assert judged(FLAG, COMPLAINTS) == ["strong", "strong"]


def test_one_kind_of_record_is_never_strong():
    found = strengthen({"leniency": Judgement((FLAG,), (), crossing(TONIGHT, A_YEAR_BEFORE))})
    assert found["leniency"].flags == (FLAG,)


def test_two_that_agree_on_different_officers_are_not_strong():
    assert judged(FLAG, replace(COMPLAINTS, subject_id="R2")) == ["moderate", "moderate"]


def test_a_pattern_that_did_not_last_is_not_strong_whatever_its_family_found_before():
    assert judged(replace(FLAG, is_lasting=False), COMPLAINTS) == ["moderate", "moderate"]


def test_a_hint_that_rests_on_visits_agrees_with_no_other_that_does():
    """A finding that was followed by no case is a visit, whichever family asks: it must not speak for two."""
    of_visits = replace(FLAG, family="case_dropped", record_kind="visits")
    spared = replace(FLAG, family="selective_enforcement")
    assert judged(of_visits, spared) == ["moderate", "moderate"]
    assert judged(replace(of_visits, record_kind=None), spared) == ["strong", "strong"]


def test_two_patterns_of_one_family_agree_where_each_rests_on_records_of_its_own():
    of_visits = replace(FLAG, family="case_dropped", record_kind="visits", facts=("finding_not_filed",))
    of_cases = replace(FLAG, family="case_dropped", facts=("withdrawn",))
    found = strengthen({"case_dropped": Judgement((of_visits, of_cases))})
    assert [flag.strength for flag in found["case_dropped"].flags] == ["strong", "strong"]


@pytest.mark.parametrize("family", ["selective_enforcement", "retaliation", "tip_off", "low_finding_rate"])
def test_families_whose_hits_are_visits_rest_on_visits(family):
    assert families()[family].RECORD_KIND == "visits"


def test_a_night_that_shares_a_day_with_tonights_window_is_no_earlier_window():
    overlapping = crossing(TONIGHT, A_YEAR_BEFORE).replace(
        pd.Timestamp(A_YEAR_BEFORE), pd.Timestamp(A_YEAR_BEFORE) + pd.Timedelta(days=1)
    )
    assert crossing_before(overlapping, overlapping, TONIGHT, 365) == set()
    whole = crossing(TONIGHT, A_YEAR_BEFORE)
    assert crossing_before(whole, whole, TONIGHT, 365) == {"R1"}


def test_where_nobody_could_be_measured_a_window_back_no_older_night_is_asked():
    """Older nights are described only where tonight trains: a hint may not depend on that."""
    older = crossing(TONIGHT, A_YEAR_BEFORE)
    older["as_of_on"] = older["as_of_on"].replace(
        pd.Timestamp(A_YEAR_BEFORE), pd.Timestamp(A_YEAR_BEFORE) - pd.Timedelta(days=30)
    )
    panel = pd.DataFrame({"as_of_on": [*older["as_of_on"], pd.Timestamp(A_YEAR_BEFORE)]})
    assert crossing_before(older, panel, TONIGHT, 365) == set()
    assert crossing_before(older, older, TONIGHT, 365) == {"R1"}


def test_a_crossing_that_was_explained_away_is_none():
    explained = crossing(TONIGHT, A_YEAR_BEFORE)
    explained["crosses"] = pd.array([True, pd.NA], dtype="boolean")
    assert crossing_on(explained, TONIGHT) == set()


def test_what_an_explanation_weakened_makes_nothing_strong():
    assert judged(replace(FLAG, strength="weak"), COMPLAINTS) == ["weak", "moderate"]


def test_tenure_counts_towards_nothing():
    reminder = replace(FLAG, family="hot_post_tenure", strength="reminder")
    found = strengthen(
        {
            "leniency": Judgement((FLAG,), (), crossing(TONIGHT, A_YEAR_BEFORE)),
            "hot_post_tenure": Judgement((reminder,), (), crossing(TONIGHT, A_YEAR_BEFORE)),
        }
    )
    assert [flag.strength for judgement in found.values() for flag in judgement.flags] == ["moderate", "reminder"]


def test_every_family_says_which_kind_of_record_it_rests_on():
    assert all(family.RECORD_KIND is None or family.RECORD_KIND for family in families().values())


def test_two_families_of_one_kind_of_record_do_not_agree(monkeypatch):
    """Whoever is unusual in his cases by one statistic is soon unusual by the next: the same records speak once."""
    monkeypatch.setattr(families()["clustered_complaints"], "RECORD_KIND", "cases")
    assert judged(FLAG, COMPLAINTS) == ["moderate", "moderate"]


def test_a_family_that_rests_on_several_kinds_agrees_with_none(monkeypatch):
    monkeypatch.setattr(families()["clustered_complaints"], "RECORD_KIND", None)
    assert judged(FLAG, COMPLAINTS) == ["moderate", "moderate"]


def test_a_hint_is_moderate_where_it_is_clear_or_lasting_and_nothing_explains_it():
    assert single_strength(0.01, False, "not") == single_strength(0.09, True, "not") == "moderate"
    assert single_strength(0.011, False, "not") == single_strength(0.001, True, "partly") == "weak"


def test_where_the_same_is_told_of_the_institution_a_hint_about_one_officer_must_be_clear_and_lasting():
    """A station that is lenient as a whole must not light up its officers one by one."""
    assert single_strength(0.001, False, "not", is_shared=True) == "weak"
    assert single_strength(0.09, True, "not", is_shared=True) == "weak"
    assert single_strength(0.001, True, "not", is_shared=True) == "moderate"
