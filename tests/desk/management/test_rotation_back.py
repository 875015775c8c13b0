"""What comes back: moves that were accepted and not carried out, and decisions that the night could not keep."""

from datetime import date, timedelta

import pytest

from desk.management.move import State, moves_of
from desk.published.night import current
from tests.desk.management.planned import moves, planned
from tests.desk.management.test_rotation_deciding import page, send, state
from tests.desk.management.test_rotation_plan import told
from tests.desk.small_night import write_night

pytestmark = pytest.mark.django_db
LATER = date(2026, 10, 11)
"""Ten days after the first quarter's day."""


def next_night(home, clock, client, as_of: date = LATER, *, only: str = "OF001", **more) -> None:
    """A later night, which holds this officer's move alone, and the morning after it, on which the reader signs in anew."""
    rows = [row | more for row in moves() if row["officer_id"] == only]
    write_night(home, planned(rotation_move=rows), as_of)
    after = as_of + timedelta(days=1)
    clock(after.year, after.month, after.day, 9)
    client.force_login(client.user)


def test_a_move_that_was_accepted_and_not_carried_out_stands_on_top_with_its_days_and_on_today(plan, client_of, clock):
    client = client_of("management")
    send(client, "OF001", "accepted")
    next_night(plan, clock, client, status="late", move_on=date(2027, 1, 1))
    for address in ("/management/rotation/", "/"):
        text = told(client, address)
        assert "Accepted and not carried out" in text and "林一" in text and "10 days late" in text
    assert client.get("/management/rotation/?state=1").context["listed"].count == 1


def test_it_stands_there_until_a_new_decision_takes_its_place_or_the_posting_is_there(plan, client_of, clock):
    client = client_of("management")
    send(client, "OF001", "accepted")
    next_night(plan, clock, client, status="late")
    assert state("OF001") is State.LATE
    send(client, "OF001", "changed", move_on="2027-01-04")
    assert state("OF001") is State.CHANGED and "days late" not in told(client)
    people = planned()["officer"]
    people[0] |= {"unit_id": "S2", "post": "case_handling"}
    write_night(plan, planned(rotation_move=[], officer=people), date(2027, 1, 10))
    assert moves_of(current()) == []


def test_a_night_that_knows_of_a_decision_taken_elsewhere_is_believed(plan, client_of, clock):
    client = client_of("management")
    next_night(plan, clock, client, status="late", move_on=date(2026, 10, 6))
    assert state("OF001") is State.LATE and "5 days late" in told(client)
    assert 'value="accepted"' not in told(client, page("OF001"))
    next_night(plan, clock, client, status="accepted", barring_rule="station_share")
    assert state("OF001") is State.RETURNED and 'value="accepted"' not in told(client, page("OF001"))


def test_what_is_decided_after_a_night_waits_for_the_next_one_and_is_not_taken_for_broken(plan, client_of):
    send(client_of("management"), "OF001", "changed", to_institution_id="S3")
    assert state("OF001") is State.CHANGED
    write_night(plan, planned(), date(2026, 6, 30))
    assert state("OF001") is State.CHANGED


def test_a_changed_move_that_breaks_a_rule_comes_back_with_the_rule_in_words(plan, client_of, clock):
    client = client_of("management")
    send(client, "OF001", "changed", to_institution_id="S3")
    broken = {"status": "accepted", "to_institution_id": "S3", "barring_rule": "interest"}
    next_night(plan, clock, client, date(2026, 7, 2), **broken)
    assert state("OF001") is State.RETURNED
    text = told(client)
    assert "Decided, and came back" in text and "it is not suitable for other reasons" in text and "<figure" not in text
    text = told(client, page("OF001"))
    assert "A rule of the plan stands in the way of what was decided: it is not suitable for other reasons" in text
    assert "recus" not in text
    assert 'value="accepted"' not in text
    send(client, "OF001", "declined")
    assert state("OF001") is State.DECLINED


def test_a_decision_that_the_night_waits_for_no_more_was_carried_out_and_never_comes_back(plan, client_of, clock):
    """Years later he may be proposed another move; the old decision must not stand against it as if it had failed."""
    client = client_of("management")
    send(client, "OF001", "changed", to_institution_id="S3")
    next_night(plan, clock, client, date(2026, 7, 2), only="OF004")
    assert not [move for move in moves_of(current()) if move.officer_id == "OF001"]
    assert "came back" not in told(client)
    next_night(plan, clock, client, date(2029, 7, 2))
    assert state("OF001") is State.WAITING and 'value="accepted"' in told(client, page("OF001"))


def test_what_was_declined_is_not_taken_back_by_a_proposal_of_another_post(plan, client_of, clock):
    client = client_of("management")
    send(client, "OF001", "declined")
    next_night(plan, clock, client, date(2026, 7, 2), to_institution_id="S3")
    send(client, "OF001", "accepted")
    text = told(client, page("OF001"))
    assert text.count(">holds<") == 2 and state("OF001") is State.ACCEPTED


@pytest.mark.parametrize(("days", "expected"), [(364, State.DECLINED), (365, State.WAITING)])
def test_a_decline_that_the_plan_no_longer_heeds_is_no_last_word_on_the_desk(plan, client_of, clock, days, expected):
    client = client_of("management")
    send(client, "OF001", "declined")
    next_night(plan, clock, client, date(2026, 7, 1) + timedelta(days=days))
    assert state("OF001") is expected
    text = told(client, page("OF001"))
    assert (">lapsed<" in text, ">holds<" in text) == (expected is State.WAITING, expected is State.DECLINED)
    send(client, "OF001", "accepted")
    assert state("OF001") is State.ACCEPTED


@pytest.mark.parametrize(
    ("language", "words"), [("en", "4 proposed moves wait for a decision."), ("zh-hans", "4 项拟轮岗待审定")]
)
def test_today_says_how_many_moves_wait(plan, client_of, language, words):
    assert words in told(client_of("management"), "/", language)


def test_a_night_of_before_the_plan_opens_all_the_same(home, client_of, clock):
    write_night(home, planned(), absent=("rotation_move", "rotation_summary"))
    client = client_of("management")
    assert "Rotation reminders" in told(client) and "wait for a decision" not in told(client, "/")
