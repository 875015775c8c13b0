"""trained → score: merchants get their probability, both tiers, the visits they are owed and, where watched, reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from dagster import AssetExecutionContext, AssetKey, AssetsDefinition, AssetSpec, MaterializeResult, multi_asset

from models.disagreement import Label, disagreements, tier_distance
from models.flags import NotComputable
from models.merchant import MerchantModel
from models.merchant_feature import features as merchant_features
from models.model_tier import model_tiers, settled_tiers
from models.policy import Policy
from models.reasons import explain
from models.rule_tier import rule_tiers
from models.visit_duty import visit_duty
from pipelines.checks.asset_checks import dagster_specs
from pipelines.checks.table_spec import published_spec
from pipelines.contract import published_tables
from pipelines.nights import NIGHTS, RETRY, NightRun, as_of, policy_of
from pipelines.pictures import score_picture, shown
from pipelines.published import TIER_COLUMNS, previous_tiers
from pipelines.tables import checked
from pipelines.trained import Trained
from pipelines.warehouse.frames import write_frame
from pipelines.warehouse.statement import statements

if TYPE_CHECKING:
    import duckdb

SCORED = ("merchant_risk", "merchant_reason", "tier_disagreement")
"""Published tables that are made here."""

TONIGHT = "select * from feature.merchant where as_of_on = $as_of_date order by merchant_id"
DUTY = "select * from feature.merchant_duty order by merchant_id"

WATCHED_TIERS = ("C", "D")
"""Tiers whose merchants get reasons."""


@dataclass(frozen=True)
class Tonight:
    """What the merchants of a night are judged from: one row per open merchant in both frames, in the same order.

    feature : feature.merchant. duty : feature.merchant_duty. last_night, previous : as `previous_tiers` gives them.
    """

    night: date
    policy: Policy
    feature: pd.DataFrame
    duty: pd.DataFrame
    last_night: date | None
    previous: pd.DataFrame


def tonight_of(connection: "duckdb.DuckDBPyConnection", night: NightRun, night_on: date, in_force: Policy) -> Tonight:
    """The merchants of a night. Raises ValueError where the two tables do not describe the same merchants."""
    feature = connection.execute(TONIGHT, {"as_of_date": night_on}).df()
    duty = connection.execute(DUTY).df()
    if not feature["merchant_id"].equals(duty["merchant_id"]):
        raise ValueError("score.merchant_risk: feature.merchant and feature.merchant_duty must have the same merchants")
    return Tonight(night_on, in_force, feature, duty, *previous_tiers(night.places, night_on))


def score_merchants(tonight: Tonight, model: MerchantModel | None) -> dict[str, pd.DataFrame]:
    """The published tables of SCORED by name.

    Without a model the probability and what follows from it stay empty, and there are neither reasons nor disagreements.
    """
    duty, in_force = tonight.duty, tonight.policy
    tiers = rule_tiers(tonight.feature, in_force.tiers)
    risk = pd.concat(
        [
            duty[["merchant_id", "institution_id", "grid_id", "industry_code", "last_inspected_on"]],
            tiers,
            visit_duty(duty, tiers["patrol_tier"], in_force.tiers, tonight.night),
        ],
        axis=1,
    ).assign(as_of=pd.Timestamp(tonight.night), last_visit_on=tonight.feature["last_visit_on"])
    if model is None:
        risk = risk.assign(
            probability=np.nan, drawn_probability=np.nan, percentile=np.nan, **dict.fromkeys(TIER_COLUMNS)
        )
        watched = {"merchant_reason": pd.DataFrame(), "tier_disagreement": pd.DataFrame()}
    else:
        risk, watched = _with_model(tonight, model, risk)
    return {"merchant_risk": risk, **watched}


def _with_model(
    tonight: Tonight, model: MerchantModel, risk: pd.DataFrame
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    features = merchant_features(tonight.feature)
    probability = model.probability(features)
    own = pd.Series(model_tiers(probability, model.cut), index=features.index, dtype="str")
    known_on = tonight.duty.set_index("merchant_id")["last_fact_on"]
    settled = settled_tiers(own, known_on, tonight.previous, tonight.last_night, tonight.night)
    risk = risk.assign(
        probability=probability,
        drawn_probability=model.drawn_probability(features),
        percentile=model.percentile(probability),
        **{name: settled[name].to_numpy() for name in TIER_COLUMNS},
    )
    least = tonight.policy.tiers.disagreement_distance
    watched = risk["patrol_tier"].isin(WATCHED_TIERS) | risk["model_risk_tier"].isin(WATCHED_TIERS)
    watched |= np.abs(tier_distance(risk)) >= least
    reasons = explain(model.score, features[watched.to_numpy()])
    long = reasons.long("merchant_id")
    long.insert(0, "as_of", pd.Timestamp(tonight.night))
    labels = feature_labels()
    return risk, {
        "merchant_reason": long,
        "tier_disagreement": disagreements(risk, reasons, labels, least),
    }


def feature_labels() -> Mapping[str, Label]:
    """Unit and labels of every merchant feature, from the header of its table."""
    return {
        column.name: Label(column.unit, column.zh, column.en) for column in statements()["feature.merchant"].columns
    }


def merchant_gaps(model: Trained | None, merchant_count: int) -> list[NotComputable]:
    """Why merchants have no probability tonight; empty where they have one."""
    if merchant_count == 0:
        return [NotComputable("bureau", "all", "merchant_risk", "交付中没有经营主体", "no merchant was delivered")]
    if model is None:
        zh, en = (
            "尚无本版本训练的模型,且本次不训练",
            "no model has been trained by this version yet, and this night does not train",
        )
    elif model.trees is None:
        zh, en = model.state["zh"], model.state["en"]
    else:
        return []
    return [NotComputable("bureau", "all", table, zh, en) for table in ("merchant_risk", "tier_disagreement")]


def score_merchant_assets() -> AssetsDefinition:
    """Everything that is published of merchants, as assets of one step."""
    specs = [published_spec(published_tables()[name], "score") for name in SCORED]

    @multi_asset(
        name="score__merchant",
        specs=[
            AssetSpec(
                AssetKey(["score", spec.name]),
                deps=[
                    AssetKey(["feature", "merchant"]),
                    AssetKey(["feature", "merchant_duty"]),
                    AssetKey(["trained", "merchant"]),
                ],
                description=f"{published_tables()[spec.name].title_zh} · {published_tables()[spec.name].title_en}",
                partitions_def=NIGHTS,
                group_name="score",
            )
            for spec in specs
        ],
        check_specs=[check for spec in specs for check in dagster_specs(spec)],
        retry_policy=RETRY,
    )
    def score_merchant(context: AssetExecutionContext, night: NightRun):
        with night.step(context) as (step, connection):
            tonight = tonight_of(connection, night, as_of(context), policy_of(context))
            trained = night.model(connection, "merchant")
            model = None
            if trained is not None and trained.trees is not None:
                model = MerchantModel.from_state(trained.trees, trained.state)
            frames = score_merchants(tonight, model)
            rows = {name: write_frame(connection, "score", name, frames[name]) for name in SCORED}
            step.row_count = rows["merchant_risk"]
            by_asset = checked(night, connection, specs, as_of(context))
        for name in SCORED:
            metadata = {"dagster/row_count": rows[name], "seconds": round(step.seconds, 3)}
            if name == "merchant_risk" and model is not None and rows[name]:
                risk = frames[name]
                metadata["distribution"] = shown(score_picture(risk["probability"], risk["model_risk_tier"]))
            key = AssetKey(["score", name])
            yield MaterializeResult(asset_key=key, metadata=metadata, check_results=by_asset[key])

    return score_merchant
