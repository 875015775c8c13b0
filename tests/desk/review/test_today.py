"""Today, for each role what concerns it; and the list of hints."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from desk.audit.log import append
from desk.review.history import first_told
from desk.review.models import Decision
from tests.desk.review.bureau import flag, key_of, write_review_night
from tests.desk.review.conftest import PLAIN, WHY, send
from tests.desk.review.test_deciding import decide
from tests.desk.small_night import facts

pytestmark = pytest.mark.django_db
OTHER = key_of("other", chosen=False)


def part(page: str, name: str) -> str:
    return page[page.index(f'id="{name}-heading"') :].split("</section>")[0]


def test_what_is_new_is_new_until_it_is_marked_as_read(night, reader, told):
    client = reader()
    page = told(client, "/")
    assert "/hints/f1/" in part(page, "new")
    shown = (timezone.now() + timedelta(days=300)).isoformat()
    client.post("/", {"read_until": shown})
    client.user.refresh_from_db()
    assert client.user.seen_until <= timezone.now()
    assert "/hints/f1/" not in part(told(client, "/"), "new")
    assert client.get("/hints/?is_new=yes").content.decode().count("/hints/f1/") == 0


def test_a_hint_of_an_earlier_night_is_not_new_again_tonight(home, reader, told):
    at = facts(published_at="2026-06-30T01:30:00+08:00")
    write_review_night(home, [flag("e1", PLAIN)], date(2026, 6, 29), manifest=at)
    client = reader()
    client.post("/", {"read_until": "2026-06-30T08:30:00+08:00"})
    at = facts(published_at="2026-07-01T01:30:00+08:00")
    write_review_night(home, [flag("f1", PLAIN), flag("g1", OTHER, "R0002")], date(2026, 6, 30), manifest=at)
    new = part(told(client, "/"), "new")
    assert "/hints/g1/" in new and "/hints/f1/" not in new


def test_published_nights_are_listed_once_for_all_hints_and_again_when_one_is_published(home, reader, monkeypatch):
    write_review_night(home, [flag(f"f{number}", key_of(f"k{number}", chosen=False)) for number in range(20)])
    client = reader()
    client.post("/", {"read_until": "2026-06-29T08:30:00+08:00"})
    listed = []
    glob = Path.glob
    monkeypatch.setattr(Path, "glob", lambda *given: listed.append(given) or glob(*given))
    for _ in range(2):
        client.get("/hints/")
    assert len([pattern for _, pattern in listed if pattern.startswith("????")]) == 1
    assert first_told(OTHER) is None
    write_review_night(home, [flag("g1", OTHER)], date(2026, 7, 1))
    assert first_told(OTHER) == date(2026, 7, 1)


def test_a_signature_waits_for_others_than_the_first_signer(night, reader, told):
    first, second = reader("first"), reader("second")
    decide(first, "transferred_to_lead")
    assert "your second signature is wanted" in part(told(second, "/"), "waiting")
    assert "your second signature" not in told(first, "/")
    specialist = reader("third", role="supervision_specialist", area=("S01",))
    assert "your second signature" not in told(specialist, "/")


def test_information_that_was_asked_for_and_came_in_waits_for_a_decision(night, reader, told):
    client = reader()
    decide(client, "needs_information")
    assert "came in" not in part(told(client, "/"), "waiting")
    send(client, "reply", {"text": WHY, "received_on": "2026-06-30"})
    assert "the information that was asked for came in" in part(told(client, "/"), "waiting")


@pytest.mark.parametrize(("outcome", "strength", "is_renewed"), [
    ("exonerated", "weak", True), ("explained", "moderate", True), ("explained", "weak", False),
])  # fmt: skip
def test_what_was_concluded_and_is_told_again_by_new_records_waits(home, reader, told, outcome, strength, is_renewed):
    tonight = timezone.localdate()
    write_review_night(home, [flag("f1", PLAIN)], tonight - timedelta(days=1))
    client = reader()
    decide(client, outcome)
    write_review_night(home, [flag("h1", PLAIN, strength=strength)], tonight)
    assert ("told again by new records" in part(told(client, "/"), "waiting")) == is_renewed


def test_an_old_hint_without_a_decision_is_overdue_and_says_by_which_rule(night, reader, told):
    page = told(reader(), "/")
    overdue = part(page, "overdue")
    late = timezone.localdate() - date(2026, 7, 30)
    assert f"{late.days} days" in overdue and "2026-07-30" in overdue and "[D] the bureau" in overdue


def test_a_lead_stays_in_view_when_its_hint_is_told_no_more(home, reader, told):
    write_review_night(home, [flag("f1", PLAIN)], date(2026, 6, 29))
    first, second = reader("first"), reader("second")
    decide(first, "transferred_to_lead")
    send(second, "signature", {"is_agreed": "yes", "reason": WHY})
    write_review_night(home, [flag("g1", OTHER, "R0002")], date(2026, 6, 30))
    waiting = part(told(first, "/"), "waiting")
    assert "/hints/f1/disposition/" in waiting and "not told tonight" in waiting
    assert "/hints/f1/disposition/" not in told(reader("south", area=("S02",)), "/")
    send(first, "disposition", {"disposal": "closed", "reason": WHY})
    assert Decision.objects.get().dispositions.get().disposal == "closed"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("role", ["management", "operator", "auditor"])
def test_other_roles_see_no_hint_and_no_person(night, client_of, told, role, language):
    page = told(client_of(role), "/", language=language)
    assert "/f1/" not in page and "R0001" not in page and "Officer-" not in page and "人员-" not in page
    assert ("the night" in page.lower()) or "本晚" in page


def test_the_auditor_sees_the_head_of_the_log(night, client_of, told):
    client = client_of("auditor")
    entry = append(client.user, "looked", "page", "here")
    page = told(client, "/")
    assert entry.hash in page and f"<dd>{entry.number}</dd>" in page


def test_the_list_filters_sorts_and_searches_under_pseudonyms(home, reader, told):
    hints = [flag("f1", PLAIN, strength="weak"), flag("g1", OTHER, "R0002", "tip_off", strength="strong")]
    write_review_night(home, hints)
    client = reader()
    page = told(client, "/hints/")
    assert page.index("/hints/g1/") < page.index("/hints/f1/") and "R000" not in page
    assert "/hints/f1/" not in told(client, "/hints/?family=tip_off")
    assert "/hints/g1/" not in told(client, "/hints/?q=nothing-like-it")
    decide(client, "explained")
    assert "/hints/g1/" not in told(client, "/hints/?state=explained")
    assert "Hints by family" in page and page.count('<rect class="bar"') == 2


def test_the_export_names_its_reader_and_nobody_else(night, reader):
    import io

    from python_calamine import CalamineWorkbook

    client = reader("taker")
    answer = client.get("/hints/export/")
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    said = str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])
    assert "taker" in said and "R0001" not in said and "甲某" not in said


def test_a_night_without_hints_says_what_that_does_not_mean(home, reader, told):
    write_review_night(home, [])
    client = reader()
    assert "not the same as clean" in told(client, "/hints/")
    assert "Nothing waits for you." in told(client, "/")
