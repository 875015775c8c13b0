"""The random arm by hand: drawn and chosen, substituted apart, what nobody met, and what is not computable."""

import numpy as np
import pandas as pd
import pytest

from models import policy
from models.random_arm import random_arm
from pipelines.contract import published_tables
from tests.models.test_random_correction import POLICY
from tests.models.visit_history import AS_OF

DAY = pd.Timestamp("2026-03-02")


def visits(
    count: int, severe: int = 0, *, standing: str | None = "drawn", result: str = "normal", tier: str = "A", **more
) -> pd.DataFrame:
    """So many like visits, the first of them severe."""
    was_met = result not in ("closed_on_arrival", "not_found", "not_visited")
    row = {
        "visited_on": DAY,
        "standing": standing,
        "result": result,
        "was_inspected": was_met,
        "is_severe": False,
        "patrol_tier": tier,
        "credit_risk_class": None,
        "model_risk_tier": None,
        "predicted_share": None,
        "corrected_share": None,
        "draw_stratum": tier,
    }
    frame = pd.DataFrame([row | more] * count, columns=list(row)).astype(object)
    if was_met:
        frame["is_severe"] = [place < severe for place in range(count)]
    return frame


def merchants(**tiers: int) -> pd.DataFrame:
    names = [name for name, count in tiers.items() for _ in range(count)]
    classes = {"patrol_tier": names, "credit_risk_class": None, "model_risk_tier": None, "draw_stratum": names}
    return pd.DataFrame(classes, dtype=object)


def told(*parts: pd.DataFrame, people: pd.DataFrame | None = None) -> pd.DataFrame:
    frame = random_arm(
        pd.concat([part for part in parts if len(part)]) if any(map(len, parts)) else parts[0],
        merchants(A=90, D=10) if people is None else people,
        POLICY,
        AS_OF,
    )
    return frame.set_index(["class_kind", "class_value"])


HAND = (
    visits(40, 4),
    visits(40, 12, tier="D"),
    visits(60, 6, standing=None),
    visits(140, 70, standing=None, tier="D"),
)


def test_drawn_and_chosen_shares_with_the_exact_interval_and_how_much_the_choice_inflates():
    """Drawn 16 of 80 = 20 %, exact 11.89-30.44 %; of 90 A at 10 % and 10 D at 30 % merchants have 12 %; chosen 76 of 200."""
    row = told(*HAND).loc[("all", "all")]
    assert (row["drawn_count"], row["drawn_severe_count"], row["drawn_share"]) == (80, 16, 0.2)
    assert (row["drawn_low"], row["drawn_high"]) == pytest.approx((0.118859, 0.304369), abs=1e-6)
    assert row["population_share"] == pytest.approx(0.9 * 0.1 + 0.1 * 0.3)
    assert row["effective_count"] == pytest.approx(1 / (0.81 / 40 + 0.01 / 40))
    assert (row["chosen_count"], row["chosen_severe_count"], row["chosen_share"]) == (200, 76, 0.38)
    assert row["ratio"] == pytest.approx(0.38 / 0.12) and row["ratio_low"] > 1


def test_each_class_has_its_own_rate_whose_weights_are_even():
    rows = told(*HAND)
    high = rows.loc[("patrol_tier", "D")]
    assert (high["drawn_share"], high["population_share"], high["effective_count"]) == pytest.approx((0.3, 0.3, 40))
    assert (high["population_low"], high["population_high"]) == (high["drawn_low"], high["drawn_high"])
    assert (high["drawn_low"], high["drawn_high"]) == pytest.approx((0.165627, 0.465316), abs=1e-6)
    assert high["merchant_count"] == 10
    empty = rows.loc[("patrol_tier", "B")]
    assert empty["reason_en"] == "there are no random visits" and np.isnan(empty["drawn_share"])


def test_a_draw_changed_by_hand_and_one_that_no_draw_explains_are_in_neither_arm():
    changed = visits(50, 50, standing="substituted")
    unexplained = visits(50, 50, standing="without_draw")
    before, after = told(*HAND).loc[("all", "all")], told(*HAND, changed, unexplained).loc[("all", "all")]
    for name in ("drawn_count", "drawn_severe_count", "drawn_share", "chosen_share", "population_share", "ratio"):
        assert after[name] == before[name], name
    assert (after["substituted_count"], after["without_draw_count"]) == (50, 50)


def test_what_could_not_be_seen_is_told_as_if_all_and_as_if_none_had_something():
    """Of 40 drawn A 4 severe; 4 closed, 3 not found, 2 never visited, 1 substituted: 4 of 50 to 14 of 50."""
    parts = (
        visits(40, 4),
        visits(4, result="closed_on_arrival"),
        visits(3, result="not_found"),
        visits(2, result="not_visited", patrol_tier=None),
        visits(1, 1, standing="substituted"),
    )
    row = told(*parts, people=merchants(A=10)).loc[("all", "all")]
    counts = ("closed_count", "not_found_count", "not_visited_count", "substituted_count")
    assert [row[name] for name in counts] == [4, 3, 2, 1]
    assert row["missing_share"] == pytest.approx(0.2)
    assert (row["share_if_none"], row["share_if_all"]) == pytest.approx((4 / 50, 14 / 50))
    assert row["drawn_share"] == 0.1
    tier = told(*parts, people=merchants(A=10)).loc[("patrol_tier", "A")]
    assert pd.isna(tier["not_visited_count"]) and tier["missing_share"] == pytest.approx(8 / 48)


def test_a_tier_that_was_drawn_by_another_class_is_weighed_by_that_class():
    people = merchants(A=100).assign(credit_risk_class=["A"] * 80 + ["D"] * 20, draw_stratum=["A"] * 80 + ["D"] * 20)
    drawn = [visits(40, severe, credit_risk_class=own, draw_stratum=own) for severe, own in ((4, "A"), (20, "D"))]
    rows = told(*drawn, people=people)
    assert rows.loc[("all", "all"), "population_share"] == pytest.approx(0.8 * 0.1 + 0.2 * 0.5)
    assert rows.loc[("patrol_tier", "A"), "population_share"] == pytest.approx(0.18)
    assert rows.loc[("credit_risk_class", "D"), "drawn_share"] == 0.5


def test_without_random_visits_nothing_is_computable_and_every_row_says_so():
    rows = told(visits(200, 60, standing=None))
    assert rows["drawn_share"].isna().all() and rows["ratio"].isna().all()
    assert (rows["reason_zh"] == "没有随机抽查").all()
    assert rows.loc[("all", "all"), "chosen_share"] == 0.3


def test_too_few_drawn_visits_are_said_with_their_number_and_the_policys_least():
    row = told(visits(29, 5)).loc[("all", "all")]
    assert np.isnan(row["drawn_share"]) and row["drawn_count"] == 29
    assert row["reason_zh"] == "实际进行的随机抽查29次,至少需要30次"
    assert row["reason_en"] == "29 drawn visits took place; at least 30 are needed"


def test_a_class_that_was_never_delivered_has_no_row():
    assert set(told(*HAND).index.get_level_values("class_kind")) == {"all", "patrol_tier"}


def test_the_model_is_held_against_drawn_visits_of_the_quarters_and_against_chosen_ones_beside_them():
    foretold = {"predicted_share": 0.3, "corrected_share": 0.12, "model_risk_tier": "B"}
    parts = (visits(100, 10, **foretold), visits(100, 33, standing=None, **foretold), visits(50, 50))
    people = merchants(A=10).assign(model_risk_tier="B")
    row = told(*parts, people=people).loc[("all", "all")]
    figures = (
        "quarter_drawn_count",
        "predicted_share",
        "corrected_share",
        "quarter_drawn_share",
        "quarter_chosen_share",
    )
    assert [row[name] for name in figures] == pytest.approx([100, 0.3, 0.12, 0.1, 0.33])
    assert (row["quarter_drawn_low"], row["quarter_drawn_high"]) == pytest.approx((0.049005, 0.176223), abs=1e-6)
    tier = told(*parts, people=people).loc[("model_risk_tier", "B")]
    assert tier["drawn_count"] == 100 and pd.isna(tier["closed_count"]) and np.isnan(tier["share_if_all"])


def test_the_rows_have_the_columns_of_the_contract():
    frame = random_arm(pd.concat(HAND), merchants(A=90, D=10), POLICY, AS_OF)
    assert set(frame.columns) | {"as_of"} == set(published_tables()["random_arm"].column_names)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_inspectors_who_choose_by_risk_find_more_than_merchants_have_and_the_arm_finds_the_truth(seed):
    """10,000 merchants of two classes; the chosen are the riskiest-looking tenth, the draw takes 2 % of A and 20 % of D."""
    random = np.random.default_rng(seed)
    tier = np.where(random.uniform(size=10_000) < 0.9, "A", "D")
    risk = np.clip(random.gamma(1.2, np.where(tier == "A", 0.03, 0.12)), 0, 0.9)
    chosen = np.argsort(-(risk + random.normal(0, 0.03, 10_000)), kind="stable")[:1000]
    drawn = np.flatnonzero(random.uniform(size=10_000) < np.where(tier == "A", 0.05, 0.4))
    people = merchants(A=10_000).assign(patrol_tier=tier, draw_stratum=tier)

    def made(picked: np.ndarray, standing: str | None) -> pd.DataFrame:
        found = random.uniform(size=len(picked)) < risk[picked]
        return visits(len(picked), standing=standing).assign(
            is_severe=found, patrol_tier=tier[picked], draw_stratum=tier[picked]
        )

    row = told(made(chosen, None), made(drawn, "drawn"), people=people).loc[("all", "all")]
    truth = risk.mean()
    assert row["chosen_share"] > 2 * truth and row["ratio_low"] > 1.5
    assert row["population_low"] < truth < row["population_high"]
    assert abs(row["population_share"] - truth) < abs(row["drawn_share"] - truth)


def test_the_policy_in_force_counts_two_years_and_needs_thirty_visits():
    in_force = policy.on(AS_OF).random_arm
    assert (in_force.window_days, in_force.min_visits) == (730, 30)
