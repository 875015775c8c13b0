"""What was said of an officer: people counted once, accusations never, outcomes from the day they were known."""

from datetime import timedelta

from tests.sql.test_officer_features import TONIGHT, bureau, complaint, day, tonight


def test_complainants_are_distinct_and_duplicates_and_accusations_are_out():
    found = bureau(
        {
            "complaint": [
                complaint(1, 10, complainant_hash="who0001"),
                complaint(2, 20, complainant_hash="who0001", kind="handling_complaint"),
                complaint(3, 30, duplicate_of="Q1"),
                complaint(4, 40, kind="accusation"),
                complaint(5, 400, outcome="upheld", resolved_at=day(380)),
                complaint(6, 50, kind="consumer_complaint"),
                complaint(7, 60, outcome="duplicate", resolved_at=day(55)),
            ]
        }
    )
    columns = (
        "feedback_complainant_count_12m, handling_complainant_count_12m, complainant_count_12m, complainant_count_24m,"
        " complainant_count_60m, upheld_complainant_count_24m"
    )
    assert tonight(found, "feature.officer", columns) == (1, 1, 1, 2, 2, 1)
    assert tonight(found, "feature.officer", columns, "R2") == (0, 0, 0, 0, 0, 0)


def test_an_accusation_changes_nothing_in_the_officers_features():
    public = [complaint(1, 100, complainant_hash="who0001")]
    accused = [*public, complaint(2, 10, kind="accusation"), complaint(3, 20, kind="accusation", outcome=None)]
    said = [
        bureau({"complaint": rows}).execute("select * from feature.officer order by all").fetchall()
        for rows in (public, accused)
    ]
    assert said[0] == said[1]


def test_one_person_counts_once_however_often_he_is_upheld():
    upheld = [
        complaint(number, 10 + number, outcome="upheld", resolved_at=day(5), complainant_hash="who0001")
        for number in range(9)
    ]
    counts = "upheld_complainant_count_24m, upheld_complainant_count_60m, complainant_count_60m"
    assert tonight(bureau({"complaint": upheld}), "feature.officer", counts) == (1, 1, 1)


def test_an_outcome_that_lies_ahead_is_not_yet_known():
    found = bureau({"complaint": [complaint(1, 100, outcome="upheld", resolved_at=day(5))]})
    counts = found.execute(
        "select as_of_on, upheld_complainant_count_24m, open_complaint_count from feature.officer"
        " where officer_id = 'R1' order by as_of_on desc limit 2"
    )
    assert counts.fetchall() == [(TONIGHT, 1, 0), (TONIGHT - timedelta(days=30), 0, 1)]
