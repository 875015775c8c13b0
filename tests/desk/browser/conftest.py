"""A browser for a file of tests, pages in it by whoever is signed in, and the night that they read."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client

from tests.desk.browser.chromium import SCREEN, opened
from tests.desk.hinted import hints
from tests.desk.management.bureau import tables
from tests.desk.small_night import write_night


@pytest.fixture(scope="module")
def browser():
    """One browser for a file of tests."""
    with pytest.MonkeyPatch.context() as environment, opened() as browser:
        # the browser's driver runs an event loop in this thread, in which the database is asked all the same
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield browser


@pytest.fixture
def bureau(home):
    """The home of a night with three stations and two hints."""
    write_night(home, {**tables(), **hints()})
    return home


@pytest.fixture
def page_of(browser, live_server, user_of) -> Iterator[Callable]:
    """A page of somebody who is signed in: `page_of(role, viewport, **what user_of takes)`; an empty role: of nobody."""
    contexts = []

    def make(role: str = "", viewport: dict = SCREEN, **more):
        context = browser.new_context(viewport=viewport, base_url=live_server.url, locale="zh-CN")
        contexts.append(context)
        if role:
            client = Client()
            client.force_login(user_of(role, **more))
            cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
