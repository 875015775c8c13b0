"""Hints against a truth, by hand: who counts as found, as related, as false, and what has no denominator."""

import math

import pandas as pd
import pytest

from models.truth import hold_against, over_worlds

TRUTH = pd.DataFrame(
    [
        ("officer", "A", "leniency", "general_leniency", False),
        ("officer", "B", "leniency", "pair_leniency", False),
        ("officer", "C", "case_dropped", "case_withdrawn", False),
        ("officer", "D", "hot_post_tenure", "overdue_hot_post", False),
        ("officer", "E", "leniency", "proven_mitigation", True),
        ("officer", "F", "clustered_complaints", "strict_officer", True),
        ("institution", "S1", "fine_driven", "fine_driven", False),
        ("institution", "S2", "leniency", "lenient_station", True),
    ],
    columns=["subject_kind", "subject_id", "family", "behaviour", "is_confounder"],
)
FLAGS = [
    ("officer", "A", "leniency", "moderate"),
    ("pair", "B|M1", "leniency", "weak"),
    ("pair", "B|M2", "leniency", "weak"),
    ("officer", "C", "leniency", "weak"),
    ("officer", "E", "leniency", "weak"),
    ("officer", "G", "leniency", "strong"),
    ("officer", "D", "hot_post_tenure", "reminder"),
    ("officer", "G", "process_delay", "reminder"),
    ("case", "N7", "leniency", "strong"),
    ("institution", "S2", "leniency", "moderate"),
    ("institution", "S1", "fine_driven", "weak"),
]
FAMILIES = ["hot_post_tenure", "leniency", "process_delay"]


def held(flags, truth=TRUTH):
    frame = pd.DataFrame(flags, columns=["subject_kind", "subject_id", "family", "strength"])
    return hold_against(frame, truth, FAMILIES)


@pytest.fixture(scope="module")
def agreement():
    return held(FLAGS)


def row(agreement, family, threshold, kind="officer"):
    rows = agreement.families
    is_it = (rows["family"] == family) & (rows["threshold"] == threshold) & (rows["subject_kind"] == kind)
    (found,) = rows[is_it].to_dict("records")
    return found


def test_a_pair_names_its_officer_once_and_a_hint_about_a_case_names_nobody(agreement):
    weak = row(agreement, "leniency", "weak")
    assert (weak["planted_count"], weak["right_count"], weak["named_count"]) == (2, 2, 5)
    assert weak["recall"] == 1


def test_something_else_planted_is_neither_right_nor_false_but_false_in_the_strict_figure(agreement):
    weak = row(agreement, "leniency", "weak")
    assert (weak["related_count"], weak["false_count"], weak["look_alike_count"]) == (1, 2, 1)
    assert weak["precision"] == 2 / 4 and weak["strict_precision"] == 2 / 5


def test_a_higher_threshold_hears_fewer(agreement):
    moderate, strong = row(agreement, "leniency", "moderate"), row(agreement, "leniency", "strong")
    assert (moderate["recall"], moderate["precision"]) == (0.5, 0.5)
    assert (strong["recall"], strong["precision"]) == (0, 0)


def test_a_reminder_counts_for_tenure_at_every_threshold_and_for_no_other_family(agreement):
    for threshold in ("weak", "moderate", "strong"):
        assert row(agreement, "hot_post_tenure", threshold)["recall"] == 1
        assert row(agreement, "process_delay", threshold)["named_count"] == 0


def test_what_has_no_denominator_is_not_a_number(agreement):
    nobody = row(agreement, "process_delay", "weak")
    assert math.isnan(nobody["recall"]) and math.isnan(nobody["precision"]) and math.isnan(nobody["strict_precision"])


def test_a_planted_pattern_that_no_family_looks_for_is_not_found(agreement):
    assert row(agreement, "case_dropped", "weak")["recall"] == 0


def test_an_institution_is_found_by_a_hint_about_it_and_a_look_alike_is_false(agreement):
    assert row(agreement, "fine_driven", "weak", "institution")["recall"] == 1
    lenient = row(agreement, "leniency", "moderate", "institution")
    assert (lenient["false_count"], lenient["look_alike_count"], lenient["precision"]) == (1, 1, 0)


def test_only_moderate_or_strong_hints_about_officers_without_anything_planted_are_the_false_ones(agreement):
    """A reminder accuses nobody, and a weak hint says that it is weak."""
    assert (agreement.false_flag_count, agreement.false_officer_count, agreement.officer_flag_count) == (1, 1, 2)


def test_every_behaviour_is_told_by_itself(agreement):
    rows = agreement.behaviours.set_index(["behaviour", "threshold"])["recall"]
    assert rows["general_leniency", "moderate"] == 1 and rows["pair_leniency", "moderate"] == 0
    assert rows["pair_leniency", "weak"] == 1 and rows["case_withdrawn", "weak"] == 0


def test_the_look_alikes_are_told_with_who_names_them(agreement):
    rows = agreement.confounders.set_index(["behaviour", "subject_kind"])
    assert rows.loc[("proven_mitigation", "officer"), ["family", "weak_count", "moderate_count"]].tolist() == [
        "leniency",
        1,
        0,
    ]
    assert rows.loc[("strict_officer", "officer"), ["family", "subject_count", "weak_count"]].tolist() == ["", 1, 0]
    assert rows.loc[("lenient_station", "institution"), "moderate_count"] == 1


def test_in_a_world_in_which_nothing_is_planted_every_hint_is_false():
    quiet = held(FLAGS, TRUTH[:0])
    assert row(quiet, "leniency", "weak")["precision"] == 0 and quiet.behaviours.empty and quiet.confounders.empty
    assert quiet.false_flag_count == quiet.officer_flag_count == 2


def test_a_world_without_a_hint_has_recall_0_and_no_precision():
    silent = row(held([]), "leniency", "weak")
    assert silent["recall"] == 0 and math.isnan(silent["precision"])


def test_over_worlds_counts_are_added_and_shares_are_meant_over_the_worlds_that_have_them():
    rows = over_worlds([held(FLAGS), held(FLAGS[:1]), held([])])
    weak = rows[(rows["family"] == "leniency") & (rows["threshold"] == "weak") & (rows["subject_kind"] == "officer")]
    told = weak.iloc[0]
    assert told["planted_count"] == 6 and told["right_count"] == 3
    assert told["recall"] == pytest.approx((1 + 0.5 + 0) / 3)
    assert (told["recall_low"], told["recall_high"]) == (0, 1)
    assert told["precision"] == pytest.approx((2 / 4 + 1) / 2)
    assert (told["precision_low"], told["precision_high"]) == (0.5, 1)


def test_a_subject_that_is_neither_officer_nor_institution_is_refused():
    with pytest.raises(ValueError, match="subject_kind must be officer or institution; found 'pair'"):
        held([], TRUTH.assign(subject_kind="pair"))
