"""Whom the score falls on: told by group with its interval, and of no group that is nearly a person."""

import numpy as np
import pandas as pd
import pytest

from models.officer_fairness import FEWEST_TOLD, fairness


def scored(scores: list[float]) -> pd.DataFrame:
    return pd.DataFrame(
        {"officer_id": [f"R{n:03d}" for n in range(len(scores))], "integrity_score": scores, "is_evaluable": True}
    )


def officers(kinds: list[str], **changes) -> pd.DataFrame:
    frame = pd.DataFrame({"officer_id": [f"R{n:03d}" for n in range(len(kinds))], "employment_kind": kinds})
    return frame.assign(**({"rank": "staff", "station_kind": "urban"} | changes))


def of(found: list[dict], group: str) -> dict:
    return next(entry for entry in found if entry["group"] == group)


def test_a_score_that_falls_on_one_kind_alone_is_seen_and_its_interval_excludes_a_tenth():
    kinds = ["auxiliary"] * 50 + ["civil_servant"] * 50
    found = fairness(scored([0.9] * 10 + [0.2] * 90), officers(kinds))
    assert of(found, "auxiliary")["top_share"]["value"] == pytest.approx(0.2)
    assert of(found, "auxiliary")["top_share"]["interval_low"] > 0.08
    assert of(found, "civil_servant")["top_share"]["value"] == 0
    assert of(found, "auxiliary")["score_ratio"]["value"] == pytest.approx(0.34 / 0.27)


def test_a_score_that_knows_no_kind_is_a_tenth_and_a_ratio_of_one_within_its_intervals():
    random = np.random.default_rng(3)
    found = fairness(scored(list(random.random(400))), officers(list(random.choice(["a", "b"], 400))))
    for entry in found:
        share, ratio = entry["top_share"], entry["score_ratio"]
        assert share["interval_low"] <= 0.1 <= share["interval_high"]
        assert ratio["interval_low"] <= 1 <= ratio["interval_high"]


def test_equal_scores_favour_nobody_by_his_number():
    found = fairness(scored([0.5] * 40), officers(["a"] * 20 + ["b"] * 20))
    assert of(found, "a")["top_share"]["value"] == of(found, "b")["top_share"]["value"] == pytest.approx(0.1)


def test_of_a_group_that_is_nearly_a_person_only_its_number_is_told():
    found = fairness(scored([0.5] * 30), officers(["a"] * 26 + ["b"] * (FEWEST_TOLD - 1)))
    assert of(found, "b") | {"top_share": None, "score_ratio": None} == of(found, "b")
    assert of(found, "b")["officer_count"] == FEWEST_TOLD - 1


def test_who_is_not_evaluable_is_left_out_and_an_empty_value_is_a_group_of_its_own():
    frame = scored([0.5] * 20).assign(is_evaluable=[True] * 12 + [False] * 8)
    found = fairness(frame, officers(["a"] * 20, rank=None))
    assert of(found, "a")["officer_count"] == 12 and of(found, "-")["attribute"] == "rank"
    assert fairness(frame.assign(is_evaluable=False), officers(["a"] * 20)) == []
