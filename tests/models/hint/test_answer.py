"""The answer of a night: who is told, who is not, how surely, and how seldom an honest officer is."""

from dataclasses import replace

import pandas as pd
import pytest

from models import policy
from models.hint.answer import answer
from models.hint.question import Explanation
from models.hint.window import measured
from tests.models.hint.honest_bureau import NIGHT, asked, days_before, night_of, records, with_share

HONEST = records(5)
OWN = HONEST["officer_id"] == "R011"
PLANTED = with_share(HONEST, OWN, 0.75)
FAMILY = "case_dropped"


def judged(frame: pd.DataFrame, moments=(NIGHT,), **changed):
    return answer(night_of(frame, moments), FAMILY, [asked(frame, **changed)])


def told(judgement) -> dict[str, str]:
    return {flag.subject_id: flag.strength for flag in judgement.flags}


def test_one_who_does_so_thrice_as_often_is_told_clearly():
    judgement = judged(PLANTED)
    assert told(judgement) == {"R011": "moderate"}
    flag = judgement.flags[0]
    assert flag.interval_low <= flag.statistic <= flag.interval_high and flag.observed > flag.expected
    assert flag.q_value >= flag.p_value and flag.facts == ("asked",)
    assert len(flag.evidence) == 20 and all(row.table == "patrol" for row in flag.evidence)


def test_a_hint_rests_on_the_kind_of_record_that_its_question_names():
    assert judged(PLANTED, record_kind="visits").flags[0].record_kind == "visits"
    assert judged(PLANTED).flags[0].record_kind is None


def test_where_fewer_are_worse_one_who_hardly_ever_does_is_told_and_one_who_always_does_is_not():
    many = records(5, each=240)
    rare = with_share(many, many["officer_id"] == "R011", 0.02)
    assert told(judged(rare, is_fewer_worse=True)) == {"R011": "moderate"}
    assert not told(judged(PLANTED, is_fewer_worse=True))


def test_q_is_never_below_p():
    three = with_share(HONEST, HONEST["officer_id"].isin(["R003", "R011", "R025"]), 0.6)
    flags = judged(three).flags
    assert len(flags) == 3 and all(flag.q_value >= flag.p_value for flag in flags)


def test_the_order_of_the_records_is_immaterial():
    shuffled = judged(PLANTED.sample(frac=1, random_state=3).reset_index(drop=True))
    assert shuffled.flags == judged(PLANTED).flags


def test_a_record_known_tomorrow_changes_nothing_tonight():
    moments = (NIGHT, days_before(91), days_before(455))
    tomorrow = PLANTED.head(600).assign(
        record_id="T" + PLANTED["record_id"].head(600), known_on=pd.Timestamp(days_before(-1)), is_hit=True
    )
    now, then = judged(PLANTED, moments), judged(pd.concat([PLANTED, tomorrow], ignore_index=True), moments)
    assert now.flags == then.flags
    pd.testing.assert_frame_equal(now.indicator, then.indicator)


def test_too_few_hits_are_no_pattern():
    rare = HONEST.assign(is_hit=False)
    two = rare.index[OWN][:2]
    assert not told(judged(rare.assign(is_hit=rare.index.isin(two))))


def test_an_explanation_that_takes_all_leaves_no_hint_and_an_empty_indicator():
    half = OWN & (HONEST.index % 2 == 0)
    frame = with_share(HONEST, half, 1.0).assign(is_marked=pd.array(half, dtype="boolean"))
    sign = Explanation("sign", "带标记", "marked ones", lambda records: records["is_marked"])
    assert told(judged(frame)) == {"R011": "moderate"}
    judgement = judged(frame, explanations=(sign,))
    assert not judgement.flags
    own = judgement.indicator[judgement.indicator["officer_id"] == "R011"]
    assert own["index"].isna().all() and own["crosses"].isna().all()


def beside(chosen: pd.Series) -> pd.DataFrame:
    """Records of another pattern, of the officers chosen one in two so."""
    other = with_share(records(15), chosen, 0.5, seed=2)
    return other.assign(record_id="B" + other["record_id"])


def test_where_an_explanation_takes_one_pattern_the_other_is_told_and_stays_in_the_indicator():
    half = OWN & (HONEST.index % 2 == 0)
    sign = Explanation("sign", "带标记", "marked ones", lambda records: records["is_marked"])
    explained = asked(
        with_share(HONEST, half, 1.0).assign(is_marked=pd.array(half, dtype="boolean")),
        pattern="explained",
        weight=1e6,
        explanations=(sign,),
    )
    other = beside(records(15)["officer_id"] == "R011")
    moments = (NIGHT, days_before(365))
    judgement = answer(night_of(HONEST, moments), FAMILY, [explained, asked(other, pattern="stands")])
    assert [(flag.subject_id, flag.facts) for flag in judgement.flags] == [("R011", ("stands",))]
    assert "explained (p" in judgement.flags[0].rule_trace and "explained away" in judgement.flags[0].rule_trace
    alone = answer(night_of(HONEST, moments), FAMILY, [asked(other, pattern="stands")]).indicator
    rows, expected = (table[table["officer_id"] == "R011"] for table in (judgement.indicator, alone))
    pd.testing.assert_frame_equal(rows.reset_index(drop=True), expected.reset_index(drop=True))


def test_a_second_pattern_beyond_the_margin_is_named_beside_the_one_that_is_told():
    other = beside(records(15)["officer_id"] == "R011")
    both = answer(night_of(PLANTED), FAMILY, [asked(PLANTED), asked(other, pattern="other")])
    assert [flag.subject_id for flag in both.flags] == ["R011"]
    assert "other patterns beyond the margin: " in both.flags[0].rule_trace
    assert "beyond the margin" not in judged(PLANTED).flags[0].rule_trace


def test_two_years_are_lasting_only_where_each_of_them_crosses():
    new = OWN & (HONEST["known_on"] > pd.Timestamp(days_before(365)))
    frames = {"both": PLANTED, "new": with_share(HONEST, new, 1.0), "old": with_share(HONEST, OWN & ~new, 1.0)}
    lasts = {
        name: measured(asked(frame), NIGHT, policy.on(NIGHT)).lasts("R011", 730, policy.on(NIGHT).flags)
        for name, frame in frames.items()
    }
    assert lasts == {"both": True, "new": False, "old": False}
    year = measured(asked(frames["old"]), NIGHT, policy.on(NIGHT)).lasts("R011", 365, policy.on(NIGHT).flags)
    assert year is True


def test_a_hint_over_two_years_does_not_say_that_another_year_shares_no_record_with_it():
    night = night_of(PLANTED)
    weights = night.policy.flags.model_copy(update={"long_weight": 0.98, "recent_weight": 0.01})
    night = replace(night, policy=night.policy.model_copy(update={"flags": weights}))
    (flag,) = [hint for hint in answer(night, "case_dropped", [asked(PLANTED)]).flags if hint.subject_kind == "officer"]
    assert (flag.window_end_on - flag.window_start_on).days == 729
    assert flag.is_lasting and "其中两年各自亦如此" in flag.summary_zh
    assert flag.summary_en.endswith("as in each of the two years by itself") and "不重叠" not in flag.summary_zh


def test_who_is_alone_at_his_station_is_compared_with_the_bureau_and_told_so():
    alone = PLANTED.assign(unit_id=PLANTED["unit_id"].mask(OWN, "S77"))
    flag = judged(alone).flags[0]
    assert (flag.subject_id, flag.peer_group, flag.peer_count) == ("R011", "bureau", 39)
    assert "与全局39人比较" in flag.summary_zh and "本机构可比" not in flag.summary_zh
    assert flag.peer_median is not None
    assert judged(PLANTED).flags[0].peer_group == "S01" and "本机构可比9人" in judged(PLANTED).flags[0].summary_zh


def test_who_has_too_few_records_is_named_with_their_number():
    few = HONEST[~OWN | (HONEST.index % 20 == 0)].reset_index(drop=True)
    gaps = {gap.subject_id: gap.reason_zh for gap in judged(few).not_computable}
    assert gaps == {"R011": "730天内3次检查,至少需要10", "R999": "730天内0次检查,至少需要10"}


def test_two_patterns_share_the_error_rate_and_give_one_hint():
    plain, other = asked(PLANTED), asked(PLANTED, pattern="other")
    both = answer(night_of(PLANTED), FAMILY, [plain, other])
    assert [flag.subject_id for flag in both.flags] == ["R011"]
    assert both.flags[0].p_value == pytest.approx(min(1, 2 * judged(PLANTED).flags[0].p_value))


def test_the_indicator_has_every_officer_and_night_that_can_be_measured():
    moments = (NIGHT, days_before(182))
    table = judged(PLANTED, moments).indicator
    assert len(table) == 2 * 40 and set(table["as_of_on"]) == {pd.Timestamp(moment) for moment in moments}
    assert table.loc[table["crosses"].fillna(False), "officer_id"].unique().tolist() == ["R011"]


def test_among_three_thousand_honest_officers_two_at_most_are_told_clearly():
    clear = 0
    for seed in range(20):
        frame = records(100 + seed, officers=150, each=40)
        clear += sum(flag.strength != "weak" for flag in judged(frame).flags if flag.subject_kind == "officer")
    assert clear <= 2
