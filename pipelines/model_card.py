"""The model card as papers: card.json, and card.html, the same for people."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from models import policy
from models.boosted import BoostedTrees
from pipelines.evaluation_pictures import arm_picture, quarter_picture
from pipelines.page import drawn, rendered
from pipelines.pictures import calibration_picture
from pipelines.scoring import feature_labels
from pipelines.trained import CARD, CARD_PAGE, code_fingerprint

if TYPE_CHECKING:
    import altair

RANKED = {"auc": "全部 all visits", "within_officer_auc": "同一人员之内 within officer"}


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
    told = [row for row in card["random_arm"]["classes"] if row["observed"]["value"] is not None]
    return rendered(
        "card.html",
        card=card,
        fold_picture=drawn(_fold_picture(folds)) if folds else None,
        calibration_picture=drawn(calibration_picture(deciles)) if deciles else None,
        arm_picture=drawn(arm_picture(told)) if told else None,
    )


def _fold_picture(folds: Sequence[Mapping[str, Any]]) -> altair.Chart:
    import pandas as pd

    rows = [
        (name, str(date.fromisoformat(fold["first_on"]) - timedelta(days=1)), *fold[name].values())
        for fold in folds
        for name in RANKED
        if fold[name]["interval_low"] is not None
    ]
    figures = pd.DataFrame(rows, columns=["scorer", "quarter", "value", "low", "high"])
    return quarter_picture(figures, RANKED, "AUC(0.5 = 随机 · blind)", "各季时间外排序能力 · AUC out of time")
