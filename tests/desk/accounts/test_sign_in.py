"""Signing in and out: what comes before every page, and when sign-in closes."""

import logging

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from desk.accounts.models import User
from desk.audit.models import Entry

pytestmark = pytest.mark.django_db
RIGHT = "a quiet harbour"


def sign_in(client, username="reader", password=RIGHT, **more):
    return client.post(reverse("sign_in"), {"username": username, "password": password, **more})


def actions() -> list[str]:
    return list(Entry.objects.values_list("action", flat=True))


def test_who_knows_his_password_comes_in_and_the_log_says_so(user_of):
    user_of("auditor", username="reader")
    client = Client()
    answer = sign_in(client, next=reverse("account"))
    assert (answer.status_code, answer["Location"]) == (302, reverse("account"))
    assert client.get(reverse("account")).status_code == 200
    entry = Entry.objects.get(action="sign_in")
    assert (entry.actor, entry.subject, entry.detail) == ("reader", "reader", '{"by":"password"}')


def test_a_password_is_kept_as_argon2_only(user_of, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    user_of("auditor", username="reader")
    assert User.objects.get().password.startswith("argon2$argon2id$")
    assert sign_in(Client()).status_code == 302


def test_the_session_has_another_key_after_signing_in(user_of):
    user_of("auditor", username="reader")
    client = Client()
    session = client.session
    session["left"] = "by somebody else"
    session.save()
    before = session.session_key
    sign_in(client)
    assert client.session.session_key != before
    assert not client.session.exists(before)


def test_a_wrong_name_and_a_wrong_password_are_told_the_same(user_of):
    user_of("auditor", username="reader")
    wrong, unknown = sign_in(Client(), password="no"), sign_in(Client(), username="nobody", password="no")
    assert wrong.status_code == unknown.status_code == 200
    told = [answer.context["form"].non_field_errors() for answer in (wrong, unknown)]
    assert told[0] == told[1] and told[0]
    assert [entry.subject for entry in Entry.objects.filter(action="sign_in_failed")] == ["reader", ""]


def test_five_wrong_passwords_close_sign_in_and_the_page_says_how_long(user_of):
    user_of("auditor", username="reader")
    client = Client(headers={"accept-language": "en"})
    for _ in range(4):
        assert sign_in(client, password="no").status_code == 200
    closed = sign_in(client, password="no")
    assert (closed.status_code, closed["Retry-After"]) == (429, "900")
    assert "opens again in 15 minutes" in closed.content.decode()
    right = sign_in(client)
    assert right.status_code == 429, "the right password opens nothing while sign-in is closed"
    assert "sign_in" not in actions()
    assert actions().count("sign_in_failed") == 5
    assert actions().count("sign_in_closed") == 1


def test_sign_in_that_is_closed_for_one_name_is_open_for_another(user_of):
    user_of("auditor", username="reader")
    user_of("operator", username="other")
    client = Client()
    for _ in range(5):
        sign_in(client, password="no")
    assert sign_in(client, username="other").status_code == 302


def test_many_wrong_passwords_for_many_names_close_sign_in_from_that_machine(user_of, monkeypatch):
    monkeypatch.setattr("desk.accounts.lockout.ADDRESS_LIMIT", 7)
    user_of("auditor", username="reader")
    client = Client()
    for number in range(7):
        assert sign_in(client, username=f"name-{number}", password="no").status_code == 200
    closed = sign_in(client)
    assert closed.status_code == 429 and int(closed["Retry-After"]) <= 900
    assert sign_in(Client(REMOTE_ADDR="192.0.2.7")).status_code == 302


@pytest.mark.parametrize(("is_https", "told", "address"), [
    (True, "203.0.113.9, 192.0.2.7", "192.0.2.7"), (True, "", "127.0.0.1"), (True, "nonsense", "127.0.0.1"),
    (False, "192.0.2.7", "127.0.0.1"),
])  # fmt: skip
def test_a_machine_is_who_the_bureaus_own_proxy_says_and_never_who_it_says_itself(settings, is_https, told, address):
    settings.DEPLOYMENT = settings.DEPLOYMENT.model_copy(update={"desk_https": is_https})
    sign_in(Client(headers={"x-forwarded-for": told}), username="x", password="no")
    assert AccessAttempt.objects.get().ip_address == address


def test_sign_in_opens_again_after_its_time(user_of, settings):
    user_of("auditor", username="reader")
    client = Client()
    for _ in range(5):
        sign_in(client, password="no")
    with connection.cursor() as cursor:
        cursor.execute("update axes_accessattempt set attempt_time = '2026-01-01 00:00:00+00:00'")
    assert sign_in(client).status_code == 302


def test_no_password_is_written_anywhere(user_of, caplog):
    user_of("auditor", username="reader")
    caplog.set_level(logging.DEBUG)
    logging.getLogger("axes").propagate = True
    for given in ("an-unlikely-secret", RIGHT):
        sign_in(Client(), password=given)
    sign_in(Client(), username="typed-in-the-wrong-field", password="no")
    told = "".join(f"{entry.subject}{entry.detail}" for entry in Entry.objects.all())
    assert "typed-in-the-wrong-field" not in caplog.text + told
    kept = "\n".join(connection.connection.iterdump())
    assert 'INSERT INTO "axes_accessattempt"' in kept
    for secret in ("an-unlikely-secret", RIGHT):
        assert secret not in caplog.text + told + kept


def test_without_signing_in_every_page_leads_to_the_sign_in_page_and_back():
    answer = Client().get(reverse("account"))
    assert answer["Location"] == f"{reverse('sign_in')}?next={reverse('account').replace('/', '%2F')}"


def test_who_asks_for_another_site_after_signing_in_stays_here(user_of):
    user_of("auditor", username="reader")
    for elsewhere in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"):
        assert sign_in(Client(), next=elsewhere)["Location"].startswith("/")
    assert sign_in(Client(), next="//elsewhere.example")["Location"] == "/"


def test_a_session_that_is_gone_is_told_as_ended(client_of):
    client = client_of("auditor")
    client.session.flush()
    client.cookies[settings.SESSION_COOKIE_NAME] = "gone"
    answer = client.get(reverse("account"))
    assert "ended=1" in answer["Location"]
    page = Client(headers={"accept-language": "en"}).get(answer["Location"])
    assert "Your session has ended" in page.content.decode()
    assert (
        "Your session has ended"
        not in Client(headers={"accept-language": "en"}).get(reverse("sign_in")).content.decode()
    )


def test_a_session_ends_after_its_hours_however_busy_it_is(client_of):
    client = client_of("auditor")
    session = client.session
    session["signed_in_at"] -= settings.DEPLOYMENT.desk_session_hours * 3600 + 5
    session.save()
    assert "ended=1" in client.get(reverse("account"))["Location"]
    assert not client.session.exists(session.session_key)


def test_a_session_ends_after_its_minutes_without_use(client_of):
    client = client_of("auditor")
    assert client.session.get_expiry_age() == settings.DEPLOYMENT.desk_session_minutes * 60
    client.get(reverse("account"))
    assert client.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == "", "and with the browser's window"


def test_who_is_closed_is_out_at_once_and_cannot_come_in(client_of):
    client = client_of("auditor", username="reader")
    User.objects.update(is_active=False)
    assert reverse("sign_in") in client.get(reverse("account"))["Location"]
    assert sign_in(Client()).status_code == 200


def test_signing_out_needs_a_form_and_ends_the_session(client_of):
    client = client_of("auditor", username="reader")
    key = client.session.session_key
    assert client.get(reverse("sign_out")).status_code == 405
    assert client.post(reverse("sign_out"))["Location"] == reverse("sign_in")
    assert not client.session.exists(key)
    assert Entry.objects.get(action="sign_out").actor == "reader"


def test_a_form_from_elsewhere_is_refused_and_says_why(user_of):
    user_of("auditor", username="reader")
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    answer = sign_in(client)
    assert answer.status_code == 403
    assert "it did not come from this desk" in answer.content.decode()
    page = client.get(reverse("sign_in"))
    token = page.context["csrf_token"]
    assert sign_in(client, csrfmiddlewaretoken=str(token)).status_code == 302


def test_a_given_password_must_be_changed_before_anything_else_opens(client_of):
    client = client_of("auditor", username="reader", must_change_password=True)
    assert client.get(reverse("account"))["Location"].startswith(reverse("password"))
    page = client.get(reverse("password"))
    assert page.context["may"] == frozenset()
    given = {"old_password": RIGHT, "new_password1": RIGHT, "new_password2": RIGHT}
    same = client.post(reverse("password"), given)
    assert same.status_code == 200 and same.context["form"].errors["new_password1"]
    own = {"old_password": RIGHT, "new_password1": "of my very own", "new_password2": "of my very own"}
    assert client.post(reverse("password"), own).status_code == 302
    assert client.get(reverse("account")).status_code == 200
    assert not User.objects.get().must_change_password
    assert actions() == ["password_changed"]


@pytest.mark.parametrize("weak", ["short", "123456789012", "password1234", "reader-reader"])
def test_a_weak_password_is_refused(client_of, weak):
    client = client_of("auditor", username="reader-reader")
    given = {"old_password": RIGHT, "new_password1": weak, "new_password2": weak}
    assert client.post(reverse("password"), given).status_code == 200
    assert User.objects.get().check_password(RIGHT)


def test_a_changed_password_ends_every_other_session_of_the_same_person(client_of):
    here = client_of("auditor", username="reader")
    elsewhere = Client()
    elsewhere.force_login(here.user)
    own = {"old_password": RIGHT, "new_password1": "of my very own", "new_password2": "of my very own"}
    here.post(reverse("password"), own)
    assert here.get(reverse("account")).status_code == 200
    assert "ended=1" in elsewhere.get(reverse("account"))["Location"]
