"""Acts on firms of declared persons, by hand: which are told, how strongly, and what explains them."""

import dataclasses
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from models import policy
from models.flags import Night, relative_firm
from models.kin_contact import twin_visits, twin_words

NIGHT = date(2026, 6, 30)
GOLDEN = Path(__file__).parent / "golden"
DAYS = ["acted_on", "known_on", "recusal_approved_on"]

DELIVERED = ("has_relation", "has_recusal_record", "has_random_draw", "has_collective")


def contacts() -> pd.DataFrame:
    return pd.read_csv(GOLDEN / "relative_firm_contact.csv", parse_dates=DAYS)


def night(acts: pd.DataFrame, as_of: date = NIGHT, **delivered) -> Night:
    officers = sorted({*contacts()["officer_id"], "nobody"})
    spine = pd.DataFrame(
        [(officer, pd.Timestamp(moment)) for officer in officers for moment in (NIGHT, date(2025, 3, 31))],
        columns=["officer_id", "as_of_on"],
    ).assign(station_officer_count=lambda rows: rows["officer_id"].map({"small": 2}).fillna(9).astype(int))
    cases = pd.DataFrame(
        [
            ("C01", "decided", None, "no_penalty", "2026-05-01"),
            ("C02", "pending", None, "pending", None),
            ("C03", "other", "2026-02-25", "fined", "2026-03-01"),
            ("C04", "other", None, "fined", "2026-03-01"),
            ("C05", "other", None, "no_penalty", "2026-03-01"),
        ],
        columns=["case_id", "lead_officer_id", "collective_discussed_on", "outcome", "outcome_known_on"],
    ).assign(procedure="ordinary", violation_code="A1")
    for name in ("collective_discussed_on", "outcome_known_on"):
        cases[name] = pd.to_datetime(cases[name])
    visits = pd.DataFrame(
        {
            "patrol_id": ["P01", "P02", "P03", "Q1", "Q2"],
            "lead_officer_id": ["many", "many", "many", "other", "other"],
            "visit_kind": "routine",
            "visited_on": pd.Timestamp("2026-03-01"),
            "was_inspected": True,
            "finding_count": [0, 0, 0, 2, 0],
            "industry_division": 52.0,
            "prior_visit_count": 0,
            "prior_finding_count": 0,
        }
    )
    draws = pd.DataFrame(
        {
            "merchant_id": ["M8", "M8", "M1"],
            "officer_id": ["drawn", "half", "many"],
            "drawn_on": pd.to_datetime(["2026-02-20"] * 2 + ["2026-03-01"]),
            "is_substituted": [False, False, True],
        }
    )
    frames = {
        "core.delivery": pd.DataFrame([dict.fromkeys(DELIVERED, True) | delivered]),
        "core.random_draw": draws,
        "feature.officer": spine,
        "feature.kin_contact": acts,
        "feature.case_record": cases,
        "feature.visit_record": visits,
    }
    return Night(as_of, policy.on(as_of), frames)


def told(judgement) -> dict[str, str]:
    return {flag.subject_id: flag.strength for flag in judgement.flags}


def flag_of(officer: str):
    return next(flag for flag in relative_firm.judge(night(contacts())).flags if flag.subject_id == officer)


def verdicts(officer: str) -> dict[str, str]:
    return {item.code: item.verdict for item in flag_of(officer).counter_evidence}


def test_one_act_is_weak_and_three_or_a_decision_are_moderate():
    assert told(relative_firm.judge(night(contacts()))) == {
        "many": "moderate",
        "once": "weak",
        "decided": "moderate",
        "pending": "weak",
        "recused": "weak",
        "half": "weak",
        "small": "weak",
    }


def test_what_is_undeclared_drawn_joined_or_collective_is_not_held_against_anybody():
    quiet = {"later", "drawn", "joined", "together", "old", "tomorrow", "nobody"}
    assert not quiet & set(told(relative_firm.judge(night(contacts()))))


@pytest.mark.parametrize(
    ("officer", "supported"),
    [
        ("many", set()),
        ("once", set()),
        ("half", {"random_draw"}),
        ("small", {"two_person_station"}),
    ],
)
def test_an_explanation_is_supported_where_it_makes_the_hint_weaker(officer, supported):
    found = verdicts(officer)
    assert {code for code, verdict in found.items() if verdict == "supported"} == supported
    assert found["urgent_or_handed_over"] == "unknown"


def test_a_recusal_approved_after_the_act_excuses_nothing_and_is_told():
    flag = flag_of("many")
    assert flag.statistic == 3
    assert "事后才批准回避的2次" in flag.counter_evidence[-1].detail_zh


def test_who_acts_in_spite_of_his_recusal_is_told_as_such_and_may_have_handed_over():
    flag = flag_of("recused")
    assert flag.facts == ("acted_despite_recusal",) and flag_of("once").facts == ("acted_without_recusal",)
    assert "已批准其回避而记录仍列其名1次" in flag.summary_zh and "0 with no recusal" in flag.summary_en
    assert "此前已批准其回避" in flag.evidence[0].note_zh and "无回避" not in flag.evidence[0].note_zh
    assert verdicts("recused")["named_though_handed_over"] == "unknown"
    assert "named_though_handed_over" not in verdicts("many")
    assert "批准回避的0次" in next(
        item.detail_zh for item in flag.counter_evidence if item.code == "urgent_or_handed_over"
    )


def test_a_recused_officer_who_only_joined_is_excused():
    joined = contacts().assign(role=lambda acts: acts["role"].mask(acts["officer_id"] == "recused", "co"))
    assert "recused" not in told(relative_firm.judge(night(joined)))


@pytest.mark.parametrize(
    ("column", "code"), [("has_random_draw", "random_draw"), ("has_collective", "collective_decision")]
)
def test_an_explanation_whose_records_were_not_delivered_is_unknown_and_not_refuted(column, code):
    verdict = {
        given: next(
            item.verdict
            for item in relative_firm.judge(night(contacts(), **{column: given})).flags[0].counter_evidence
            if item.code == code
        )
        for given in (True, False)
    }
    assert verdict == {True: "not_supported", False: "unknown"}


def test_without_a_like_record_for_one_of_them_no_expectation_is_told():
    acts = pd.DataFrame(
        {"record_table": "patrol", "role": "lead", "officer_id": "many", "record_id": ["P01", "P02", "Q9"]}
    )
    seen = night(contacts()).frames["feature.visit_record"]
    alone = seen.head(1).assign(patrol_id="Q9", lead_officer_id="many", visit_kind="recheck")
    row = twin_visits(pd.concat([seen, alone], ignore_index=True), acts).loc["many"]
    assert row["record_count"] == 3 and pd.isna(row["expected_count"])
    zh, en = twin_words("many", twin_visits(pd.concat([seen, alone], ignore_index=True), acts), pd.DataFrame())
    assert "检查3次" in zh and "预期" not in zh and "expect" not in en
    assert twin_visits(seen, acts).loc["many", "expected_count"] == pytest.approx(1.0)


def test_a_draw_that_was_changed_by_hand_sends_nobody():
    assert verdicts("many")["random_draw"] == "not_supported" and flag_of("many").observed == 3


def test_like_visits_and_like_cases_of_others_stand_beside():
    assert "检查3次发现问题0次,他人同类检查预期1.5次" in flag_of("many").summary_zh
    assert "主办已决案件1件,未罚款1件,他人同类案件预期0.3件" in flag_of("decided").summary_zh


def test_no_text_tells_who_the_person_is():
    tied = contacts().assign(relation="shareholder", declared_relation="spouse")
    for flag in relative_firm.judge(night(tied)).flags:
        text = str(dataclasses.asdict(flag))
        assert "spouse" not in text and "shareholder" not in text and "配偶" not in text
    assert not {"relation", "declared_relation"} & set(relative_firm.NEEDS["feature.kin_contact"])


def test_a_fact_known_tomorrow_changes_nothing_tonight():
    without = contacts()[lambda acts: acts["officer_id"] != "tomorrow"]
    now, then = relative_firm.judge(night(contacts())), relative_firm.judge(night(without))
    assert now.flags == then.flags
    pd.testing.assert_frame_equal(now.indicator, then.indicator)
    assert told(relative_firm.judge(night(contacts(), date(2026, 7, 1))))["tomorrow"] == "weak"


def test_a_case_still_open_on_a_past_night_was_no_decision_then():
    past = relative_firm.judge(night(contacts(), date(2026, 4, 30)))
    assert told(past)["decided"] == "weak"


def test_the_indicator_counts_by_night_and_is_empty_where_all_is_explained():
    table = relative_firm.judge(night(contacts())).indicator.set_index(["officer_id", "as_of_on"])
    tonight, before = pd.Timestamp(NIGHT), pd.Timestamp("2025-03-31")
    assert table.loc[("many", tonight), "index"] == 3 and table.loc[("many", tonight), "crosses"]
    assert table.loc[("many", before), "index"] == 0 and not table.loc[("many", before), "crosses"]
    assert table.loc[("nobody", tonight), "index"] == 0
    assert pd.isna(table.loc[("drawn", tonight), "index"]) and pd.isna(table.loc[("drawn", tonight), "crosses"])


@pytest.mark.parametrize("column", ["has_relation", "has_recusal_record"])
def test_without_relations_or_recusals_nothing_can_be_said(column):
    judgement = relative_firm.judge(night(contacts(), **{column: False}))
    assert not judgement.flags and [gap.subject_kind for gap in judgement.not_computable] == ["bureau"]
