"""The plan of a night as it is published: what it rests on, what it could not respect, and its picture."""

from datetime import date

import pandas as pd
import pytest

from models.unplaced import WHY
from pipelines.contract import published_tables
from pipelines.pictures import patrol_picture, svg
from pipelines.planning import PLANNED, patrol_gaps
from tests.models.small_bureau import NIGHT, PATROL, SmallBureau, officer, visit

DELIVERED = {"has_certificate": True, "has_leave": True, "has_recusal": True}
WITH_HOLIDAYS = PATROL.model_copy(update={"public_holidays": (date(2026, 10, 1),)})


@pytest.mark.parametrize("missing", DELIVERED)
def test_what_was_not_delivered_is_told_as_not_computable(missing):
    """A plan that knows of no leave must not look like one that respected it."""
    assert not patrol_gaps(pd.DataFrame([DELIVERED]), NIGHT, WITH_HOLIDAYS)
    (gap,) = patrol_gaps(pd.DataFrame([{**DELIVERED, missing: False}]), NIGHT, WITH_HOLIDAYS)
    assert (gap.subject_kind, gap.family) == ("bureau", "patrol_plan")
    assert "未" in gap.reason_zh and "delivered" in gap.reason_en


@pytest.mark.parametrize(("night", "missing"), [("2026-06-30", []), ("2026-12-01", []), ("2026-12-02", [2027])])
def test_a_year_whose_holidays_are_not_entered_is_told_once_the_horizon_touches_it(night, missing):
    """A plan that sends people out on New Year's Day must say that it did not know better."""
    gaps = patrol_gaps(pd.DataFrame([DELIVERED]), date.fromisoformat(night), WITH_HOLIDAYS)
    assert [gap.reason_zh for gap in gaps] == [f"{year}年节假日安排未录入,计划可能落在法定节假日" for year in missing]
    assert all(gap.family == "patrol_plan" and str(missing[0]) in gap.reason_en for gap in gaps)


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
