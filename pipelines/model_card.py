"""The model card as papers: card.json, and card.html, the same for people."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from models import policy
from models.boosted import BoostedTrees
from pipelines.page import drawn, rendered
from pipelines.pictures import calibration_picture, fold_picture
from pipelines.scoring import feature_labels
from pipelines.trained import CARD, CARD_PAGE, code_fingerprint


def completed(card: Mapping[str, Any], trees: BoostedTrees) -> dict[str, Any]:
    """The card (models.merchant_card) with the unit and labels of its features and the fingerprints of what made it."""
    labels = feature_labels()
    named = [feature | vars(labels[feature["name"]]) for feature in card["features"]]
    versions = {
        "code": code_fingerprint(),
        "policy": policy.fingerprint(),
        "trees": hashlib.sha256(trees.to_text().encode()).hexdigest(),
    }
    return {**card, "features": named, "versions": versions}


def papers(card: Mapping[str, Any]) -> dict[str, str]:
    """The texts of CARD and CARD_PAGE for a completed card; the same bytes from the same card."""
    return {
        CARD: json.dumps(card, ensure_ascii=False, indent=1) + "\n",
        CARD_PAGE: card_page(card),
    }


def card_page(card: Mapping[str, Any]) -> str:
    """The page of a completed card as HTML."""
    folds, deciles = card["folds"], card["calibration"]["deciles"]
    return rendered(
        "card.html",
        card=card,
        fold_picture=drawn(fold_picture(folds)) if folds else None,
        calibration_picture=drawn(calibration_picture(deciles)) if deciles else None,
    )
