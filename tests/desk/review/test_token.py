"""What stands for a hint outside the desk's database and delivery: no identifier that somebody could make himself."""

import pytest
from django.urls import reverse

from desk.audit.models import Entry
from desk.review.models import Decision
from desk.review.token import LENGTH, token
from tests.desk.review.bureau import flag, write_review_night
from tests.desk.review.conftest import PLAIN, WHY

pytestmark = pytest.mark.django_db
FLAG_ID = "5f" * 32
AT = "/hints/{}/"


@pytest.fixture(autouse=True)
def plain_addresses():
    """Addresses as they really are."""


@pytest.fixture
def night(home):
    """One hint, with an identifier as long as a real one."""
    write_review_night(home, [flag(FLAG_ID, PLAIN)])


def test_a_token_follows_from_the_desks_secret(settings):
    first = token(FLAG_ID)
    assert len(first) == LENGTH and first == token(FLAG_ID) != token(PLAIN)
    settings.SECRET_KEY = "another-" + "0" * 50
    assert token(FLAG_ID) != first


@pytest.mark.parametrize("path", ["/", "/hints/", "/hints/{}/", "/hints/{}/decision/", "/hints/{}/name/"])
def test_no_page_tells_an_identifier_of_a_night(night, reader, told, path):
    page = told(reader(), path.format(token(FLAG_ID)))
    assert FLAG_ID not in page and PLAIN not in page and token(FLAG_ID) in page


def test_an_identifier_of_a_night_is_no_address(night, reader, told):
    assert "There is no such hint" in told(reader(), AT.format(FLAG_ID), 403)
    assert reverse("dossier", args=[FLAG_ID]) == AT.format(token(FLAG_ID))


def test_the_log_tells_no_identifier_and_the_database_keeps_them(night, reader):
    client = reader()
    at = AT.format(token(FLAG_ID))
    client.get(at)
    client.post(f"{at}name/", {"reason": WHY})
    client.post(f"{at}reply/", {"text": WHY, "received_on": "2026-06-30", "last": 0})
    client.post(f"{at}decision/", {"outcome": "needs_information", "reason": WHY, "number": 0, "is_confirmed": "yes"})
    assert (Decision.objects.get().flag_id, Decision.objects.get().flag_key) == (FLAG_ID, PLAIN)
    entries = list(Entry.objects.filter(subject_kind="flag"))
    assert [entry.action for entry in entries] == ["view", "unmasked", "entered_reply", "decided"]
    assert {entry.subject for entry in entries} == {token(FLAG_ID)}
    said = "".join(f"{entry.subject}{entry.detail}" for entry in Entry.objects.all())
    assert FLAG_ID not in said and PLAIN not in said


def test_a_token_of_an_earlier_night_still_leads_to_its_hint(home, reader, told):
    from datetime import date

    write_review_night(home, [flag("e1", PLAIN)], date(2026, 6, 29))
    write_review_night(home, [flag(FLAG_ID, PLAIN)], date(2026, 6, 30))
    assert token("e1") != token(FLAG_ID) and "34 decisions" in told(reader(), AT.format(token("e1")))
