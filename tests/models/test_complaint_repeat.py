"""Several people complain of one merchant, and who handles it lets it rest."""

import numpy as np
import pandas as pd

from models.complaint_repeat import unanswered_repeats
from models.flags import Night
from models.hint.answer import answer
from tests.models.hint.honest_bureau import NIGHT, night_of

DEAF = "R03"


def repeats(unanswered: float, seed: int = 3, **changed) -> pd.DataFrame:
    """Thirty repeats of each of twenty handlers over two years; one in eight rests, with DEAF `unanswered` of his."""
    random = np.random.default_rng(seed)
    handler = np.repeat([f"R{number:02d}" for number in range(20)], 30)
    rests = random.random(len(handler)) < np.where(handler == DEAF, unanswered, 0.125)
    received = pd.Timestamp(NIGHT) - pd.to_timedelta(random.integers(60, 720, len(handler)), unit="D")
    return pd.DataFrame(
        {
            "complaint_id": [f"Q{number:04d}" for number in range(len(handler))],
            "merchant_id": [f"M{number:04d}" for number in range(len(handler))],
            "handler_officer_id": handler,
            "unit_id": "S" + pd.Series(handler).str[1],
            "received_on": received,
            "known_on": received + pd.Timedelta(days=60),
            "industry_division": 52.0,
            "is_key_industry": False,
            "is_market": False,
            "was_visited": ~rests,
            "was_filed": False,
            "is_upheld": pd.array([pd.NA] * len(handler), dtype="boolean"),
            "found_later_on": pd.NaT,
        }
    ).assign(**changed)


def hints(frame: pd.DataFrame) -> dict[str, str]:
    asked = unanswered_repeats(frame, "clustered_complaints", 10)
    night: Night = night_of(asked.records)
    return {flag.subject_id: flag.strength for flag in answer(night, "clustered_complaints", [asked]).flags}


def test_a_handler_who_lets_most_repeats_rest_is_told_of():
    assert hints(repeats(0.75)) == {DEAF: "moderate"}


def test_a_handler_like_all_others_is_not():
    assert hints(repeats(0.125)) == {}


def test_a_case_or_a_visit_is_an_answer():
    assert hints(repeats(0.75, was_filed=True)) == {}
    assert hints(repeats(0.75, was_visited=True)) == {}


def test_a_note_tells_a_quarter_and_no_day_and_nobody():
    asked = unanswered_repeats(repeats(0.75), "clustered_complaints", 10)
    zh, en = asked.question.note(asked.records.iloc[0])
    assert "季度" in zh and "quarter" in en and str(asked.records["received_on"].iloc[0].date()) not in zh + en
