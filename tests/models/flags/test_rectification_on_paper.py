"""Rectification lists: which institution and which owner close on paper, and what explains it."""

from datetime import date, timedelta

import pandas as pd
import pytest

from models import policy
from models.flags import Night, rectification_on_paper
from models.rectification_item import closed_items

NIGHT = date(2026, 6, 30)
STATIONS = [f"S{number}" for number in range(8)]
EACH = 24
PROBLEMS = ("台账不全", "回访不及时", "文书不规范", "台账不清", "超期")


def items() -> pd.DataFrame:
    """Twenty-four items of every station over two years: one in twelve without evidence, none closed by its owner."""
    rows = []
    for place, unit in enumerate(STATIONS):
        for number in range(EACH):
            due = pd.Timestamp(NIGHT) - timedelta(days=700 - 29 * number)
            rows.append(
                {
                    "item_id": f"{unit}-{number:02d}",
                    "institution_id": unit,
                    "problem": PROBLEMS[number % len(PROBLEMS)],
                    "measure": "补齐",
                    "owner_officer_id": f"{unit}-owner{number % 2}",
                    "due_on": due,
                    "status": "done",
                    "closed_on": due - timedelta(days=5),
                    "closed_by": f"{unit}-head",
                    "evidence_ref": None if (number + place) % 12 == 0 else f"E{number}",
                }
            )
    return pd.DataFrame(rows)


def night(listed: pd.DataFrame, as_of: date = NIGHT, small: str = "", **delivered) -> Night:
    serving = [(f"{unit}-{who}", unit, post) for unit in STATIONS
               for who, post in (("head", "station_head"), ("owner0", "patrol"), ("owner1", "patrol"))]  # fmt: skip
    spine = pd.DataFrame(serving, columns=["officer_id", "unit_id", "post"])
    spine = spine.assign(as_of_on=pd.Timestamp(as_of), station_officer_count=9)
    spine["station_officer_count"] = spine["station_officer_count"].mask(spine["unit_id"] == small, 2)
    frames = {
        "core.delivery": pd.DataFrame([{"has_rectification": True, **delivered}]),
        "core.institution": pd.DataFrame({"institution_id": STATIONS, "kind": "station"}),
        "core.rectification": listed,
        "feature.officer": spine,
        "feature.officer_unit": pd.DataFrame({"institution_id": [], "successor_id": []}, dtype=object),
    }
    return Night(as_of, policy.on(as_of), frames)


def judged(listed: pd.DataFrame, **kwargs):
    return rectification_on_paper.judge(night(listed, **kwargs))


def told(judgement) -> dict[str, tuple[str, str]]:
    return {flag.subject_id: (flag.facts[0], flag.strength) for flag in judgement.flags}


def verdict(flag, code: str) -> str:
    return next(item.verdict for item in flag.counter_evidence if item.code == code)


def changed(listed: pd.DataFrame, unit: str, **values) -> pd.DataFrame:
    own = listed["institution_id"] == unit
    return listed.assign(**{name: listed[name].mask(own, value) for name, value in values.items()})


def test_a_station_that_closes_without_evidence_is_told_and_none_of_its_owners():
    judgement = judged(changed(items(), "S3", evidence_ref=None))
    assert told(judgement) == {"S3": ("no_evidence", "moderate")}
    flag = judgement.flags[0]
    assert flag.subject_kind == "institution" and verdict(flag, "evidence_elsewhere") == "unknown"
    assert verdict(flag, "done_at_once") == "not_supported"


def test_what_two_owners_share_is_the_station_s_and_not_theirs():
    listed = items()
    half = listed.assign(
        evidence_ref=listed["evidence_ref"].mask((listed["institution_id"] == "S3") & (listed.index % 4 < 2))
    )
    judgement = judged(half)
    assert [flag.subject_kind for flag in judgement.flags] == ["institution"]
    assert not judgement.indicator["crosses"].fillna(False).any()


def test_honest_stations_are_not_told():
    assert not judged(items()).flags


def test_a_habit_of_the_whole_bureau_lights_up_nobody():
    every = items()
    assert not judged(every.assign(evidence_ref=every["evidence_ref"].where(every.index % 5 == 0))).flags


def test_items_closed_by_their_owner_are_told_and_of_one_owner_only_as_his():
    listed = items()
    whole = judged(changed(listed, "S2", closed_by=listed["owner_officer_id"]))
    assert told(whole)["S2"] == ("closed_by_owner", "moderate")
    one = listed["owner_officer_id"] == "S2-owner1"
    alone = told(judged(listed.assign(closed_by=listed["closed_by"].mask(one, "S2-owner1"))))
    assert alone["S2-owner1"] == ("closed_by_owner", "moderate") and "S2-owner0" not in alone


def test_a_head_and_a_station_of_two_have_nobody_else_to_close_their_items():
    listed = items()
    own = changed(listed, "S2", closed_by=listed["owner_officer_id"])
    assert "S2" not in told(judged(own, small="S2"))
    heads = changed(listed, "S2", owner_officer_id="S2-head", closed_by="S2-head")
    assert not judged(heads).flags


def test_the_same_problem_again_within_ninety_days_is_told():
    assert told(judged(changed(items(), "S4", problem="台账不全")))["S4"][0] == "again"


def test_small_items_done_at_once_explain_missing_evidence_where_only_they_lack_it():
    listed = items()
    own, at_once = listed["institution_id"] == "S3", listed.index % 4 < 2
    plain = listed.assign(evidence_ref=listed["evidence_ref"].mask(own, "E"))
    both = plain.assign(
        status=plain["status"].mask(own & at_once, "done_at_once"),
        evidence_ref=plain["evidence_ref"].mask(own & at_once),
    )
    assert not judged(both).flags
    kept = plain.assign(evidence_ref=plain["evidence_ref"].mask(own & at_once))
    assert "S3" in told(judged(kept))


def test_another_measure_the_second_time_explains_a_problem_that_comes_again():
    listed = changed(items(), "S4", problem="台账不全")
    steps = listed.assign(measure=[f"步骤{number}" for number in range(len(listed))])
    flags = [flag for flag in judged(steps).flags if flag.subject_id == "S4"]
    assert not [
        flag for flag in flags if flag.strength == "moderate" and verdict(flag, "partial_closure") == "supported"
    ]
    assert flags == [] or verdict(flags[0], "partial_closure") != "not_supported"


def test_by_hand_which_items_come_again_and_when_that_is_settled():
    listed = items().query("institution_id == 'S0'").head(4).assign(problem=["a", "a", "a", "b"])
    listed.loc[2, ["status", "closed_on"]] = ["open", pd.NaT]
    listed.loc[3, ["status", "closed_on"]] = ["reopened", pd.NaT]
    serving = night(listed).frames["feature.officer"]
    found = closed_items(listed, {}, serving, policy.on(NIGHT).flags).set_index("item_id")
    assert found["is_again"].to_dict() == {"S0-00": True, "S0-01": True, "S0-03": True}
    assert found.loc["S0-00", "again_known_on"] == listed.loc[0, "closed_on"] + timedelta(days=90)
    assert found.loc["S0-03", "again_known_on"] == listed.loc[3, "due_on"]


def test_an_item_closed_tomorrow_changes_nothing_tonight():
    listed = changed(items(), "S3", evidence_ref=None)
    tomorrow = listed.tail(1).assign(
        item_id="Z", closed_on=pd.Timestamp(NIGHT) + timedelta(days=1), due_on=pd.Timestamp(NIGHT) + timedelta(days=300)
    )
    assert judged(pd.concat([listed, tomorrow], ignore_index=True)).flags == judged(listed).flags


def test_the_order_of_the_rows_is_immaterial():
    listed = changed(items(), "S3", evidence_ref=None)
    assert judged(listed.sample(frac=1, random_state=3)).flags == judged(listed).flags


def test_no_text_names_an_owner():
    for flag in judged(changed(items(), "S3", evidence_ref=None)).flags:
        assert "owner0" not in str((flag.summary_zh, flag.evidence, flag.counter_evidence))


@pytest.mark.parametrize(
    ("column", "pattern"), [("evidence_ref", "佐证"), ("closed_by", "责任人"), ("owner_officer_id", "责任人")]
)
def test_a_column_not_delivered_makes_its_pattern_not_computable_and_no_other(column, pattern):
    judgement = judged(changed(items().assign(**{column: None}), "S4", problem="台账不全"))
    assert [gap.reason_zh for gap in judgement.not_computable if gap.subject_kind == "bureau"][0].startswith(
        "整改事项未载" + pattern
    )
    assert told(judgement)["S4"][0] == "again"


def test_without_a_list_nothing_can_be_said_and_few_items_are_too_few():
    assert [gap.subject_kind for gap in judged(items(), has_rectification=False).not_computable] == ["bureau"]
    listed = items()
    few = judged(listed[(listed["institution_id"] != "S7") | (listed.index % EACH < 3)])
    assert "S7" in [gap.subject_id for gap in few.not_computable if gap.subject_kind == "institution"]
