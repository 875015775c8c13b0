"""The second factor: set up with a code, then asked before anything else is seen."""

import re
from base64 import b32decode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from desk.audit.models import Entry

pytestmark = pytest.mark.django_db
RIGHT = "a quiet harbour"


def code(device: TOTPDevice, steps: int = 0) -> str:
    """What the person's device shows now, or so many half minutes later."""
    clock = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    clock.time = timezone.now().timestamp() + steps * device.step
    return f"{clock.token():06d}"


def device_of(user) -> TOTPDevice:
    return TOTPDevice.objects.create(user_id=user.pk, confirmed=True, name="totp")


def give(client, digits, name="second_factor", **more):
    return client.post(reverse(name), {"code": digits, **more})


def signed_in(user_of, **more):
    """Somebody with a second factor who has given his password only."""
    user = user_of("auditor", username="reader", **more)
    client = Client(headers={"accept-language": "en"})
    client.user, client.device = user, device_of(user)
    client.post(reverse("sign_in"), {"username": "reader", "password": RIGHT})
    return client


def test_a_device_is_the_second_factor_once_a_code_shows_that_it_has_the_key(client_of):
    client = client_of("auditor", username="reader")
    page = client.get(reverse("second_factor_setup")).content.decode()
    device = TOTPDevice.objects.get(confirmed=False)
    key = re.search(r"<code>([A-Z2-7 ]+)</code>", page).group(1).replace(" ", "")
    assert b32decode(key) == device.bin_key
    assert "<svg" in page and "<title>" in page and "style=" not in page
    assert give(client, "000000", "second_factor_setup").status_code == 200
    assert not TOTPDevice.objects.filter(confirmed=True).exists()
    TOTPDevice.objects.update(throttling_failure_count=0)
    key_before = client.session.session_key
    assert give(client, code(device), "second_factor_setup").status_code == 302
    assert TOTPDevice.objects.get().confirmed
    assert client.session.session_key != key_before
    assert client.get(reverse("account")).status_code == 200, "this session has just shown it"
    assert list(Entry.objects.values_list("action", flat=True)) == ["second_factor_wrong", "second_factor_set_up"]


def test_the_page_shows_the_same_key_until_it_is_confirmed(client_of):
    client = client_of("auditor")
    first, second = (client.get(reverse("second_factor_setup")).context["key"] for _ in range(2))
    assert first == second
    assert TOTPDevice.objects.count() == 1


def test_before_the_second_factor_nothing_is_seen(user_of):
    client = signed_in(user_of)
    for name in ("account", "password", "second_factor_setup"):
        answer = client.get(reverse(name))
        assert answer["Location"].startswith(reverse("second_factor")), name
    page = client.get(reverse("second_factor"))
    assert page.status_code == 200
    assert page.context["may"] == frozenset()
    assert "health" not in page.context and page.context["menu"] == []
    assert client.post(reverse("password"), {"old_password": RIGHT})["Location"] == reverse("second_factor")


def test_the_right_code_opens_under_a_new_key_and_leads_where_he_wanted(user_of):
    client = signed_in(user_of)
    before = client.session.session_key
    answer = give(client, code(client.device), next=reverse("account"))
    assert answer["Location"] == reverse("account")
    assert client.session.session_key != before
    assert not client.session.exists(before)
    assert client.get(reverse("account")).status_code == 200
    assert Entry.objects.filter(action="second_factor_given", actor="reader").count() == 1


def test_the_second_factor_comes_before_the_first_password(user_of):
    client = signed_in(user_of, must_change_password=True)
    assert client.get(reverse("account"))["Location"].startswith(reverse("second_factor"))
    give(client, code(client.device))
    assert client.get(reverse("account"))["Location"].startswith(reverse("password"))


def test_a_code_holds_once(user_of):
    client = signed_in(user_of)
    digits = code(client.device)
    give(client, digits)
    client.post(reverse("sign_out"))
    client.post(reverse("sign_in"), {"username": "reader", "password": RIGHT})
    again = give(client, digits)
    assert again.status_code == 200
    assert "used already" in again.content.decode()


def test_wrong_codes_make_the_next_one_wait_even_the_right_one(user_of):
    client = signed_in(user_of)
    TOTPDevice.objects.update(throttling_failure_count=5, throttling_failure_timestamp=timezone.now())
    told = give(client, code(client.device)).content.decode()
    assert re.search(r"Try again in 1[56] seconds", told)
    assert "second_factor_given" not in Entry.objects.values_list("action", flat=True)


def test_a_code_that_is_no_code_is_refused_without_a_try(user_of):
    client = signed_in(user_of)
    assert "six digits" in give(client, "12345x").content.decode()
    assert TOTPDevice.objects.get().throttling_failure_count == 0


def test_the_device_of_another_opens_nothing(user_of):
    client = signed_in(user_of)
    other = device_of(user_of("operator", username="other"))
    assert give(client, code(other)).status_code == 200
    session = client.session
    session["otp_device_id"] = other.persistent_id
    session.save()
    assert client.get(reverse("account"))["Location"].startswith(reverse("second_factor"))


def test_setting_one_up_again_is_not_possible_while_there_is_one(user_of):
    client = signed_in(user_of)
    give(client, code(client.device))
    assert client.get(reverse("second_factor_setup"))["Location"] == reverse("account")
    assert TOTPDevice.objects.count() == 1
