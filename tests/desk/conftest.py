"""The desk under test: settings over a temporary home, a closed database, and one client for each role."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

HOME = Path(tempfile.mkdtemp(prefix="mingjian-desk-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)


def _set_up() -> None:
    """Django reads the environment once, when it is set up; what it reads is taken back, other tests have other homes."""
    given = {
        "MINGJIAN_HOME": str(HOME),
        "MINGJIAN_DESK_SECRET": "only-for-tests-" + "0" * 50,
        # empty: the desk's own SQLite. tests/desk/test_postgresql.py gives another to a run of its own
        "DATABASE_URL": os.environ.get("MINGJIAN_TEST_DATABASE_URL", ""),
    }
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    os.environ["DJANGO_SETTINGS_MODULE"] = "desk.settings"
    import django
    from django.db import connection

    django.setup()
    if connection.vendor == "sqlite":
        # a file, as on the bureau's machine: in memory, writers would not wait for one another
        connection.settings_dict["TEST"]["NAME"] = str(HOME / "test.sqlite3")
    for name, value in before.items():
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value


_set_up()


@pytest.fixture(scope="session", autouse=True)
def closed_database(django_db_blocker) -> Iterator[None]:
    """Only tests that ask for the database reach it."""
    with django_db_blocker.block():
        yield


@pytest.fixture(scope="session", autouse=True)
def emptied_after_a_test() -> Iterator[None]:
    """A test with transactions of its own empties every table behind it, those that only grow too."""
    from django.db import connection
    from django.test import TransactionTestCase

    from desk.audit.append_only import lay, lift, protected

    empty = TransactionTestCase._fixture_teardown

    def emptied(case: TransactionTestCase) -> None:
        with connection.schema_editor() as editor:
            tables = protected(editor)
            for table in tables:
                lift(editor, table)
        empty(case)
        with connection.schema_editor() as editor:
            for table in tables:
                lay(editor, table)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", emptied)
        yield


@pytest.fixture(autouse=True)
def cheap_passwords(settings) -> None:
    """Argon2 takes its time on purpose; the tests of sign-in set it back."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def first_language(settings) -> Iterator[None]:
    """A request leaves its language behind; the next test begins with the desk's own."""
    from django.utils import translation

    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture
def home(tmp_path, settings) -> Path:
    """An empty home of this test alone, the one that the desk reads."""
    settings.DEPLOYMENT = settings.DEPLOYMENT.model_copy(update={"home": tmp_path})
    return tmp_path


@pytest.fixture
def user_of(db) -> Callable:
    """Make a user: `user_of(role, area=[...], officer_id=..., username=...)`; his own password is already set."""
    from desk.accounts.models import User

    def make(role: str, area: list[str] | None = None, officer_id: str = "", username: str = "", **more) -> User:
        more = {"must_change_password": False, "password": "a quiet harbour", **more}
        name = username or f"{role}-{User.objects.count() + 1}"
        return User.objects.create_user(name, role=str(role), area=area or [], officer_id=officer_id, **more)

    return make


@pytest.fixture
def client_of(user_of) -> Callable:
    """A signed-in client: `client_of(role, area=[...], officer_id=...)`; its user is `client.user`."""
    from django.test import Client

    def make(role: str, **more) -> Client:
        client = Client()
        client.user = user_of(role, **more)
        client.force_login(client.user)
        return client

    return make
