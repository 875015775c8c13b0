"""The desk in a real browser: signing in, reading, refused pages, languages, keyboard, paper and a phone."""

from __future__ import annotations

import re

import pytest

from desk.review.token import token
from tests.desk.browser.chromium import PHONE, complaints_of, overflow_of, tab_to
from tests.desk.hinted import HINT
from tests.desk.management.bureau import tables

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = {
    "management": [
        "/",
        "/management/rotation/",
        "/management/units/",
        "/management/units/S1/",
        "/management/coverage/",
        "/management/draws/",
        "/merchants/",
        "/merchants/plan/",
        "/merchants/merchant/M1/",
    ],
    "discipline_officer": [
        "/",
        "/hints/",
        f"/hints/{token(HINT)}/",
        f"/hints/{token(HINT)}/decision/",
        "/impressions/",
    ],
    "operator": ["/quality/", "/quality/quarantine/"],
    "auditor": ["/", "/audit/", "/impressions/"],
    "": ["/account/sign-in/"],
}
CASES = [(role, address) for role, addresses in PAGES.items() for address in addresses]


def test_somebody_signs_in_must_choose_a_password_and_then_reads_his_pages(bureau, page_of, user_of):
    user_of("management", username="head", password="given-to-him-once", must_change_password=True)
    page = page_of()
    page.goto("/management/rotation/")
    page.fill("input[name=username]", "head")
    page.fill("input[name=password]", "given-to-him-once")
    page.click("main button.primary")
    assert "只有您自己知道" in page.inner_text("main")
    page.goto("/management/coverage/")
    assert page.locator("input[type=password]").count() >= 3, "nothing opens before the password is his own"
    old, *new = page.locator("input[type=password]").all()
    old.fill("given-to-him-once")
    for field in new:
        field.fill("a harbour of his own")
    page.click("main button.primary")
    page.goto("/management/rotation/")
    assert page.inner_text("h1") == "轮岗提醒" and "林一" in page.inner_text("#list")


@pytest.mark.parametrize(("role", "address"), CASES)
def test_the_browser_has_nothing_to_complain_of_and_no_page_is_wider_than_a_phone(bureau, page_of, role, address):
    page = page_of(role, PHONE, area=["S1", "S2"])
    found = complaints_of(page)
    answer = page.goto(address)
    assert answer.status == 200 and not found
    assert overflow_of(page) <= 0


def test_a_refused_page_says_why_and_offers_no_way_round(bureau, page_of):
    page = page_of("operator")
    answer = page.goto("/management/rotation/")
    assert answer.status == 403
    text = page.inner_text("main")
    assert "您的角色" in text and "林一" not in text
    assert "/management/rotation/" not in [link.get_attribute("href") for link in page.locator("a").all()]


def test_the_language_is_switched_and_the_choices_of_the_page_stay(bureau, page_of):
    page = page_of("management")
    page.goto("/management/rotation/?clock=post")
    assert page.get_attribute("html", "lang") == "zh-hans"
    page.get_by_role("button", name="English").click()
    assert page.get_attribute("html", "lang") == "en" and page.inner_text("h1") == "Rotation reminders"
    assert page.url.endswith("?clock=post") and page.locator("#list tbody tr").count() == 2
    said = page.inner_text("main")
    for told in tables()["officer"] + tables()["institution"]:
        said = said.replace(told["name"], "")
    assert not re.findall("[\u4e00-\u9fff]+", said)


def test_the_keyboard_alone_reaches_the_content_the_filters_and_the_order_of_the_list(bureau, page_of):
    page = page_of("management")
    page.goto("/management/rotation/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    tab_to(page, "document.activeElement.name === 'q'")
    page.keyboard.type("王三")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=*")
    assert page.locator("#list tbody tr").count() == 1
    tab_to(page, "document.activeElement.closest('th') && document.activeElement.search.includes('sort=years')")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none", "where the keyboard stands must be seen"
    page.keyboard.press("Enter")
    page.wait_for_url("**sort=years*")
    assert page.locator("th[aria-sort=ascending]").count() == 1


def test_on_paper_stand_the_night_the_reader_and_the_whole_list_but_no_menus(bureau, page_of):
    page = page_of("management", username="head")
    page.goto("/management/rotation/")
    page.emulate_media(media="print")
    assert not page.locator("header.top").is_visible() and not page.locator("form.filters").is_visible()
    printed = page.locator(".printed")
    assert printed.is_visible() and "head" in printed.inner_text() and "2026-06-30" in printed.inner_text()
    assert page.locator("#list tbody tr").count() == 4
    assert page.locator("figure details table").first.is_visible(), "numbers of a picture lie open on paper"
    assert page.pdf(format="A4").startswith(b"%PDF-")


def test_pictures_have_a_title_a_description_and_their_numbers_as_a_table(bureau, page_of):
    page = page_of("management")
    for address in PAGES["management"]:
        page.goto(address)
        for picture in page.locator("svg[role=img]").all():
            named = picture.get_attribute("aria-labelledby").split()
            assert len(named) == 2
            assert all(page.locator(f"[id='{part}']").text_content().strip() for part in named)
