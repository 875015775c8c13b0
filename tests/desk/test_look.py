"""What a page may be made of: no script, no inline style, colours that can be told apart, and a picture in words too."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from tests.desk.message import DESK

CSS = DESK / "static" / "desk.css"
TEMPLATES = sorted((DESK / "templates").rglob("*.html"))
ROLES = ["discipline_officer", "supervision_specialist", "management", "operator", "auditor"]


def colours(text: str) -> dict[str, str]:
    """Colours of the custom properties of one rule, by name."""
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", text))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.1, 1 to 21."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_ratio_is_that_of_the_guideline():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [
        *((ink, ground, 4.5) for ink in ("ink", "quiet", "link") for ground in ("paper", "ground")),
        *((f"{state}", f"{state}-ground", 4.5) for state in ("good", "watch", "bad")),
        *(("ink", f"{state}-ground", 4.5) for state in ("good", "watch", "bad")),
        ("bad", "paper", 4.5),
        ("on-bar", "bar", 4.5),
        ("on-bar", "link", 4.5),
        # edges of fields, the mark of focus, and parts of pictures
        *((part, "paper", 3) for part in ("edge", "focus", "up", "down", "peer", "subject")),
        *((f"tier-{tier}", "paper", 3) for tier in "abcd"),
        ("edge", "ground", 3),
        ("focus", "ground", 3),
    ],
)
def test_colours_are_told_apart_as_wcag_aa_asks(ink, ground, least):
    known = colours(CSS.read_text(encoding="utf-8").split("@media print")[0])
    assert contrast(known[ink], known[ground]) >= least


def test_paper_is_black_on_white_and_cuts_nothing_off():
    printed = CSS.read_text(encoding="utf-8").split("@media print", 1)[1]
    known = colours(printed)
    assert known["ink"] == known["quiet"] == known["link"] == "#000000" and known["ground"] == "#ffffff"
    assert "overflow: visible" in printed and "::details-content" in printed


def test_every_colour_of_the_style_sheet_has_a_name():
    """A colour that stands bare is measured by nobody."""
    text = CSS.read_text(encoding="utf-8")
    bare = re.findall(r"(?<!:)\s(#[0-9a-fA-F]{3,8})\b", re.sub(r"--[\w-]+:\s*#[0-9a-f]+;", "", text))
    assert set(bare) <= {"#000000"}
    used, known = set(re.findall(r"var\(--([\w-]+)\)", text)), set(re.findall(r"--([\w-]+):", text))
    assert used == known


def test_the_style_sheet_reads_nothing_from_elsewhere():
    text = CSS.read_text(encoding="utf-8")
    assert not re.search(r"@import|url\(|expression|javascript", text)
    assert "CJK" in text and "PingFang" in text and "YaHei" in text


class Page(HTMLParser):
    """A page's elements: (tag, attributes, path of open elements), in order."""

    EMPTY = {"meta", "link", "input", "br", "hr", "img", "rect", "line", "path", "circle", "col", "wbr"}

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found, self.open = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs), tuple(self.open)))
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.found.append((tag, dict(attrs), tuple(self.open)))

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-3:]}"
        self.open.pop()


def faults(text: str) -> list[str]:
    """What of a page's HTML a reader, a screen reader or the policy would stumble over."""
    page = Page(text)
    wrong = [f"{tag} is left open" for tag in page.open]
    labelled = {attributes.get("for") for tag, attributes, _path in page.found if tag == "label"}
    ids = [attributes["id"] for _tag, attributes, _path in page.found if "id" in attributes]
    wrong += [f"id {name} stands twice" for name in {name for name in ids if ids.count(name) > 1}]
    for tag, attributes, path in page.found:
        wrong += [f"{tag} has {name}" for name in attributes if name == "style" or name.startswith("on")]
        if tag in ("script", "style", "iframe", "object", "embed", "font", "center"):
            wrong.append(f"<{tag}>")
        if (attributes.get("href") or attributes.get("src") or "").startswith(("http:", "https:", "//", "javascript:")):
            wrong.append(f"{tag} leads elsewhere: {attributes}")
        if tag in ("input", "select", "textarea") and attributes.get("type") not in ("hidden", "submit"):
            if attributes.get("id") not in labelled and "label" not in path and "aria-label" not in attributes:
                wrong.append(f"{tag} {attributes.get('name')} has no label")
        if tag == "th" and "scope" not in attributes:
            wrong.append("a th without scope")
        if tag == "svg" and "aria-hidden" not in attributes and attributes.get("role") != "img":
            wrong.append("an svg without a role")
        if tag == "form" and attributes.get("method") == "post" and "csrfmiddlewaretoken" not in text:
            wrong.append("a form without a token")
        for name in ("aria-labelledby", "aria-describedby"):
            wrong += [f"{name} {part} leads nowhere" for part in attributes.get(name, "").split() if part not in ids]
    titles = sum(1 for tag, _attributes, path in page.found if tag == "title" and "svg" in path)
    pictures = sum(1 for tag, attributes, _path in page.found if tag == "svg" and attributes.get("role") == "img")
    if titles != pictures:
        wrong.append(f"{pictures} pictures and {titles} titles")
    tags = [tag for tag, _attributes, _path in page.found]
    wrong += [f"{tags.count(tag)} {tag}" for tag in ("h1", "main", "html", "body") if tags.count(tag) != 1]
    wrong += [] if page.found[0][1].get("lang") in ("zh-hans", "en") else ["no language"]
    return wrong


def test_the_reader_of_pages_finds_what_is_wrong():
    good = '<html lang="en"><body><main><h1>a</h1></main></body></html>'
    assert faults(good) == []
    for bad in ('<p style="a">b</p>', "<script></script>", '<input name="a">', "<svg></svg>", '<a href="//x">y</a>'):
        assert faults(good.replace("</main>", bad + "</main>"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: "/".join(path.parts[-2:]))
def test_templates_hold_no_script_and_no_style(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:|\|safe\b|autoescape off", text)
    assert path.name == "frame.html" or not re.search(r"<html|<body", text)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "address", ["/nowhere/", "/merchants/", "/quality/", "/quality/quarantine/", "/merchants/plan/"]
)
def test_pages_of_every_kind_are_whole_and_speak_the_readers_language(client_of, home, address, language):
    from tests.desk.merchants.bureau import tables
    from tests.desk.small_night import write_night

    write_night(home, tables())
    for role in ROLES:
        client = client_of(role, area=["S1"])
        client.cookies["django_language"] = language
        response = client.get(address)
        text = response.content.decode()
        assert faults(text) == [] and f'<html lang="{language}">' in text
        chrome = re.sub(r"<main.*?</main>|<title>.*?</title>", "", text, flags=re.S)
        assert ("退出" in chrome) == (language == "zh-hans") and ("Sign out" in chrome) == (language == "en")


@pytest.mark.django_db
def test_switching_the_language_keeps_the_state_and_leads_nowhere_else(client_of, home):
    client = client_of("management")
    here = "/merchants/?q=a&sort=name"
    assert client.post("/language/", {"language": "en", "next": here}).headers["Location"] == here
    assert client.cookies["django_language"].value == "en"
    assert client.post("/language/", {"language": "en", "next": "https://elsewhere.test/"}).headers["Location"] == "/"
    assert client.post("/language/", {"language": "xx", "next": here}).headers["Location"] == here
    assert client.cookies["django_language"].value == "en"


@pytest.mark.django_db
def test_the_menu_offers_what_the_reader_may_open_and_nothing_else(client_of, home):
    for role in ROLES:
        page = Page(client_of(role).get("/nowhere/").content.decode())
        links = [attributes["href"] for tag, attributes, path in page.found if tag == "a" and "nav" in path]
        assert ("/merchants/" in links) == (role not in ("operator", "auditor"))
        assert ("/quality/" in links) == (role in ("operator", "auditor"))
        assert [link for link in links if client_of(role).get(link).status_code == 403] == []


def test_what_is_for_a_phone_is_never_for_paper():
    """A sheet of A4 is as narrow as a phone to a style sheet that does not ask what it is for."""
    rules = re.findall(r"@media ([^{]*)\{", CSS.read_text(encoding="utf-8"))
    assert any("max-width" in rule for rule in rules)
    assert not [rule for rule in rules if "width" in rule and not rule.startswith("screen and")]
