"""A habit that a station shares is the station's: it lights up, and those who work there do not."""

import pandas as pd

from models import policy
from models.hint.answer import answer
from models.hint.institution import institution_hints
from models.hint.unit_answer import of_units, unit_answer
from models.hint.window import measured
from tests.models.hint.honest_bureau import NIGHT, asked, night_of, records, with_share

POLICY = policy.on(NIGHT)
HONEST = records(6, officers=80, each=60)
STATION = HONEST["unit_id"] == "S03"
HABIT = with_share(HONEST, STATION, 0.6)


def hints(frame: pd.DataFrame, **changed):
    return institution_hints(measured(asked(frame, **changed), NIGHT, POLICY), NIGHT, POLICY)


def test_a_habit_of_a_station_lights_up_the_station_and_none_of_its_officers():
    flags = answer(night_of(HABIT), "case_dropped", [asked(HABIT)]).flags
    assert [(flag.subject_kind, flag.subject_id) for flag in flags] == [("institution", "S03")]
    flag = flags[0]
    assert 1.5 < flag.interval_low <= flag.statistic <= flag.interval_high and flag.q_value >= flag.p_value
    assert "不指向个人" in flag.summary_zh
    assert {row.record_id for row in flag.evidence} <= set(HABIT.loc[STATION & HABIT["is_hit"], "record_id"])


def test_honest_stations_that_differ_a_little_are_not_told():
    assert sum(len(hints(records(seed, officers=80))) for seed in range(5)) <= 1


def test_the_habit_of_one_officer_is_not_his_station_s():
    one = with_share(HONEST, HONEST["officer_id"] == "R035", 0.9)
    flags = answer(night_of(one), "case_dropped", [asked(one)]).flags
    assert [(flag.subject_kind, flag.subject_id) for flag in flags] == [("officer", "R035")]


def test_three_stations_are_too_few_to_compare():
    three = HABIT[HABIT["unit_id"].isin(["S01", "S02", "S03"])].reset_index(drop=True)
    assert not hints(three)


def test_where_fewer_are_worse_a_strict_station_is_not_told_and_a_lax_one_is():
    assert not hints(HABIT, is_fewer_worse=True)
    lax = with_share(HONEST, STATION, 0.03)
    assert [flag.subject_id for flag in hints(lax, is_fewer_worse=True)] == ["S03"]


def test_institutions_asked_as_one_each_are_told_like_officers():
    flags, missing = unit_answer(night_of(HABIT), "case_dropped", [asked(of_units(HABIT))], ["S03", "S99"])
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
