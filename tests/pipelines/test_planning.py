"""The plan of a night as it is published: what it rests on, what it could not respect, and its picture."""

import pandas as pd
import pytest

from models.unplaced import WHY
from pipelines.contract import published_tables
from pipelines.pictures import patrol_picture, svg
from pipelines.planning import PLANNED, patrol_gaps
from tests.models.small_bureau import SmallBureau, officer, visit

DELIVERED = {"has_certificate": True, "has_leave": True, "has_recusal": True}


@pytest.mark.parametrize("missing", DELIVERED)
def test_what_was_not_delivered_is_told_as_not_computable(missing):
    """A plan that knows of no leave must not look like one that respected it."""
    assert not patrol_gaps(pd.DataFrame([DELIVERED]))
    (gap,) = patrol_gaps(pd.DataFrame([{**DELIVERED, missing: False}]))
    assert (gap.subject_kind, gap.family) == ("bureau", "patrol_plan")
    assert "未" in gap.reason_zh and "delivered" in gap.reason_en


def test_a_plan_has_the_columns_of_the_contract_and_its_codes():
    bureau = SmallBureau([visit("M1"), visit("M2", is_capped_out=True)], [officer("R1"), officer("R2")])
    for name, frame in zip(PLANNED, bureau.plan(), strict=True):
        assert set(frame.columns) == set(published_tables()[name].column_names)
    _, unplaced = bureau.plan()
    assert set(unplaced["code"]) <= set(published_tables()["unplaced_visit"].column("code").values)


def test_every_reason_that_a_visit_is_left_out_for_has_its_name_in_the_contract():
    assert set(WHY) == set(published_tables()["unplaced_visit"].column("code").values)


def test_the_picture_shows_every_institution_and_why_visits_are_left_out():
    visits = [visit("M1"), visit("M2", is_capped_out=True), visit("M3", institution_id="S2")]
    plan, unplaced = SmallBureau(visits, [officer("R1"), officer("R2")]).plan()
    drawn = svg(patrol_picture(plan, unplaced))
    for said in ("S1", "S2", "已排入 planned", "cap_reached", "no_certified_pair"):
        assert said in drawn
