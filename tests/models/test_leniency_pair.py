"""Leniency to one merchant or a few: grounds on file take it away, and what is not on file is said to be unknown."""

import pandas as pd

from tests.models.test_leniency import LENIENT, case_records, counter, judged, lower


def friend(count: int = 6) -> tuple[pd.DataFrame, pd.Series]:
    """Cases in which one merchant is let off again and again, and which they are."""
    cases = case_records()
    own = cases.index[cases["lead_officer_id"] == LENIENT][: 6 * count : 6]
    cases.loc[own, "merchant_id"] = "MFRIEND"
    is_friend = cases["merchant_id"] == "MFRIEND"
    return lower(cases, is_friend, 0.45), is_friend


def pairs(cases: pd.DataFrame) -> list:
    return [flag for flag in judged(cases).flags if flag.subject_kind == "pair"]


def test_grounds_on_file_that_others_cases_lack_take_the_hint_away():
    cases, is_friend = friend()
    rare = cases.assign(was_review_approved=pd.array(is_friend, dtype="boolean"))
    assert pairs(rare) == []


def test_grounds_that_are_as_frequent_everywhere_explain_nothing():
    cases, _ = friend()
    (flag,) = pairs(cases.assign(was_review_approved=pd.array([True] * len(cases), dtype="boolean")))
    assert counter(flag, "legal_review_approved").verdict == "not_supported"


def test_what_was_not_delivered_is_unknown_and_not_refuted():
    cases, _ = friend()
    (flag,) = pairs(cases)
    assert counter(flag, "legal_review_approved").verdict == "unknown"
    assert counter(flag, "evidence_differs").verdict == "unknown"
