"""Accounts as whoever runs the desk makes them: one-time passwords, areas that exist, and every change in the log."""

import json
import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse

from desk.access.rules import AREA_ROLES, Role
from desk.accounts.models import User
from desk.audit.models import Entry
from tests.desk.access.area_bureau import write_area_night
from tests.desk.accounts.test_second_factor import device_of
from tests.desk.small_night import facts

pytestmark = pytest.mark.django_db
PASSWORD = re.compile(r"^[a-z2-9]{5}(-[a-z2-9]{5}){3}$", re.MULTILINE)


def said(*arguments) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def password(*arguments) -> str:
    return PASSWORD.search(said("user", *arguments)).group()


def entries() -> list[tuple[str, str]]:
    return list(Entry.objects.values_list("action", "subject"))


def test_an_account_is_made_with_a_password_that_is_told_once_and_changed_at_once(home):
    write_area_night(home)
    told = said("user", "chen", "--role", "discipline_officer", "--area", "north", "south", "--officer", "N1")
    given = PASSWORD.search(told).group()
    assert told.count(given) == 1
    user = User.objects.get()
    assert (user.role, user.area, user.officer_id) == ("discipline_officer", ["north", "south"], "N1")
    assert user.must_change_password
    client = Client()
    client.post(reverse("sign_in"), {"username": "chen", "password": given})
    assert client.get(reverse("account"))["Location"].startswith(reverse("password"))
    made = Entry.objects.get(action="user_made")
    assert (made.actor, made.subject) == ("", "chen")
    assert json.loads(made.detail)["area"] == ["north", "south"]
    assert given not in "".join(Entry.objects.values_list("detail", flat=True))


def test_no_two_passwords_are_the_same(home):
    assert password("a", "--role", "auditor") != password("b", "--role", "auditor")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--role", "king"], "king is none of the roles"),
        ([], "no role is none of the roles"),
        (["--role", "discipline_officer"], "name its institutions with --area"),
        (["--role", "management", "--area", "north"], "a management has no area"),
        (
            ["--role", "discipline_officer", "--area", "north", "nowhere", "--no-officer"],
            "knows no institution nowhere",
        ),
        (["--role", "discipline_officer", "--area", "north"], "with --officer ID"),
        (["--role", "supervision_specialist", "--area", "north"], "whoever is not in them has --no-officer"),
        (["--role", "auditor", "--officer", "N1", "--no-officer"], "give one of them"),
        (["--role", "auditor", "--officer", "N77"], "knows no officer N77"),
        (["--role", "auditor", "--close"], "are for a new account or for --change"),
        (["--new-password"], "chen has no account here"),
        (["--close"], "chen has no account here"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence_and_nothing_is_made(home, arguments, sentence):
    write_area_night(home)
    with pytest.raises(CommandError, match=sentence):
        call_command("user", "chen", *arguments)
    assert not User.objects.exists() and entries() == []


def test_a_name_is_made_once_and_names_have_no_blanks(home):
    said("user", "chen", "--role", "auditor")
    with pytest.raises(CommandError, match="chen has an account already"):
        call_command("user", "chen", "--role", "auditor")
    with pytest.raises(CommandError, match="a b is no name"):
        call_command("user", "a b", "--role", "auditor")
    assert User.objects.count() == 1


def test_without_a_night_areas_cannot_be_held_against_it(home):
    said("user", "chen", "--role", "discipline_officer", "--area", "anywhere", "--no-officer")
    assert User.objects.get().area == ["anywhere"]


def test_a_change_holds_at_once_and_the_log_has_before_and_after(home, client_of):
    write_area_night(home)
    client = client_of(Role.AUDITOR, username="chen")
    assert client.get(reverse("audit_log")).status_code == 200
    said("user", "chen", "--change", "--role", "supervision_specialist", "--area", "south", "--no-officer")
    assert client.get(reverse("audit_log")).status_code == 403
    detail = json.loads(Entry.objects.get(action="user_changed").detail)
    assert detail == {
        "before": {"role": "auditor", "area": [], "officer_id": ""},
        "after": {"role": "supervision_specialist", "area": ["south"], "officer_id": ""},
        "is_nobody": True,
    }


def test_a_new_password_ends_every_session_and_must_be_changed(client_of):
    client = client_of(Role.AUDITOR, username="chen")
    given = password("chen", "--new-password")
    assert "ended=1" in client.get(reverse("account"))["Location"]
    assert User.objects.get().check_password(given) and User.objects.get().must_change_password
    assert entries() == [("password_given", "chen")]


def test_a_lost_second_factor_can_be_taken_away_once(user_of):
    user = user_of(Role.AUDITOR, username="chen")
    device_of(user)
    said("user", "chen", "--drop-second-factor")
    client = Client()
    client.force_login(user)
    assert client.get(reverse("account")).status_code == 200
    with pytest.raises(CommandError, match="chen has no second factor"):
        call_command("user", "chen", "--drop-second-factor")
    assert entries() == [("second_factor_dropped", "chen")]


def test_an_account_is_closed_and_opened_again_but_never_removed(client_of):
    client = client_of(Role.AUDITOR, username="chen")
    said("user", "chen", "--close")
    assert reverse("sign_in") in client.get(reverse("account"))["Location"]
    with pytest.raises(CommandError, match="closed already"):
        call_command("user", "chen", "--close")
    said("user", "chen", "--reopen")
    assert entries() == [("user_closed", "chen"), ("user_opened", "chen")]


def test_who_signs_in_by_a_provider_has_no_password_here():
    assert not PASSWORD.search(said("user", "chen", "--role", "auditor", "--provider"))
    assert not User.objects.get().has_usable_password()


def test_demo_accounts_are_one_for_each_role_and_a_second_reviewer(home):
    write_area_night(home, manifest=facts(is_synthetic=True))
    told = said("demo", "--port", "8123")
    assert "http://127.0.0.1:8123/" in told
    given = re.findall(r"^  (\w+) +((?:[a-z2-9]{5}-?){4}) ", told, re.MULTILINE)
    assert [name for name, _ in given] == [
        "discipline",
        "discipline2",
        "specialist",
        "management",
        "operator",
        "auditor",
    ]
    assert {user.role for user in User.objects.all()} == set(Role)
    for name, secret in given:
        user = User.objects.get(username=name)
        assert user.check_password(secret) and user.must_change_password
        assert bool(user.area) == (user.role in AREA_ROLES)
    assert User.objects.get(username="discipline").area == ["bureau"]


def test_demo_accounts_that_have_a_password_of_their_own_keep_it(home):
    write_area_night(home, manifest=facts(is_synthetic=True))
    said("demo")
    User.objects.filter(username="auditor").update(must_change_password=False)
    before = {user.username: user.password for user in User.objects.all()}
    said("demo")
    after = {user.username: user.password for user in User.objects.all()}
    assert {name for name in before if before[name] == after[name]} == {"auditor"}


@pytest.mark.parametrize("manifest", [facts(), facts(is_synthetic=False)])
def test_there_are_no_demo_accounts_for_a_bureau_of_real_people(home, manifest):
    write_area_night(home, manifest=manifest)
    with pytest.raises(CommandError, match="not made from a synthetic bureau alone"):
        call_command("demo")
    assert not User.objects.exists()


def test_there_are_no_demo_accounts_without_a_night(home):
    with pytest.raises(CommandError, match="no night is published"):
        call_command("demo")
