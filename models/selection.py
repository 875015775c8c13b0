"""Who is visited: visits are not random, and what holds of the visited need not hold of all merchants."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from models import measure
from models.bootstrap import drawn_together, interval
from models.calibration import platt_line
from models.quarter import Quarter
from models.within_officer import within_officer_auc

MIN_RANDOM_VISITS = 200
MIN_RANDOM_SEVERE = 20
"""Fewer random visits, or fewer severe ones among them, say too little by themselves."""


def selection(quarters: Sequence[Quarter]) -> pd.DataFrame:
    """The model on all visits as they were made, on random visits alone, and weighed to stand for all merchants.

    Columns: visits (as_made, random, weighed), is_used (the one to believe of merchants in general), visit_count,
    effective_count (Kish), and value, low and high of auc, within_officer_auc, predicted and observed share, slope and
    intercept of a calibration on these visits (no interval), NaN where there are too few random visits.
    """
    random = [(quarter.visits["visit_kind"] == "random").to_numpy(dtype=float) for quarter in quarters]
    severe = sum((kept * quarter.label).sum() for kept, quarter in zip(random, quarters, strict=True))
    enough = sum(kept.sum() for kept in random) >= MIN_RANDOM_VISITS and severe >= MIN_RANDOM_SEVERE
    ways = {
        "as_made": [np.ones(len(quarter.visits)) for quarter in quarters],
        "random": random,
        "weighed": [quarter.population_weight for quarter in quarters],
    }
    label = np.concatenate([quarter.label for quarter in quarters])
    probability = np.concatenate([quarter.probability["model"] for quarter in quarters])
    rows = []
    for name, base in ways.items():
        weight = np.concatenate(base)
        row = {
            "visits": name,
            "is_used": name == ("random" if enough else "weighed"),
            "visit_count": int((weight > 0).sum()),
            "effective_count": weight.sum() ** 2 / (weight**2).sum() if weight.any() else 0.0,
        }
        if name != "random" or enough:
            told = [
                _selected(quarters, [kept * drawn for kept, drawn in zip(base, weights, strict=True)])
                for weights in drawn_together([quarter.visits["merchant_id"] for quarter in quarters])
            ]
            for figure in told[0]:
                values = np.concatenate([part[figure] for part in told])
                row[figure], row[f"{figure}_low"], row[f"{figure}_high"] = values[0], *interval(values[1:])
            row["slope"], row["intercept"] = _calibration_line(probability, label, weight)
        rows.append(row)
    return pd.DataFrame(rows)


def _selected(quarters: Sequence[Quarter], weights: Sequence[np.ndarray]) -> dict[str, np.ndarray]:
    """The model's ranking and level under some weighing of the visits, per draw; quarters pooled as everywhere."""
    parts = []
    for quarter, weight in zip(quarters, weights, strict=True):
        label, score = quarter.label, quarter.probability["model"]
        parts.append(
            {
                "auc": measure.area_under_curve(label, score, weight),
                "within_officer_auc": within_officer_auc(
                    label, score, quarter.visits["lead_officer_id"].to_numpy(), weight
                ),
                "predicted": (weight * score).sum(axis=1),
                "observed": (weight * label).sum(axis=1),
                "visits": weight.sum(axis=1),
            }
        )
    severe = np.array([part["observed"] for part in parts])
    visits = sum(part["visits"] for part in parts)

    def ranked(name: str) -> np.ndarray:
        value = np.array([part[name] for part in parts])
        counts = np.where(np.isnan(value), 0, severe)
        return (np.nan_to_num(value) * counts).sum(axis=0) / counts.sum(axis=0)

    return {
        "auc": ranked("auc"),
        "within_officer_auc": ranked("within_officer_auc"),
        "predicted": sum(part["predicted"] for part in parts) / visits,
        "observed": severe.sum(axis=0) / visits,
    }


def _calibration_line(probability: np.ndarray, label: np.ndarray, weight: np.ndarray) -> tuple[float, float]:
    """Slope and intercept that would calibrate the published log-odds on these visits; 1 and 0 where it is calibrated."""
    kept = weight > 0
    odds = np.log(probability[kept] / (1 - probability[kept]))
    return platt_line(odds, label[kept], weight[kept])
