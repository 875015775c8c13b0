"""Management never meets a hint about a person: every page that it may open is opened and read."""

import html
import io
import re
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import NoReverseMatch, reverse
from python_calamine import CalamineWorkbook

from desk.access.rules import RULES, Role, scope_of
from desk.management.token import move_token
from tests.desk.management.bureau import NAMES, SECRET

MANAGEMENT = Path(__file__).resolve().parents[3] / "desk" / "management"
FORBIDDEN = [SECRET["flag"], SECRET["summary"], "73.9"]
MOST_PAGES = 200


def text_of(response) -> str:
    """What a reader can see of an answer; of a workbook, every cell."""
    if "spreadsheetml" in response.get("Content-Type", ""):
        book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response.streaming_content)))
        return "\n".join(str(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)
    return response.content.decode()


def crawled(client) -> dict[str, str]:
    """Every page that the reader reaches by links, beginning with every page that the rules open to him by name."""
    begin = []
    for name in RULES:
        if scope_of(name, Role.MANAGEMENT):
            try:
                begin.append(reverse(name))
            except NoReverseMatch:
                continue  # it needs an argument, and is reached by a link
    found: dict[str, str] = {}
    waiting = list(begin)
    while waiting and len(found) < MOST_PAGES:
        address = waiting.pop(0)
        response = client.get(address)
        if response.status_code != 200:
            continue
        found[address] = text_of(response)
        links = (
            re.findall(r'href="([^"#]+)', found[address]) if response["Content-Type"].startswith("text/html") else []
        )
        for link in (urljoin(address, html.unescape(link)) for link in links):
            # the same rows in another order tell nothing new
            is_known = link in (*found, *waiting) or "sort=" in urlsplit(link).query
            if not urlsplit(link).netloc and not link.startswith("/static/") and not is_known:
                waiting.append(link)
    return found


CRAWLED: dict[str, str] = {}
"""What was reached, kept for every test of this module: the night of the bureau is the same for all."""


@pytest.fixture
def pages(plan, client_of) -> dict[str, str]:
    if not CRAWLED:
        CRAWLED.update(crawled(client_of("management")))
    return CRAWLED


@pytest.mark.django_db
def test_no_page_that_management_may_open_tells_a_hint_about_a_person_or_a_score(pages):
    for name in ("rotation", "rotation_export", "unit_list", "coverage", "officer_task_list", "officer_month_export"):
        assert reverse(name) in pages, name
    assert reverse("unit", args=["S1"]) in pages
    for address, text in pages.items():
        # the places of a picture are numbers that say nothing
        written = re.sub(r"<svg.*?</svg>", "", text, flags=re.DOTALL)
        assert not [told for told in FORBIDDEN if told in written], address


@pytest.mark.django_db
def test_no_page_that_names_an_officer_to_management_names_a_kind_of_hint_beside_him(pages):
    naming = [address for address, text in pages.items() if any(name in text for name in NAMES.values())]
    assert {reverse("rotation"), reverse("rotation_decide", args=[move_token("OF001")])} <= set(naming)
    for address in naming:
        assert not [word for word in ("程序缺口", "procedure_gap", "发现率偏低") if word in pages[address]], address


def test_the_code_of_management_reads_no_table_of_hints_or_scores():
    folders = (MANAGEMENT, MANAGEMENT.with_name("lists"))
    code = "".join(path.read_text(encoding="utf-8") for folder in folders for path in folder.rglob("*.py"))
    assert not re.findall(r"\b(?:from|join)\s+(red_flag|flag_\w+|officer_score|not_computable)\b", code)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["rotation", "rotation_export", "rotation_accept", "unit_list", "coverage"])
@pytest.mark.parametrize("role", ["operator", "auditor"])
def test_who_has_nothing_to_do_with_staffing_is_refused(bureau, client_of, name, role):
    assert client_of(role).get(reverse(name)).status_code == 403
