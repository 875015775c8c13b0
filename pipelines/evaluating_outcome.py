"""The officer model on what really came: one night a year made anew from what was known by then, and then held to account.

Every as-of date has a warehouse of its own day: core, features, families, what reviewers had concluded by then, labels and
the score are those that a night of that date would have made of these records. Only the verdict knows what came later.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from models import policy
from models.boosted import NotTrainable
from models.flags import families
from models.logistic import fit_logistic
from models.officer import FEATURES, MEASURES, SCORED_FAMILIES, fit, thinned
from models.officer_delay import estimated_delay
from models.officer_evaluation import OfficerEvaluation, Year, evaluated, found_within
from models.officer_label import Labels
from pipelines.deciding import DECISION_TABLES
from pipelines.family_judgement import judgement_of
from pipelines.nights import bound_values
from pipelines.officer_training import labelled_panel
from pipelines.temporary_warehouse import build_needed, delivery_warehouse
from pipelines.warehouse.build import build
from pipelines.warehouse.frames import frame_of
from pipelines.warehouse.statement import statements

if TYPE_CHECKING:
    import duckdb

YEARS = 6

SETTLED_YEARS = 3
"""An as-of date is judged this many years later: its own year, and two more in which the findings of it come in."""

LOGISTIC_RIDGE = 1.0
"""As good as none: the comparison is with the plain regression that a statistician would write."""

COMPLAINTS = """
select
    officer_night.officer_id,
    count(complaint.complaint_id) filter (where date_diff('day', complaint.received_on, $as_of) < 365) as complaints_12m,
    count(complaint.complaint_id) as complaints_all
from core.officer_night
left join core.complaint on complaint.officer_id = officer_night.officer_id
where officer_night.as_of_on = $as_of
group by officer_night.officer_id
order by officer_night.officer_id
"""
"""The simple rules that the model must beat: complaints of every kind, accusations too, which the model does not read."""


def as_of_dates(last: date, year_count: int) -> list[date]:
    """The as-of dates, a year apart, in order; the latest lies SETTLED_YEARS before the last day of known outcomes."""
    # 29 February has no like in other years
    day = min(last.day, 28) if last.month == 2 else last.day
    latest = last.year - SETTLED_YEARS
    return [date(year, last.month, day) for year in range(latest - year_count + 1, latest + 1)]


def evaluated_officer(
    source: Path,
    as_of: date,
    years: int = YEARS,
    *,
    mapping: Path | None = None,
    tell: Callable[[str], None] = lambda message: None,
) -> OfficerEvaluation:
    """Judge the officer model on the last years whose outcomes can be known by `as_of`, on the records of a delivery.

    Raises DeliveryError where the delivery cannot be read, NotTrainable where it holds no outcome or no year can be
    judged.
    """
    judged, left_out = [], []
    tell(f"{source}")
    with delivery_warehouse(source, mapping=mapping) as connection:
        outcomes = _outcomes(connection, as_of)
        for night in as_of_dates(as_of, years):
            tell(f"{night}")
            try:
                judged.append(_judged(connection, night, outcomes, as_of))
            except NotTrainable as why:
                left_out.append((pd.Timestamp(night), why.zh, why.en))
    if not judged:
        _, zh, en = left_out[-1]
        raise NotTrainable(f"没有可评估的年度:{zh}", f"no year can be evaluated: {en}")
    return evaluated(judged, left_out)


def _outcomes(connection: duckdb.DuckDBPyConnection, as_of: date) -> pd.DataFrame:
    """What was known on the last date; the verdict, never an input of a score."""
    values = bound_values(as_of, policy.on(as_of), is_training=True)
    build(connection, statements()["core.integrity_outcome"], values)
    outcomes = frame_of(connection, "core.integrity_outcome")
    if not (outcomes["result"] == "substantiated").any():
        raise NotTrainable("交付中没有属实的处置结果", "the delivery holds no substantiated outcome")
    return outcomes


def _judged(connection: duckdb.DuckDBPyConnection, night: date, outcomes: pd.DataFrame, last: date) -> Year:
    in_force = policy.on(night)
    values = bound_values(night, in_force, is_training=True)
    needs = {table for name in SCORED_FAMILIES for table in families()[name].NEEDS}
    needs |= {"feature.officer", "core.integrity_outcome", *DECISION_TABLES}
    build_needed(connection, tuple(sorted(needs)), values, lambda table: None)
    said = {name: judgement_of(connection, name, night, in_force) for name in SCORED_FAMILIES}
    panel, labels = labelled_panel(connection, said, night, in_force)
    model = fit(panel, labels, with_card=False)
    tonight = panel[panel["as_of_on"] == pd.Timestamp(night)].reset_index(drop=True)
    scored = model.score(tonight, in_force).set_index("officer_id")
    officers = connection.execute(COMPLAINTS, {"as_of": night}).df()
    names = officers["officer_id"]
    horizon = in_force.training.outcome_horizon_days
    officers["model"] = scored["integrity_score"].reindex(names).to_numpy()
    officers["logistic"] = _logistic(panel, labels, tonight).reindex(names).to_numpy()
    officers["is_found"] = found_within(names, outcomes, pd.Timestamp(night), horizon, pd.Timestamp(last))
    known_share = estimated_delay(outcomes, pd.Timestamp(last)).knowable(
        pd.Series([pd.Timestamp(night)]), pd.Timestamp(last), horizon
    )
    return Year(
        pd.Timestamp(night),
        officers,
        model.label_source,
        len(thinned(panel, labels).label),
        int((~scored["is_evaluable"]).sum()),
        float(known_share[0]),
    )


def _logistic(panel: pd.DataFrame, labels: Labels, tonight: pd.DataFrame) -> pd.Series:
    """Plain logistic regression on the same features, rows, labels and offsets: free signs, hardly a penalty."""
    labels = thinned(panel, labels)
    columns = list(FEATURES + MEASURES)
    fitted = fit_logistic(
        panel.loc[labels.label.index, columns],
        labels.label.to_numpy(),
        start=labels.offset.to_numpy(),
        ridge=LOGISTIC_RIDGE,
    )
    return pd.Series(np.asarray(fitted.raw_score(tonight[columns])), tonight["officer_id"])
