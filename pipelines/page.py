"""Pages for people: one layout, whose templates lie in pipelines/pages; every value that a page shows is escaped.

A page is one file that needs nothing else: no script, no style sheet, no font, no network. It prints on A4 and reads on
a phone. A template extends `layout.html`, takes its macros from `part.html`, and is given plain values.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import jinja2
from markupsafe import Markup

from pipelines.pictures import svg

if TYPE_CHECKING:
    import altair

FOLDER = Path(__file__).with_name("pages")


class Column(NamedTuple):
    """A column of a table on a page: heading in both languages, unit, and decimals of its figures (None: it holds text).

    `is_share` shows 0..1 in per cent.
    """

    zh: str
    en: str
    unit: str = ""
    digits: int | None = None
    is_share: bool = False


def rendered(template: str, **values: Any) -> str:
    """The page of a template as HTML; the same bytes from the same values. Raises UndefinedError for a missing value."""
    return _templates().get_template(template).render(values)


def drawn(picture: altair.Chart) -> Markup:
    """One of our own pictures as SVG for a page. Nothing else is shown unescaped."""
    return Markup(svg(picture))


def number(value: float | None, digits: int = 0, is_share: bool = False) -> str:
    """A figure as it is read: thousands apart, so many decimals, per cent where it is a share; a dash where it is None."""
    if value is None:
        return "—"
    return f"{value:.{digits}%}" if is_share else f"{value:,.{digits}f}"


def known(value: float | None) -> float | None:
    """The figure, None where a frame has none."""
    return None if value is None or value != value else float(value)


@functools.cache
def _templates() -> jinja2.Environment:
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters["number"] = number
    templates.globals["column"] = Column
    return templates
