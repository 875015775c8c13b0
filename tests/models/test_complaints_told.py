"""What a hint about complaints may tell: enough to look, nothing that leads to who complained."""

import re

import pytest

from models.complaint_cell import share_words
from models.complaint_record import CHANNEL_GROUPS, KINDS, OUTCOMES
from pipelines.contract import delivered_tables
from tests.models.test_complaints import LOUD, ORDINARY, complaint_records, judged


def test_a_note_tells_a_quarter_and_never_a_day_a_matter_or_a_single_channel():
    (flag,) = judged(complaint_records(ORDINARY | {LOUD: 24})).flags
    for item in flag.evidence:
        assert re.fullmatch(r"202[56]年第[1-4]季度接收,服务评价,来自热线,结果办理中", item.note_zh)
        assert "delay" not in item.note_en and "12345" not in item.note_en


def test_kinds_outcomes_and_channels_of_a_note_are_those_of_the_contract():
    table = delivered_tables()["complaint"]
    kinds = table.column("kind").values
    assert {code: zh for code, (zh, _) in KINDS.items()} == {code: kinds[code] for code in KINDS}
    outcomes = table.column("outcome").values
    assert {code: zh for code, (zh, _) in OUTCOMES.items()} == {code: outcomes[code] for code in OUTCOMES}
    assert set(CHANNEL_GROUPS) == set(table.column("channel").values)


def test_no_sentence_tells_a_number_of_complaints_below_five():
    records = complaint_records(ORDINARY | {LOUD: 24})
    own = records.index[records["officer_id"] == LOUD]
    records.loc[own[:3], ["was_penalised_before", "follows_special_visit"]] = True
    records.loc[own[:7], "outcome"] = ["upheld", *["not_upheld"] * 6]
    records.loc[records["officer_id"] == "R05", "outcome"] = "upheld"
    (flag,) = judged(records).flags
    said = {item.code: item.detail_zh for item in flag.counter_evidence}
    assert "本人不足5件" in said["penalised_merchants"] and "本人不足5件" in said["campaign"]
    assert "已核7件中属实不足5件" in said["not_upheld_on_verification"]
    assert "14%" not in said["not_upheld_on_verification"]


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [(0, 20, "0%"), (4, 20, "不足5件"), (5, 20, "25%"), (16, 20, "除不足5件外的全部"), (20, 20, "100%"), (0, 0, "0%")],
)
def test_a_share_is_told_where_neither_it_nor_the_rest_is_a_small_cell(part, whole, told):
    assert share_words(part, whole)[0] == told
