import re
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some

from models import policy
from models.flags import Night, leniency
from models.leniency import FACTS, POSITION_BOUNDS, ExpectedPosition, lenient_effects, measurable, position
from models.leniency_counter import counter_evidence
from models.leniency_record import concentration, lowest_decisions

TONIGHT = date(2026, 6, 30)
NIGHTS = [TONIGHT - timedelta(days=92 * step) for step in range(5)]
HANDLERS = [f"S{station}H{handler}" for station in range(1, 6) for handler in range(1, 4)]
LENIENT = "S2H1"
DELIVERY = pd.DataFrame({"has_penalty": [True], "has_fine": [True], "has_statutory_maximum": [True]})


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
            "unit_id": [name[:2] for name in handler],
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
            "fine_decided_yuan": 1000 + 10000 * where,
            "fine_proposed_yuan": np.nan,
            "mitigation_count": prompt.astype(int),
            "mitigation_codes": None,
            "exemption_code": None,
            "has_exemption": False,
            "is_first_offence": first,
            "was_corrected_promptly": prompt,
            "prior_penalty_count_24m": 0,
            "was_collectively_discussed": False,
            "discretion_tier": "ordinary",
            "was_review_approved": pd.array([pd.NA] * count, dtype="boolean"),
        }
    )


def lower(cases: pd.DataFrame, rows: pd.Series, share: float) -> pd.DataFrame:
    """The same cases with those rows fined lower by a share of the statutory range."""
    return cases.assign(
        fine_counted_yuan=cases["fine_counted_yuan"].where(~rows, cases["fine_counted_yuan"] - 10000 * share),
        fine_decided_yuan=cases["fine_decided_yuan"].where(~rows, cases["fine_decided_yuan"] - 10000 * share),
    )


def counter(flag, code: str):
    return next(item for item in flag.counter_evidence if item.code == code)


def judged(cases: pd.DataFrame, delivery: pd.DataFrame = DELIVERY):
    officers = pd.DataFrame(
        [{"officer_id": name, "as_of_on": pd.Timestamp(night)} for night in NIGHTS for name in [*HANDLERS, "S1P1"]]
    )
    frames = {"core.delivery": delivery, "feature.officer": officers, "feature.officer_case": cases}
    taken = {name: frames[name][list(columns)] if columns else frames[name] for name, columns in leniency.NEEDS.items()}
    return leniency.judge(Night(TONIGHT, policy.on(TONIGHT), taken))


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
    assert len(codes) == len(set(codes)) == 12


def test_the_index_is_measured_for_past_nights_from_what_was_known_then(lenient):
    own = lenient.indicator[lenient.indicator["officer_id"] == LENIENT]
    assert set(own["as_of_on"]) == set(pd.to_datetime(NIGHTS))
    assert (own["index"] > 0.15).all() and own["crosses"].all()


def test_an_officer_without_enough_decisions_is_not_computable_with_the_number(lenient):
    (row,) = lenient.not_computable
    assert row.subject_id == "S1P1"
    assert row.reason_en == "0 decisions with a statutory range in 12 months, and too few in 24; at least 20 are needed"


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


def test_leniency_to_one_merchant_is_a_hint_about_the_pair_and_again_and_again_about_the_handler():
    cases = case_records()
    own = cases.index[cases["lead_officer_id"] == LENIENT][:36:6]
    cases.loc[own, "merchant_id"] = "MFRIEND"
    found = judged(lower(cases, cases["merchant_id"] == "MFRIEND", 0.45))
    told = {(flag.subject_kind, flag.subject_id): (flag.strength, flag.facts) for flag in found.flags}
    assert told == {
        ("pair", f"{LENIENT}|MFRIEND"): ("moderate", ("one_merchant",)),
        ("officer", LENIENT): ("moderate", ("few_merchants",)),
    }
    assert (
        concentration(cases[cases["merchant_id"] == "MFRIEND"].assign(position=0.1, expected_position=0.5), 0.0) == 1.0
    )


def test_leniency_to_one_merchant_in_three_decisions_is_no_matter_of_the_handler():
    cases = case_records()
    own = cases.index[cases["lead_officer_id"] == LENIENT][:36:12]
    cases.loc[own, "merchant_id"] = "MFRIEND"
    found = judged(lower(cases, cases["merchant_id"] == "MFRIEND", 0.45))
    assert {flag.subject_kind for flag in found.flags} <= {"pair"}


def test_a_lenient_case_more_never_lowers_the_index():
    cases = case_records()
    added = (
        cases[cases["lead_officer_id"] == LENIENT]
        .tail(3)
        .assign(case_id=["X1", "X2", "X3"], fine_counted_yuan=0.0, outcome_known_on=pd.Timestamp(TONIGHT))
    )
    index = [
        found.indicator.query("officer_id == @LENIENT and as_of_on == @TONIGHT")["index"].item()
        for found in (judged(cases), judged(pd.concat([cases, added], ignore_index=True)))
    ]
    assert index[1] >= index[0]


def test_the_order_of_the_records_changes_nothing(lenient):
    cases = case_records()
    shuffled = lower(cases, cases["lead_officer_id"] == LENIENT, 0.25).sample(frac=1, random_state=4)
    again = judged(shuffled)
    assert again.flags == lenient.flags
    pd.testing.assert_frame_equal(again.indicator, lenient.indicator)


@pytest.mark.parametrize("absent", ["has_penalty", "has_fine", "has_statutory_maximum"])
def test_without_cases_or_fines_the_bureau_is_told_once(absent):
    found = judged(case_records(), DELIVERY.assign(**{absent: False}))
    assert [(row.subject_kind, row.subject_id) for row in found.not_computable] == [("bureau", "all")]
    assert found.flags == () and found.indicator.empty


def test_too_few_cases_to_say_what_is_usual_is_told_with_the_numbers():
    (row,) = judged(case_records(per_handler=10)).not_computable
    assert "150 decided cases" in row.reason_en and "500 cases" in row.reason_en


def test_the_headline_and_the_notes_of_the_evidence_agree(lenient):
    (flag,) = lenient.flags
    gap = flag.observed - flag.expected
    assert f"相差{gap:+.2f};收缩估计{flag.statistic:+.2f}(95%可信区间" in flag.summary_zh
    assert f"a gap of {gap:+.2f}; shrunk {flag.statistic:+.2f}" in flag.summary_en
    assert abs(flag.statistic) <= abs(gap) and flag.interval_low < flag.statistic < flag.interval_high
    assert "处罚幅度(法定下限=0,上限=1)" in flag.summary_zh and "处罚位置" not in flag.summary_zh
    noted = [re.search(r"处罚幅度(-?[\d.]+),预期(-?[\d.]+)", item.note_zh).groups() for item in flag.evidence]
    assert all(float(found) < float(usual) for found, usual in noted)
    shown, total = (int(re.search(pattern, flag.evidence[0].note_zh)[1]) for pattern in (r"列(\d+)件", r"偏低(\d+)件"))
    assert shown == len(flag.evidence) <= total <= flag.exposure_count
    assert all("决定罚款" in item.note_zh and "法制审核:未载" in item.note_zh for item in flag.evidence)


def test_the_notes_expect_what_the_headline_expects():
    cases = measurable(case_records()).assign(expected_position=0.3)
    cases = cases.assign(position=cases["position"] - 0.2 * (cases["lead_officer_id"] == LENIENT))
    row = lenient_effects(cases, policy.on(TONIGHT)).loc[LENIENT]
    own = cases[cases["lead_officer_id"] == LENIENT]
    assert np.isclose(row["gap"], (own["position"] - own["expected_position"] - row["level"]).mean())
    assert np.isclose(row["gap"], max(row["colleague_gap"], row["bureau_gap"]))
    assert abs(row["effect"]) <= abs(row["gap"])


def test_a_note_names_the_outcome_the_grounds_and_the_review():
    cases = measurable(case_records()).head(2).assign(expected_position=3.0)
    cases = cases.assign(
        outcome=["warned", "fined"],
        mitigation_codes=["eliminated_harm", None],
        exemption_code=["E7", None],
        was_review_approved=pd.array([True, False], dtype="boolean"),
        fine_counted_yuan=[0.0, 5000.0],
        fine_proposed_yuan=[np.nan, 5000.0],
        fine_decided_yuan=[0.0, 3000.0],
    )
    notes = {item.record_id: item for item in lowest_decisions(cases, 0.0, 20)}
    warned, fined = (notes[name] for name in cases["case_id"])
    assert warned.note_zh.startswith("警告;") and "eliminated_harm,免罚清单E7;法制审核:同意" in warned.note_zh
    assert fined.note_zh.startswith("拟罚款5,000元(决定3,000元);") and "法制审核:不同意" in fined.note_zh
    assert "3,000 decided" in fined.note_en and "legal review on file: disagreed" in fined.note_en


def test_an_officer_whose_hint_is_explained_away_is_no_label_and_no_measure():
    cases = case_records()
    own = cases["lead_officer_id"] == LENIENT
    low = own & (np.arange(len(cases)) % 2 == 0)
    waived = lower(cases, low, 0.5).assign(fine_proposed_yuan=cases["fine_counted_yuan"])
    waived["outcome"] = waived["outcome"].where(~low, "warned")
    found = judged(waived)
    assert LENIENT not in flagged(found)
    rows = found.indicator[found.indicator["officer_id"] == LENIENT]
    assert len(rows) > 1 and rows["index"].isna().all() and rows["crosses"].isna().all()
    others = found.indicator[found.indicator["officer_id"] != LENIENT]
    assert others["index"].notna().all() and others["crosses"].notna().all()


def test_proposals_as_low_as_the_decisions_do_not_speak_for_the_handler():
    cases = case_records()
    low = lower(cases, cases["lead_officer_id"] == LENIENT, 0.25)
    (flag,) = judged(low.assign(fine_proposed_yuan=low["fine_counted_yuan"])).flags
    assert counter(flag, "approver_decided").verdict == "not_supported"
    assert "100%" in counter(flag, "approver_decided").detail_zh


def test_without_proposals_the_approvers_part_is_unknown(lenient):
    assert counter(lenient.flags[0], "approver_decided").verdict == "unknown"


def test_approvals_of_the_review_can_explain_even_where_most_cases_have_one():
    cases = case_records()
    own = cases["lead_officer_id"] == LENIENT
    approved = own & (np.arange(len(cases)) % 12 != 0) | ~own & (np.arange(len(cases)) % 5 != 0)
    mine, others = approved[own].mean(), approved[~own].mean()
    assert mine < 1.25 * others
    low = lower(cases, own & approved, 0.25).assign(was_review_approved=pd.array(approved, dtype="boolean"))
    window = measurable(low).assign(expected_position=0.3)
    ruled = policy.on(TONIGHT)
    tested = counter_evidence(window, window.head(0), lenient_effects(window, ruled), LENIENT, TONIGHT, ruled)
    assert {item.code: item.verdict for item in tested}["legal_review_approved"] == "supported"


def test_violations_that_nobody_else_decides_can_explain():
    cases = case_records()
    rare = (cases["lead_officer_id"] == LENIENT) & (np.arange(len(cases)) % 2 == 0)
    low = lower(cases, rare, 0.4)
    window = measurable(low.assign(violation_code=low["violation_code"].where(~rare, "Z9")))
    window = window.assign(expected_position=0.3)
    ruled = policy.on(TONIGHT)
    tested = counter_evidence(window, window.head(0), lenient_effects(window, ruled), LENIENT, TONIGHT, ruled)
    assert {item.code: item.verdict for item in tested}["case_mix"] == "supported"


def test_the_heads_decisions_explain_where_most_of_the_gap_lies_in_them():
    cases = case_records()
    own = cases["lead_officer_id"] == LENIENT
    together = own & (np.arange(len(cases)) % 3 != 0)
    low = lower(lower(cases, own, 0.1), together, 0.5).assign(was_collectively_discussed=together)
    window = measurable(low).assign(expected_position=0.3)
    discussed = window["was_collectively_discussed"]
    counted, collective = window[~discussed], window[discussed]
    ruled = policy.on(TONIGHT)
    tested = counter_evidence(counted, collective, lenient_effects(counted, ruled), LENIENT, TONIGHT, ruled)
    assert {item.code: item.verdict for item in tested}["collective_discussion"] == "supported"


def test_a_handler_with_one_colleague_is_compared_with_the_whole_bureau():
    cases = case_records()
    low = lower(cases, cases["lead_officer_id"] == LENIENT, 0.3)
    found = judged(low[low["lead_officer_id"] != "S2H3"])
    (flag,) = [flag for flag in found.flags if flag.subject_id == LENIENT]
    assert flag.p_value < 0.001
    assert "dealt out within the bureau (1 other handlers" in flag.rule_trace


def test_a_station_of_one_handler_is_not_computable_and_says_so():
    cases = case_records()
    found = judged(cases[~cases["lead_officer_id"].isin(["S2H2", "S2H3"])])
    (row,) = [row for row in found.not_computable if row.subject_kind == "institution"]
    assert row.subject_id == "S2" and "36 decisions" in row.reason_en and "1 handlers" in row.reason_en


def test_too_few_stations_to_compare_are_each_told():
    cases = case_records(per_handler=100)
    found = judged(cases[cases["unit_id"].isin(["S1", "S2", "S3"])])
    told = {row.subject_id for row in found.not_computable if row.subject_kind == "institution"}
    assert told == {"S1", "S2", "S3"}


def test_a_renamed_station_keeps_its_history(lenient):
    cases = case_records()
    cases = lower(cases, cases["lead_officer_id"] == LENIENT, 0.25)
    recent = (cases["unit_id"] == "S2") & (cases["outcome_known_on"] > pd.Timestamp(TONIGHT) - timedelta(days=200))
    renamed = cases.assign(institution_id=cases["institution_id"].where(recent | (cases["unit_id"] != "S2"), "OLD"))
    assert judged(renamed).flags == lenient.flags


def test_the_sentence_about_a_station_agrees_with_its_figures():
    cases = case_records()
    found = judged(lower(cases, cases["institution_id"] == "S3", 0.2))
    (flag,) = found.flags
    gap = flag.observed - flag.expected
    assert flag.interval_low < gap < flag.interval_high
    assert f"相差{gap:+.2f}" in flag.summary_zh and f"收缩估计{flag.statistic:+.2f}" in flag.summary_zh


def test_what_the_delivery_does_not_say_of_exemptions_is_unknown():
    cases = case_records().assign(has_exemption=pd.NA)
    (flag,) = judged(lower(cases, cases["institution_id"] == "S3", 0.2)).flags
    assert flag.subject_kind == "institution"
    assert counter(flag, "exemption_list").verdict == "unknown"
