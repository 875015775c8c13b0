"""What the features of published reasons are called, in which unit they are, and where all others lie on the night.

The labels are those of the headers in sql/; a measure of a family is named after the family in the contract.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from models.officer import CONFIDENTIAL, MEASURES
from pipelines.contract import published_tables
from pipelines.warehouse.statement import statements

if TYPE_CHECKING:
    import duckdb

    from pipelines.flag_tables import OfficerReasons

CASE_MODEL, OFFICER_MODEL, MERCHANT_MODEL = "expected_position", "officer", "merchant"
MATTERS = ("finding", "substantiated")
"""Features of the officer model that count integrity matters; all others that are no family's measure count complaints."""

MADE = {
    "decided_month": ("决定月份(自公元元年起)", "month of the decision, counted from year 0", "count"),
}
"""Features that a model makes itself, with their unit."""


def feature_labels(
    connection: duckdb.DuckDBPyConnection, night: date, reasons: OfficerReasons, flag_reason: pd.DataFrame
) -> pd.DataFrame:
    """The rows of the published `feature_label`: one for every feature that a reason of the night speaks of.

    The warehouse holds score.merchant_reason and feature.merchant. Medians are in the feature's own unit.
    """
    rows = [*_of_officers(reasons), *_of_merchants(connection, night)]
    if len(flag_reason):
        cases = flag_reason.loc[flag_reason["model"] == CASE_MODEL, "feature"]
        rows += _of_cases(sorted(cases.unique()))
    columns = [column.name for column in published_tables()["feature_label"].columns]
    return pd.DataFrame(rows, columns=columns)


def _of_officers(reasons: OfficerReasons) -> Iterable[tuple]:
    if reasons.reasons is None:
        return
    frame = reasons.reasons.frame
    header = {column.name: column for column in statements()["feature.officer"].columns}
    families = published_tables()["red_flag"].column("family").values
    for name in frame.columns:
        hidden = name in CONFIDENTIAL
        known = frame[name].dropna().astype(float)
        median = None if hidden or known.empty else float(known.median())
        count = None if hidden else len(known)
        if name in MEASURES:
            family = name.removesuffix("_index")
            zh, en = f"{families[family]}指数", f"index of the family {family.replace('_', ' ')}, higher is worse"
            yield OFFICER_MODEL, name, family, zh, en, "number", hidden, median, count
        else:
            part = (
                "integrity_outcome"
                if any(word in name for word in MATTERS) and "companion" not in name
                else "complaint"
            )
            column = header[name]
            yield OFFICER_MODEL, name, part, column.zh, column.en, column.unit, hidden, median, count


def _of_merchants(connection: duckdb.DuckDBPyConnection, night: date) -> Iterable[tuple]:
    asked = connection.execute("select distinct feature from score.merchant_reason order by feature").fetchall()
    header = {column.name: column for column in statements()["feature.merchant"].columns}
    for (name,) in asked:
        column = header[name]
        median, count = None, None
        if column.unit not in ("id", "enum", "text", "date"):
            median, count = connection.execute(
                f'select median(cast("{name}" as double)), count("{name}") from feature.merchant '
                "where as_of_on = $night",
                {"night": night},
            ).fetchall()[0]
        yield MERCHANT_MODEL, name, "merchant", column.zh, column.en, column.unit, False, median, count


def _of_cases(names: Iterable[str]) -> Iterable[tuple]:
    header = {column.name: column for column in statements()["feature.officer_case"].columns}
    for name in names:
        if name.startswith("violation_"):
            code = name.removeprefix("violation_")
            zh, en, unit = f"违法行为为{code}", f"the violation is {code}", "boolean"
        elif name in MADE:
            zh, en, unit = MADE[name]
        else:
            zh, en, unit = header[name].zh, header[name].en, header[name].unit
        yield CASE_MODEL, name, "penalty", zh, en, unit, False, None, None
