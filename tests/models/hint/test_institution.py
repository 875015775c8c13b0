"""A habit that a station shares is the station's: it lights up, and those who work there do not."""

import pandas as pd
import pytest

from models import policy
from models.flags import CounterEvidence
from models.hint.answer import answer
from models.hint.institution import institution_hints
from models.hint.unit_answer import _of_institution, of_units, unit_answer
from models.hint.window import measured
from tests.models.hint.honest_bureau import NIGHT, asked, days_before, night_of, records, with_share

POLICY = policy.on(NIGHT)
HONEST = records(6, officers=80, each=60)
STATION = HONEST["unit_id"] == "S03"
HABIT = with_share(HONEST, STATION, 0.6)
ALIKE = records(6, officers=80, each=60, station_spread=0.0, officer_spread=0.1)
ONE_STATION = with_share(ALIKE, STATION, 0.6)
"""Stations alike but for one: with eight of them there is no telling another that is odd by birth from a habit."""


def hints(frame: pd.DataFrame, **changed):
    return institution_hints([measured(asked(frame, **changed), NIGHT, POLICY)], NIGHT, POLICY)


def test_a_habit_of_a_station_lights_up_the_station_and_none_of_its_officers():
    flags = answer(night_of(HABIT), "case_dropped", [asked(HABIT)]).flags
    assert [(flag.subject_kind, flag.subject_id) for flag in flags] == [("institution", "S03")]
    flag = flags[0]
    assert 1.5 < flag.interval_low <= flag.statistic <= flag.interval_high and flag.q_value >= flag.p_value
    assert "不指向个人" in flag.summary_zh
    assert {row.record_id for row in flag.evidence} <= set(HABIT.loc[STATION & HABIT["is_hit"], "record_id"])


def test_in_a_station_that_is_told_one_officer_s_hint_must_be_clear_and_lasting():
    """A station-wide habit must not light up those who do a little more of it."""
    known = pd.to_datetime(HONEST["known_on"])
    is_recent = known > pd.Timestamp(days_before(365))
    lately = with_share(HABIT, (HABIT["officer_id"] == "R031") & is_recent, 0.97)
    always = with_share(HABIT, HABIT["officer_id"] == "R031", 0.97)
    found = [
        {
            flag.subject_id: (flag.strength, flag.is_lasting)
            for flag in answer(night_of(frame), "case_dropped", [asked(frame)]).flags
        }
        for frame in (lately, always)
    ]
    assert all("S03" in flags for flags in found)
    assert [flags["R031"] for flags in found] == [("weak", False), ("moderate", True)]


def test_honest_stations_that_differ_a_little_are_not_told():
    assert sum(len(hints(records(seed, officers=80))) for seed in range(5)) <= 1


def test_the_habit_of_one_officer_is_not_his_station_s():
    one = with_share(HONEST, HONEST["officer_id"] == "R035", 0.9)
    flags = answer(night_of(one), "case_dropped", [asked(one)]).flags
    assert [(flag.subject_kind, flag.subject_id) for flag in flags] == [("officer", "R035")]


def test_two_patterns_of_a_family_are_tested_together_and_share_what_it_may_spend():
    one = measured(asked(ONE_STATION), NIGHT, POLICY)
    other = measured(asked(ALIKE, pattern="other"), NIGHT, POLICY)
    alone, both = institution_hints([one], NIGHT, POLICY), institution_hints([one, other], NIGHT, POLICY)
    assert [flag.facts[0] for flag in both] == ["asked"]
    assert both[0].q_value == pytest.approx(2 * alone[0].q_value)
    assert institution_hints([one], NIGHT, POLICY, share=0.5)[0].q_value == pytest.approx(2 * alone[0].q_value)


def test_a_habit_that_is_gone_without_one_officer_is_no_hint_about_his_station():
    """Two who speak for a station, of whom one does it nearly always: what they share is his."""
    few = HONEST[~STATION | HONEST["officer_id"].isin(["R030", "R031"])].reset_index(drop=True)
    one = with_share(few, few["officer_id"] == "R031", 1.0)
    both = with_share(few, few["officer_id"].isin(["R030", "R031"]), 0.9)
    assert "S03" not in {flag.subject_id for flag in hints(one)}
    assert all(item.verdict != "supported" for flag in hints(both) for item in flag.counter_evidence)


def test_three_stations_are_too_few_to_compare():
    three = HABIT[HABIT["unit_id"].isin(["S01", "S02", "S03"])].reset_index(drop=True)
    assert not hints(three)


def test_where_fewer_are_worse_a_strict_station_is_not_told_and_a_lax_one_is():
    assert not hints(HABIT, is_fewer_worse=True)
    lax = with_share(HONEST, STATION, 0.03)
    assert [flag.subject_id for flag in hints(lax, is_fewer_worse=True)] == ["S03"]


def test_institutions_asked_as_one_each_are_told_like_officers():
    frame = of_units(ONE_STATION)
    flags, missing = unit_answer(night_of(ONE_STATION), "case_dropped", [asked(frame)], ["S03", "S99"])
    assert [(flag.subject_kind, flag.subject_id, flag.strength) for flag in flags] == [
        ("institution", "S03", "moderate")
    ]
    assert [gap.subject_id for gap in missing] == ["S99"]
    assert "station_practice" not in {item.code for item in flags[0].counter_evidence}
    assert all("他人" not in item.detail_zh for item in flags[0].counter_evidence)


def test_honest_institutions_asked_as_one_each_are_not_told():
    flags = [
        flag
        for seed in range(5)
        for frame in [records(seed, officers=120, each=20)]
        for flag in unit_answer(night_of(frame), "case_dropped", [asked(of_units(frame))], [])[0]
    ]
    assert not [flag for flag in flags if flag.strength != "weak"]


def test_three_institutions_asked_as_one_each_cannot_be_compared():
    three = HABIT[HABIT["unit_id"].isin(["S01", "S02", "S03"])].reset_index(drop=True)
    flags, missing = unit_answer(night_of(three), "case_dropped", [asked(of_units(three))], [])
    assert not flags and missing[0].subject_kind == "bureau"


def test_a_record_known_tomorrow_changes_nothing_tonight_about_institutions():
    tomorrow = HABIT.head(600).assign(
        record_id="T" + HABIT["record_id"].head(600), known_on=pd.Timestamp(days_before(-1)), is_hit=True, unit_id="S77"
    )
    later = pd.concat([HABIT, tomorrow], ignore_index=True)
    now, then = (
        unit_answer(night_of(HABIT), "case_dropped", [asked(of_units(frame))], ["S03", "S77"])
        for frame in (HABIT, later)
    )
    assert now == then


def test_words_about_an_officer_become_words_about_an_institution_and_no_others_change():
    item = CounterEvidence("code", "supported", "他人占一成", "this is 10 % of his records", 2.0, 0.7)
    said = _of_institution(item)
    assert (said.detail_zh, said.detail_en) == ("其他机构占一成", "this is 10 % of its records")
    assert (said.score_without, said.log_odds_left) == (2.0, 0.7)
