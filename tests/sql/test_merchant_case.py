"""Bad records of a merchant: a visit and the penalty that it led to are one, and only as far as the night knows both."""

from datetime import date, timedelta

import pytest

from models import policy
from models.rule_tier import rule_tiers
from pipelines.warehouse.statement import statements
from tests.sql.test_due_task import TONIGHT, case, day, visit
from tests.sql.test_merchant_duty import night

FEATURES = tuple(table for table in statements() if table.startswith("feature."))
MINOR = {"result": "order_to_correct", "finding_count": 1}
SEVERE = {"result": "case_referred", "finding_count": 1, "severe_finding_count": 1}


def records(as_of: date = TONIGHT, **rows) -> tuple[int, int, str]:
    """Punished cases, those of them that are records of their own, and the tier by rule."""
    found = night(as_of, FEATURES, **rows).execute("select * from feature.merchant where as_of_on = ?", [as_of]).df()
    tier = rule_tiers(found, policy.on(as_of).tiers)["patrol_tier"].iloc[0]
    return found["case_punished_count_730"].iloc[0], found["case_record_count_730"].iloc[0], tier


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ({"patrol": [visit(1, 90, **MINOR), visit(2, 60, **MINOR)], "penalty": [case(1, 5, patrol_id="P2")]}, (1, 0, "B")),
        ({"patrol": [visit(1, 90, **MINOR), visit(2, 60, **MINOR)], "penalty": [case(1, 5)]}, (1, 1, "D")),
        ({"patrol": [visit(1, 90, **SEVERE), visit(2, 60, **MINOR)], "penalty": [case(1, 5)]}, (1, 1, "D")),
        ({"patrol": [visit(1, 90, **SEVERE)], "penalty": [case(1, 5, patrol_id="P1")]}, (1, 0, "B")),
        ({"patrol": [visit(1, 735, **SEVERE)], "penalty": [case(1, 700, patrol_id="P1")]}, (1, 1, "B")),
        ({"patrol": [visit(1, 60)], "penalty": [case(1, 5, patrol_id="P1")]}, (1, 1, "B")),
    ],
    ids=["minor and its own", "minor and another", "severe and another", "severe and its own", "visit too old", "visit clean"],
)  # fmt: skip
def test_a_visit_and_its_penalty_are_one_record_and_an_unrelated_case_is_another(rows, expected):
    assert records(**rows) == expected


def test_a_visit_that_is_entered_later_takes_the_case_over_only_from_then_on():
    rows = {"patrol": [visit(1, 60, entered_at=f"{day(2)} 08:00", **MINOR)], "penalty": [case(1, 5, patrol_id="P1")]}
    assert [records(TONIGHT - timedelta(days=days), **rows)[1] for days in (3, 2)] == [1, 0]
