"""What of the lists cannot be told is told, list by list, with its reason."""

import pytest

from models.list_gap import NEEDED, list_gaps
from pipelines.contract import published_tables
from pipelines.warehouse.statement import statements

EVERYTHING = dict.fromkeys(NEEDED, True)


def test_where_everything_was_delivered_nothing_is_missing():
    assert list_gaps(EVERYTHING) == []


def test_without_stages_of_unlicensed_operation_register_and_bulletin_say_so():
    told = {gap.family: gap for gap in list_gaps({**EVERYTHING, "has_unlicensed_event": False})}
    assert set(told) == {"unlicensed_register.stage", "unlicensed_register.is_repeat_refuser", "unlicensed_bulletin"}
    assert "lists the merchants alone" in told["unlicensed_bulletin"].reason_en


@pytest.mark.parametrize("question", NEEDED)
def test_each_reason_is_of_a_column_that_is_published_and_of_a_question_that_the_delivery_answers(question):
    gaps = list_gaps({**EVERYTHING, question: False})
    assert gaps and statements()["core.delivery"].column(question).unit == "boolean"
    for gap in gaps:
        table, _, column = gap.family.partition(".")
        assert not column or published_tables()[table].column(column)
        assert gap.reason_zh and gap.reason_en
