"""The ground of the desk: migrations say what the models say, and a user is made and found again."""

from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError

from desk.audit.log import append, head
from desk.audit.models import Entry


@pytest.mark.both_databases
@pytest.mark.django_db
def test_migrations_hold_what_the_models_say():
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO())


def test_a_client_of_a_role_is_signed_in_as_that_role(client_of):
    client = client_of("auditor", username="reader")
    assert client.user.role == "auditor"
    assert client.session["_auth_user_id"] == str(client.user.pk)


def test_a_role_that_does_not_exist_is_refused(user_of):
    with pytest.raises(ValidationError, match="role"):
        user_of("emperor")


@pytest.mark.django_db(transaction=True)
def test_a_test_with_transactions_of_its_own_may_write_the_log(client_of):
    append(client_of("auditor").user, "looked", "page", "here")
    assert head()[0] == 1


@pytest.mark.django_db(transaction=True)
def test_and_the_next_one_finds_it_empty_and_closed_again():
    assert head()[0] == 0
    append(None, "looked", "page", "here")
    with pytest.raises(IntegrityError, match="rows are only added"):
        Entry.objects.update(action="other")
