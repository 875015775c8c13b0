"""Blind first: what stays shut, for whom, until when, and what the report makes of it."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from desk.review.deciding import decide, note_impression
from desk.review.impression import is_chosen, report, share
from desk.review.models import Impression, Outcome, Sight
from tests.desk.review.bureau import flag, key_of, write_review_night
from tests.desk.review.conftest import BLIND, PLAIN, WHY
from tests.desk.small_night import NIGHT

pytestmark = pytest.mark.django_db
LEAST = 5


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_before_an_impression_a_dossier_shows_records_and_contacts_alone(blind_night, reader, told, language):
    page = told(reader(), "/hints/f1/", language=language)
    assert re.findall(r'id="(claim|counter-evidence|reasons|records|contacts|peers|earlier)"', page) == [
        "records",
        "contacts",
    ]
    for told_later in ("34 decisions", "34件", "moderate", "tested", "第二件", "second", "-0.28"):
        assert told_later not in page


def test_the_list_and_today_do_not_tell_its_strength_either(blind_night, reader, told):
    client = reader()
    for path in ("/hints/", "/"):
        page = told(client, path)
        assert "34 decisions" not in page and 'class="chip watch">moderate' not in page
    assert "your first impression is wanted" in told(client, "/")
    assert client.get("/hints/?strength=2-moderate").content.decode().count("/hints/f1/") == 0


@pytest.mark.parametrize("page", ["decision", "name", "reply", "signature", "disposition"])
def test_nothing_is_done_before_it_is_noted(blind_night, reader, page):
    answer = reader().get(f"/hints/f1/{page}/")
    assert (answer.status_code, answer.url) == (302, "/hints/f1/impression/")


def test_once_noted_everything_opens_to_him_and_to_nobody_else(blind_night, reader, told):
    client = reader()
    assert client.post("/hints/f1/impression/", {"sight": "needs_look", "reason": "zu kurz"}).status_code == 422
    client.post("/hints/f1/impression/", {"sight": "needs_look", "reason": WHY})
    assert 'id="counter-evidence"' in told(client, "/hints/f1/")
    assert 'id="counter-evidence"' not in told(reader("other"), "/hints/f1/")
    client.post("/hints/f1/impression/", {"sight": "nothing", "reason": WHY})
    assert Impression.objects.get().sight == "needs_look"


def test_a_reminder_of_rotation_and_a_hint_without_readable_records_are_not_read_blind(home, reader, told):
    write_review_night(home, [flag("f1", BLIND, strength="reminder")])
    assert 'id="counter-evidence"' in told(reader(), "/hints/f1/")
    write_review_night(home, [flag("f1", BLIND)], tables={"flag_record": []})
    assert 'id="counter-evidence"' in told(reader("other"), "/hints/f1/")


def test_about_the_share_that_was_asked_for_is_chosen_and_the_same_each_time(settings):
    keys = [f"key-{number}" for number in range(4000)]
    chosen = [key for key in keys if is_chosen(key)]
    assert 0.17 < len(chosen) / len(keys) < 0.23 and chosen == [key for key in keys if is_chosen(key)]
    for asked, expected in ((0.0, 0), (1.0, len(keys))):
        settings.DEPLOYMENT = settings.DEPLOYMENT.model_copy(update={"desk_blind_share": asked})
        assert sum(map(is_chosen, keys)) == expected


def test_the_wilson_interval_of_1_in_10_is_the_published_one():
    """Newcombe, Statistics in Medicine 17 (1998), method 3."""
    found = share(1, 10, LEAST)
    assert (round(found.low, 4), round(found.high, 4)) == (0.0179, 0.4042)


@given(some.integers(5, 400).flatmap(lambda whole: some.tuples(some.integers(0, whole), some.just(whole))))
def test_an_interval_holds_its_share_and_stays_between_0_and_1(pair):
    found = share(*pair, LEAST)
    assert 0 <= found.low <= found.value <= found.high <= 1


def test_a_share_of_fewer_than_the_policy_allows_is_not_told():
    assert share(2, 4, LEAST).value is None and share(0, 0, 0).value is None


def test_changes_of_mind_are_counted_by_reviewer_and_hint(user_of):
    first, second = (user_of("discipline_officer", area=["B00"], username=name) for name in ("first", "second"))
    chosen = [key_of(f"k{number}", chosen=True) for number in range(6)]
    hints = [flag(f"f{number}", key) | {"as_of": NIGHT} for number, key in enumerate(chosen)]
    for hint in hints:
        note_impression(first, hint, Sight.NEEDS_LOOK, WHY)
    for hint in hints[:2]:
        decide(first, hint, Outcome.TRANSFERRED, WHY, number=0)
        decide(first, hint, Outcome.PROCESS_CORRECTION, WHY, number=1, is_correction=True)
    for hint in hints[2:5]:
        decide(first, hint, Outcome.NEEDS_INFORMATION, WHY, number=0)
        decide(first, hint, Outcome.EXPLAINED, WHY, number=1)
    decide(second, hints[5], Outcome.EXONERATED, WHY, number=0)
    decide(second, flag("g", PLAIN) | {"as_of": NIGHT}, Outcome.EXONERATED, WHY, number=0)
    made = report(date(2026, 6, 30))
    line = next(line for line in made.lines if line.sight == Sight.NEEDS_LOOK)
    assert (line.count, line.open_count, line.changed.count, line.changed.whole) == (6, 1, 3, 5)
    assert line.changed.value == 0.6 and line.concern.count == 2
    assert (made.blind_concern.count, made.blind_concern.whole, made.other_concern.whole) == (2, 6, 1)
    assert made.other_concern.value is None


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_report_opens_to_discipline_officers_and_the_auditor_alone(night, client_of, told, language):
    for role, status in (("discipline_officer", 200), ("auditor", 200), ("management", 403), ("operator", 403)):
        told(client_of(role, area=["B00"]), "/impressions/", status, language)
