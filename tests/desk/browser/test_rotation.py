"""The rotation plan in a real browser: a decision by keyboard alone, pages on a phone, and the plan on paper."""

from __future__ import annotations

import pytest

from desk.management.models import RotationDecision
from desk.management.token import move_token
from tests.desk.browser.chromium import PHONE, complaints_of, overflow_of, tab_to
from tests.desk.management.planned import planned
from tests.desk.small_night import write_night

pytestmark = pytest.mark.django_db(transaction=True)
MOVE = f"/management/rotation/{move_token('OF001')}/"
REASON = "经局领导班子会议研究同意"


@pytest.fixture(autouse=True)
def plan(home):
    write_night(home, planned())


def test_a_move_is_declined_by_keyboard_alone_and_stands_in_its_history(page_of):
    page = page_of("management")
    page.goto("/management/rotation/")
    tab_to(page, f"document.activeElement.getAttribute('href') === '{MOVE}'")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{MOVE}")
    tab_to(page, "document.activeElement.name === 'verdict'")
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    tab_to(page, "document.activeElement.name === 'reason'")
    page.keyboard.type(REASON)
    tab_to(page, "document.activeElement.matches('main button.primary')")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert RotationDecision.objects.get().verdict == "declined"
    history = page.locator(".timeline")
    assert REASON in history.inner_text() and "有效" in history.inner_text()


def test_the_browser_has_nothing_to_complain_of_and_no_page_of_the_plan_is_wider_than_a_phone(page_of):
    page = page_of("management", PHONE)
    found = complaints_of(page)
    for address in (
        "/management/rotation/",
        "/management/rotation/?show=left",
        MOVE,
        "/management/rotation/accept/?chain=1",
    ):
        assert page.goto(address).status == 200 and not found
        assert overflow_of(page) <= 0, address


def test_on_paper_stand_the_figures_the_picture_and_every_move_but_no_forms(page_of):
    page = page_of("management")
    page.goto("/management/rotation/")
    page.emulate_media(media="print")
    assert page.locator("svg[role=img]").is_visible() and page.locator("#list tbody tr").count() == 4
    assert not page.locator("#list a.button").first.is_visible()
    page.goto(MOVE)
    assert not page.locator("main textarea").is_visible() and page.locator(".chain li").count() == 2
