"""What a hint tells of those it compares with: all that was measured, or of complaints the ratio alone."""

from dataclasses import replace

import pandas as pd
import pytest

from models.hint.question import Question
from models.hint.told import rate_peers

QUESTION = Question(
    "low_finding_rate",
    "seldom_finds",
    "patrol",
    ("次检查", "visits"),
    ("发现问题", "found something"),
    (),
    5,
    lambda row: ("", ""),
)


def rates(count: int) -> pd.DataFrame:
    numbers = range(count)
    return pd.DataFrame(
        {
            "exposure_count": 40,
            "hit_count": [float(number) for number in numbers],
            "expected_count": 4.0,
            "unit_id": "S1",
            "ratio": [0.5 + number for number in numbers],
            "ratio_low": [0.1 + number for number in numbers],
            "ratio_high": [0.9 + number for number in numbers],
        },
        index=[f"R{number}" for number in numbers],
    )


def told(question: Question, others: int):
    table = rates(others + 1)
    return rate_peers(question, table.loc[["R1"]], table.drop(index="R1"))


def test_the_subject_and_his_peers_are_told_with_all_that_was_measured():
    own, first, *_ = told(QUESTION, 3)
    assert (own.exposure_count, own.observed, own.expected, own.statistic) == (40, 1.0, 4.0, 1.5)
    assert (first.statistic, first.interval_low, first.interval_high) == (0.5, 0.1, 0.9)


@pytest.mark.parametrize(
    "question",
    [replace(QUESTION, is_confidential=True), replace(QUESTION, family="clustered_complaints")],
    ids=["confidential", "of complaints"],
)
def test_of_what_rests_on_complaints_only_ratios_are_told_and_of_four_peers_none(question):
    """Four colleagues are known to each other: a ratio would be somebody's."""
    assert told(question, 4) == ()
    peers = told(question, 5)
    assert len(peers) == 6 and peers[0].statistic == 1.5
    for peer in peers:
        counted = (peer.exposure_count, peer.observed, peer.expected, peer.interval_low, peer.interval_high)
        assert counted == (None,) * 5
