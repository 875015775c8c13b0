"""The tier by rule: each sentence of the seed and each of its gaps, as decided; D before C before B before A.

The sentences are those of 辖区监管责任制方案 as DOMAIN.md 1.1 (#1 to #8) and 1.9 (#2 to #4) read them.
"""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import policy
from models.rule_tier import RULES, rule_tiers

TIERS = policy.on(date(2026, 6, 30)).tiers

CLEAN = {
    "kind": "company",
    "status": "active",
    "is_key_industry": False,
    "age_days": 3285,
    "minor_record_count_730": 0,
    "severe_record_count_730": 0,
    "case_punished_count_730": 0,
    "case_record_count_730": 0,
    "annual_report_failed_count_730": 0,
    "complaint_upheld_count_90": 0,
    "recheck_failed_count_730": 0,
}


def tier_of(in_force=TIERS, **facts) -> tuple[str, str]:
    row = rule_tiers(pd.DataFrame([{**CLEAN, **facts}]), in_force).iloc[0]
    return row["patrol_tier"], row["patrol_tier_rule"]


RULE_A = "近两年内无任何不良行为记录,年检、验照均为合格"
RULE_B = "近两年内有轻微违反不良行为记录"
RULE_C = "食品、药品、农资、易燃易爆、网吧、娱乐、涉安涉危,有不良行为记录"
RULE_D_UNLICENSED = "无证无照"
RULE_D_CLOSED = "责令停业或吊销"
RULE_D_COMPLAINTS = "投诉比较集中,不服管理"
RULE_D_REPEATED = "有_次以上不良行为记录"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param({}, ("A", "clean"), id=f"a类:{RULE_A}"),
        pytest.param({"minor_record_count_730": 1}, ("B", "minor_record"), id=f"b类:{RULE_B}"),
        pytest.param(
            {"is_key_industry": True, "minor_record_count_730": 1}, ("C", "key_industry_record"), id=f"c类:{RULE_C}"
        ),
        pytest.param({"kind": "unlicensed"}, ("D", "unlicensed"), id=f"d类:{RULE_D_UNLICENSED}(类型)"),
        pytest.param({"status": "unlicensed"}, ("D", "unlicensed"), id=f"d类:{RULE_D_UNLICENSED}(状态)"),
        pytest.param({"status": "suspended"}, ("D", "closed_by_order"), id=f"d类:{RULE_D_CLOSED}(停业)"),
        pytest.param({"status": "revoked"}, ("D", "closed_by_order"), id=f"d类:{RULE_D_CLOSED}(吊销)"),
        pytest.param(
            {"complaint_upheld_count_90": 3, "recheck_failed_count_730": 1},
            ("D", "complaints_and_refusal"),
            id=f"d类:{RULE_D_COMPLAINTS}",
        ),
        pytest.param({"minor_record_count_730": 3}, ("D", "repeated_records"), id=f"d类:{RULE_D_REPEATED}"),
    ],
)
def test_each_sentence_of_the_seed_gives_its_tier_and_names_its_rule(facts, expected):
    assert tier_of(**facts) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param({"is_key_industry": True}, ("A", "clean"), id="重点行业而无不良行为记录:A"),
        pytest.param({"severe_record_count_730": 1}, ("B", "severe_record"), id="非重点行业有较重记录、未达次数:B"),
        pytest.param(
            {"case_punished_count_730": 2, "case_record_count_730": 2},
            ("B", "severe_record"),
            id="非重点行业有处罚、未达次数:B",
        ),
        pytest.param({"annual_report_failed_count_730": 1}, ("B", "annual_report"), id="无记录而年报逾期或未报:B"),
        pytest.param({"age_days": 729}, ("B", "young"), id="成立不满两年:暂列B"),
        pytest.param({"age_days": 730}, ("A", "clean"), id="成立恰满两年:A"),
        pytest.param(
            {"age_days": 300, "is_key_industry": True}, ("B", "young"), id="重点行业、无记录、成立不满两年:暂列B"
        ),
        pytest.param({"complaint_upheld_count_90": 3}, ("A", "clean"), id="投诉集中而服从管理:不列D"),
        pytest.param({"recheck_failed_count_730": 1}, ("A", "clean"), id="不服管理而投诉不集中:不列D"),
        pytest.param(
            {"severe_record_count_730": 2, "case_punished_count_730": 2},
            ("B", "severe_record"),
            id="检查与由其引起的处罚只算一次记录",
        ),
        pytest.param(
            {"minor_record_count_730": 2, "case_punished_count_730": 1},
            ("B", "severe_record"),
            id="轻微记录引起的处罚也不另计一次",
        ),
        pytest.param(
            {"severe_record_count_730": 2, "case_punished_count_730": 1, "case_record_count_730": 1},
            ("D", "repeated_records"),
            id="与检查无关的处罚另计一次",
        ),
    ],
)
def test_each_gap_of_the_seed_is_decided_as_written(facts, expected):
    assert tier_of(**facts) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param({"annual_report_failed_count_730": None}, ("A", "clean_but_for_reports"), id="年报未交付"),
        pytest.param(
            {"complaint_upheld_count_90": None, "recheck_failed_count_730": 1}, ("A", "clean"), id="投诉结果未交付"
        ),
        pytest.param(
            {"case_punished_count_730": None, "case_record_count_730": None, "minor_record_count_730": 1},
            ("B", "minor_record"),
            id="案件未交付",
        ),
    ],
)
def test_a_limb_whose_facts_were_not_delivered_does_not_hold_and_the_rule_says_so(facts, expected):
    assert tier_of(**facts) == expected


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"kind": "unlicensed", "is_key_industry": True, "minor_record_count_730": 1}, "unlicensed"),
        ({"is_key_industry": True, "minor_record_count_730": 3}, "repeated_records"),
        ({"is_key_industry": True, "minor_record_count_730": 1, "age_days": 90}, "key_industry_record"),
        ({"minor_record_count_730": 1, "annual_report_failed_count_730": 1, "age_days": 90}, "minor_record"),
    ],
    ids=["D先于C", "多次记录先于重点行业", "C先于B", "记录先于年报与年限"],
)
def test_the_worse_tier_goes_first_where_several_rules_hold(facts, rule):
    assert tier_of(**facts) == (RULES[rule][0], rule)


def test_rules_stand_in_order_of_precedence_and_are_told_in_both_languages():
    letters = [tier for tier, _, _ in RULES.values()]
    assert letters == sorted(letters, reverse=True)
    row = rule_tiers(pd.DataFrame([{**CLEAN, "minor_record_count_730": 3}]), TIERS).iloc[0]
    assert (row["patrol_tier_reason_zh"], row["patrol_tier_reason_en"]) == ("多次不良行为记录", "repeated bad records")


@pytest.mark.parametrize(
    ("changes", "facts", "expected"),
    [
        ({"d_record_threshold": 5}, {"minor_record_count_730": 4}, ("B", "minor_record")),
        ({"d_refusal_count": 2}, {"complaint_upheld_count_90": 3, "recheck_failed_count_730": 1}, ("A", "clean")),
        (
            {"d_complaint_upheld_count": 1, "d_refusal_count": 0},
            {"complaint_upheld_count_90": 1},
            ("D", "complaints_and_refusal"),
        ),
        ({"young_merchant_days": 365}, {"age_days": 400}, ("A", "clean")),
    ],
)
def test_numbers_that_the_seed_leaves_blank_are_the_policys(changes, facts, expected):
    assert tier_of(TIERS.model_copy(update=changes), **facts) == expected


@given(
    st.integers(0, 6),
    st.integers(0, 6),
    st.booleans(),
    st.sampled_from(["minor_record_count_730", "severe_record_count_730", "annual_report_failed_count_730"]),
)
def test_one_more_bad_record_never_makes_the_tier_better(minor, severe, is_key, column):
    facts = {"minor_record_count_730": minor, "severe_record_count_730": severe, "is_key_industry": is_key}
    worse = {**facts, column: facts.get(column, 0) + 1}
    assert tier_of(**worse)[0] >= tier_of(**facts)[0]


@settings(max_examples=30)
@given(st.lists(st.integers(0, 4), min_size=2, max_size=8), st.integers(0, 2**32 - 1))
def test_nothing_but_a_merchants_own_records_moves_its_tier(records, seed):
    """Needs no damping: what neighbours do and what the model thinks, which change nightly, are no part of the rule."""
    frame = pd.DataFrame([{**CLEAN, "minor_record_count_730": count} for count in records])
    random = np.random.default_rng(seed)
    noisy = frame.assign(
        probability=random.random(len(frame)),
        grid_severe_visit_share_365=random.random(len(frame)),
        days_since_visit=random.integers(0, 900, len(frame)),
    )
    expected = rule_tiers(frame, TIERS)
    pd.testing.assert_frame_equal(rule_tiers(noisy, TIERS), expected)
    pd.testing.assert_frame_equal(rule_tiers(noisy.iloc[[1]], TIERS), expected.iloc[[1]])
