from datetime import date

import pandas as pd
import pytest

from models import policy
from models.tenure import rotation_status, thresholds

ROTATION = policy.on(date(2026, 6, 30)).rotation


def tenure(**changes) -> pd.DataFrame:
    row = {
        "officer_id": "R1",
        "clock": "post",
        "post": "case_handling",
        "institution_id": "S1",
        "is_hot_post": True,
        "merged_years": 4.0,
        "served_years": 3.9,
        "has_extension": False,
        "extension_ref": None,
    }
    return pd.DataFrame([row | changes])


@pytest.mark.parametrize(
    ("years", "status"), [(2.99, None), (3.0, "watch"), (4.99, "watch"), (5.0, "due"), (5.99, "due"), (6.0, "overdue")]
)
def test_a_hot_post_is_watched_due_and_overdue_from_the_years_of_the_policy(years, status):
    found = rotation_status(tenure(merged_years=years), ROTATION)
    assert list(found["status"]) == ([] if status is None else [status])


def test_a_post_that_is_not_hot_has_no_clock():
    assert rotation_status(tenure(is_hot_post=False, merged_years=20.0), ROTATION).empty


def test_the_station_clock_runs_in_any_post():
    found = rotation_status(tenure(clock="station", is_hot_post=False, post="patrol", merged_years=8.5), ROTATION)
    assert found.loc[0, ["status", "clock"]].tolist() == ["due", "station"]
    assert thresholds("station", ROTATION) == {"watch": 6.0, "due": 8.0, "overdue": 9.0}


def test_an_approved_extension_is_watched_and_no_more():
    found = rotation_status(tenure(merged_years=9.0, has_extension=True, extension_ref="延2024-3"), ROTATION)
    assert found.loc[0, "status"] == "watch" and found.loc[0, "is_extended"]
    assert "延2024-3" in found.loc[0, "reason_zh"] and "延2024-3" in found.loc[0, "reason_en"]


def test_the_reason_carries_its_numbers_in_both_languages():
    found = rotation_status(tenure(merged_years=7.3, served_years=7.2), ROTATION).loc[0]
    assert found["reason_zh"] == "热点岗位连续任职7.3年(实际在岗7.2年),轮岗年限5年"
    assert found["reason_en"] == "7.3 years on the hot post (7.2 served), rotation after 5"
