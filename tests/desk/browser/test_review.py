"""Reading, deciding and signing in a real browser, as a discipline officer does."""

from __future__ import annotations

import pytest

from desk.audit.models import Entry
from desk.review.models import Decision, Impression
from desk.review.token import token
from tests.desk.browser.chromium import tab_to
from tests.desk.hinted import HINT, HOSTILE

pytestmark = pytest.mark.django_db(transaction=True)
REASON = "案卷已核对,同类案件处理一致。"
ORDER = ("claim", "counter-evidence", "reasons", "records", "contacts", "peers")


@pytest.fixture(autouse=True)
def open_reasons(settings, home):
    """No hint is read blind unless a test says so."""
    settings.DEPLOYMENT = settings.DEPLOYMENT.model_copy(update={"desk_blind_share": 0.0})


@pytest.fixture
def reader(bureau, page_of):
    """A page of a discipline officer of station S1, who is nobody of the bureau's own records."""
    return page_of("discipline_officer", area=["S1"], username="reader")


def test_a_dossier_is_reached_from_the_list_and_read_in_its_order_under_a_pseudonym(reader):
    reader.goto("/hints/")
    reader.click(f"a[href='/hints/{token(HINT)}/']")
    places = reader.evaluate("[...document.querySelectorAll('main section[id]')].map(part => part.id)")
    assert [place for place in places if place in ORDER] == list(ORDER)
    text = reader.inner_text("main")
    assert "陈二" not in text and "OF002" not in text and "人员-" in text
    assert "处罚明显轻于同类" in reader.inner_text("#claim") and "案件构成与同类相同" in reader.inner_text(
        "#counter-evidence"
    )


def test_text_of_records_is_shown_and_never_obeyed(reader):
    reader.goto(f"/hints/{token(HINT)}/")
    assert HOSTILE in reader.inner_text("main") and reader.locator("main b").count() == 0


def test_a_name_opens_only_with_a_reason_and_the_log_keeps_it(reader):
    reader.goto(f"/hints/{token(HINT)}/name/")
    reader.fill("textarea[name=reason]", "短")
    reader.click("main form button.primary")
    assert reader.locator("ul.errorlist").count() == 1
    reader.fill("textarea[name=reason]", "约谈前需核对本人任职情况")
    reader.click("main form button.primary")
    assert "陈二" in reader.inner_text("main")
    assert Entry.objects.filter(action="unmasked", actor="reader").count() == 1


def test_a_decision_is_entered_after_what_follows_from_it_was_read(reader):
    reader.goto(f"/hints/{token(HINT)}/decision/")
    reader.click("main form button.primary")
    assert reader.locator("ul.errorlist").count() >= 2 and not Decision.objects.exists()
    reader.check("input[name=outcome][value=explained]")
    reader.fill("textarea[name=reason]", REASON)
    reader.click("main form button.primary")
    assert REASON in reader.inner_text("main") and not Decision.objects.exists()
    reader.click("main form button.primary")
    made = Decision.objects.get()
    assert (made.outcome, made.reason) == ("explained", REASON)
    assert REASON in reader.inner_text("main") and Entry.objects.filter(action="decided").count() == 1


def test_a_transfer_waits_for_another_officer_and_he_who_entered_it_cannot_sign(reader, page_of):
    reader.goto(f"/hints/{token(HINT)}/decision/")
    reader.check("input[name=outcome][value=transferred_to_lead]")
    reader.fill("textarea[name=reason]", REASON)
    reader.click("main form button.primary")
    reader.click("main form button.primary")
    assert reader.goto(f"/hints/{token(HINT)}/signature/").status == 403
    second = page_of("discipline_officer", area=["S1"], username="second")
    second.goto(f"/hints/{token(HINT)}/signature/")
    second.check("input[name=is_agreed][value=yes]")
    second.fill("textarea[name=reason]", REASON)
    second.click("main form button.primary")
    second.goto(f"/hints/{token(HINT)}/disposition/")
    assert second.locator("input[name=disposal]").count() == 4


def test_what_is_read_blind_opens_after_the_first_impression(bureau, page_of, settings):
    settings.DEPLOYMENT = settings.DEPLOYMENT.model_copy(update={"desk_blind_share": 1.0})
    page = page_of("discipline_officer", area=["S1"])
    page.goto(f"/hints/{token(HINT)}/")
    assert page.locator("#records").count() == 1
    assert page.locator("#counter-evidence, #reasons, #claim").count() == 0
    page.goto(f"/hints/{token(HINT)}/impression/")
    page.locator("input[name=sight]").first.check()
    page.fill("textarea[name=reason]", REASON)
    page.click("main form button.primary")
    assert Impression.objects.count() == 1 and page.locator("#counter-evidence").count() == 1


@pytest.mark.parametrize(
    ("who", "why"),
    [
        ({"area": ["S2"]}, "area"),
        ({"area": ["S1"], "officer_id": "OF002"}, "hidden"),
        ({"area": ["S1"], "officer_id": "OF001"}, "hidden"),
    ],
)
def test_who_may_not_read_a_hint_is_told_why_and_the_log_keeps_it(bureau, page_of, who, why):
    page = page_of("discipline_officer", **who)
    assert page.goto(f"/hints/{token(HINT)}/").status == 403
    assert "处罚明显轻于同类" not in page.inner_text("body")
    assert f'"code":"{why}"' in Entry.objects.get(action="refused").detail


def test_management_has_no_way_to_a_hint(bureau, page_of):
    page = page_of("management")
    for address in ("/hints/", f"/hints/{token(HINT)}/", f"/hints/{token(HINT)}/decision/"):
        assert page.goto(address).status == 403
        assert "处罚明显轻于同类" not in page.inner_text("body")


def test_a_decision_can_be_made_by_the_keyboard_alone(reader):
    reader.goto(f"/hints/{token(HINT)}/")
    tab_to(reader, f"document.activeElement.getAttribute('href') === '/hints/{token(HINT)}/decision/'")
    reader.keyboard.press("Enter")
    reader.wait_for_url("**/decision/")
    tab_to(reader, "document.activeElement.name === 'outcome'")
    reader.keyboard.press("ArrowDown")
    tab_to(reader, "document.activeElement.name === 'reason'")
    reader.keyboard.type(REASON)
    for _ in range(2):
        tab_to(reader, "document.activeElement.matches('main form button.primary')")
        with reader.expect_navigation():
            reader.keyboard.press("Enter")
    assert Decision.objects.get().reason == REASON


def test_a_dossier_on_paper_is_whole(reader):
    """What is folded on the screen lies open, no menu and no form is printed, and it says who printed which night."""
    reader.goto(f"/hints/{token(HINT)}/")
    reader.emulate_media(media="print")
    assert not reader.locator("header.top").is_visible() and not reader.locator(".actions").is_visible()
    assert "reader" in reader.locator(".printed").inner_text()
    folded = reader.locator("main details")
    assert folded.count() >= 1
    for part in folded.all():
        assert part.locator("table, dl, p, ul").first.is_visible()
    assert reader.pdf(format="A4").startswith(b"%PDF-")
