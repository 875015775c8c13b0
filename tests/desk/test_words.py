"""What readers read: every message in both languages, the same message the same everywhere, and no word of a verdict."""

from __future__ import annotations

import gettext
import re

import pytest
from babel.messages.catalog import Message as Entry
from babel.messages.checkers import checkers

from tests.desk.message import DESK, PLACE, SHARED, Message, catalogues, home_of, said

CHINESE = re.compile(r"[\u3400-\u9fff]")


def entries() -> list[tuple[str, Entry]]:
    return [
        (str(path.relative_to(DESK)), entry)
        for path, catalogue in catalogues().items()
        for entry in catalogue
        if entry.id
    ]


def strings(entry: Entry) -> tuple[str, ...]:
    return entry.string if isinstance(entry.string, tuple) else (entry.string,)


def key(entry: Entry) -> tuple[str | None, str]:
    return entry.context, entry.id if isinstance(entry.id, str) else entry.id[0]


def test_every_message_of_code_and_templates_is_said_in_chinese():
    known = {key(entry) for _path, entry in entries() if all(strings(entry))}
    untold = {message: places for message, places in said().items() if (message.context, message.text) not in known}
    # an app without a catalogue of its own is not built yet
    built = {message: places for message, places in untold.items() if home_of(places[0]).exists()}
    assert not built


def test_no_catalogue_holds_what_nobody_says():
    spoken = {(message.context, message.text) for message in said()}
    assert not [(path, entry.id) for path, entry in entries() if key(entry) not in spoken]


def test_a_message_has_one_translation_in_the_whole_desk():
    told: dict[tuple, set] = {}
    for _path, entry in entries():
        told.setdefault(key(entry), set()).add(strings(entry))
    assert not {message: words for message, words in told.items() if len(words) > 1}


def test_a_translation_keeps_the_placeholders_of_its_message():
    read = catalogues()
    for path, entry in entries():
        for check in checkers:
            check(read[DESK / path], entry)
        if "python-format" in entry.flags:
            names = set(re.findall(r"%\((\w+)\)", key(entry)[1]))
            for words in strings(entry):
                assert set(re.findall(r"%\((\w+)\)", words)) == names, (path, entry.id)


def test_messages_are_english_and_their_translations_chinese():
    for path, entry in entries():
        assert not CHINESE.search(key(entry)[1]), (path, entry.id)
        if re.search(r"[A-Za-z]{3}", re.sub(r"%\(\w+\)[sd]|XLSX|QR|TOTP|GB/T", "", key(entry)[1])):
            assert all(CHINESE.search(words) for words in strings(entry)), (path, entry.id)


@pytest.mark.parametrize("path", catalogues(), ids=lambda path: path.parts[-5])
def test_a_compiled_catalogue_says_what_its_text_says(path):
    with path.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for entry in catalogues()[path]:
        if entry.id and isinstance(entry.id, str) and entry.context is None:
            assert compiled.gettext(entry.id) == entry.string, entry.id
        elif entry.id and isinstance(entry.id, tuple) and entry.context is None:
            assert compiled.ngettext(*entry.id, 2) == strings(entry)[0], entry.id
    assert len([text for text in compiled._catalog if text]) == len([entry for entry in catalogues()[path] if entry.id])


def test_no_message_speaks_a_verdict():
    forbidden = re.compile(
        r"违纪|违法人员|嫌疑|有罪|\bguilty\b|\bsuspects?\b|\bmisconduct\b|violation by the officer", re.I
    )
    for path, entry in entries():
        assert not [words for words in (key(entry)[1], *strings(entry)) if forbidden.search(words)], (path, entry.id)
    for path in DESK.rglob("*.html"):
        assert not forbidden.search(path.read_text(encoding="utf-8")), path


def test_templates_say_nothing_but_messages():
    """A word that stands bare in a template is told in one language only."""
    marked = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<[^>]*>", re.S)
    blocks = re.compile(r"\{% blocktranslate.*?endblocktranslate %\}", re.S)
    for path in sorted(DESK.rglob("*.html")):
        bare = marked.sub(" ", blocks.sub(" ", path.read_text(encoding="utf-8")))
        words = set(re.findall(r"[A-Za-z]{2,}|[\u3400-\u9fff]+", bare)) - {"中文", "English", "nbsp", "amp"}
        assert not words, (path.relative_to(DESK), words)


def test_the_catalogues_are_what_a_template_and_a_module_say(tmp_path, monkeypatch):
    """The reader of messages itself: it finds what is said, in code and in templates, with plurals."""
    from tests.desk import message

    (tmp_path / "x.html").write_text(
        "{% translate 'One' %}\n  {% blocktranslate count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}"
    )
    (tmp_path / "y.py").write_text("from z import gettext_lazy as _\nA = _('Two')\nB = ngettext('a', 'b', 2)\n")
    monkeypatch.setattr(message, "DESK", tmp_path)
    message.said.cache_clear()
    try:
        found = set(message.said())
    finally:
        message.said.cache_clear()
    assert found == {
        Message(None, "One", None),
        Message(None, "%(n)s day", "%(n)s days"),
        Message(None, "Two", None),
        Message(None, "a", "b"),
    }


def test_shared_words_lie_in_the_desks_own_catalogue():
    assert (DESK / PLACE).exists() and not [app for app in SHARED if (DESK / app / PLACE).exists()]
