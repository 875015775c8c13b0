"""The model card as papers: the page shows all that card.json says, in both languages, escaped, the same bytes always."""

import html
import json
import re
from collections.abc import Iterator

import pytest

from models.boosted import BoostedTrees
from pipelines.model_card import completed, papers
from pipelines.page import number
from pipelines.trained import CARD, CARD_PAGE
from tests.models.test_merchant_card import fold, told


@pytest.fixture(scope="module")
def card() -> dict:
    import numpy as np
    import pandas as pd

    frame = pd.DataFrame({"a": np.arange(300.0)})
    return completed(told(fold(1), fold(0)), BoostedTrees(rounds=2).fit(frame, (frame["a"] > 150).astype(float)))


def leaves(value, path: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for name, part in value.items():
            yield from leaves(part, f"{path}.{name}")
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from leaves(part, f"{path}[{place}]")
    else:
        yield path, value


def text_of(page: str) -> str:
    shown = re.sub(r"<style>.*?</style>|<svg.*?</svg>", "", page, flags=re.S)
    return html.unescape(re.sub(r"<[^>]+>", " ", shown)).replace("\u00a0", " ")


UNITS = {
    "count": "次数",
    "rate": "均值",
    "number": "数值",
    "boolean": "是/否",
    "years": "年",
    "days": "天",
    "yuan": "元",
}


def test_the_page_shows_every_key_and_every_value_of_the_card(card):
    page = papers(card)[CARD_PAGE]
    for name in set(card) - {"model", "trained_on"}:
        assert f'id="{name}"' in page, name
    shown = text_of(page)
    for path, value in leaves(card):
        if path.endswith((".is_chosen", ".chose_the_setting", ".direction")):
            continue
        if path.endswith(".unit"):
            assert UNITS[value] in shown, path
        elif isinstance(value, str):
            assert value in shown, path
        elif value is not None:
            forms = {number(value, digits, share) for digits in range(7) for share in (False, True)}
            assert any(form in shown for form in forms), (path, value)
    assert shown.count("只升") > 10 and shown.count("learned") > 10 and shown.count("选用") == 1


def test_the_page_is_made_of_the_card_that_is_kept_and_is_the_same_every_time(card):
    first = papers(card)
    assert papers(json.loads(first[CARD])) == first


def test_a_feature_label_that_looks_like_markup_is_shown_as_text(card):
    evil = {**card, "features": [{**card["features"][0], "zh": "<script>alert(1)</script>"}]}
    page = papers(evil)[CARD_PAGE]
    assert "<script" not in page and "&lt;script&gt;alert(1)" in page


def test_every_feature_has_its_unit_and_both_labels_from_the_header_of_its_table(card):
    for feature in card["features"]:
        assert re.search(r"[\u4e00-\u9fff]", feature["zh"]) and feature["en"] and feature["unit"], feature["name"]


def test_a_card_without_a_quarter_says_that_nothing_could_be_measured(card):
    bare = {**told(), "features": card["features"], "versions": card["versions"]}
    page = papers(bare)[CARD_PAGE]
    assert "Not computable: too little history" in page and "<svg" not in page
