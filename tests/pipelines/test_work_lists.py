"""The lists that need tonight's plan, from a warehouse by hand: who is planned for whom, and what cannot be told."""

import pandas as pd
import pytest

from models import policy
from pipelines.warehouse.frames import write_frame
from pipelines.work_lists import WITH_PLAN, gaps_of_lists, lists_tonight
from tests.sql.one_night import TONIGHT, warehouse
from tests.sql.test_due_task import merchant, visit

PLAN = """
create schema plan;
create table plan.patrol_plan as
select
    'M1' as merchant_id, unnest(['R5', 'R6']) as officer_id, unnest(['lead', 'co']) as role,
    date '2026-07-06' as visit_on, date '2026-07-05' as due_on, 'S1' as institution_id, 'G1' as grid_id,
    'S1-1' as round_id, '计划' as reason, 'planned' as reason_en
"""


def night(absent=()):
    """Two restaurants; the first was ordered to correct 25 days ago and has a visit planned."""
    merchants = [merchant(name, industry_code="6210") for name in ("M1", "M2")]
    ordered = visit(1, 25, result="order_to_correct", finding_count=1)
    tables = ("feature.officer_duty", "feature.key_industry_coverage")
    connection = warehouse(*tables, absent=absent, merchant=merchants, patrol=[ordered])
    connection.execute(PLAN)
    return connection


@pytest.fixture(scope="module")
def lists() -> dict[str, pd.DataFrame]:
    return lists_tonight(night(), TONIGHT, policy.on(TONIGHT))


def test_a_key_industry_says_when_its_visit_is_planned_and_nothing_where_none_is(lists):
    told = lists["key_industry_coverage"].set_index("merchant_id")["planned_visit_on"]
    assert str(told["M1"])[:10] == "2026-07-06" and pd.isna(told["M2"])


def test_the_tasks_are_those_of_the_plan(lists):
    rows = lists["officer_task"][["merchant_id", "kind", "charge", "officer_id"]].to_numpy().tolist()
    assert rows == [
        ["M1", "rectification_due", "lead", "R5"],
        ["M1", "planned_visit", "lead", "R5"],
        ["M1", "planned_visit", "co", "R6"],
    ]


def test_both_lists_have_the_columns_of_the_contract_without_a_plan_too(lists):
    connection = night()
    connection.execute("delete from plan.patrol_plan")
    for found in (lists, lists_tonight(connection, TONIGHT, policy.on(TONIGHT))):
        assert tuple(found) == WITH_PLAN
        assert [write_frame(connection, "plan", name, frame) > 0 for name, frame in found.items()] == [True, True]


def test_what_was_not_delivered_is_told_of_the_lists():
    absent = ("unlicensed_event.stage", "patrol.entered_at")
    told = {gap.family for gap in gaps_of_lists(night(absent))}
    assert {"unlicensed_bulletin", "officer_month.same_day_share"} <= told
    assert "officer_month.returned_share" not in told
