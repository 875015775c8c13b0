"""Where the tier by rule and the tier by model are far apart, and why, in words.

Both tiers stand: the rule counts records, the model weighs the chance of a severe finding. Who reads the list decides
which of them misses something. Source: DOMAIN.md 2.6, 3.21.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.complaint_cell import count_words
from models.policy import TIERS
from models.reasons import Reasons

SAID_FEATURES = 3
"""How many features a reason names at most."""

COMPLAINT = "complain"
"""Features with this in their name count, weigh or date complaints: a small count of them is not told, and no other value
of theirs, since a weight that fades or a day would give the count away (models/complaint_cell.py)."""


@dataclass(frozen=True)
class Label:
    """What a reader sees of a feature: its unit and its label in both languages."""

    unit: str
    zh: str
    en: str


def tier_distance(risk: pd.DataFrame) -> np.ndarray:
    """Letters from patrol_tier to model_risk_tier, positive where the model's is the worse; 0 where it has none."""
    letter = {tier: place for place, tier in enumerate(TIERS)}
    by_model, by_rule = risk["model_risk_tier"].map(letter), risk["patrol_tier"].map(letter)
    return (by_model - by_rule).fillna(0).to_numpy(dtype=np.int64)


def disagreements(
    risk: pd.DataFrame, reasons: Reasons, labels: Mapping[str, Label], least_distance: int
) -> pd.DataFrame:
    """The rows of the published table `tier_disagreement`, in the order of `risk`.

    risk : merchant_risk. reasons : of every merchant that disagrees at least (others may be among them), indexed by
    merchant. labels : of every feature of the model. Raises KeyError where a merchant that disagrees is not explained.
    """
    distance = tier_distance(risk)
    listed = np.abs(distance) >= least_distance
    rows = risk[listed].reset_index(drop=True)
    is_higher = distance[listed] > 0
    place = reasons.frame.index.get_indexer(pd.Index(rows["merchant_id"]))
    if (place < 0).any():
        raise KeyError(f"tier_disagreement: merchant {rows['merchant_id'][place < 0].iloc[0]} has no reasons")
    signed = reasons.contribution[place] * np.where(is_higher, 1, -1)[:, None]
    first = np.argsort(-signed, axis=1, kind="stable")[:, :SAID_FEATURES]
    weight = np.take_along_axis(signed, first, axis=1)
    value = np.take_along_axis(reasons.frame.to_numpy(dtype=float, na_value=np.nan)[place], first, axis=1)
    name = reasons.frame.columns.to_numpy()[first]
    said = [
        [_said(feature, labels[feature], number) for feature, number, adds in zip(*row, strict=True) if adds > 0]
        for row in zip(name, value, weight, strict=True)
    ]
    columns = ["as_of", "merchant_id", "institution_id", "patrol_tier", "patrol_tier_rule", "model_risk_tier"]
    found = rows[[*columns, "probability"]].copy()
    found["direction"] = np.where(is_higher, "model_higher", "rule_higher")
    told = list(zip(rows.to_dict("records"), is_higher, said, strict=True))
    found["reason_zh"] = [_reason_zh(*row) for row in told]
    found["reason_en"] = [_reason_en(*row) for row in told]
    return found


def _reason_zh(row: dict, is_higher: bool, said: list[tuple[str, str]]) -> str:
    way = "抬高" if is_higher else "压低"
    features = f",{way}概率的主要有:" + "、".join(zh for zh, _ in said) if said else ""
    return (
        f"规则判为{row['patrol_tier']}类:{row['patrol_tier_reason_zh']};"
        f"模型判为{row['model_risk_tier']}类:下次检查发现严重问题的概率{row['probability']:.1%}{features}"
    )


def _reason_en(row: dict, is_higher: bool, said: list[tuple[str, str]]) -> str:
    way = "raised" if is_higher else "lowered"
    features = f", {way} most by " + "; ".join(en for _, en in said) if said else ""
    return (
        f"tier {row['patrol_tier']} by rule: {row['patrol_tier_reason_en']}; tier {row['model_risk_tier']} by model: "
        f"a severe finding at the next visit has probability {row['probability']:.1%}{features}"
    )


def _said(feature: str, label: Label, value: float) -> tuple[str, str]:
    if np.isnan(value):
        return f"{label.zh}:无记录", f"{label.en}: not on record"
    if COMPLAINT in feature:
        if label.unit != "count":
            return f"{label.zh}(数值不显示)", f"{label.en} (value not told)"
        told_zh, told_en = count_words(value)
        return f"{label.zh}:{told_zh}", f"{label.en}: {told_en}"
    if label.unit == "boolean":
        said_zh, said_en = ("是", "yes") if value else ("否", "no")
        return f"{label.zh}:{said_zh}", f"{label.en}: {said_en}"
    if label.unit == "share":
        number = f"{value:.0%}"
    elif label.unit in ("count", "days", "yuan"):
        number = f"{value:,.0f}"
    else:
        number = f"{value:.2f}".rstrip("0").rstrip(".")
    unit_zh, unit_en = {"days": ("天", ""), "yuan": ("元", " yuan"), "years": ("年", "")}.get(label.unit, ("", ""))
    return f"{label.zh}:{number}{unit_zh}", f"{label.en}: {number}{unit_en}"
