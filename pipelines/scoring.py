"""trained → score: merchants get their probability, both tiers and, in tier C or D, their reasons."""

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from dagster import AssetExecutionContext, AssetKey, AssetsDefinition, AssetSpec, MaterializeResult, multi_asset

from models import merchant as merchant_model
from models.flags import NotComputable
from models.merchant import MerchantModel
from models.policy import Policy
from models.reasons import explain
from models.tier import model_tiers, overdue, rule_tiers
from pipelines.checks.asset_checks import dagster_specs
from pipelines.checks.table_spec import published_spec
from pipelines.contract import published_tables
from pipelines.nights import NIGHTS, RETRY, NightRun, as_of, policy_of
from pipelines.pictures import score_picture, shown
from pipelines.tables import checked
from pipelines.trained import Trained
from pipelines.warehouse.frames import write_frame

if TYPE_CHECKING:
    import pandas as pd

TONIGHT = """
select feature.*, merchant.institution_id, merchant.grid_id, merchant.industry_code
from feature.merchant as feature
inner join core.merchant on merchant.merchant_id = feature.merchant_id
where feature.as_of_on = $as_of_date
order by feature.merchant_id
"""

WATCHED_TIERS = ("C", "D")
"""Tiers whose merchants get reasons."""


def score_merchants(
    frame: "pd.DataFrame", model: MerchantModel | None, policy: Policy, night: date
) -> "tuple[pd.DataFrame, pd.DataFrame]":
    """The published merchant_risk and merchant_reason of one night.

    `frame` is feature.merchant of the night with institution_id, grid_id and industry_code. Without a model the
    probability and what follows from it stay empty, and there are no reasons.
    """
    import pandas as pd

    named = ["institution_id", "grid_id", "industry_code"]
    places, frame = frame[named], frame.drop(columns=named)
    risk = pd.concat([frame[["as_of_on", "merchant_id"]], places, rule_tiers(frame, policy.tiers)], axis=1).rename(
        columns={"as_of_on": "as_of"}
    )
    risk["last_visit_on"] = frame["last_visit_on"]
    risk["is_overdue"] = overdue(frame, risk["capped_visits_per_year"].to_numpy())
    if model is None:
        return risk.assign(probability=np.nan, percentile=np.nan, model_risk_tier=None), pd.DataFrame()
    features = merchant_model.features(frame)
    probability = model.probability(features)
    risk["probability"] = probability
    risk["percentile"] = model.percentile(probability)
    risk["model_risk_tier"] = model_tiers(probability, model.cut)
    watched = risk["patrol_tier"].isin(WATCHED_TIERS) | risk["model_risk_tier"].isin(WATCHED_TIERS)
    reasons = explain(model.trees, features[watched.to_numpy()]).long("merchant_id")
    reasons.insert(0, "as_of", pd.Timestamp(night))
    return risk, reasons


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
    return [NotComputable("bureau", "all", "merchant_risk", zh, en)]


def score_merchant_assets() -> AssetsDefinition:
    """Merchant risk and its reasons as assets."""
    specs = [published_spec(published_tables()[name], "score") for name in ("merchant_risk", "merchant_reason")]

    @multi_asset(
        name="score__merchant",
        specs=[
            AssetSpec(
                AssetKey(["score", spec.name]),
                deps=[
                    AssetKey(["feature", "merchant"]),
                    AssetKey(["core", "merchant"]),
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
            frame = connection.execute(TONIGHT, {"as_of_date": as_of(context)}).df()
            trained = night.model(connection, "merchant")
            model = None
            if trained is not None and trained.trees is not None:
                model = MerchantModel.from_state(trained.trees, trained.state)
            risk, reasons = score_merchants(frame, model, policy_of(context), as_of(context))
            write_frame(connection, "score", "merchant_risk", risk)
            write_frame(connection, "score", "merchant_reason", reasons)
            step.row_count = len(risk)
            by_asset = checked(night, connection, specs, as_of(context))
        metadata = {"dagster/row_count": len(risk), "seconds": round(step.seconds, 3)}
        if model is not None and len(risk):
            metadata["distribution"] = shown(score_picture(risk["probability"], risk["model_risk_tier"]))
        yield MaterializeResult(
            asset_key=AssetKey(["score", "merchant_risk"]),
            metadata=metadata,
            check_results=by_asset[AssetKey(["score", "merchant_risk"])],
        )
        yield MaterializeResult(
            asset_key=AssetKey(["score", "merchant_reason"]),
            metadata={"dagster/row_count": len(reasons)},
            check_results=by_asset[AssetKey(["score", "merchant_reason"])],
        )

    return score_merchant
