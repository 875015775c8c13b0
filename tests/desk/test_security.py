"""What every answer tells the browser, what a form needs, and whether the settings of a bureau's own machine are sound."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client, override_settings
from django.urls import reverse
from pydantic import ValidationError

from desk.access.rules import Role
from desk.audit.log import append
from desk.audit.models import Entry
from desk.deployment import SECRET_LENGTH, Deployment
from tests.desk.access.area_bureau import write_area_night

ROOT = Path(__file__).resolve().parents[2]
HTTPS = {"MINGJIAN_DESK_HTTPS": "1", "MINGJIAN_DESK_HOSTS": "desk.bureau.example"}

SECRET = "".join(chr(33 + place) for place in range(64))


def desk(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess:
    """A command of the desk in a process of its own, as on the bureau's machine."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MINGJIAN_", "DATABASE_"))}
    return subprocess.run(
        [sys.executable, "-m", "desk", *arguments],
        cwd=ROOT,
        env={**kept, "MINGJIAN_HOME": str(home), **more},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "place", ["/account/sign-in/", "/account/", "/audit/", "/", "/nowhere/", "/static/desk.css", "/static/nowhere.css"]
)
def test_every_answer_forbids_scripts_frames_and_telling_others_where_one_came_from(client_of, home, place):
    write_area_night(home)
    for client in (Client(), client_of(Role.AUDITOR)):
        answer = client.get(place)
        policy = dict(part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == "'none'" and "script-src" not in policy
        assert policy["style-src"] == policy["img-src"] == policy["form-action"] == "'self'"
        assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == answer["Cross-Origin-Opener-Policy"] == "same-origin"
        if answer.status_code == 200 and place.startswith("/static/"):
            assert "no-store" not in answer["Cache-Control"]
            assert "Access-Control-Allow-Origin" not in answer
        else:
            assert answer["Cache-Control"] == "no-store"
            assert answer["X-Frame-Options"] == "DENY"


@pytest.mark.django_db
def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(user_of):
    user_of(Role.AUDITOR, username="reader")
    client = Client()
    client.get(reverse("sign_in"))
    client.post(reverse("sign_in"), {"username": "reader", "password": "a quiet harbour"})
    client.post(reverse("language"), {"language": "en", "next": "/account/"})
    names = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME)
    for name in names:
        assert client.cookies[name]["httponly"] and client.cookies[name]["samesite"] == "Strict", name


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/static/../settings.py",
        "/static/%2e%2e/settings.py",
        "/static/..%2fsettings.py",
        "/static//etc/passwd",
        "/static/%00desk.css",
        "/merchants/..%2f..%2fsecret.key/",
        "/../desk/secret.key",
    ],
)
def test_no_path_leads_out_of_what_is_shown(client_of, home, path):
    write_area_night(home)
    client = client_of(Role.MANAGEMENT)
    client.raise_request_exception = False
    answer = client.get(path)
    assert answer.status_code in (400, 404), path
    assert "SECRET_KEY" not in answer.content.decode() and "root:" not in answer.content.decode()


@pytest.mark.django_db
def test_a_name_that_is_not_the_desks_is_not_answered():
    assert Client().get(reverse("sign_in"), headers={"host": "elsewhere.example"}).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("next_page", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"])
def test_the_switch_of_language_leads_nowhere_else(next_page):
    answer = Client().post(reverse("language"), {"language": "en", "next": next_page})
    assert answer["Location"] == "/"


@pytest.mark.django_db
@override_settings(SECURE_SSL_REDIRECT=True)
def test_behind_tls_nothing_is_answered_in_the_clear():
    answer = Client().get(reverse("sign_in"))
    assert (answer.status_code, answer["Location"]) == (301, "https://testserver" + reverse("sign_in"))


def test_the_settings_of_a_bureau_behind_tls_have_nothing_to_be_said_against_them(tmp_path):
    checked = desk(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **HTTPS, MINGJIAN_DESK_SECRET=SECRET)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "no issues" in checked.stdout


def test_without_tls_the_same_check_has_something_to_say(tmp_path):
    checked = desk(tmp_path, "check", "--deploy", "--fail-level", "WARNING", MINGJIAN_DESK_SECRET=SECRET)
    assert checked.returncode == 1 and "SESSION_COOKIE_SECURE" in checked.stderr


def test_behind_tls_cookies_are_for_tls_alone(tmp_path):
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE", "SECURE_SSL_REDIRECT")
    asked = f"from django.conf import settings; print([getattr(settings, name) for name in {names}])"
    told = desk(tmp_path, "shell", "--no-imports", "-c", asked, **HTTPS)
    assert told.stdout.strip() == str([True] * 4), told.stderr


def test_the_secret_is_made_once_is_long_and_is_its_owners_alone(tmp_path):
    deployment = Deployment(home=tmp_path, desk_secret="")
    secret = deployment.secret()
    kept = tmp_path / "desk" / "secret.key"
    assert secret == kept.read_text() == deployment.secret() and len(secret) >= SECRET_LENGTH
    assert kept.stat().st_mode & 0o777 == 0o600 and (tmp_path / "desk").stat().st_mode & 0o777 == 0o700
    assert [path.name for path in (tmp_path / "desk").iterdir()] == ["secret.key"]
    assert Deployment(home=tmp_path / "other", desk_secret="").secret() != secret


def test_a_provider_in_the_clear_is_refused():
    more = {"desk_oidc_client_id": "desk", "desk_oidc_client_secret": "secret"}
    assert Deployment(desk_oidc_issuer="https://provider.example", **more).has_oidc
    with pytest.raises(ValidationError, match="https://"):
        Deployment(desk_oidc_issuer="http://provider.example", **more)


@pytest.mark.django_db
def test_a_row_that_is_only_added_is_not_replaced_either():
    entry = append(None, "view", "page", "here")
    told = "insert or replace into audit_entry select number, happened_at, 'x', action, subject_kind, subject, detail, "
    if connection.vendor == "sqlite":
        with pytest.raises(DatabaseError, match="only added"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"{told} previous_hash, hash from audit_entry")
    assert Entry.objects.get().hash == entry.hash


def test_a_short_secret_is_refused():
    with pytest.raises(ValidationError, match="50 characters"):
        Deployment(desk_secret="short")


def test_a_command_keeps_what_it_writes_to_its_own_account_and_refuses_in_one_sentence(tmp_path):
    made = desk(tmp_path, "user", "chen", "--role", "auditor")
    assert made.returncode == 0, made.stderr
    for path in (tmp_path / "desk").iterdir():
        assert path.stat().st_mode & 0o077 == 0, path.name
    again = desk(tmp_path, "user", "chen", "--role", "auditor")
    assert again.returncode == 1
    assert again.stderr.strip().count("\n") == 0 and again.stderr.startswith("chen has an account already")
