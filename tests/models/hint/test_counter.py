"""Innocent explanations: supported where they take the pattern away, and only where they are the officer's own."""

import pandas as pd
import pytest

from models import policy
from models.flags import CounterEvidence
from models.hint.counter import Counter, explained_away, not_on_file
from models.hint.question import Explanation, Unknown
from models.hint.window import measured
from tests.models.hint.honest_bureau import NIGHT, asked, records, with_share

POLICY = policy.on(NIGHT)
HONEST = records(4)
OWN = HONEST["officer_id"] == "R011"
SIGN = Explanation("sign", "带标记", "marked ones", lambda frame: frame["is_marked"])


def verdicts(frame: pd.DataFrame, officer: str = "R011", **changed) -> dict[str, CounterEvidence]:
    question = {"explanations": (SIGN,), "unknowns": (Unknown("talk", "口头", "by word of mouth"),), **changed}
    found = measured(asked(frame, **question), NIGHT, POLICY)
    counter = Counter(found, 730, POLICY, found.ledger.inside(NIGHT, 730))
    return {item.code: item for item in counter.of(officer)}


def marked(frame: pd.DataFrame, chosen: pd.Series) -> pd.DataFrame:
    return frame.assign(is_marked=pd.array(chosen, dtype="boolean"))


def test_marked_records_that_are_all_of_the_pattern_explain_it():
    half = OWN & (HONEST.index % 2 == 0)
    found = verdicts(marked(with_share(HONEST, half, 1.0), half))
    assert found["sign"].verdict == "supported" and found["sign"].score_without < 1.5
    assert found["talk"].verdict == "unknown"


def test_marks_that_lie_elsewhere_explain_nothing():
    half = OWN & (HONEST.index % 2 == 0)
    found = verdicts(marked(with_share(HONEST, OWN, 0.8), half))
    assert found["sign"].verdict == "not_supported" and found["sign"].score_without > 1.5


def test_marks_that_everybody_has_explain_nobody():
    found = verdicts(marked(with_share(HONEST, OWN, 0.8), HONEST.index % 2 == 0))
    assert found["sign"].verdict == "not_supported"


def test_marks_on_all_of_his_records_leave_nothing_of_the_hint():
    assert verdicts(marked(with_share(HONEST, OWN, 0.8), OWN))["sign"].verdict == "supported"


def test_a_mark_that_was_not_delivered_is_unknown():
    found = verdicts(HONEST.assign(is_marked=pd.array([pd.NA] * len(HONEST), dtype="boolean")))
    assert found["sign"].verdict == "unknown" and "未载明" in found["sign"].detail_zh
    assert found["sign"] == not_on_file("sign", "带标记", "marked ones")


def test_few_records_explain_a_pattern_of_few_and_not_one_of_many():
    assert verdicts(marked(with_share(HONEST, OWN, 0.8), ~OWN))["few_records"].verdict == "not_supported"
    few = HONEST[~OWN | (HONEST.index % 6 == 0)].reset_index(drop=True)
    own = few["officer_id"] == "R011"
    six = few.assign(is_hit=few["is_hit"].mask(own, few.index % 2 == 0))
    assert verdicts(marked(six, ~own), least_exposure=5)["few_records"].verdict == "supported"


def test_a_month_in_which_all_of_the_bureau_did_so_explains_his():
    campaign = HONEST["known_on"].dt.to_period("M") == pd.Period("2026-03")
    moved = HONEST.assign(known_on=HONEST["known_on"].mask(OWN & (HONEST.index % 2 == 0), pd.Timestamp("2026-03-15")))
    within = campaign | (moved["known_on"] == pd.Timestamp("2026-03-15"))
    found = verdicts(marked(with_share(moved, within, 0.9), ~OWN))
    assert found["same_month"].verdict == "supported"
    alone = verdicts(marked(with_share(HONEST, OWN, 0.8), ~OWN))
    assert alone["same_month"].verdict == "not_supported"


def test_a_station_that_shares_more_than_his_own_explains_him():
    station = HONEST["unit_id"] == "S01"
    shared = verdicts(marked(with_share(HONEST, station, 0.7), ~OWN))
    assert shared["station_practice"].verdict == "supported"
    assert verdicts(marked(with_share(HONEST, OWN, 0.8), ~OWN))["station_practice"].verdict == "not_supported"


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ([("not_supported", 3.0)], "not"),
        ([("supported", 1.2)], "wholly"),
        ([("supported", 2.0)], "partly"),
        ([("supported", None)], "partly"),
        ([("unknown", 1.0), ("not_supported", 1.0)], "not"),
        ([("supported", 2.0), ("supported", 1.0)], "wholly"),
    ],
)
def test_what_is_left_of_a_hint(items, said):
    counter = tuple(CounterEvidence("code", verdict, "甲", "a", left) for verdict, left in items)
    assert explained_away(counter, 0.405, is_fewer_worse=False) == said


def test_odds_are_held_against_the_margin_of_odds_and_not_a_ratio_of_shares():
    """Where seven in ten are expected no share is half as large again, however far its odds lie beyond the margin."""
    left = (CounterEvidence("code", "supported", "甲", "a", score_without=1.3, log_odds_left=1.2),)
    assert explained_away(left, 0.405, is_fewer_worse=False) == "partly"
    assert explained_away(left, 0.405, is_fewer_worse=True) == "partly"


def test_every_measured_explanation_carries_the_log_odds_that_it_leaves():
    found = verdicts(marked(with_share(HONEST, OWN, 0.8), OWN & (HONEST.index % 2 == 0)))
    for code in ("sign", "few_records", "same_month", "station_practice"):
        assert found[code].log_odds_left > 0.405 and found[code].score_without > 1.5


def test_what_he_alone_did_in_a_month_is_no_campaign_of_the_bureau():
    """All his hits in a month in which hardly anybody else has a record: he must not explain himself."""
    month = HONEST["known_on"].dt.to_period("M") == pd.Period("2026-03")
    few = HONEST[OWN | ~month].reset_index(drop=True)
    own = few["officer_id"] == "R011"
    moved = few.assign(known_on=few["known_on"].mask(own & (few.index % 2 == 0), pd.Timestamp("2026-03-15")))
    within = moved["known_on"] == pd.Timestamp("2026-03-15")
    found = verdicts(marked(with_share(moved, within, 0.95), ~own))
    assert found["same_month"].verdict == "not_supported"


def test_where_fewer_are_worse_what_is_left_is_read_the_other_way():
    left = (CounterEvidence("code", "supported", "甲", "a", 0.3),)
    assert explained_away(left, 0.405, is_fewer_worse=True) == "partly"
    assert (
        explained_away((CounterEvidence("code", "supported", "甲", "a", 0.9),), 0.405, is_fewer_worse=True) == "wholly"
    )
