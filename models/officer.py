"""The officer integrity model: whom a discipline officer should look at first, and why. A hint, never a verdict.

It learns on past nights of a panel (about a month apart) what came within the following year (models.officer_label), and
scores tonight. The score is a ridge regression with signs, and boosted trees that begin where it ends: positives are few.

Excluded by law and by test: age, sex, origin, health, lifestyle (PIPL Art 6; DOMAIN.md 3.0), and seniority. No
station, no rank and no kind of employment: the score is about records of conduct in office. Who made a complaint and
whether anybody accused cannot be read from a reason: accusations (检举控告) are no feature; what was found substantiated
counts from the day it was known.

Whose complaints an innocent explanation takes away tonight is neither labelled by them nor measured against his peers:
the family leaves his crossing and his index empty on every night. Only the plain counts of complainants stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from models.boosted import BoostedTrees
from models.boosted_regression import BoostedRegression
from models.calibration import sigmoid
from models.flags import families, indicator_frame
from models.logistic import RidgeLogistic, fit_logistic
from models.officer_card import card
from models.officer_label import Labels
from models.policy import Policy

FEATURES = (
    "feedback_complainant_count_12m",
    "handling_complainant_count_12m",
    "complainant_count_12m",
    "complainant_count_24m",
    "complainant_count_60m",
    "upheld_complainant_count_24m",
    "upheld_complainant_count_60m",
    "substantiated_count_60m",
    "complainant_load_1y",
    "complainant_load_3y",
    "gravity_load_1y",
    "gravity_load_3y",
    "grave_load_3y",
    "upheld_load_3y",
    "lone_event_count_60m",
    "shared_event_count_60m",
    "companion_count_60m",
    "found_companion_count_60m",
    "companion_finding_load",
    "finding_load_1y",
    "finding_load_3y",
    "known_finding_load_3y",
)
"""Columns of feature.officer that the model reads, in order.

Each speaks in one direction only. Complaints are counted by distinct complainants: one person moves no score twice.
Accusations are not counted: a reason that moves would tell that somebody accused (source protection). Tenure on a hot
post is a management matter and has its own reminder. What a matter weighs is learned from how often its like was upheld
by the night, and older ones fade. Workload, place and kind of visits are left to the families, who compare like with
like; shares of lenient outcomes are raw, and would blame a handler for the facts of his cases and his station's habit.
"""

CONFIDENTIAL = (
    *(name for name in FEATURES if "complainant" in name or "companion" in name or "event_count" in name),
    "gravity_load_1y",
    "gravity_load_3y",
    "grave_load_3y",
    "upheld_load_3y",
    "clustered_complaints_index",
    "retaliation_index",
)
"""What the model reads whose own value is never published: it counts or dates complaints, and a count of one or a weight
of one day tells who complained. What it adds to a score is published, so that every explanation still adds up."""

MANAGEMENT = ("hot_post_tenure",)
"""Families that are a management matter: neither measure nor label."""

SCORED_FAMILIES = tuple(name for name in families() if name not in MANAGEMENT)
"""Families whose indicators the model reads."""

MEASURES = tuple(f"{name}_index" for name in SCORED_FAMILIES)
"""The families' measures that the model reads, after FEATURES; one that no family made tonight is empty."""

RISING = FEATURES + MEASURES
"""More of these can only raise the score: of all that the model reads."""

NUMBERS = ("service_day_count_12m", *FEATURES)
"""What the panel takes of feature.officer; days of service say who can be evaluated and are no feature."""

CROSSINGS = tuple(f"{name}_crosses" for name in SCORED_FAMILIES)

ROW_LIMIT = 200_000
"""From more rows only every second, third ... night is learned: nights a month apart have nearly the same labels."""

RIDGE = 20.0
"""Penalty of the regression's scaled coefficients: with few positives a sign and a direction are known, little more."""


def assemble_panel(officers: pd.DataFrame, indicators: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The panel, one row per officer-night: officer_id, as_of_on, NUMBERS, MEASURES, CROSSINGS and is_measured.

    officers : rows of feature.officer. indicators : `Judgement.indicator` by family; what no family measured is empty.
    is_measured : some family of MEASURES could measure the officer-night, even if it then took its measure back because
    an innocent explanation took all of it away.
    """
    panel = officers[["officer_id", "as_of_on", *NUMBERS]].copy()
    panel["as_of_on"] = pd.to_datetime(panel["as_of_on"]).astype("datetime64[us]")
    panel[list(NUMBERS)] = panel[list(NUMBERS)].astype("Float64").astype("float64")
    panel["is_measured"] = False
    night = ["officer_id", "as_of_on"]
    for family in SCORED_FAMILIES:
        told = {"index": f"{family}_index", "crosses": f"{family}_crosses"}
        part = indicator_frame(indicators.get(family)).rename(columns=told)
        panel = panel.merge(part, on=night, how="left", validate="one_to_one", indicator="is_told")
        panel["is_measured"] |= panel.pop("is_told") == "both"
    panel = panel[["officer_id", "as_of_on", *NUMBERS, *MEASURES, *CROSSINGS, "is_measured"]]
    return panel.sort_values(["as_of_on", "officer_id"], ignore_index=True)


@dataclass(frozen=True)
class OfficerModel:
    """A score of FEATURES and MEASURES, where its labels came from, and the card of what was measured of it."""

    scorer: BoostedRegression
    label_source: str
    card: dict

    def frame(self, panel: pd.DataFrame) -> pd.DataFrame:
        """The rows of a panel as the score reads them, indexed by officer_id; `models.reasons.explain` takes it."""
        return panel.set_index("officer_id")[list(FEATURES + MEASURES)]

    def score(self, panel: pd.DataFrame, policy: Policy) -> pd.DataFrame:
        """Scores of one night: officer_id, integrity_score (0..1, higher = look sooner), rank (1 = first), is_evaluable.

        The score is not a probability of wrongdoing. Equal scores share a rank. An officer with fewer than
        min_service_days days of service in 12 months, or whom no family can measure, is not evaluable: no score, no rank.
        """
        serves = panel["service_day_count_12m"] >= policy.flags.min_service_days
        enough = (serves & panel["is_measured"]).to_numpy(dtype=bool)
        score = np.where(enough, sigmoid(self.scorer.raw_score(self.frame(panel))), np.nan)
        scored = pd.DataFrame(
            {"officer_id": panel["officer_id"].to_numpy(), "integrity_score": score, "is_evaluable": enough}
        ).sort_values(["integrity_score", "officer_id"], ascending=[False, True], ignore_index=True)
        scored.insert(2, "rank", scored["integrity_score"].rank(method="min", ascending=False).astype("Int64"))
        return scored

    def to_state(self) -> dict[str, Any]:
        """All but the trees, as plain values that JSON keeps exactly."""
        return {"linear": self.scorer.linear.to_state(), "label_source": self.label_source, "card": self.card}

    @classmethod
    def from_state(cls, trees: BoostedTrees, state: Mapping[str, Any]) -> OfficerModel:
        """The model that `to_state` and its trees describe."""
        scorer = BoostedRegression(RidgeLogistic.from_state(state["linear"]), trees)
        return cls(scorer, state["label_source"], state["card"])


def learned(frame: pd.DataFrame, label: np.ndarray, offset: np.ndarray) -> BoostedRegression:
    """The score learned from the rows of `frame`, their labels (0..1) and offsets (log-odds); more is never less of it.

    The trees are of the size that a few hundred officers bear: shallow and slow; a leaf holds at least 20 rows, and at
    least a thousandth of them.
    """
    direction = dict.fromkeys(RISING, 1)
    linear = fit_logistic(frame, label, start=offset, direction=direction, ridge=RIDGE)
    trees = BoostedTrees(
        "cross_entropy",
        monotone=direction,
        rounds=60,
        leaves=8,
        depth=3,
        learning_rate=0.05,
        min_rows_per_leaf=max(20, len(frame) // 1000),
        ridge=1.0,
        threads=1,
    ).fit(frame, label, start=offset + linear.raw_score(frame))
    return BoostedRegression(linear, trees)


def fit(panel: pd.DataFrame, labels: Labels, *, with_card: bool = True) -> OfficerModel:
    """Learn from the labelled rows of the panel; the card says how well it ranks officers and times it has not seen."""
    labels = thinned(panel, labels)
    rows = panel.loc[labels.label.index]
    frame = rows[list(FEATURES + MEASURES)]
    label, offset = labels.label.to_numpy(), labels.offset.to_numpy()
    measured = card(frame, rows, label, offset, learned) if with_card else {}
    return OfficerModel(learned(frame, label, offset), labels.source, {"label_source": labels.source, **measured})


def thinned(panel: pd.DataFrame, labels: Labels, limit: int = ROW_LIMIT) -> Labels:
    """The labels of every k-th night, counted back from the latest, so that no more than about `limit` rows are left."""
    step = -(-len(labels.label) // limit)
    night = panel.loc[labels.label.index, "as_of_on"]
    back = night.rank(method="dense", ascending=False).astype(int) - 1
    kept = back % step == 0
    return Labels(labels.label[kept], labels.offset[kept], labels.source)
