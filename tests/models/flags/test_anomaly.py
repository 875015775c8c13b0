"""Officers unlike their peers: who is told, who only looks so, and who has too few peers."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from models import policy
from models.flags import Night, anomaly
from models.peer_forest import PeerForest
from models.peer_measure import MEASURES, WORSE, peers_of

NIGHT = date(2026, 6, 30)
BEFORE = date(2025, 3, 31)


def officers(seed: int = 1, count: int = 60, post: str = "case_handling", kind: str = "urban_station") -> pd.DataFrame:
    """Honest officers of one post on two nights, six to a station, each measure spread by chance."""
    random = np.random.default_rng(seed)
    parts = []
    for moment in (BEFORE, NIGHT):
        parts.append(
            pd.DataFrame(
                {
                    "officer_id": [f"R{number:03d}" for number in range(count)],
                    "as_of_on": pd.Timestamp(moment),
                    "post": post,
                    "unit_id": [f"S{number // 6}" for number in range(count)],
                    "station_kind": kind,
                    "post_tenure_years": 3.0,
                    "visits_per_service_day_12m": random.normal(1.5, 0.2, count),
                    "market_visit_share_12m": random.normal(0.3, 0.05, count),
                    "special_visit_share_12m": random.normal(0.2, 0.05, count),
                    "key_industry_visit_share_12m": random.normal(0.2, 0.05, count),
                    "finding_ratio_12m": random.normal(1.0, 0.15, count),
                    "severe_ratio_12m": random.normal(1.0, 0.2, count),
                    "complainant_count_12m": random.poisson(6, count),
                    "expected_complainant_count_12m": 6.0,
                    "no_penalty_share_12m": random.normal(0.2, 0.04, count),
                    "below_minimum_share_12m": random.normal(0.05, 0.01, count),
                    "led_case_count_12m": 40,
                    "dropped_case_count_12m": random.poisson(3, count),
                    "open_case_count": 20,
                    "old_open_case_count": random.poisson(3, count),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


ODD = {
    "finding_ratio_12m": 0.3,
    "severe_ratio_12m": 0.1,
    "complainant_count_12m": 20,
    "no_penalty_share_12m": 0.45,
    "below_minimum_share_12m": 0.12,
    "dropped_case_count_12m": 15,
}


def with_values(frame: pd.DataFrame, chosen, **values) -> pd.DataFrame:
    inside = frame["officer_id"].isin(chosen)
    return frame.assign(**{name: frame[name].mask(inside, value) for name, value in values.items()})


def judged(frame: pd.DataFrame):
    return anomaly.judge(Night(NIGHT, policy.on(NIGHT), {"feature.officer": frame}))


def told(frame: pd.DataFrame) -> set[str]:
    return {flag.subject_id for flag in judged(frame).flags}


def test_an_officer_unlike_all_others_is_told_weakly_and_by_what():
    flag = judged(with_values(officers(), ["R007"], **ODD)).flags[0]
    assert (flag.subject_id, flag.strength, flag.subject_kind) == ("R007", "weak", "officer")
    assert flag.statistic > flag.expected and flag.p_value <= 0.005
    loudest = {name for name in MEASURES if name in flag.rule_trace.split("added to the score: ")[1]}
    assert "below_minimum_share_12m" in loudest
    assert "market_visit_share_12m" not in [row.note_en.split(":")[0] for row in flag.evidence]


def test_honest_officers_are_told_seldom():
    assert sum(len(told(officers(seed))) for seed in range(6)) <= 2


def test_whoever_is_better_than_all_others_is_not_told():
    better = {"finding_ratio_12m": 2.5, "severe_ratio_12m": 3.0, "complainant_count_12m": 0,
              "no_penalty_share_12m": 0.0, "below_minimum_share_12m": 0.0}  # fmt: skip
    assert "R007" not in told(with_values(officers(), ["R007"], **better))


def test_two_in_a_hundred_are_told_at_most():
    odd = [f"R{number:03d}" for number in (1, 8, 15, 22)]
    assert len(told(with_values(officers(), odd, **ODD))) <= 1


def test_new_on_the_post_explains_and_leaves_the_indicator_empty():
    frame = with_values(officers(), ["R007"], **ODD, post_tenure_years=0.3)
    judgement = judged(frame)
    assert not [flag for flag in judgement.flags if flag.subject_id == "R007"]
    own = judgement.indicator[judgement.indicator["officer_id"] == "R007"]
    assert own["index"].isna().all() and own["crosses"].isna().all()


def test_where_somebody_is_sent_explains_a_deviation_of_that_alone():
    sent = {"visits_per_service_day_12m": 4.0, "market_visit_share_12m": 0.95, "special_visit_share_12m": 0.9,
            "key_industry_visit_share_12m": 0.95}  # fmt: skip
    frame = with_values(officers(), ["R007"], **sent)
    forest = PeerForest.of(peers_of(frame[frame["as_of_on"] == pd.Timestamp(NIGHT)], 30))
    assert forest.chance[7] <= 0.005
    assert "R007" not in told(frame)


def test_what_all_of_a_station_share_is_not_one_officer_s():
    station = [f"R{number:03d}" for number in range(6, 12)]
    assert not told(with_values(officers(), station, **ODD)) & set(station)


def test_with_fewer_than_thirty_peers_nobody_is_measured():
    judgement = judged(officers(count=30))
    assert len(judgement.not_computable) == 30 and judgement.indicator.empty and not judgement.flags
    assert "29人" in judgement.not_computable[0].reason_zh
    assert not judged(officers(count=31)).not_computable


def test_a_small_kind_of_station_is_held_against_the_whole_post_and_says_so():
    frame = officers()
    rural = [f"R{number:03d}" for number in range(12)]
    frame["station_kind"] = frame["station_kind"].mask(frame["officer_id"].isin(rural), "rural_station")
    flag = next(f for f in judged(with_values(frame, ["R007"], **ODD)).flags if f.subject_id == "R007")
    assert flag.peer_group == "case_handling" and flag.peer_count == 59
    assert [item.verdict for item in flag.counter_evidence if item.code == "few_peers"] == ["supported"]


def test_a_gap_takes_the_peers_middle_and_adds_nothing():
    frame = with_values(officers(), ["R007"], **ODD)
    gap = with_values(frame, ["R007"], below_minimum_share_12m=np.nan)
    place = list(MEASURES).index("below_minimum_share_12m")
    tonight = gap[gap["as_of_on"] == pd.Timestamp(NIGHT)]
    peers = peers_of(tonight, 30)
    assert peers.deviation[7, place] == 0.0 and np.isnan(peers.value[7, place])
    assert PeerForest.of(peers).contributions(7)[place] == 0.0


def test_shares_of_a_handful_of_cases_are_not_measured():
    few = with_values(officers(), ["R007"], led_case_count_12m=4, no_penalty_share_12m=1.0)
    peers = peers_of(few[few["as_of_on"] == pd.Timestamp(NIGHT)], 30)
    assert np.isnan(peers.value[7, list(MEASURES).index("no_penalty_share_12m")])


def test_deviations_never_lie_on_the_better_side():
    deviation = peers_of(officers()[lambda rows: rows["as_of_on"] == pd.Timestamp(NIGHT)], 30).deviation
    assert (deviation[:, WORSE == 1] >= 0).all() and (deviation[:, WORSE == -1] <= 0).all()
    assert (deviation[:, WORSE == 0] < 0).any() and (deviation[:, WORSE == 0] > 0).any()


def test_the_value_of_a_complaint_measure_is_never_told():
    loud = {"finding_ratio_12m": 0.3, "severe_ratio_12m": 0.1, "complainant_count_12m": 90}
    (flag,) = judged(with_values(officers(), ["R007"], **loud)).flags
    (note,) = [row.note_zh for row in flag.evidence if "反映人数" in row.note_zh]
    assert "中位" not in note and "偏离+" in note


def test_the_order_of_the_rows_and_of_the_nights_is_immaterial():
    frame = with_values(officers(), ["R007"], **ODD)
    shuffled = judged(frame.sample(frac=1, random_state=5).reset_index(drop=True))
    assert shuffled.flags == judged(frame).flags
    pd.testing.assert_frame_equal(shuffled.indicator, judged(frame).indicator)


def test_a_past_night_knows_only_its_own_figures():
    frame = officers()
    tonight_only = frame["officer_id"].eq("R007") & frame["as_of_on"].eq(pd.Timestamp(NIGHT))
    odd = frame.assign(**{name: frame[name].mask(tonight_only, value) for name, value in ODD.items()})
    before = judged(odd).indicator.query("as_of_on == @pd.Timestamp('2025-03-31')")
    pd.testing.assert_frame_equal(before, judged(frame).indicator.query("as_of_on == @pd.Timestamp('2025-03-31')"))


def test_a_night_on_which_nobody_has_peers_makes_no_forest():
    with pytest.raises(ValueError, match="a forest needs officers"):
        PeerForest.of(peers_of(officers(count=5), 30))
