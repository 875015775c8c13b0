"""Acts on merchants of declared relatives, and agents: who acted, when, and what was known and approved by then."""

from datetime import date, timedelta

import duckdb
import pytest

from pipelines.warehouse.statement import statements
from tests.sql.test_officer_features import TONIGHT, bureau, case, day, undeliver, visit


def on(days_ago: int) -> date:
    return TONIGHT - timedelta(days=days_ago)


def relative(officer: str = "R1", declared: int = 900, person: str = "p1", **given) -> dict:
    return {
        "officer_id": officer,
        "person_hash": person,
        "relation": "spouse",
        "declared_on": day(declared),
    } | given


def tie(merchant: str = "M1", person: str = "p1", relation: str = "shareholder", **given) -> dict:
    return {"merchant_id": merchant, "person_hash": person, "relation": relation} | given


def contacts(found: duckdb.DuckDBPyConnection, columns: str) -> list[tuple]:
    return found.execute(
        f"select {columns} from feature.kin_contact order by record_table, record_id, officer_id"
    ).fetchall()


def test_lead_and_second_officer_of_a_visit_and_all_four_of_a_case_act_each_on_his_day():
    roles = {"co_officer_id": "R2", "reviewer_officer_id": "R3", "approver_officer_id": "R4"}
    found = bureau(
        {
            "officer": [
                {"officer_id": name, "institution_id": "S1", "employment_kind": "civil_servant"}
                for name in ("R1", "R2", "R3", "R4")
            ],
            "declared_relative": [relative(name) for name in ("R1", "R2", "R3", "R4")],
            "merchant_relation": [tie()],
            "patrol": [visit(1, 60, co_officer_id="R2", entered_at=day(58)), visit(2, 60, merchant_id="M2")],
            "penalty": [case(1, 10, filed_on=day(50), legal_reviewed_on=day(20), **roles)],
        }
    )
    assert contacts(found, "record_id, officer_id, role, acted_on, known_on") == [
        ("V1", "R1", "lead", on(60), on(58)),
        ("V1", "R2", "co", on(60), on(58)),
        ("C1", "R1", "lead", on(50), on(50)),
        ("C1", "R2", "co", on(50), on(50)),
        ("C1", "R3", "reviewer", on(20), on(20)),
        ("C1", "R4", "approver", on(10), on(10)),
    ]


def test_whoever_is_named_for_a_step_not_taken_yet_has_not_acted():
    found = bureau(
        {
            "declared_relative": [relative("R2"), relative("R3")],
            "merchant_relation": [tie()],
            "penalty": [case(1, -5, filed_on=day(50), reviewer_officer_id="R2", approver_officer_id="R3")],
        }
    )
    assert contacts(found, "officer_id") == []


@pytest.mark.parametrize(
    ("tied", "is_met"),
    [
        ({"from_on": day(60)}, True),
        ({"from_on": day(59)}, False),
        ({"to_on": day(59)}, True),
        ({"to_on": day(60)}, False),
        ({"person_hash": "p2"}, False),
    ],
)
def test_the_tie_must_be_in_force_on_the_day_of_the_act(tied, is_met):
    found = bureau({"declared_relative": [relative()], "merchant_relation": [tie(**tied)], "patrol": [visit(1, 60)]})
    assert len(contacts(found, "record_id")) == is_met


@pytest.mark.parametrize(("declared", "is_later", "known"), [(60, False, 60), (59, True, 59), (3, True, 3)])
def test_a_declaration_made_after_the_act_is_told_as_such_and_known_from_then(declared, is_later, known):
    found = bureau(
        {"declared_relative": [relative(declared=declared)], "merchant_relation": [tie()], "patrol": [visit(1, 60)]}
    )
    assert contacts(found, "is_declared_later, known_on") == [(is_later, on(known))]


@pytest.mark.parametrize(("approved", "was_recused"), [(60, True), (59, False)])
def test_a_recusal_counts_if_it_was_approved_by_the_day_of_the_act(approved, was_recused):
    recusal = {"recusal_id": "B1", "officer_id": "R1", "merchant_id": "M1", "approved_on": day(approved)}
    found = bureau(
        {
            "declared_relative": [relative()],
            "merchant_relation": [tie()],
            "patrol": [visit(1, 60)],
            "recusal": [recusal],
        }
    )
    assert contacts(found, "was_recused, recusal_approved_on") == [(was_recused, on(approved))]
    found.execute("delete from raw.recusal")
    undeliver(found, ["recusal.recusal_id"])
    assert contacts(found, "was_recused, recusal_approved_on") == [(None, None)]


def test_several_ties_and_roles_make_one_row_by_the_first_declaration():
    found = bureau(
        {
            "declared_relative": [relative(declared=40), relative(person="p2", declared=800, relation="brother")],
            "merchant_relation": [tie(relation="manager"), tie(person="p2", relation="agent")],
            "penalty": [case(1, 10, filed_on=day(50), approver_officer_id="R1")],
        }
    )
    assert contacts(found, "role, is_declared_later") == [("lead", False)]


def test_no_name_no_digest_and_no_kind_of_tie_of_a_relative_is_kept():
    kept = {column.name for column in statements()["feature.kin_contact"].columns}
    assert not {"person_hash", "name", "relation", "declared_relation"} & kept


def test_an_agent_is_counted_over_all_merchants_that_he_serves():
    found = bureau(
        {
            "merchant_relation": [
                tie("M1", "a1", "agent", from_on=day(90), to_on=day(10)),
                tie("M2", "a1", "agent", from_on=day(80)),
                tie("M2", "a2", "agent", from_on=day(-1)),
                tie("M2", "p1", "manager"),
            ]
        }
    )
    listed = found.execute("select * from feature.merchant_agent order by merchant_id").fetchall()
    assert listed == [("M1", "a1", on(90), on(10), 2), ("M2", "a1", on(80), None, 2)]
