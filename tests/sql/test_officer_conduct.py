"""How grave, how recent and in whose company: every person once, every fact from the day it was known."""

from datetime import timedelta

import pytest

from tests.sql.test_officer_features import TONIGHT, bureau, complaint, day, tonight, undeliver


def graded(number: int, received: int, category: str, outcome: str, officer: str = "R3", **changes) -> dict:
    return complaint(
        number,
        received,
        category=category,
        outcome=outcome,
        resolved_at=day(received - 5),
        officer_id=officer,
        **changes,
    )


def faded(received: int, half_life_days: int) -> float:
    """Weight tonight of what was received so many days ago, by hand: it fades from the first day of its quarter."""
    received_on = TONIGHT - timedelta(days=received)
    quarter_on = received_on.replace(month=(received_on.month - 1) // 3 * 3 + 1, day=1)
    return 0.5 ** ((TONIGHT - quarter_on).days / half_life_days)


def outcome(number: int, officer: str, opened: int, closed: int, result: str = "substantiated") -> dict:
    return {
        "outcome_id": f"O{number}",
        "officer_id": officer,
        "opened_on": day(opened),
        "closed_on": day(closed),
        "result": result,
    }


def test_what_was_said_a_half_life_ago_counts_half_and_one_person_counts_once():
    rows = [
        complaint(1, 365, complainant_hash="who0001"),
        complaint(2, 900, complainant_hash="who0001"),
        complaint(3, 1095, complainant_hash="who0002"),
    ]
    found = bureau({"complaint": rows})
    assert tonight(found, "feature.officer_conduct", "complainant_load_1y") == pytest.approx(
        (faded(365, 365) + faded(1095, 365),)
    )
    assert tonight(found, "feature.officer_conduct", "complainant_load_3y") == pytest.approx(
        (faded(365, 1095) + faded(1095, 1095),)
    )
    assert tonight(found, "feature.officer_conduct", "complainant_load_1y", "R2") == (0,)


def test_no_load_tells_the_day_of_a_complaint_within_its_quarter():
    loads = "complainant_load_1y, complainant_load_3y, gravity_load_1y, upheld_load_3y"
    found = [
        tonight(
            bureau({"complaint": [complaint(1, received, outcome="upheld", resolved_at=day(1))]}),
            "feature.officer_conduct",
            loads,
        )
        for received in (100, 110, 200)
    ]
    assert found[0] == found[1] != found[2]


def test_a_matter_weighs_what_the_bureau_found_of_its_like():
    """Forty bribes of which all were upheld, forty rude words of which none was: share 1/2 of all, shrunk by twenty."""
    known = [graded(number, 100, "bribe", "upheld") for number in range(40)]
    known += [graded(40 + number, 100, "manner", "not_upheld") for number in range(40)]
    pending = [
        complaint(100, 0, category="bribe", officer_id="R1"),
        complaint(101, 0, category="manner", officer_id="R2"),
    ]
    found = bureau({"complaint": known + pending})
    weight = faded(0, 1095)
    grave, plain = weight * (40 + 20 * 0.5) / 60 / 0.5, weight * (20 * 0.5) / 60 / 0.5
    assert tonight(found, "feature.officer_conduct", "gravity_load_3y, grave_load_3y") == pytest.approx((grave, 0.0))
    assert tonight(found, "feature.officer_conduct", "gravity_load_3y", "R2") == pytest.approx((plain,))


def test_the_gravest_matters_are_those_upheld_more_than_twice_as_often_as_all():
    known = [graded(number, 100, "bribe", "upheld") for number in range(40)]
    known += [graded(40 + number, 100, "manner", "not_upheld") for number in range(160)]
    found = bureau({"complaint": [*known, complaint(900, 1095, category="bribe")]})
    assert tonight(found, "feature.officer_conduct", "grave_load_3y") == pytest.approx((faded(1095, 1095),))


def test_an_upheld_complaint_counts_from_the_day_on_which_it_was_known():
    rows = [complaint(1, 200, outcome="upheld", resolved_at=day(40))]
    nights = bureau({"complaint": rows}).execute(
        "select upheld_load_3y > 0 from feature.officer_conduct where officer_id = 'R1' order by as_of_on desc limit 3"
    )
    assert nights.fetchall() == [(True,), (True,), (False,)]


def test_duplicates_and_accusations_say_nothing():
    rows = [
        complaint(1, 10, complainant_hash="who0001"),
        complaint(2, 5, duplicate_of="Q1"),
        complaint(3, 5, kind="accusation"),
    ]
    alone = bureau({"complaint": rows[:1]}).execute("select * from feature.officer_conduct order by all").fetchall()
    assert bureau({"complaint": rows}).execute("select * from feature.officer_conduct order by all").fetchall() == alone


def test_company_is_who_was_named_in_the_same_event_from_the_day_the_second_was_named():
    rows = [
        complaint(1, 400, event_ref="E1"),
        complaint(2, 300, event_ref="E1", officer_id="R2"),
        complaint(3, 200, event_ref="E2"),
        complaint(4, 20, event_ref="E2", officer_id="R3"),
        complaint(5, 10, event_ref="E3"),
    ]
    found = bureau(
        {"complaint": rows, "integrity_outcome": [outcome(1, "R2", 1095, 100), outcome(2, "R3", 90, 10, "unfounded")]}
    )
    columns = "lone_event_count_60m, shared_event_count_60m, companion_count_60m, found_companion_count_60m"
    assert tonight(found, "feature.officer_conduct", columns) == (1, 2, 2, 1)
    assert tonight(found, "feature.officer_conduct", "companion_finding_load") == pytest.approx((0.5,))
    assert tonight(found, "feature.officer_conduct", columns, "R2") == (0, 1, 1, 0)
    before = found.execute(
        f"select {columns} from feature.officer_conduct where officer_id = 'R1' order by as_of_on desc limit 2"
    ).fetchall()[1]
    assert before == (1, 1, 1, 1)


def test_findings_fade_from_their_opening_and_from_the_day_they_were_known():
    matters = [outcome(1, "R1", 1095, 365), outcome(2, "R1", 500, 100, "exonerated")]
    found = bureau({"integrity_outcome": matters})
    loads = tonight(found, "feature.officer_conduct", "finding_load_1y, finding_load_3y, known_finding_load_3y")
    assert loads == pytest.approx((0.125, 0.5, 0.5 ** (1 / 3)))


def test_what_is_not_delivered_is_empty_and_not_0():
    found = bureau({"complaint": [complaint(1, 10)]})
    columns = "lone_event_count_60m, found_companion_count_60m, finding_load_1y"
    assert tonight(found, "feature.officer_conduct", columns) == (None, None, None)
    undeliver(found, ["complaint.outcome"])
    assert tonight(found, "feature.officer_conduct", "gravity_load_1y, upheld_load_3y") == (None, None)
    assert tonight(found, "feature.officer_conduct", "complainant_load_1y")[0] > 0
    undeliver(found, ["complaint.officer_id"])
    assert tonight(found, "feature.officer_conduct", "complainant_load_1y") == (None,)
