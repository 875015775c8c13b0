"""The review under test: readers of the north, and a night with one hint of everything."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from desk.review.standing import standing_of
from tests.desk.review.bureau import flag, key_of, write_review_night

PLAIN = key_of("plain", chosen=False)
BLIND = key_of("blind", chosen=True)
WHY = "记录与卷宗已经逐件核对"
"""A reason that is long enough."""


def send(client, page: str, said: dict, **more):
    """Fill in a form about the hint f1 and send it: `said` beside what the page itself holds for its reader now."""
    standing = standing_of(PLAIN)
    decision = standing.pending or standing.decision
    held = {
        "decision_id": decision.pk if decision else "none",
        "number": standing.disposition.number if standing.disposition else 0,
        "last": standing.reply.pk if standing.reply else 0,
    }
    return client.post(f"/hints/f1/{page}/", held | said, **more)


@pytest.fixture(autouse=True)
def plain_addresses(monkeypatch) -> None:
    """Hints stand by their own names in addresses and in the log, so that a test can say which it means; test_token.py
    holds what really stands there."""
    monkeypatch.setattr("desk.review.token._keyed", lambda identifier: identifier)


@pytest.fixture
def reader(client_of) -> Callable:
    """A client of a discipline officer of the bureau: `reader("name", officer_id=...)`."""

    def make(
        name: str = "reader",
        role: str = "discipline_officer",
        area: tuple[str, ...] = ("B00",),
        officer_id: str = "",
    ):
        return client_of(role, area=list(area), officer_id=officer_id, username=name)

    return make


@pytest.fixture
def night(home):
    """A night that tells one hint, whose reasons open at once; its home."""
    write_review_night(home, [flag("f1", PLAIN)])
    return home


@pytest.fixture
def blind_night(home):
    """The same hint, one that is first read blind."""
    write_review_night(home, [flag("f1", BLIND)])
    return home


@pytest.fixture
def told() -> Callable:
    """What a page says in English, without its markup: `told(client, path)`; the answer is checked to be `status`."""

    def ask(client, path: str, status: int = 200, language: str = "en") -> str:
        client.cookies["django_language"] = language
        answer = client.get(path)
        assert answer.status_code == status, answer.content.decode()[:500]
        return answer.content.decode()

    return ask
