"""Where an explanation holds for every record of a hint, and where nobody else has such a record at all."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from models import policy
from models.flags import CounterEvidence, Night
from models.hint.answer import answer
from models.hint.counter import Counter, is_more_than_peers
from models.hint.question import Asked, Explanation, Question
from models.hint.window import measured

TONIGHT = date(2026, 6, 30)
RULES = policy.on(TONIGHT)
OFFICERS = [f"S{station}O{number}" for station in range(1, 6) for number in range(1, 5)]
ODD = "S1O1"


def records(hits: float, pointed_misses: float = 0.0) -> pd.DataFrame:
    """Forty records of each officer; of ODD's a share are hits, all pointed at, and of his misses a share are too."""
    officer = np.repeat(OFFICERS, 40)
    place = np.tile(np.arange(40), len(OFFICERS)) / 40
    is_hit = (officer == ODD) & (place < hits)
    return pd.DataFrame(
        {
            "record_id": [f"R{number:04d}" for number in range(len(officer))],
            "officer_id": officer,
            "unit_id": [name[:2] for name in officer],
            "known_on": pd.Timestamp(TONIGHT) - pd.to_timedelta(np.tile(np.arange(40) * 9, len(OFFICERS)), unit="D"),
            "is_hit": is_hit,
            "is_pointed": is_hit | ((officer == ODD) & (place >= 1 - pointed_misses)),
        }
    )


def question(own_tests=(), fewest_hits: int = 3) -> Question:
    return Question(
        "leniency",
        "test",
        "patrol",
        ("次检查", "visits"),
        ("如此", "were so"),
        (),
        30,
        lambda row: ("记录", "a record"),
        explanations=(Explanation("pointed", "所指", "pointed at", lambda rows: rows["is_pointed"]),),
        own_tests=own_tests,
        fewest_hits=fewest_hits,
    )


def judged(frame: pd.DataFrame, **changed):
    spine = pd.DataFrame({"officer_id": OFFICERS, "as_of_on": pd.Timestamp(TONIGHT)})
    return answer(Night(TONIGHT, RULES, {"feature.officer": spine}), "leniency", [Asked(question(**changed), frame)])


def hint(judgement):
    return next((flag for flag in judgement.flags if flag.subject_id == ODD), None)


def test_facts_that_only_he_has_are_more_than_nobodys():
    nobody = np.zeros(0, dtype=bool)
    assert is_more_than_peers(np.array([True, True, False]), nobody)
    assert not is_more_than_peers(np.array([False, False]), nobody)
    assert not is_more_than_peers(nobody, np.array([True]))


def test_a_hint_of_which_no_record_is_left_is_explained_however_few_others_remain():
    judgement = judged(records(hits=0.6, pointed_misses=0.35))
    assert hint(judgement) is None
    own = judgement.indicator[judgement.indicator["officer_id"] == ODD]
    assert len(own) and own["index"].isna().all() and own["crosses"].isna().all()


def test_what_is_said_of_such_a_hint():
    frame = records(hits=0.6, pointed_misses=0.35)
    asked = Asked(question(), frame)
    found = measured(asked, TONIGHT, RULES)
    said = Counter(found, 365, RULES, found.ledger.inside(TONIGHT, 365)).of(ODD)
    item = next(item for item in said if item.code == "pointed")
    assert (item.verdict, item.score_without, item.log_odds_left) == ("supported", 1.0, 0.0)
    assert item.detail_en.endswith("none is left without them")


def test_where_enough_is_left_the_explanation_takes_the_whole_hint_away():
    assert hint(judged(records(hits=0.3))) is None


def test_a_test_beside_the_records_weakens_the_hint_where_it_holds():
    frame = records(hits=0.6).assign(is_pointed=False)
    assert hint(judged(frame)).strength == "moderate"
    holds = CounterEvidence("beside", "supported", "旁证", "beside")
    assert hint(judged(frame, own_tests=(lambda officer_id: holds,))).strength == "weak"


def test_fewer_hits_than_a_question_asks_for_raise_nothing():
    frame = records(hits=0.2).assign(is_pointed=False)
    assert hint(judged(frame)).observed == 8
    assert hint(judged(frame, fewest_hits=9)) is None


def test_a_record_known_tomorrow_is_not_asked():
    frame = records(hits=0.6).assign(is_pointed=False)
    ahead = frame.assign(known_on=pd.Timestamp(TONIGHT + timedelta(days=1)), record_id="T" + frame["record_id"])
    later = pd.concat([frame, ahead[ahead["officer_id"] == "S2O1"].assign(is_hit=True)], ignore_index=True)
    first, second = judged(frame), judged(later)
    assert first.flags == second.flags
    pd.testing.assert_frame_equal(first.indicator, second.indicator)
