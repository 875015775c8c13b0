"""No night, a broken night, an old night: each says what to do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from desk.published.night import STALE_DAYS
from tests.desk.small_night import NIGHT, write_night

pytestmark = pytest.mark.django_db


def test_without_a_night_every_page_says_how_to_make_one(home, client_of):
    client = client_of("management")
    for language, words in (("en", "No night is published yet"), ("zh-hans", "尚未发布任何一晚的数据")):
        client.cookies["django_language"] = language
        response = client.get("/merchants/")
        text = response.content.decode()
        assert response.status_code == 503 and text.count(words) >= 2 and "mingjian night" in text
        assert response.headers["Retry-After"] == "300"


def test_a_broken_night_is_shown_nowhere(home, client_of):
    folder = write_night(home, {"merchant_risk": [{"merchant_id": "M1"}]})
    (folder / "merchant_risk.parquet").write_bytes(b"")
    client = client_of("management")
    client.cookies["django_language"] = "en"
    response = client.get("/merchants/")
    assert response.status_code == 503 and "mingjian verify" in response.content.decode()
    assert str(folder) not in response.content.decode()


@pytest.mark.parametrize(("days", "is_stale"), [(0, False), (STALE_DAYS, False), (STALE_DAYS + 1, True)])
def test_a_night_is_told_as_stale_when_it_is_older_than_it_should_be(home, client_of, days, is_stale):
    night = timezone.localdate() - timedelta(days=days)
    write_night(home, as_of=night)
    client = client_of("operator")
    client.cookies["django_language"] = "en"
    text = client.get("/quality/").content.decode()
    assert f"Night of {night}: 1,000 rows in, 10 in quarantine" in text
    assert ('class="health stale"' in text) == is_stale == ("days old" in text)


def test_whoever_is_not_signed_in_learns_nothing_of_the_night(home, client):
    write_night(home)
    assert str(NIGHT) not in client.get("/nowhere/").content.decode()
