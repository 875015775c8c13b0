"""Every feature of a published reason has a name, a unit, and where others lie unless that is confidential."""

import duckdb
import numpy as np
import pandas as pd

from models.officer import CONFIDENTIAL, FEATURES, MEASURES
from models.reasons import Reasons
from pipelines.contract import published_tables
from pipelines.feature_labels import feature_labels
from pipelines.flag_tables import OfficerReasons

NIGHT = pd.Timestamp("2026-06-30").date()


def labels(reasons: OfficerReasons, flag_reason: pd.DataFrame) -> pd.DataFrame:
    connection = duckdb.connect()
    connection.execute("create schema score; create schema feature")
    connection.execute("create table score.merchant_reason as select unnest(['age_years', 'is_individual']) as feature")
    connection.execute(
        "create table feature.merchant as select date '2026-06-30' as as_of_on, * from "
        "(values (1.0, true), (3.0, false), (8.0, false)) as t(age_years, is_individual) "
        "union all select date '2026-06-29', 100.0, true"
    )
    return feature_labels(connection, NIGHT, reasons, flag_reason).set_index(["model", "feature"])


def officer_reasons() -> OfficerReasons:
    names = [*FEATURES, *MEASURES]
    values = np.arange(3 * len(names), dtype=float).reshape(3, -1)
    frame = pd.DataFrame(values, columns=names, index=["R1", "R2", "R3"])
    frame.loc["R3", "leniency_index"] = np.nan
    return OfficerReasons(Reasons(frame, np.zeros((3, len(names))), np.zeros(3), np.zeros(3)))


def test_all_that_the_officer_model_reads_is_named_and_nothing_confidential_is_told():
    made = labels(officer_reasons(), pd.DataFrame())
    own = made.loc["officer"]
    assert set(own.index) == {*FEATURES, *MEASURES}
    assert set(own.index[own["is_confidential"]]) == set(CONFIDENTIAL) & set(own.index)
    assert own.loc[own["is_confidential"], ["peer_median", "peer_count"]].isna().all(axis=None)
    families = set(published_tables()["red_flag"].column("family").values)
    assert set(own["part"]) <= families | {"complaint", "integrity_outcome"}
    assert own.loc["finding_load_1y", "part"] == "integrity_outcome"
    assert own.loc["companion_finding_load", "part"] == "complaint"


def test_the_median_is_that_of_those_whose_value_is_known():
    own = labels(officer_reasons(), pd.DataFrame()).loc["officer"].loc["leniency_index"]
    width, place = len(FEATURES) + len(MEASURES), len(FEATURES) + MEASURES.index("leniency_index")
    assert (own["peer_count"], own["peer_median"]) == (2, place + width / 2)
    assert own["label_zh"] == "异常从宽指数" and own["unit"] == "number"


def test_merchants_are_compared_with_those_of_the_night_alone():
    made = labels(OfficerReasons(None), pd.DataFrame()).loc["merchant"]
    assert made.loc["age_years", ["peer_median", "peer_count"]].tolist() == [3.0, 3]
    assert made.loc["is_individual", "peer_median"] == 0.0


def test_the_facts_of_a_single_case_are_named_too():
    asked = pd.DataFrame(
        {"model": "expected_position", "feature": ["amount_involved_yuan", "violation_DR01", "decided_month"]}
    )
    made = labels(OfficerReasons(None), asked).loc["expected_position"]
    assert (
        made.loc["amount_involved_yuan", "unit"] == "yuan"
        and made.loc["violation_DR01", "label_zh"] == "违法行为为DR01"
    )
    assert set(made["part"]) == {"penalty"}
