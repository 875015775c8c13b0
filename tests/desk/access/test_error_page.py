"""Pages for what went wrong."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory
from django.utils import translation

from desk.access import error_page


@pytest.mark.parametrize(("language", "words"), [("en", "Something failed"), ("zh-hans", 'lang="zh-hans"')])
def test_a_failure_is_told_without_database_session_or_night(language, words):
    with translation.override(language):
        response = error_page.failed(RequestFactory().get("/"))
    text = response.content.decode()
    assert response.status_code == 500 and words in text and "<form" not in text


@pytest.mark.django_db
def test_a_failure_says_nothing_of_its_cause(client_of, home, monkeypatch):
    from desk.quality import state
    from tests.desk.small_night import write_night

    write_night(home)
    monkeypatch.setattr(state, "steps", lambda night: 1 / 0)
    client = client_of("operator")
    client.raise_request_exception = False
    response = client.get("/quality/")
    assert response.status_code == 500 and b"ZeroDivision" not in response.content
    assert "Content-Security-Policy" in response.headers


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_in_words_and_nothing_is_done(client_of):
    client = Client(enforce_csrf_checks=True)
    client.cookies["django_language"] = "zh-hans"
    response = client.post("/language/", {"language": "en"})
    assert response.status_code == 403 and "令牌" not in response.content.decode()
    assert client.cookies["django_language"].value == "zh-hans"


@pytest.mark.django_db
def test_what_cannot_be_read_is_a_bad_request(client_of):
    response = error_page.bad_request(RequestFactory().get("/"))
    assert response.status_code == 400
    assert error_page.not_found(RequestFactory().get("/")).status_code == 404
