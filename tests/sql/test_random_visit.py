"""Random checks and the draws on record: drawn, changed by hand, or with no draw behind them; and who is described for it."""

from datetime import date, timedelta

import pytest

from models import policy
from pipelines.nights import bound_values
from pipelines.warehouse.build import build
from pipelines.warehouse.statement import statements
from tests.records import raw_records
from tests.sql.test_due_task import merchant, visit

TONIGHT = date(2026, 6, 30)
NEEDED = ("core.merchant", "core.patrol", "core.random_draw", "core.merchant_night", "feature.random_visit")


def day(days_ago: int) -> str:
    return (TONIGHT - timedelta(days=days_ago)).isoformat()


def draw(number: int, days_ago: int, **facts) -> dict:
    return {
        "draw_id": f"D{number}",
        "merchant_id": "M1",
        "officer_id": "R1",
        "drawn_on": day(days_ago),
        "is_substituted": False,
    } | facts


def made(visits: list[dict], draws: list[dict]):
    connection = raw_records(
        {"merchant": [merchant(), merchant("M2")], "patrol": visits, "random_draw": draws}, threads=1
    )
    values = bound_values(TONIGHT, policy.on(TONIGHT), is_training=True)
    for name, statement in statements().items():
        if name in NEEDED:
            build(connection, statement, values)
    return connection


def standing(visits: list[dict], draws: list[dict]) -> list[tuple]:
    query = "select patrol_id, standing, drawn_on from feature.random_visit order by patrol_id"
    return [
        (name, said, drawn and (TONIGHT - drawn).days)
        for name, said, drawn in made(visits, draws).execute(query).fetchall()
    ]


def random_visit(number: int, days_ago: int, **facts) -> dict:
    return visit(number, days_ago, visit_kind="random", **facts)


def test_only_random_checks_are_listed_and_each_follows_its_own_last_draw():
    visits = [visit(1, 30), random_visit(2, 30), random_visit(3, 100, merchant_id="M2")]
    draws = [draw(1, 80), draw(2, 40), draw(3, 20), draw(4, 130, merchant_id="M2")]
    assert standing(visits, draws) == [("P2", "drawn", 40), ("P3", "drawn", 130)]


@pytest.mark.parametrize(("drawn", "said"), [(30, "drawn"), (90, "drawn"), (91, "without_draw"), (29, "without_draw")])
def test_a_visit_is_the_drawn_one_within_sixty_days_of_the_draw_and_never_before_it(drawn, said):
    older = draw(9, 800, merchant_id="M2")
    assert standing([random_visit(1, 30)], [older, draw(1, drawn)])[0][1] == said


def test_a_draw_changed_by_hand_is_kept_apart_also_where_one_of_its_officers_was_not_changed():
    draws = [draw(1, 40), draw(1, 40, officer_id="R2", is_substituted=True)]
    assert standing([random_visit(1, 30)], draws) == [("P1", "substituted", 40)]


def test_a_visit_drawn_for_a_special_task_alone_is_no_random_draw_of_all():
    """A task draws all of a dangerous trade or a list that the bureau names: what it finds stands for nobody else."""
    tasked = draw(1, 40, task="hazardous_chemicals")
    assert standing([random_visit(1, 30)], [tasked]) == [("P1", "task", None)]
    assert standing([random_visit(1, 30)], [tasked, draw(2, 35)]) == [("P1", "drawn", 35)]


def test_where_no_draw_was_ever_delivered_the_kind_of_the_visit_is_all_there_is():
    assert standing([random_visit(1, 30)], []) == [("P1", "drawn", None)]


def test_before_draws_were_recorded_the_kind_of_the_visit_is_all_there_is():
    visits = [random_visit(1, 500), random_visit(2, 10)]
    assert standing(visits, [draw(1, 300, merchant_id="M2")]) == [("P1", "drawn", None), ("P2", "without_draw", None)]


def test_a_draw_of_later_than_tonight_is_not_known():
    assert standing([random_visit(1, 0)], [draw(1, 200, merchant_id="M2"), draw(2, -1)])[0][1] == "without_draw"


def test_drawn_merchants_whom_nobody_met_are_described_on_the_day_before_and_other_missed_visits_are_not():
    visits = [random_visit(1, 30, result="not_found"), visit(2, 50, result="closed_on_arrival")]
    nights = made(visits, []).execute("select as_of_on from core.merchant_night where merchant_id = 'M1'").fetchall()
    assert sorted((TONIGHT - night).days for (night,) in nights) == [0, 31]
