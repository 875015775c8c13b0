"""Signing in by a provider: only by configuration, only who has an account, only with a token that is for this desk."""

from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from django.urls import reverse
from pydantic import ValidationError

from desk.accounts import openid
from desk.accounts.models import User
from desk.audit.models import Entry
from desk.deployment import Deployment
from tests.desk.accounts.provider import CLIENT_ID, CLIENT_SECRET, provider
from tests.desk.accounts.test_second_factor import device_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(settings):
    """A provider, and a desk that is configured for it."""
    with provider() as office:
        settings.DEPLOYMENT = settings.DEPLOYMENT.model_copy(
            update={
                "desk_oidc_issuer": office.issuer,
                "desk_oidc_client_id": CLIENT_ID,
                "desk_oidc_client_secret": CLIENT_SECRET,
            }
        )
        settings.AUTHENTICATION_BACKENDS = [
            *settings.AUTHENTICATION_BACKENDS,
            "desk.accounts.openid.ProviderBackend",
        ]
        settings.SESSION_COOKIE_SAMESITE = "Lax"
        office.told = {"preferred_username": "reader"}
        yield office
        openid.described.cache_clear()


def come_in(client, office, **claims):
    """Go to the provider and come back from it with a code."""
    sent = client.get(reverse("provider"), {"next": reverse("account")})
    asked = {name: values[0] for name, values in parse_qs(urlsplit(sent["Location"]).query).items()}
    office.claims = {"nonce": asked["nonce"], **claims}
    return asked, client.get(reverse("provider_callback"), {"code": "once", "state": asked["state"]})


def test_without_configuration_there_is_no_such_page():
    assert Client().get(reverse("provider")).status_code == 404
    assert Client().get(reverse("provider_callback")).status_code == 404
    assert reverse("provider") not in Client().get(reverse("sign_in")).content.decode()


def test_a_configuration_in_part_is_refused():
    with pytest.raises(ValidationError, match="give all three or none"):
        Deployment(desk_oidc_issuer="https://provider.example")


def test_who_has_an_account_comes_in_by_the_provider_and_needs_no_password_of_his_own(office, user_of):
    user_of("auditor", username="reader", must_change_password=True, password=None)
    client = Client()
    assert reverse("provider") in client.get(reverse("sign_in")).content.decode()
    asked, answer = come_in(client, office)
    assert (answer.status_code, answer["Location"]) == (302, reverse("account"))
    assert client.get(reverse("account")).status_code == 200
    assert asked["code_challenge_method"] == "S256"
    assert office.asked[0]["client_secret"] == CLIENT_SECRET and office.asked[0]["code_verifier"]
    entry = Entry.objects.get(action="sign_in")
    assert (entry.actor, entry.detail) == ("reader", '{"by":"provider"}')


def test_who_has_no_account_is_not_let_in_and_gets_none(office):
    _, answer = come_in(Client(), office)
    assert answer.status_code == 403
    assert not User.objects.exists()
    assert list(Entry.objects.values_list("action", flat=True)) == ["sign_in_failed"]


def test_an_account_that_is_closed_stays_closed_by_the_provider_too(office, user_of):
    user_of("auditor", username="reader", is_active=False)
    assert come_in(Client(), office)[1].status_code == 403


def test_the_second_factor_is_asked_of_who_came_by_the_provider_too(office, user_of):
    device_of(user_of("auditor", username="reader"))
    client = Client()
    come_in(client, office)
    assert client.get(reverse("account"))["Location"].startswith(reverse("second_factor"))


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "of another session"},
        {"aud": "another-desk"},
        {"iss": "https://another.example"},
        {"exp": 1},
    ],
    ids=["nonce", "audience", "issuer", "time"],
)
def test_a_token_that_is_not_for_this_sign_in_is_not_believed(office, user_of, claims):
    user_of("auditor", username="reader")
    client = Client()
    assert come_in(client, office, **claims)[1].status_code == 403
    assert reverse("sign_in") in client.get(reverse("account"))["Location"]


def test_a_token_that_another_key_signed_is_not_believed(office, user_of):
    user_of("auditor", username="reader")
    office.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert come_in(Client(), office)[1].status_code == 403


def test_what_is_told_of_another_person_than_the_token_names_is_not_believed(office, user_of):
    user_of("auditor", username="reader")
    office.told = {"preferred_username": "reader", "sub": "8"}
    assert come_in(Client(), office)[1].status_code == 403


def test_a_state_that_this_session_did_not_begin_is_refused(office, user_of):
    user_of("auditor", username="reader")
    asked, _ = come_in(Client(), office)
    stranger = Client()
    stranger.get(reverse("provider"))
    answer = stranger.get(reverse("provider_callback"), {"code": "once", "state": asked["state"]})
    assert answer.status_code == 403


def test_a_provider_that_cannot_be_reached_is_told_plainly(office, settings):
    settings.DEPLOYMENT = settings.DEPLOYMENT.model_copy(update={"desk_oidc_issuer": "http://127.0.0.1:9"})
    answer = Client(headers={"accept-language": "en"}).get(reverse("provider"))
    assert answer.status_code == 403
    assert "cannot be reached" in answer.content.decode()
