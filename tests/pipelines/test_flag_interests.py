"""Whoever declared a relative behind a merchant of a flag's evidence is named beside it, and the merchant is not."""

import pandas as pd
import pytest

from models import policy
from pipelines.contract import published_tables
from pipelines.flag_interests import INTEREST_TABLES, flag_interests
from pipelines.nights import bound_values
from pipelines.publish import SOURCES
from pipelines.warehouse.build import build
from pipelines.warehouse.frames import write_frame
from pipelines.warehouse.statement import statements
from tests.sql.test_officer_features import TONIGHT, bureau, case, complaint, day, visit

KIN = {"person_hash": "H1", "relation": "spouse", "declared_on": day(400)}
ROWS = {
    "patrol": [visit(1, 50, merchant_id="M1"), visit(2, 40, merchant_id="M2")],
    "penalty": [case(1, 20, merchant_id="M1")],
    "filing": [
        {
            "filing_id": "F1",
            "kind": "visit",
            "officer_id": "R1",
            "merchant_id": "M1",
            "filed_at": day(51),
            "event_at": day(50),
        }
    ],
    "complaint": [complaint(1, 60, merchant_id="M1"), complaint(2, 60, merchant_id="M2")],
    "declared_relative": [{"officer_id": "R3", **KIN}],
    "merchant_relation": [{"merchant_id": "M1", "person_hash": "H1", "relation": "manager"}],
}


@pytest.fixture(scope="module")
def warehouse():
    connection = bureau(ROWS)
    values = bound_values(TONIGHT, policy.on(TONIGHT), is_training=False)
    build(connection, statements()["feature.declared_interest"], values)
    return connection


def interests(warehouse, evidence: list[tuple[str, str]], kind: str = "officer", subject: str = "R1") -> pd.DataFrame:
    flags = pd.DataFrame([{"flag_id": "f1", "family": "retaliation", "subject_kind": kind, "subject_id": subject}])
    behind = pd.DataFrame([("f1", *row) for row in evidence], columns=["flag_id", "table", "record_id"])
    return flag_interests(warehouse, flags, behind)


@pytest.mark.parametrize(
    "record", [("patrol", "V1"), ("penalty", "C1"), ("filing", "F1"), ("complaint", "Q1"), ("merchant", "M1")]
)
def test_a_record_of_a_relatives_firm_names_the_officer_and_not_the_firm(warehouse, record):
    found = interests(warehouse, [record, record])
    assert found.to_dict("list") == {"flag_id": ["f1"], "officer_id": ["R3"]}
    assert write_frame(warehouse, "flag", "flag_interest", found) == 1


def test_the_firm_of_a_pair_counts_without_any_record(warehouse):
    assert interests(warehouse, [], "pair", "R1|M1")["officer_id"].tolist() == ["R3"]


def test_a_record_of_another_firm_and_a_number_of_another_table_name_nobody(warehouse):
    others = [("patrol", "V2"), ("complaint", "Q2"), ("penalty", "V1"), ("officer", "M1"), ("posting", "TR1")]
    assert interests(warehouse, others).empty
    assert interests(warehouse, [], "pair", "R1|M2").empty


def test_a_night_without_flags_names_nobody(warehouse):
    assert flag_interests(warehouse, pd.DataFrame(), pd.DataFrame()).empty


def test_what_is_published_holds_no_merchant_and_the_tables_read_are_made():
    assert published_tables()["flag_interest"].column_names == ("flag_id", "officer_id")
    assert SOURCES["flag_interest"] == "flag.flag_interest"
    assert set(INTEREST_TABLES) <= set(statements())
