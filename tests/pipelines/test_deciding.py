"""Conclusions reach the judgements of a night through core: a day of knowledge for every record behind a hint."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from models import policy
from models.flags import Evidence, Judgement
from pipelines.deciding import KNOWN_BY, decided, decisions_of
from pipelines.warehouse.statement import statements
from tests.models.test_strength import FLAG
from tests.sql.test_officer_features import TONIGHT, bureau, case, day

RULES = policy.on(TONIGHT)


def decision(number: int, days_ago: int, outcome: str = "exonerated", **changes) -> dict:
    return {
        "decision_id": f"D{number}",
        "flag_key": FLAG.flag_key,
        "subject_kind": "officer",
        "subject_id": FLAG.subject_id,
        "family": FLAG.family,
        "outcome": outcome,
        "decided_at": day(days_ago) + " 09:00:00",
        "reviewer_hash": "r" * 16,
    } | changes


def raised(*numbers: int, table: str = "penalty"):
    evidence = tuple(Evidence(table, f"C{number}", 1.0, "件", "case") for number in numbers)
    return replace(FLAG, evidence=evidence)


def standing(decisions: list[dict], hint, as_of: date = TONIGHT) -> tuple:
    """The hints that are left of one, on a bureau whose case C<n> became known n days ago."""
    connection = bureau({"decision": decisions, "penalty": [case(number, number) for number in (5, 15, 200)]}, as_of)
    return decided(connection, {"leniency": Judgement((hint,))}, as_of, RULES)["leniency"].flags


def test_a_hint_is_silent_by_records_known_before_the_conclusion_and_comes_back_by_later_ones():
    old, new = raised(200), raised(5, 15)
    assert standing([decision(1, 100)], old) == ()
    assert standing([decision(1, 100)], new) == (new,)


def test_a_conclusion_of_tomorrow_is_not_known_tonight():
    assert standing([decision(1, 0)], raised(200), TONIGHT - timedelta(days=1)) == (raised(200),)


def test_a_conclusion_that_another_corrects_counts_for_nothing():
    corrected = [decision(1, 100), decision(2, 90, "needs_information", supersedes="D1")]
    assert standing(corrected, raised(200)) == (raised(200),)


def test_of_two_conclusions_of_one_day_the_later_counts():
    withdrawn = decision(1, 100, "needs_information", decided_at=day(100) + " 17:00:00")
    assert standing([withdrawn, decision(2, 100)], raised(200)) == (raised(200),)


def test_a_record_of_a_table_without_a_day_of_knowledge_is_not_new():
    assert standing([decision(1, 100)], raised(5, table="measure")) == ()


@pytest.mark.parametrize(("days_ago", "is_back"), [(5, True), (200, False)])
def test_items_and_self_checks_are_known_from_their_closing_and_their_report(days_ago, is_back):
    item = {
        "item_id": "C1", "institution_id": "S1", "problem": "p", "due_on": day(300), "status": "done",
        "closed_on": day(days_ago),
    }  # fmt: skip
    check = {"institution_id": "S1", "month": "2025-10", "reported_on": day(days_ago), "problem_count": 0}
    connection = bureau({"decision": [decision(1, 100)], "rectification": [item], "self_check": [check]})
    closed = raised(1, table="rectification")
    told = replace(FLAG, evidence=(Evidence("self_check", "S1|2025-10", 1.0, "月", "month"),))
    for hint in (closed, told):
        found = decided(connection, {"leniency": Judgement((hint,))}, TONIGHT, RULES)["leniency"].flags
        assert found == ((hint,) if is_back else ())


def test_without_a_conclusion_every_hint_stands_as_it_was():
    assert standing([], raised(200)) == (raised(200),)
    assert decisions_of(bureau({})).empty


@pytest.mark.parametrize("table", sorted(KNOWN_BY))
def test_every_table_that_evidence_may_name_has_its_key_and_a_day_in_core(table):
    statement = statements()[f"core.{table}"]
    key, known_on = KNOWN_BY[table]
    names = {column.name for column in statement.columns}
    assert key.split(" || '|' || ") == list(statement.grain)
    assert any(word.strip() in names for word in known_on.removeprefix("coalesce(").rstrip(")").split(","))
