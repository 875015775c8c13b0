"""What random draws teach on its way through a night: kept at the training, read back, told on the card, or why not."""

import json
from datetime import date

import duckdb
import pandas as pd
import pytest

from models import policy
from models.random_arm import random_arm
from pipelines.contract import published_tables
from pipelines.nights import bound_values
from pipelines.places import Places
from pipelines.random_arm import arm_frame, arm_gaps, card_classes, kept_text, with_class
from pipelines.temporary_warehouse import build_needed
from pipelines.trained import ARM, last_paper, store
from pipelines.training import LEARNING, TONIGHT
from pipelines.warehouse.frames import write_frame
from tests.models.test_random_arm import AS_OF, HAND, POLICY, merchants, visits
from tests.records import raw_records
from tests.sql.test_due_task import merchant, visit
from tests.sql.test_random_visit import draw


@pytest.fixture(scope="module")
def arm() -> pd.DataFrame:
    return random_arm(pd.concat(HAND), merchants(A=90, D=10), POLICY, AS_OF)


def published(text: str | None) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    rows = pd.DataFrame(json.loads(text) if text else [])
    write_frame(connection, "score", "random_arm", rows.assign(as_of=AS_OF) if len(rows) else rows)
    return connection


def test_what_is_kept_beside_the_model_is_published_as_it_was_counted(arm):
    assert kept_text(arm) == kept_text(arm.copy())
    back = published(kept_text(arm)).execute("from score.random_arm").df()
    assert list(back.columns) == list(published_tables()["random_arm"].column_names)
    for name in arm.columns:
        assert [str(value) for value in back[name].dropna()] == [
            str(back[name].dtype.type(value)) if back[name].dtype.kind in "if" else str(value)
            for value in arm[name].dropna()
        ], name


def test_without_random_visits_the_night_says_why_and_before_any_training_too(arm):
    nobody = random_arm(visits(200, 60, standing=None), merchants(A=9), POLICY, AS_OF)
    (gap,) = arm_gaps(published(kept_text(nobody)))
    assert (gap.subject_kind, gap.family, gap.reason_zh) == ("bureau", "random_arm", "没有随机抽查")
    (gap,) = arm_gaps(published(None))
    assert "尚未训练过" in gap.reason_zh and "has not trained yet" in gap.reason_en
    assert arm_gaps(published(kept_text(arm))) == []


def test_a_night_reads_what_the_last_training_of_its_own_past_counted_even_where_no_model_came_of_it(tmp_path):
    places = Places(home=tmp_path)
    for day, text in ((1, "first"), (20, "later")):
        store(places, "merchant", date(2026, 6, day), None, {"zh": "太少", "en": "too few"}, papers={ARM: text})
    assert last_paper(places, "merchant", date(2026, 6, 19), ARM) == "first"
    assert last_paper(places, "merchant", date(2026, 6, 20), ARM) == "later"
    assert last_paper(places, "merchant", date(2026, 5, 31), ARM) is None


def test_the_card_tells_each_class_in_both_languages_and_gaps_as_none(arm):
    told = card_classes(arm)
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert [row["zh"] for row in told][:2] == ["全部主体 全部", "规则分类 A类"]
    assert told[0]["population_share"] == pytest.approx(0.12) and told[0]["observed"]["value"] is None
    assert told[0]["ratio"] == pytest.approx(0.38 / 0.12)


def test_a_draw_that_nobody_followed_is_counted_once_its_days_are_over():
    """A merchant quietly left out of the round is the one whose finding nobody will ever know."""
    drawn = [draw(1, 200), draw(2, 200, merchant_id="M2"), draw(3, 30, merchant_id="M3")]
    connection = raw_records(
        {
            "merchant": [merchant(name, credit_risk_class="C") for name in ("M1", "M2", "M3")],
            "patrol": [visit(1, 190, visit_kind="random"), visit(2, 190, merchant_id="M2")],
            "random_draw": drawn,
        },
        threads=1,
    )
    in_force = policy.on(AS_OF)
    values = bound_values(AS_OF, in_force, is_training=True)
    build_needed(connection, ("feature.merchant", "feature.random_visit"), values, lambda table: None)
    learning, tonight = (
        with_class(connection, connection.execute(query, value).df(), in_force)
        for query, value in (
            (LEARNING, {"training_start_on": values["training_start_on"]}),
            (TONIGHT, {"as_of_date": AS_OF}),
        )
    )
    arm = arm_frame(connection, learning, tonight, None, in_force, AS_OF).set_index(["class_kind", "class_value"])
    assert (learning["standing"].fillna("").tolist(), learning["draw_stratum"].tolist()) == (["drawn", ""], ["C", "C"])
    for key in (("all", "all"), ("credit_risk_class", "C")):
        assert arm.loc[key, ["drawn_count", "chosen_count", "not_visited_count"]].tolist() == [1, 1, 1]
    assert "model_risk_tier" not in arm.index.get_level_values("class_kind")
