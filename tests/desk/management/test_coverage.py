"""Coverage as management and a discipline officer read it."""

import pytest

from desk.management.mix import drawn
from tests.desk.management.bureau import tables
from tests.desk.small_night import write_night

pytestmark = pytest.mark.django_db


def measures(response) -> dict[str, tuple]:
    return {row["measure"]: (row["share"], row["is_met"]) for row in response.context["measures"]}


def test_the_bureau_reads_its_own_row_and_what_is_not_computable_with_its_reason(bureau, client_of):
    response = client_of("management").get("/management/coverage/")
    assert measures(response) == {"visit_within_cap": (0.75, False), "effort_on_top_20": (None, None)}
    assert "无法计算: 没有模型" in response.content.decode()


def test_an_area_reads_the_sum_over_its_own_units(bureau, client_of):
    client = client_of("discipline_officer", area=["S1", "S2"])
    assert measures(client.get("/management/coverage/")) == {"visit_within_cap": (0.5, False)}
    assert measures(client_of("supervision_specialist", area=["S2"]).get("/management/coverage/")) == {
        "visit_within_cap": (1.0, True)
    }


def test_overdue_visits_are_counted_by_unit_with_their_median_days(bureau, client_of):
    rows = {
        row["institution_id"]: row for row in client_of("management").get("/management/coverage/").context["by_unit"]
    }
    assert (rows["S1"]["overdue_count"], rows["S1"]["merchant_count"], rows["S1"]["median_overdue_days"]) == (2, 3, 20)
    assert (rows["S2"]["overdue_count"], rows["S2"]["median_overdue_days"]) == (0, None)


def test_a_specialist_reads_no_merchant_outside_his_stations(bureau, client_of):
    response = client_of("supervision_specialist", area=["S2"]).get("/management/coverage/")
    assert response.context["mix"].merchant_count == 1 and "东所" not in response.content.decode()


def test_an_area_without_merchants_says_so(home, client_of):
    write_night(home, {**tables(), "merchant_risk": []})
    assert "没有经营主体" in client_of("management").get("/management/coverage/").content.decode()


def test_both_bars_of_the_mix_are_as_long_and_merchants_without_a_tier_are_a_part_of_their_own():
    rows = [
        {"kind": "rule", "tier": "A", "merchant_count": 3},
        {"kind": "rule", "tier": "D", "merchant_count": 1},
        {"kind": "model", "tier": "A", "merchant_count": 2},
        {"kind": "model", "tier": "", "merchant_count": 2},
    ]
    mix = drawn(rows, {"A": 0.779})
    by_rule, by_model = mix.bars
    assert sum(part.width for part in by_rule.parts) == pytest.approx(sum(part.width for part in by_model.parts))
    assert [(part.tier, part.share) for part in by_model.parts if part.count] == [("A", 0.5), ("", 0.5)]
    assert by_rule.parts[3].x == by_rule.parts[0].x + by_rule.parts[0].width
    assert [(row.tier, row.target) for row in mix.rows] == [
        ("A", 0.779),
        ("B", None),
        ("C", None),
        ("D", None),
        ("", None),
    ]
