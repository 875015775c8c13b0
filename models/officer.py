"""The officer integrity model: whom a discipline officer should look at first, and why. A hint, never a verdict.

It learns on past nights of the panel what came within the following year, and scores tonight. Where the bureau has
enough substantiated outcomes they are the labels; else the officer's own families (leniency, complaints) crossing their
thresholds a year later: always the future of a past night, never the same night.

Excluded by law and by test: age, sex, origin, health, lifestyle (PIPL Art 6; DOMAIN.md 3.0), and seniority. No
station, no rank and no kind of employment: the score is about records of conduct in office. Who made a complaint and
whether anybody accused cannot be read from a reason: accusations (检举控告) are no feature.

Whose complaints an innocent explanation takes away tonight is neither labelled by them nor measured against his peers:
the family leaves his crossing and his rate empty on every night. Only the plain counts of complainants stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from models.boosted import BoostedTrees, NotTrainable
from models.flags import families, indicator_frame
from models.officer_card import card
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
)
"""Columns of feature.officer that the model reads, in order.

Each speaks in one direction only. Complaints are counted by distinct complainants: one person moves no score twice.
Accusations are not counted: a reason that moves would tell that somebody accused (source protection). Tenure on a hot
post is a management matter and has its own reminder. Workload, place and kind of visits are left to the families, who
compare like with like; shares of lenient outcomes are raw, and would blame a handler for the facts of his cases and his
station's habit.
"""

MANAGEMENT = ("hot_post_tenure",)
"""Families that are a management matter: neither measure nor label."""

SCORED = tuple(name for name in families() if name not in MANAGEMENT)
"""Families whose indicators the model reads."""

MEASURES = tuple(f"{name}_index" for name in SCORED)
"""The families' measures that the model reads, after FEATURES; one that no family made tonight is empty."""

RISING = FEATURES + MEASURES
"""More of these can only raise the score: of all that the model reads."""

NUMBERS = ("service_day_count_12m", *FEATURES)
"""What the panel takes of feature.officer; days of service say who can be evaluated and are no feature."""

CROSSINGS = tuple(f"{name}_crosses" for name in SCORED)
WEAK_MIN_POSITIVES = 10
"""Weak labels are statistics, not findings: they need fewer to be learned from, and the score says it rests on them."""
WEAK_MIN_OFFICERS = 3


@dataclass(frozen=True)
class Labels:
    """Labels of panel rows: `label` (0/1, indexed as the panel rows that may learn), and where they come from."""

    label: pd.Series
    source: str


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
    for family in SCORED:
        told = {"index": f"{family}_index", "crosses": f"{family}_crosses"}
        part = indicator_frame(indicators.get(family)).rename(columns=told)
        panel = panel.merge(part, on=night, how="left", validate="one_to_one", indicator="is_told")
        panel["is_measured"] |= panel.pop("is_told") == "both"
    panel = panel[["officer_id", "as_of_on", *NUMBERS, *MEASURES, *CROSSINGS, "is_measured"]]
    return panel.sort_values(["as_of_on", "officer_id"], ignore_index=True)


def label_panel(panel: pd.DataFrame, outcomes: pd.DataFrame, as_of: pd.Timestamp, policy: Policy) -> Labels:
    """What came of each past night within the outcome horizon: substantiated outcomes, or else weak labels.

    outcomes : rows of core.integrity_outcome (known tonight). Only nights whose whole horizon has passed may learn.
    Raises NotTrainable where neither suffices.
    """
    training = policy.training
    as_of = pd.Timestamp(as_of)
    horizon = pd.Timedelta(days=training.outcome_horizon_days)
    past = panel[panel["as_of_on"] <= as_of - horizon]
    label = _outcome_label(past, outcomes, as_of, horizon)
    if label.sum() >= training.min_positives and len(label) >= training.min_rows:
        return _two_classes(Labels(label, "outcomes"))
    weak = _weak_label(panel, as_of, training.panel_step_days, training.outcome_horizon_days)
    officers = panel.loc[weak.index[weak == 1], "officer_id"].nunique()
    if len(weak) < training.min_rows or weak.sum() < WEAK_MIN_POSITIVES or officers < WEAK_MIN_OFFICERS:
        raise NotTrainable(
            f"处置属实{int(label.sum())}人次(至少{training.min_positives});以次年统计量为弱标签仅{len(weak)}行"
            f"(至少{training.min_rows})、阳性{int(weak.sum())}行{officers}人(至少{WEAK_MIN_POSITIVES}行"
            f"{WEAK_MIN_OFFICERS}人),人员模型无法训练",
            f"{int(label.sum())} officer-nights with a substantiated outcome (at least {training.min_positives} are "
            f"needed), and weak labels on {len(weak)} rows (at least {training.min_rows}) with {int(weak.sum())} positive "
            f"of {officers} officers (at least {WEAK_MIN_POSITIVES} of {WEAK_MIN_OFFICERS}): no model can be learned",
        )
    return _two_classes(Labels(weak, "weak"))


def _outcome_label(past: pd.DataFrame, outcomes: pd.DataFrame, as_of: pd.Timestamp, horizon: pd.Timedelta) -> pd.Series:
    opened = outcomes.assign(
        opened_on=pd.to_datetime(outcomes["opened_on"]), closed_on=pd.to_datetime(outcomes["closed_on"])
    )
    opened = opened[(opened["result"] == "substantiated") & (opened["closed_on"] <= as_of)]
    nights = past[["as_of_on"]].drop_duplicates()
    pairs = opened[["officer_id", "opened_on"]].merge(nights, how="cross")
    pairs = pairs[(pairs["opened_on"] > pairs["as_of_on"]) & (pairs["opened_on"] <= pairs["as_of_on"] + horizon)]
    hit = pairs[["officer_id", "as_of_on"]].drop_duplicates().assign(label=1)
    found = past[["officer_id", "as_of_on"]].reset_index().merge(hit, on=["officer_id", "as_of_on"], how="left")
    return found.set_index("index")["label"].fillna(0).astype(int).rename("label")


def _weak_label(panel: pd.DataFrame, as_of: pd.Timestamp, step_days: int, horizon_days: int) -> pd.Series:
    """1 where a family crosses on the panel night about a horizon later; rows that no family measures then are out."""
    ahead = pd.Timedelta(days=step_days * round(horizon_days / step_days))
    past = panel[panel["as_of_on"] <= as_of - ahead]
    later = panel[["officer_id", "as_of_on", *CROSSINGS]].assign(as_of_on=lambda frame: frame["as_of_on"] - ahead)
    found = past[["officer_id", "as_of_on"]].reset_index().merge(later, on=["officer_id", "as_of_on"], how="inner")
    found = found.set_index("index").sort_index()
    measured = found[list(CROSSINGS)].notna().any(axis=1)
    return found[list(CROSSINGS)].fillna(False).any(axis=1)[measured].astype(int).rename("label")


def _two_classes(labels: Labels) -> Labels:
    if labels.label.nunique() == 2:
        return labels
    raise NotTrainable("标签只有一类,人员模型无法训练", "all labels are alike: no model can be learned")


@dataclass(frozen=True)
class OfficerModel:
    """Trees over FEATURES and MEASURES, where their labels came from, and the card of what was measured of them."""

    trees: BoostedTrees
    label_source: str
    card: dict

    def frame(self, panel: pd.DataFrame) -> pd.DataFrame:
        """The rows of a panel as the trees read them, indexed by officer_id; `models.reasons.explain` takes it."""
        return panel.set_index("officer_id")[list(FEATURES + MEASURES)]

    def score(self, panel: pd.DataFrame, policy: Policy) -> pd.DataFrame:
        """Scores of one night: officer_id, integrity_score (0..1, higher = look sooner), rank (1 = first), is_evaluable.

        The score is not a probability of wrongdoing. Equal scores share a rank. An officer with fewer than
        min_service_days days of service in 12 months, or whom no family can measure, is not evaluable: no score, no rank.
        """
        serves = panel["service_day_count_12m"] >= policy.flags.min_service_days
        enough = (serves & panel["is_measured"]).to_numpy(dtype=bool)
        score = np.where(enough, self.trees.predict(self.frame(panel)), np.nan)
        scored = pd.DataFrame(
            {"officer_id": panel["officer_id"].to_numpy(), "integrity_score": score, "is_evaluable": enough}
        ).sort_values(["integrity_score", "officer_id"], ascending=[False, True], ignore_index=True)
        scored.insert(2, "rank", scored["integrity_score"].rank(method="min", ascending=False).astype("Int64"))
        return scored

    def to_state(self) -> dict[str, Any]:
        """All but the trees, as plain values that JSON keeps exactly."""
        return {"label_source": self.label_source, "card": self.card}

    @classmethod
    def from_state(cls, trees: BoostedTrees, state: Mapping[str, Any]) -> OfficerModel:
        """The model that `to_state` and its trees describe."""
        return cls(trees, **state)


def small_trees(row_count: int) -> BoostedTrees:
    """Untrained trees of the size that a few hundred officers bear: shallow, slow, and rising where RISING says so.

    A leaf holds at least 20 of `row_count` rows, and at least a thousandth of them.
    """
    return BoostedTrees(
        "binary",
        monotone=dict.fromkeys(RISING, 1),
        rounds=120,
        leaves=8,
        depth=3,
        learning_rate=0.05,
        min_rows_per_leaf=max(20, row_count // 1000),
        ridge=1.0,
        threads=1,
    )


def fit(panel: pd.DataFrame, labels: Labels, *, with_card: bool = True) -> OfficerModel:
    """Learn from the labelled rows of the panel; the card says how well it ranks officers and times it has not seen."""
    rows = panel.loc[labels.label.index]
    frame = rows[list(FEATURES + MEASURES)]
    trees = small_trees(len(frame)).fit(frame, labels.label)
    measured = card(frame, rows, labels.label, small_trees) if with_card else {}
    return OfficerModel(trees, labels.source, {"label_source": labels.source, **measured})
