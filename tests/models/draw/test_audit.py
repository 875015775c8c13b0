"""Past draws against chance: honest ones pass, each way of bending them is seen, and what cannot be told says why."""

from itertools import combinations
from math import comb

import numpy as np
import pandas as pd
import pytest

from models.draw.audit import draw_audit
from models.draw.audit_words import FOUND
from models.draw.chance import SIMULATIONS, at_least, at_least_drawn, crews_at_random, generator, strewn
from models.draw.past import draw_counts
from pipelines.contract import published_tables
from tests.models.draw.drawn_bureau import CLASSES, POLICY, Bureau


def unusual(bureau: Bureau, **changed) -> set[tuple[str, str]]:
    found = draw_audit(bureau.past(**changed))
    return set(found.loc[found["is_unusual"].fillna(False), ["test", "unit_id"]].itertuples(index=False, name=None))


def only(found: pd.DataFrame, test: str, unit_id: str = "all") -> pd.Series:
    row = found[(found["test"] == test) & (found["unit_id"] == unit_id) & (found["draw_id"].isin(["all", "D020"]))]
    return row.iloc[0]


def test_honest_draws_are_hardly_ever_called_unusual_and_their_p_values_are_even():
    tails = []
    for seed in range(3):
        found = draw_audit(Bureau(seed).past())
        assert not found["is_unusual"].fillna(False).any(), seed
        tails += found.loc[found["test"].isin(["officer_even", "object_unit"]), "p_value"].tolist()
    assert len(tails) == 3 * 6 and 0.3 < np.mean(tails) < 0.7 and min(tails) > 0.0005


def test_a_draw_that_spares_the_higher_classes_is_seen():
    """A special task looks alike, which is why the sentence asks and does not answer."""
    bureau = Bureau()
    low = bureau.merchants[bureau.merchants["credit_risk_class"] == "A"]["merchant_id"]
    bureau.rows = [row for row in bureau.rows if row[0] != "D020"]
    for merchant in low[:40]:
        bureau.add(20, merchant, bureau.random.choice(bureau.officers[bureau.unit(merchant)], 2, replace=False))
    found = draw_audit(bureau.past())
    told = only(found, "object_class")
    assert told["is_unusual"] and told["draw_id"] == "D020" and told["observed"] > 5 * told["expected"]
    assert "专项任务" in told["summary_zh"] and "special task" in told["summary_en"]
    others = found[(found["test"] == "object_class") & (found["draw_id"] != "D020")]
    assert not others["is_unusual"].fillna(False).any()


def test_a_special_task_is_not_held_against_the_ratios():
    bureau = Bureau(days=(20,))
    bureau.rows = [[*row[:6], "highest_risk"] for row in bureau.rows]
    assert "ratio of its own" in lacking(bureau, "object_class") and "too few" in lacking(bureau, "object_unit")
    counts = draw_counts(bureau.past())
    assert counts["expected_share"].isna().all() and set(counts["task"]) == {"highest_risk"}


def test_a_unit_whose_merchants_are_not_drawn_is_seen_and_not_taken_for_a_matter_of_classes():
    bureau = Bureau()
    bureau.rows = [row for row in bureau.rows if bureau.unit(row[1]) != "S3"]
    assert ("object_unit", "all") in unusual(bureau) and ("object_class", "all") not in unusual(bureau)


def test_an_officer_who_is_always_drawn_is_seen_as_a_matter_of_his_unit():
    bureau = Bureau()
    for first, second in zip(bureau.rows[::2], bureau.rows[1::2], strict=True):
        if bureau.unit(first[1]) == "S2":
            first[2], second[2] = "R20", second[2] if second[2] != "R20" else "R21"
    assert {("officer_even", "S2"), ("officer_even", "all")} == unusual(bureau)
    told = draw_audit(bureau.past())
    assert not told["summary_zh"].str.contains("R2").any() and not told["summary_en"].str.contains("R2").any()


def test_the_same_pair_sent_to_the_same_merchants_again_is_seen():
    bureau = Bureau(days=(50,))
    again = [row[:] for row in bureau.rows]
    bureau.days = (50, 20)
    for first, second in zip(again[::2], again[1::2], strict=True):
        bureau.add(20, first[1], (first[2], second[2]))
    told = only(draw_audit(bureau.past()), "pair_repeat")
    assert told["is_unusual"] and told["observed"] == told["exposure_count"] == len(again) // 2
    assert told["expected"] == pytest.approx(told["exposure_count"] / comb(6, 2))


def test_a_unit_of_four_officers_is_judged_in_the_bureau_s_row_alone():
    """A row about two or three people would be a row about each of them."""
    bureau = Bureau()
    whole = draw_audit(bureau.past())
    bureau.officers["S2"] = bureau.officers["S2"][:4]
    bureau.rows = [row for row in bureau.rows if row[2] not in ("R24", "R25")]
    found = draw_audit(bureau.past())
    for test in ("officer_even", "by_hand_share"):
        assert set(whole.loc[whole["test"] == test, "unit_id"]) == {"S0", "S1", "S2", "S3", "all"}
        assert set(found.loc[found["test"] == test, "unit_id"]) == {"S0", "S1", "S3", "all"}
    of_units = found[(found["test"] == "officer_even") & (found["unit_id"] != "all")]
    assert only(found, "officer_even")["exposure_count"] > of_units["exposure_count"].sum()


def by_hand(bureau: Bureau, number: int, officer, chosen=None) -> Bureau:
    """So many places by hand in the last draw, at `chosen` or any of its objects, to `officer` of the unit."""
    merchants = chosen or sorted({row[1] for row in bureau.rows if row[0] == "D020"})
    for merchant in merchants[:number]:
        bureau.add(20, merchant, [officer(bureau, merchant)], is_by_hand=True)
    return bureau


def anybody(bureau: Bureau, merchant: str) -> str:
    return str(bureau.random.choice(bureau.officers[bureau.unit(merchant)]))


def test_a_few_places_by_hand_are_usual_and_many_are_not():
    assert unusual(by_hand(Bureau(), 5, anybody)) == set()
    crowd = [f"M{number:03}" for number in range(120)]
    assert ("by_hand_share", "all") in unusual(by_hand(Bureau(), 120, anybody, crowd))


def test_places_by_hand_that_go_to_one_officer_are_seen():
    bureau = by_hand(Bureau(), 12, lambda bureau, merchant: f"R{bureau.unit(merchant)[1]}0")
    told = only(draw_audit(bureau.past()), "by_hand_same")
    assert told["is_unusual"] and told["observed"] > told["expected"]


def test_places_by_hand_without_a_certificate_are_seen():
    bureau = by_hand(Bureau(), 8, lambda bureau, merchant: f"X{merchant}")
    told = only(draw_audit(bureau.past()), "by_hand_uncertified")
    assert told["is_unusual"] and (told["observed"], told["exposure_count"]) == (8, 8)


def test_places_by_hand_at_merchants_of_lower_classes_are_seen():
    bureau = Bureau()
    is_low = bureau.merchants["credit_risk_class"] == "A"
    told = only(
        draw_audit(by_hand(bureau, 12, anybody, [*bureau.merchants.loc[is_low, "merchant_id"]]).past()),
        "by_hand_low_class",
    )
    assert told["is_unusual"] and told["observed"] == 12 > told["expected"]


def lacking(bureau: Bureau, test: str, **changed) -> str:
    told = only(draw_audit(bureau.past(**changed)), test)
    assert pd.isna(told["p_value"]) and pd.isna(told["is_unusual"]) and "not computable" in told["summary_en"]
    return told["summary_en"]


def test_what_the_records_do_not_tell_is_not_computable_with_its_reason():
    bureau = Bureau(days=(20,))
    assert "no merchant was drawn again" in lacking(bureau, "pair_repeat")
    assert "too few" in lacking(bureau, "by_hand_same")
    bureau.rows = [[*row[:5], None, None] for row in bureau.rows]
    assert "substitutions were not delivered" in lacking(bureau, "by_hand_share")
    nobody = pd.DataFrame({"drawn_on": pd.to_datetime([]), "institution_id": [], "officer_id": []})
    assert "their pool is not known" in lacking(bureau, "officer_even", able=nobody)
    bureau.rows = bureau.rows[::2]
    assert "one officer per object" in lacking(bureau, "pair_repeat")
    closed = bureau.merchants.assign(status="closed", closed_on=pd.Timestamp("2025-01-01"))
    assert "not in the pool" in lacking(bureau, "object_class", merchant=closed)


def test_the_classes_of_a_draw_long_ago_are_not_guessed():
    bureau = Bureau(days=(POLICY.class_days + 1,))
    found = draw_audit(bureau.past())
    row = found[found["test"] == "object_class"].iloc[0]
    assert pd.isna(row["p_value"]) and "classes of that day" in row["summary_en"]
    assert set(draw_counts(bureau.past())["draw_class"]) == {"all"}


def test_where_nothing_was_drawn_in_the_period_nothing_is_told():
    assert draw_audit(Bureau(days=(POLICY.audit_days + 1,)).past()).empty
    bureau = Bureau(days=(20,))
    bureau.rows = []
    assert draw_audit(bureau.past()).empty and draw_counts(bureau.past()).empty


def test_the_order_of_the_records_changes_nothing():
    bureau = Bureau()
    told = draw_audit(bureau.past())
    bureau.rows = bureau.rows[::-1]
    pd.testing.assert_frame_equal(draw_audit(bureau.past()), told)


def test_every_draw_is_counted_whole_by_class_and_by_unit():
    bureau = by_hand(Bureau(days=(20,)), 3, anybody)
    counts = draw_counts(bureau.past()).set_index(["unit_id", "draw_class"])
    whole = counts.loc[("all", "all")]
    assert (whole["pool_count"], whole["by_hand_count"]) == (400, 3)
    assert whole["place_count"] == 2 * whole["drawn_count"] and pd.isna(whole["expected_share"])
    by_class = counts.loc[[("all", name) for name in CLASSES]]
    assert by_class["drawn_count"].sum() == whole["drawn_count"] and by_class["pool_count"].sum() == 400
    assert (by_class["drawn_share"] >= by_class["expected_share"] - 1e-12).all()
    by_unit = counts[counts.index.get_level_values("unit_id") != "all"]
    assert by_unit["drawn_count"].sum() == whole["drawn_count"]


def test_the_tests_that_are_published_are_those_that_have_words():
    assert set(published_tables()["draw_audit"].column("test").values) == set(FOUND)
    told = set(draw_audit(Bureau().past()).columns) | {"as_of"}
    assert told == set(published_tables()["draw_audit"].column_names)
    # what the night adds: pipelines/draw_figures.py
    added = {"as_of", "seed", "state", "committed_on", "pool_sha256"}
    assert set(draw_counts(Bureau().past()).columns) | added == set(published_tables()["draw"].column_names)


def test_exact_tails_are_those_that_counting_gives():
    chances = np.array([0.1, 0.5, 0.5])
    assert at_least(2, chances).p_value == pytest.approx(0.1 * 0.75 + 0.9 * 0.25)
    assert at_least(0, chances).p_value == 1 and at_least(2, chances).expected == pytest.approx(1.1)
    drawn = [len({0, 1} & set(each)) for each in combinations(range(6), 3)]
    assert at_least_drawn(2, 6, 2, 3).p_value == pytest.approx(np.mean([each >= 2 for each in drawn]))


@pytest.mark.parametrize("crew", [1, 2, 3])
def test_a_crew_at_random_never_takes_one_officer_twice_and_all_alike(crew):
    once = crews_at_random(5, crew, 1, generator("x"))
    assert once.max() == 1 and (once.sum(axis=1) == crew).all() and len(once) == SIMULATIONS
    assert np.abs(once.mean(axis=0) - crew / 5).max() < 0.02
    assert (strewn([3, 0], np.array([[0.5, 0.5], [1.0, 0.0]]), generator("x")).sum(axis=1) == 3).all()
