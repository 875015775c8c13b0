"""Where in the statutory range a decision fell, where like cases usually fall, and whose decisions fall lower.

position = (fine - statutory minimum) / (statutory maximum - statutory minimum)

The fine is the handler's own: the one he proposed, where a proposal is on file and a fine was decided (what the
approver made of it is not his). A fine of 0 counts for a warning or no penalty; a law that sets no minimum has minimum
0. A mitigated penalty lies below 0 and stays there: positions are held only within POSITION_BOUNDS, so that no single
case outweighs all others.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from models.boosted import BoostedTrees
from models.hint.window import VINTAGE_DAYS
from models.policy import FlagPolicy, Policy
from models.shrinkage import nested_effects, probability_below

POSITION_BOUNDS = (-1.0, 2.0)
FOLDS = 5
CODE_LIMIT = 30
CODE_MIN_CASES = 30

FACTS = (
    "is_simple_procedure",
    "is_natural_person",
    "is_individual_merchant",
    "industry_division",
    "is_key_industry",
    "amount_involved_yuan",
    "illegal_gain_yuan",
    "statutory_min_yuan",
    "statutory_max_yuan",
    "mitigation_count",
    "has_exemption",
    "is_first_offence",
    "was_corrected_promptly",
    "prior_penalty_count_24m",
)
"""The facts of a case that its expected position may use. No officer, no station, and nothing about the handler."""


class TooFewCases(ValueError):
    """There are not enough decided cases, or handlers, to say what is usual."""


def position(fine_yuan: np.ndarray, minimum_yuan: np.ndarray, maximum_yuan: np.ndarray) -> np.ndarray:
    """Positions in the statutory range, shape (n,); nan where no fine, no maximum, or an empty range is on file."""
    minimum = np.nan_to_num(np.asarray(minimum_yuan, dtype=float))
    width = np.asarray(maximum_yuan, dtype=float) - minimum
    with np.errstate(divide="ignore", invalid="ignore"):
        raw = np.where(width > 0, (np.asarray(fine_yuan, dtype=float) - minimum) / width, np.nan)
    return np.clip(raw, *POSITION_BOUNDS)


def measurable(cases: pd.DataFrame) -> pd.DataFrame:
    """The cases that have a position, with it in column `position`, in the order of case_id."""
    kept = cases.assign(
        position=position(
            *(
                cases[name].to_numpy(dtype=float, na_value=np.nan)
                for name in ("fine_counted_yuan", "statutory_min_yuan", "statutory_max_yuan")
            )
        ),
        known_on=pd.to_datetime(cases["outcome_known_on"]),
    )
    return kept[kept["position"].notna()].sort_values("case_id", ignore_index=True)


class ExpectedPosition:
    """The position that like cases usually have, learned so that no handler's habit enters his own expectation.

    Handlers are dealt into folds, and a case is judged by trees that saw no case of its handler (grouped
    cross-fitting). Violation codes of at least CODE_MIN_CASES cases are told apart; rarer ones share the rest.

    Attributes after `fit`: `codes_` (violation codes told apart), `fold_` (handler -> fold), `trees_` (one per fold).
    """

    def __init__(self, *, rounds: int = 150, leaves: int = 15, min_rows_per_leaf: int = 20):
        self.rounds = rounds
        self.leaves = leaves
        self.min_rows_per_leaf = min_rows_per_leaf

    def fit(self, cases: pd.DataFrame, policy: Policy) -> ExpectedPosition:
        """Learn from measurable cases. Raises TooFewCases under the policy's minimum rows or minimum peers."""
        counts = cases["lead_officer_id"].value_counts()
        if len(cases) < policy.training.min_rows or len(counts) <= policy.flags.min_peers:
            raise TooFewCases(
                f"{len(cases)} decided cases with a statutory range by {len(counts)} handlers; "
                f"{policy.training.min_rows} cases and {policy.flags.min_peers + 1} handlers are needed"
            )
        cases = cases.sort_values("case_id", ignore_index=True)
        ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        self.fold_ = {officer: rank % FOLDS for rank, (officer, _) in enumerate(ranked)}
        common = cases["violation_code"].value_counts()
        common = sorted(common[common >= CODE_MIN_CASES].items(), key=lambda pair: (-pair[1], pair[0]))
        self.codes_ = tuple(sorted(code for code, _ in common[:CODE_LIMIT]))
        frame = self.frame(cases)
        fold = cases["lead_officer_id"].map(self.fold_).to_numpy()
        self.trees_ = []
        for left_out in range(FOLDS):
            rest = fold != left_out
            trees = BoostedTrees(
                "regression",
                rounds=self.rounds,
                leaves=self.leaves,
                learning_rate=0.08,
                min_rows_per_leaf=self.min_rows_per_leaf,
                threads=1,  # many small fits: a second thread waits longer than it works
            )
            self.trees_.append(trees.fit(frame[rest], cases["position"].to_numpy()[rest]))
        return self

    def frame(self, cases: pd.DataFrame) -> pd.DataFrame:
        """The facts of the cases as the trees read them: numbers only, one column per violation code told apart."""
        columns = {name: cases[name].astype("Float64") for name in FACTS}
        columns["decided_month"] = (cases["known_on"].dt.year * 12 + cases["known_on"].dt.month).astype("Float64")
        columns |= {f"violation_{code}": (cases["violation_code"] == code).astype(float) for code in self.codes_}
        return pd.DataFrame(columns, index=cases.index)

    def fold_of(self, officer_id: pd.Series) -> np.ndarray:
        """The fold whose trees never saw the handler, shape (n,); one who had no case yet was seen by none."""
        return officer_id.map(self.fold_).fillna(0).to_numpy(dtype=int)

    def predict(self, cases: pd.DataFrame) -> np.ndarray:
        """Expected positions of measurable cases, shape (n,), each by the trees that never saw its handler."""
        frame = self.frame(cases)
        fold = self.fold_of(cases["lead_officer_id"])
        expected = np.empty(len(cases))
        for number, trees in enumerate(self.trees_):
            inside = fold == number
            if inside.any():
                expected[inside] = trees.predict(frame[inside])
        return expected

    def explained(self, case: pd.DataFrame) -> tuple[np.ndarray, float, float]:
        """Shapley contributions (n_features,), base value and raw score of the expected position of one case (a row)."""
        frame = self.frame(case)
        trees = self.trees_[int(self.fold_of(case["lead_officer_id"])[0])]
        base_value, contribution = trees.explained(frame)
        return contribution[0], float(base_value[0]), float(trees.raw_score(frame)[0])


def vintages(cases: pd.DataFrame, nights: Sequence[date], policy: Policy) -> dict[date, ExpectedPosition]:
    """Expectations by the night they were learned on, each from what was known by then; nights too early are left out.

    Tonight, the last of `nights`, must be learnable: raises TooFewCases where it is not.
    """
    learned: dict[date, ExpectedPosition] = {}
    for number, night in enumerate(a_year_apart(nights)):
        known = known_by(cases, night, policy.training.window_days)
        try:
            learned[night] = ExpectedPosition().fit(known, policy)
        except TooFewCases:
            if number == 0:
                raise
            break
    return learned


def a_year_apart(nights: Sequence[date]) -> list[date]:
    """The last of the nights, and each that lies VINTAGE_DAYS or more before the one chosen after it."""
    chosen: list[date] = []
    for night in sorted(nights, reverse=True):
        if not chosen or (chosen[-1] - night).days >= VINTAGE_DAYS:
            chosen.append(night)
    return chosen


def known_by(cases: pd.DataFrame, night: date, days: int) -> pd.DataFrame:
    """The measurable cases whose outcome became known in the `days` up to the night."""
    age = (pd.Timestamp(night) - cases["known_on"]).dt.days
    return cases[(age >= 0) & (age < days)]


def lenient_effects(cases: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """One row per handler of cases (columns position, expected_position, lead_officer_id, unit_id).

    Columns: institution_id (the unit where he led most, under its last name), decision_count, observed, expected (mean
    positions), raw_gap (his mean residual against all cases'), colleague_gap and bureau_gap (the same, beside his
    colleagues and against the bureau's median handler), gap (the smaller of the two; 0 where he lies between them),
    is_bureau_nearer, level (what is to be added to an expected position so that the mean of observed - expected is
    gap), effect and effect_deviation (gap, shrunk), colleague_effect (what the others of his station share),
    station_effect and station_deviation (what all of it share, from the centre), station_level (added to an expected
    position it gives what the bureau leads to expect), probability (that effect < -leniency_margin), member_variance,
    group_variance. All in shares of the statutory range; indexed by officer_id.
    """
    residual = cases["position"] - cases["expected_position"]
    rows = pd.DataFrame(
        {
            "officer_id": cases["lead_officer_id"].to_numpy(),
            "station": cases["unit_id"].to_numpy(),
            "position": cases["position"].to_numpy(),
            "expected": cases["expected_position"].to_numpy(),
            "residual": (residual - residual.mean()).to_numpy(),
        }
    )
    station = rows.groupby(["officer_id", "station"]).size().reset_index(name="count")
    station = station.sort_values(["officer_id", "count", "station"], ascending=[True, False, True])
    station = station.drop_duplicates("officer_id").set_index("officer_id")["station"]
    grouped = rows.groupby("officer_id")
    measured = pd.DataFrame(
        {
            "institution_id": station,
            "decision_count": grouped.size(),
            "observed": grouped["position"].mean(),
            "expected": grouped["expected"].mean(),
            "raw_gap": grouped["residual"].mean(),
        }
    ).sort_index()
    within = rows["residual"] - grouped["residual"].transform("mean")
    freedom = len(rows) - len(measured)
    noise = float((within**2).sum()) / freedom if freedom > 0 else np.nan
    if not noise > 0:
        noise = max(float(rows["residual"].var(ddof=0)), 1e-12)
    group = np.unique(measured["institution_id"].to_numpy(), return_inverse=True)[1]
    split = nested_effects(measured["raw_gap"], noise / measured["decision_count"], group)
    raw_gap = measured["raw_gap"].to_numpy()
    beside = split.centre + split.colleagues
    bureau = float(np.median(raw_gap))
    # strict colleagues make nobody lenient, nor does a strict bureau: what lies between the two levels is usual
    nearer = np.clip(raw_gap, np.minimum(beside, bureau), np.maximum(beside, bureau))
    gap = raw_gap - nearer
    spread = split.member_variance
    effect = (1 - split.member_deviation**2 / spread) * gap if spread > 0 else np.zeros(len(gap))
    return measured.assign(
        colleague_gap=raw_gap - beside,
        bureau_gap=raw_gap - bureau,
        gap=gap,
        is_bureau_nearer=np.abs(raw_gap - bureau) < np.abs(raw_gap - beside),
        level=(measured["observed"] - measured["expected"]).to_numpy() - gap,
        effect=effect,
        effect_deviation=split.member_deviation,
        colleague_effect=split.colleagues,
        station_effect=split.group,
        station_deviation=split.group_deviation,
        station_level=float(residual.mean()) + split.centre,
        probability=probability_below(effect, split.member_deviation, -policy.flags.leniency_margin),
        member_variance=spread,
        group_variance=split.group_variance,
    )


def crosses(measured: pd.DataFrame, policy: FlagPolicy) -> pd.Series:
    """Whether each handler of `lenient_effects` lies clearly below his colleagues and the bureau alike."""
    return measured["probability"] >= policy.posterior_confidence
