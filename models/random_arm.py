"""What random draws teach: how often a merchant of a class has something severe, whoever chose whom to visit.

Visits that people choose find more (or less) than merchants in general have; only the drawn ones stand for them. A draw
changed by hand is no draw any more: such visits are in neither arm and are counted apart. Where the drawn merchant was not
met, what would have been found is not known: the share is told besides as if all of these, and as if none, had something.
Counts of merchants and visits alone; no person is in it. Source: DOMAIN.md 2.7, 3.21.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from models.drawn_share import drawn_share, exact_interval, ratio_interval, stratum_weight
from models.policy import TIERS, RandomArmPolicy

EVERYBODY = "all"
CLASSES = ("patrol_tier", "credit_risk_class", "model_risk_tier")
"""Kinds of class, each a column of the visits and of the merchants; all of them together come first."""

NOT_MET = ("closed_on_arrival", "not_found", "not_visited")
"""Results of draws at which nobody was met; the last is no visit at all within the days that a draw has."""

NO_RANDOM = ("没有随机抽查", "there are no random visits")


def random_arm(visits: pd.DataFrame, merchants: pd.DataFrame, policy: RandomArmPolicy, night: date) -> pd.DataFrame:
    """Rows of the published table `random_arm` without as_of: all merchants, then each class of each kind.

    Parameters
    ----------
    visits : one row per visit of the window that took place, and per draw at which nobody was met: visited_on,
        standing (of feature.random_visit; empty: people chose it), result, was_inspected, is_severe (no: not met), the
        columns of CLASSES as known before the visit (empty: not known; the credit risk class has no day and is tonight's),
        predicted_share and corrected_share (models.foreseen), and draw_stratum.
    merchants : the open merchants of the night with the columns of CLASSES and draw_stratum: whom the draws stand for.

    drawn_share is severe over drawn visits that took place, population_share the same weighed by draw_stratum, within
    which every merchant has the same chance to be drawn; ratio is chosen_share over population_share: above 1,
    choosing whom to visit finds more than merchants have. Where a share is empty the reason says why.
    """
    typed, people = _typed(visits, merchants)
    rows = [_row(EVERYBODY, EVERYBODY, typed, people, policy, night)]
    for kind in CLASSES:
        own, held = typed[kind].to_numpy(), people[kind].to_numpy()
        if not ((own >= 0).any() and (held >= 0).any()):
            continue
        rows += [
            _row(kind, name, typed[own == place], people[held == place], policy, night)
            for place, name in enumerate(TIERS)
        ]
    return pd.DataFrame(rows)


def _typed(visits: pd.DataFrame, merchants: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both as numbers, since words are slow to compare: classes and strata by their place (-1: not known), facts as yes or no."""
    names = sorted({*visits["draw_stratum"].unique(), *merchants["draw_stratum"].unique()})
    standing, result = (visits[name].fillna("").to_numpy(dtype=object) for name in ("standing", "result"))
    was_met = visits["was_inspected"].to_numpy(dtype=bool)
    drawn = standing == "drawn"
    typed = pd.DataFrame(
        {
            "visited_on": pd.to_datetime(visits["visited_on"]).to_numpy(),
            "was_drawn": drawn & was_met,
            "was_chosen": (standing == "") & was_met,
            "was_severe": visits["is_severe"].to_numpy(dtype=bool) & was_met,
            "is_substituted": standing == "substituted",
            "has_no_draw": standing == "without_draw",
            **{name: drawn & (result == name) for name in NOT_MET},
            **{name: visits[name].to_numpy(dtype=float) for name in QUARTER[:2]},
        }
    )
    both = []
    for frame, source in ((typed, visits), (pd.DataFrame(index=range(len(merchants))), merchants)):
        places = {kind: pd.Categorical(source[kind], categories=TIERS).codes for kind in CLASSES}
        layer = pd.Categorical(source["draw_stratum"], categories=names).codes
        both.append(frame.assign(**places, layer=layer.astype(np.int64), layers=len(names)))
    return both[0], both[1]


def _row(
    kind: str, name: str, visits: pd.DataFrame, merchants: pd.DataFrame, policy: RandomArmPolicy, night: date
) -> dict[str, Any]:
    drawn, chosen, severe, substituted = (
        visits[column].to_numpy() for column in ("was_drawn", "was_chosen", "was_severe", "is_substituted")
    )
    # of visits that did not take place nothing out of time was foretold, and so no tier by model is known
    knows_missed = kind != "model_risk_tier"
    missed = visits[list(NOT_MET)].to_numpy().any(axis=1)
    told: dict[str, Any] = {
        "class_kind": kind,
        "class_value": name,
        "window_start_on": visits["visited_on"].min() if len(visits) else pd.Timestamp(night),
        "window_end_on": pd.Timestamp(night),
        "merchant_count": len(merchants),
        "drawn_count": int(drawn.sum()),
        "drawn_severe_count": int((drawn & severe).sum()),
        "chosen_count": int(chosen.sum()),
        "chosen_severe_count": int((chosen & severe).sum()),
        "chosen_share": float(severe[chosen].mean()) if chosen.any() else np.nan,
        "substituted_count": int(substituted.sum()),
        "without_draw_count": int(visits["has_no_draw"].sum()),
        "closed_count": int(visits["closed_on_arrival"].sum()) if knows_missed else None,
        "not_found_count": int(visits["not_found"].sum()) if knows_missed else None,
        # of a merchant that nobody visited no tier before a visit is known
        "not_visited_count": None if kind.endswith("_tier") else int(visits["not_visited"].sum()),
        **dict.fromkeys(SHARES, np.nan),
        "reason_zh": None,
        "reason_en": None,
    }
    layer, layers = visits["layer"].to_numpy(), int(visits["layers"].max()) if len(visits) else 1
    people = np.bincount(merchants["layer"], minlength=layers).astype(float)[:layers]

    def counted(rows: np.ndarray) -> np.ndarray:
        return np.bincount(layer[rows], minlength=layers).astype(float)

    told |= _foretold(visits, drawn, chosen, severe, layer, people, policy)
    if told["drawn_count"] < policy.min_visits:
        return told | _why_not(told["drawn_count"], policy)
    hits, count = counted(drawn & severe), counted(drawn)
    weight = stratum_weight(people, count)
    share = drawn_share(hits, count, weight, policy.confidence)
    plain = told["drawn_severe_count"] / told["drawn_count"]
    low, high = exact_interval(told["drawn_severe_count"], told["drawn_count"], policy.confidence)
    told |= {
        "drawn_share": plain,
        "drawn_low": low,
        "drawn_high": high,
        "population_share": share.value,
        "population_low": share.low,
        "population_high": share.high,
        "effective_count": share.effective_count,
    }
    if chosen.any():
        ratio = ratio_interval(
            told["chosen_share"], told["chosen_count"], share.value, share.effective_count, policy.confidence
        )
        told |= dict(zip(("ratio", "ratio_low", "ratio_high"), ratio or (np.nan,) * 3, strict=True))
    if knows_missed:
        unknown = missed | substituted
        whole = counted(drawn | unknown)
        everybody = stratum_weight(people, whole)
        told["missing_share"] = float(unknown.sum() / (unknown.sum() + drawn.sum()))
        told["share_if_none"] = drawn_share(hits, whole, everybody, policy.confidence).value
        told["share_if_all"] = drawn_share(hits + counted(unknown), whole, everybody, policy.confidence).value
    return told


SHARES = (
    *(f"{name}{end}" for name in ("drawn", "population") for end in ("_share", "_low", "_high")),
    *("effective_count", "ratio", "ratio_low", "ratio_high", "missing_share", "share_if_none", "share_if_all"),
)
"""Figures that are empty where too few drawn visits took place."""


def _foretold(
    visits: pd.DataFrame,
    drawn: np.ndarray,
    chosen: np.ndarray,
    severe: np.ndarray,
    layer: np.ndarray,
    people: np.ndarray,
    policy: RandomArmPolicy,
) -> dict[str, Any]:
    """The model's mean probability of drawn visits out of time, before and after the correction, and what they found.

    All weighed to stand for the merchants of the class. Beside it the share that chosen visits of the same quarters found.
    """
    is_quarter = visits["predicted_share"].notna().to_numpy()
    known, beside = drawn & is_quarter, chosen & is_quarter
    count = int(known.sum())
    if count < policy.min_visits:
        return {"quarter_drawn_count": count, **dict.fromkeys(QUARTER, np.nan)}
    counts, hits, before, after = (
        np.bincount(layer[known], weights=value, minlength=len(people))
        for value in (None, severe[known], *(visits[name].to_numpy(dtype=float)[known] for name in QUARTER[:2]))
    )
    weight = stratum_weight(people, counts)
    share = drawn_share(hits, counts, weight, policy.confidence)
    mean = np.divide(weight, counts, out=np.zeros(len(people)), where=counts > 0)
    values = (
        float(mean @ before),
        float(mean @ after),
        share.value,
        share.low,
        share.high,
        float(severe[beside].mean()) if beside.any() else np.nan,
    )
    return {"quarter_drawn_count": count, **dict(zip(QUARTER, values, strict=True))}


QUARTER = (
    *("predicted_share", "corrected_share", "quarter_drawn_share", "quarter_drawn_low", "quarter_drawn_high"),
    "quarter_chosen_share",
)
"""Figures of the quarters out of time, where the model can be held against what it did not know."""


def _why_not(count: int, policy: RandomArmPolicy) -> dict[str, str]:
    zh, en = (
        NO_RANDOM
        if count == 0
        else (
            f"实际进行的随机抽查{count}次,至少需要{policy.min_visits}次",
            f"{count} drawn visits took place; at least {policy.min_visits} are needed",
        )
    )
    return {"reason_zh": zh, "reason_en": en}
