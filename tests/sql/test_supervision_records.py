"""Self-checks, rectification items, decisions of reviewers and draws: as known on the night; and what was delivered."""

import pytest

from tests.sql.test_officer_features import bureau, case, day, undeliver, visit


def rows(found, query: str) -> list[tuple]:
    return found.execute(query).fetchall()


def test_a_self_check_counts_from_the_day_it_was_reported():
    reports = [
        {"institution_id": "S1", "month": month, "reported_on": day(ago), "problem_count": 0}
        for month, ago in (("2026-05", 25), ("2026-06", -1))
    ]
    assert rows(bureau({"self_check": reports}), "select month from core.self_check") == [("2026-05",)]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"status": "done", "closed_on": day(0)}, ("done", day(0), "R2", "file 1")),
        ({"status": "done", "closed_on": day(-1)}, ("open", None, None, None)),
        ({"status": "done"}, ("done", None, "R2", "file 1")),
        ({"status": "overdue", "due_on": day(1)}, ("overdue", None, "R2", "file 1")),
        ({"status": "overdue", "due_on": day(0)}, ("open", None, "R2", "file 1")),
    ],
)
def test_an_item_closed_later_than_tonight_is_open_tonight(given, expected):
    item = {
        "item_id": "I1",
        "institution_id": "S1",
        "problem": "p",
        "due_on": day(20),
        "closed_by": "R2",
        "evidence_ref": "file 1",
    }
    found = bureau({"rectification": [item | given]})
    query = "select status, cast(closed_on as varchar), closed_by, evidence_ref from core.rectification"
    assert rows(found, query) == [expected]


def test_a_decision_is_superseded_once_the_later_one_has_been_taken():
    decisions = [
        {
            "decision_id": name,
            "flag_key": "k",
            "subject_kind": "officer",
            "subject_id": "R1",
            "family": "leniency",
            "outcome": "explained",
            "decided_at": f"{day(ago)} 10:00",
            "reviewer_hash": "h",
            "supersedes": before,
        }
        for name, ago, before in (("D1", 9, None), ("D2", 5, "D1"), ("D3", -1, "D2"))
    ]
    query = "select decision_id, is_superseded from core.decision order by decision_id"
    assert rows(bureau({"decision": decisions}), query) == [("D1", True), ("D2", False)]


def test_a_draw_counts_from_the_day_it_was_held():
    draws = [{"draw_id": f"W{ago}", "merchant_id": "M1", "officer_id": "R1", "drawn_on": day(ago)} for ago in (0, -1)]
    assert rows(bureau({"random_draw": draws}), "select draw_id from core.random_draw") == [("W0",)]


def test_an_event_is_announced_by_its_filing_and_without_one_is_known_once_it_has_come():
    filings = [
        {"filing_id": f"F{n}", "kind": "visit", "filed_at": filed, "event_at": event}
        for n, filed, event in (
            (1, f"{day(3)} 09:00", f"{day(-4)} 10:00"),
            (2, None, f"{day(0)} 10:00"),
            (3, None, f"{day(-1)} 10:00"),
            (4, f"{day(-1)} 09:00", f"{day(2)} 10:00"),
        )
    ]
    query = "select filing_id, cast(event_at as varchar), filed_at is not null from core.filing order by filing_id"
    assert rows(bureau({"filing": filings}), query) == [
        ("F1", f"{day(-4)} 10:00:00", True),
        ("F2", f"{day(0)} 10:00:00", False),
    ]


@pytest.mark.parametrize(
    ("flag", "records"),
    [
        (
            "has_visit_filing",
            {
                "filing": [
                    {
                        "filing_id": "F1",
                        "kind": "visit",
                        "officer_id": "R1",
                        "merchant_id": "M1",
                        "filed_at": f"{day(9)} 09:00",
                    }
                ]
            },
        ),
        ("has_agent", {"merchant_relation": [{"merchant_id": "M1", "person_hash": "p", "relation": "agent"}]}),
    ],
)
def test_what_shows_only_in_the_rows_needs_a_row(flag, records):
    query = f"select {flag} from core.delivery"
    assert rows(bureau({}), query) == [(False,)] and rows(bureau(records), query) == [(True,)]


@pytest.mark.parametrize(
    ("flag", "columns"),
    [
        ("has_visit_time", ["patrol.ended_at"]),
        ("has_entered_at", ["patrol.entered_at"]),
        ("has_entered_by", ["patrol.entered_by"]),
        ("has_visit_place", ["patrol.longitude"]),
        ("has_note_hash", ["patrol.note_hash"]),
        ("has_case_visit", ["penalty.patrol_id"]),
        ("has_fine", ["penalty.fine_yuan"]),
        ("has_statutory_maximum", ["penalty.statutory_max_yuan"]),
        ("has_amount_involved", ["penalty.amount_involved_yuan"]),
        ("has_decided_on", ["penalty.decided_on"]),
        ("has_outcome_date", ["penalty.decided_on", "penalty.closed_on"]),
        ("has_review_result", ["penalty.legal_review_result"]),
        ("has_merchant_closed", ["merchant.closed_on"]),
        ("has_posting_end", ["posting.ended_on"]),
        ("has_discovered", ["penalty.discovered_on"]),
        ("has_review", ["penalty.legal_reviewed_on", "penalty.reviewer_officer_id"]),
        ("has_reviewer", ["penalty.reviewer_officer_id"]),
        ("has_approver", ["penalty.approver_officer_id"]),
        ("has_proposal", ["penalty.proposed_fine_yuan"]),
        ("has_stage", ["penalty.investigation_closed_on"]),
        ("has_case_co_officer", ["penalty.co_officer_id"]),
        ("has_co_officer", ["patrol.co_officer_id"]),
        ("has_relation", ["declared_relative.person_hash"]),
        ("has_recusal_record", ["recusal.recusal_id"]),
        ("has_self_check", ["self_check.institution_id"]),
        ("has_rectification", ["rectification.item_id"]),
        ("has_random_draw", ["random_draw.officer_id", "random_draw.merchant_id"]),
    ],
)
def test_a_column_that_was_not_delivered_is_told(flag, columns):
    found = bureau({"patrol": [visit(1, 5)], "penalty": [case(1, 5)]})
    query = f"select {flag} from core.delivery"
    assert rows(found, query) == [(True,)]
    undeliver(found, columns)
    assert rows(found, query) == [(False,)]
