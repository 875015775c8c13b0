"""Messages of the desk: what code and templates say in English, and the catalogues that say it in Chinese.

`python -m tests.desk.message` brings the catalogues up to date: messages that are new are added with an empty
translation to the catalogue of their app, those no longer said are dropped, and the compiled files are written anew.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

DESK = Path(__file__).resolve().parents[2] / "desk"
PLACE = Path("locale") / "zh_Hans" / "LC_MESSAGES" / "django.po"
SHARED = ("listing", "published")
"""Apps whose words are the desk's own: every page uses them."""
KEYWORDS = {
    **{name: None for name in ("_", "gettext", "gettext_lazy", "gettext_noop")},
    **{name: (1, 2) for name in ("ngettext", "ngettext_lazy")},
    **{name: ((1, "c"), 2) for name in ("pgettext", "pgettext_lazy")},
    **{name: ((1, "c"), 2, 3) for name in ("npgettext", "npgettext_lazy")},
}
HEADER = """\
msgid ""
msgstr ""
"Language: zh_Hans\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"PO-Revision-Date: 2026-01-01 00:00+0000\\n"
"POT-Creation-Date: 2026-01-01 00:00+0000\\n"

"""
"""Fixed, so that the same words make the same files."""


class Message(NamedTuple):
    """One message: context (None without one), msgid, and the plural (None without one)."""

    context: str | None
    text: str
    plural: str | None


@functools.cache
def said() -> dict[Message, tuple[Path, ...]]:
    """Every message of code and templates, with the files, relative to desk/, that say it."""
    found: dict[Message, list[Path]] = {}
    for path in sorted(DESK.rglob("*")):
        if path.suffix in (".py", ".html", ".txt"):
            for message in _messages(path):
                found.setdefault(message, []).append(path.relative_to(DESK))
    return {message: tuple(dict.fromkeys(paths)) for message, paths in found.items()}


def _messages(path: Path) -> Iterator[Message]:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # what a template says, as calls; lines stand at the margin, since blanks mean nothing there
        text = "\n".join(line.strip() for line in templatize(text).splitlines())
    for _line, function, words, _comments in extract_python(io.BytesIO(text.encode()), KEYWORDS, [], {}):
        words = words if isinstance(words, tuple) else (words,)
        context, rest = (words[0], words[1:]) if "pgettext" in function else (None, words)
        if rest and rest[0]:
            yield Message(context, rest[0], rest[1] if function.startswith(("ng", "np")) else None)


def catalogues() -> dict[Path, Catalog]:
    """Every catalogue by its file."""
    paths = [DESK / PLACE, *sorted(DESK.glob(f"*/{PLACE}"))]
    return {path: _read(path) for path in paths if path.exists()}


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def home_of(path: Path) -> Path:
    """The catalogue that a file's messages belong to: that of its app, or the desk's own."""
    app = path.parts[1] if path.parts[0] == "templates" and len(path.parts) > 2 else path.parts[0]
    return DESK / PLACE if app in SHARED or not (DESK / app / "__init__.py").exists() else DESK / app / PLACE


def update() -> None:
    """Bring the catalogues up to date with what is said."""
    old = catalogues()
    for path in old:
        fresh = Catalog(locale="zh_Hans", charset="utf-8", fuzzy=False)
        known = {(entry.context, _single(entry.id)): entry for entry in old[path] if entry.id}
        elsewhere = {key for other in old if other != path for key in _keys(old[other])}
        for message, places in said().items():
            key = (message.context, message.text)
            # the desk's own catalogue holds what no app says itself
            stays = key in known and not (path == DESK / PLACE and key in elsewhere)
            if stays or (key not in known and key not in elsewhere and home_of(places[0]) == path):
                words = known[key].string if key in known else ""
                _add(fresh, message, words)
        file = io.BytesIO()
        write_po(file, fresh, sort_output=True, omit_header=True, width=110, no_location=True)
        path.write_bytes(HEADER.encode() + file.getvalue())
        with path.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, _read(path))


def _keys(catalogue: Catalog) -> set[tuple[str | None, str]]:
    return {(entry.context, _single(entry.id)) for entry in catalogue if entry.id}


def _add(catalogue: Catalog, message: Message, words: str | tuple[str, ...]) -> None:
    if message.plural is None:
        catalogue.add(message.text, words if isinstance(words, str) else words[0], context=message.context)
    else:
        words = words if isinstance(words, tuple) else (words,)
        catalogue.add((message.text, message.plural), words, context=message.context)


def _single(text: str | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else text[0]


if __name__ == "__main__":
    update()
