from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some

from models import policy
from models.flags import Night, leniency
from models.leniency import FACTS, POSITION_BOUNDS, ExpectedPosition, measurable, position
from models.leniency_record import concentration

TONIGHT = date(2026, 6, 30)
NIGHTS = [TONIGHT - timedelta(days=91 * step) for step in range(5)]
HANDLERS = [f"S{station}H{handler}" for station in range(1, 6) for handler in range(1, 4)]
LENIENT = "S2H1"
DELIVERY = pd.DataFrame({"has_penalty": [True], "has_fine": [True]})


def case_records(seed: int = 1, per_handler: int = 72) -> pd.DataFrame:
    """Two years of cases of fifteen handlers at five stations: fines follow the facts, and nobody differs."""
    random = np.random.default_rng(seed)
    count = per_handler * len(HANDLERS)
    code = random.integers(0, 3, count)
    first = random.random(count) < 0.4
    prompt = random.random(count) < 0.5
    where = np.clip(0.3 + 0.1 * code - 0.1 * first - 0.1 * prompt + random.normal(0, 0.12, count), 0, 1)
    handler = np.repeat(HANDLERS, per_handler)
    known = [
        pd.Timestamp(TONIGHT) - pd.Timedelta(days=int(day)) for day in np.tile(np.linspace(0, 727, per_handler), 15)
    ]
    return pd.DataFrame(
        {
            "case_id": [f"C{number:05d}" for number in range(count)],
            "lead_officer_id": handler,
            "institution_id": [name[:2] for name in handler],
            "merchant_id": [f"M{number:05d}" for number in range(count)],
            "outcome_known_on": known,
            "outcome": "fined",
            "violation_code": np.array(["A1", "B2", "C3"])[code],
            "is_simple_procedure": False,
            "is_natural_person": random.random(count) < 0.3,
            "is_individual_merchant": random.random(count) < 0.6,
            "industry_division": 52.0,
            "is_key_industry": False,
            "amount_involved_yuan": random.uniform(100, 5000, count),
            "illegal_gain_yuan": np.nan,
            "statutory_min_yuan": 1000.0,
            "statutory_max_yuan": 11000.0,
            "fine_counted_yuan": 1000 + 10000 * where,
            "mitigation_count": prompt.astype(int),
            "has_exemption": False,
            "is_first_offence": first,
            "was_corrected_promptly": prompt,
            "prior_penalty_count_24m": 0,
            "was_collectively_discussed": False,
            "was_review_approved": pd.array([pd.NA] * count, dtype="boolean"),
        }
    )


def lower(cases: pd.DataFrame, rows: pd.Series, share: float) -> pd.DataFrame:
    """The same cases with those rows fined lower by a share of the statutory range."""
    return cases.assign(
        fine_counted_yuan=cases["fine_counted_yuan"].where(~rows, cases["fine_counted_yuan"] - 10000 * share)
    )


def judged(cases: pd.DataFrame, delivery: pd.DataFrame = DELIVERY):
    officers = pd.DataFrame(
        [{"officer_id": name, "as_of_on": pd.Timestamp(night)} for night in NIGHTS for name in [*HANDLERS, "S1P1"]]
    )
    frames = {"core.delivery": delivery, "feature.officer": officers, "feature.officer_case": cases}
    return leniency.judge(Night(TONIGHT, policy.on(TONIGHT), frames))


def flagged(judgement) -> dict[str, str]:
    return {flag.subject_id: flag.strength for flag in judgement.flags}


@pytest.fixture(scope="module")
def lenient():
    cases = case_records()
    return judged(lower(cases, cases["lead_officer_id"] == LENIENT, 0.25))


def test_a_position_is_the_place_of_the_fine_in_the_statutory_range():
    found = position(
        [1000, 6000, 500, 0, 90000, 100, 50], [1000, 1000, 1000, np.nan, 1000, 0, 50], [11000] * 5 + [np.nan, 50]
    )
    assert np.allclose(found[:5], [0, 0.5, -0.05, 0, POSITION_BOUNDS[1]])
    assert np.isnan(found[5:]).all()


@given(some.floats(0, 1e6), some.floats(0, 1e4), some.floats(1, 1e5), some.floats(0, 1e5))
def test_a_higher_fine_never_has_a_lower_position(fine, minimum, width, more):
    one, other = position([fine, fine + more], [minimum] * 2, [minimum + width] * 2)
    assert other >= one


def test_the_expectation_reads_no_officer_and_no_station():
    cases = measurable(case_records())
    model = ExpectedPosition(rounds=5).fit(cases, policy.on(TONIGHT))
    read = set(model.frame(cases).columns)
    assert read == {*FACTS, "decided_month", "violation_A1", "violation_B2", "violation_C3"}
    other = cases.assign(institution_id="S9")
    assert (model.predict(cases) == model.predict(other)).all()


def test_no_handler_enters_his_own_expectation():
    cases = measurable(case_records())
    own = cases["lead_officer_id"] == LENIENT
    ruled = policy.on(TONIGHT)
    before = ExpectedPosition(rounds=20).fit(cases, ruled).predict(cases)[own]
    changed = cases.assign(position=cases["position"].where(~own, 0.0))
    after = ExpectedPosition(rounds=20).fit(changed, ruled).predict(cases)[own]
    assert np.allclose(before, after)


def test_nobody_is_named_where_nobody_differs():
    assert flagged(judged(case_records())) == {}


def test_a_handler_whose_decisions_lie_low_is_named_with_his_numbers(lenient):
    (flag,) = lenient.flags
    assert (flag.subject_kind, flag.subject_id, flag.strength) == ("officer", LENIENT, "moderate")
    assert -0.3 < flag.interval_low < flag.statistic < flag.interval_high < -0.15
    assert flag.observed < flag.expected and flag.exposure_count == 36
    assert 0 < flag.p_value <= 0.0001 and flag.q_value < 0.01
    for text in (flag.summary_zh, flag.summary_en):
        assert "36" in text and f"{flag.observed:.2f}" in text and f"{flag.expected:.2f}" in text
    assert flag.evidence[0].weight == 1.0 and len(flag.evidence) <= 20
    codes = [item.code for item in flag.counter_evidence]
    assert len(codes) == len(set(codes)) == 11


def test_the_index_is_measured_for_past_nights_from_what_was_known_then(lenient):
    own = lenient.indicator[lenient.indicator["officer_id"] == LENIENT]
    assert set(own["as_of_on"]) == set(pd.to_datetime(NIGHTS))
    assert (own["leniency_index"] > 0.15).all() and own["leniency_crosses"].all()


def test_an_officer_without_enough_decisions_is_not_computable_with_the_number(lenient):
    (row,) = lenient.not_computable
    assert row.subject_id == "S1P1"
    assert row.reason_en == "0 decisions with a statutory range in 12 months; at least 20 are needed"


def test_what_a_whole_station_does_is_a_hint_about_the_station_alone():
    cases = case_records()
    found = judged(lower(cases, cases["institution_id"] == "S3", 0.2))
    assert [(flag.subject_kind, flag.subject_id) for flag in found.flags] == [("institution", "S3")]


def test_low_fines_with_an_entry_of_the_exemption_list_are_not_lenient():
    cases = case_records()
    exempted = cases["case_id"].str[-1].isin(["1", "2", "3"]) | (cases["lead_officer_id"] == LENIENT)
    cases = cases.assign(
        has_exemption=exempted, fine_counted_yuan=cases["fine_counted_yuan"].where(~exempted, 0.0), exemption_code="E1"
    )
    assert LENIENT not in flagged(judged(cases))


def test_a_decision_of_the_heads_does_not_count_against_the_handler():
    cases = case_records()
    own = cases["lead_officer_id"] == LENIENT
    low = own & cases["case_id"].str[-1].isin(list("012345"))
    assert LENIENT in flagged(judged(lower(cases, low, 0.4)))
    together = lower(cases, low, 0.4).assign(was_collectively_discussed=low)
    assert LENIENT not in flagged(judged(together))


def test_strict_colleagues_make_nobody_lenient():
    cases = case_records()
    strict = (cases["institution_id"] == "S4") & (cases["lead_officer_id"] != "S4H1")
    assert flagged(judged(lower(cases, strict, -0.2))) == {}


def test_leniency_to_one_merchant_is_a_weak_hint_about_the_pair():
    cases = case_records()
    own = cases.index[cases["lead_officer_id"] == LENIENT][:36:6]
    cases.loc[own, "merchant_id"] = "MFRIEND"
    found = judged(lower(cases, cases["merchant_id"] == "MFRIEND", 0.45))
    assert ("pair", f"{LENIENT}|MFRIEND", "weak") in [
        (flag.subject_kind, flag.subject_id, flag.strength) for flag in found.flags
    ]
    assert concentration(cases[cases["merchant_id"] == "MFRIEND"].assign(position=0.1, expected_position=0.5)) == 1.0


def test_a_lenient_case_more_never_lowers_the_index():
    cases = case_records()
    added = (
        cases[cases["lead_officer_id"] == LENIENT]
        .tail(3)
        .assign(case_id=["X1", "X2", "X3"], fine_counted_yuan=0.0, outcome_known_on=pd.Timestamp(TONIGHT))
    )
    index = [
        found.indicator.query("officer_id == @LENIENT and as_of_on == @TONIGHT")["leniency_index"].item()
        for found in (judged(cases), judged(pd.concat([cases, added], ignore_index=True)))
    ]
    assert index[1] >= index[0]


def test_the_order_of_the_records_changes_nothing(lenient):
    cases = case_records()
    shuffled = lower(cases, cases["lead_officer_id"] == LENIENT, 0.25).sample(frac=1, random_state=4)
    again = judged(shuffled)
    assert again.flags == lenient.flags
    pd.testing.assert_frame_equal(again.indicator, lenient.indicator)


@pytest.mark.parametrize(("penalty", "fine"), [(False, False), (True, False)])
def test_without_cases_or_fines_the_bureau_is_told_once(penalty, fine):
    found = judged(case_records(), pd.DataFrame({"has_penalty": [penalty], "has_fine": [fine]}))
    assert [(row.subject_kind, row.subject_id) for row in found.not_computable] == [("bureau", "all")]
    assert found.flags == () and found.indicator.empty


def test_too_few_cases_to_say_what_is_usual_is_told_with_the_numbers():
    (row,) = judged(case_records(per_handler=10)).not_computable
    assert "150 decided cases" in row.reason_en and "500 cases" in row.reason_en
