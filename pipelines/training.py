"""feature → trained: models are made anew where one is due, and kept for the nights to come."""

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from dagster import AssetExecutionContext, AssetKey, AssetsDefinition, MaterializeResult, MetadataValue, asset

from models.boosted import NotTrainable
from models.challenge import challenge
from models.merchant import MerchantModel, train
from models.merchant_feature import features
from models.merchant_fold import FOLD_DAYS
from models.policy import Policy
from models.reference import log_odds, references
from pipelines.model_card import completed, papers
from pipelines.nights import NIGHTS, RETRY, NightRun, as_of, bound_values, policy_of
from pipelines.pictures import calibration_picture, shown
from pipelines.random_arm import arm_frame, card_classes, kept_text, with_class
from pipelines.trained import ARM, Trained, last_challenge, store, youngest

if TYPE_CHECKING:
    import pandas as pd

LEARNING = """
select
    merchant.*,
    patrol.patrol_id,
    patrol.lead_officer_id,
    patrol.visit_kind,
    patrol.visited_on,
    patrol.known_on,
    patrol.is_severe,
    random_visit.standing,
    coalesce(random_visit.standing = 'drawn', false) as was_drawn
from core.patrol
left join feature.random_visit on random_visit.patrol_id = patrol.patrol_id
inner join feature.merchant
    on merchant.merchant_id = patrol.merchant_id
    and merchant.as_of_on = cast(patrol.visited_on - interval 1 day as date)
where patrol.was_inspected and patrol.is_severe is not null and patrol.visited_on > $training_start_on
order by patrol.visited_on, patrol.patrol_id
"""

RECORDS_FROM = "select quantile_disc(known_on, 0.01) from core.patrol"
"""The day from which visits are recorded: one in a hundred may be older, since one mistyped year makes no history."""

TONIGHT = "select * from feature.merchant where as_of_on = $as_of_date order by merchant_id"


def contested(
    model: MerchantModel,
    champion: Trained | None,
    learning: "pd.DataFrame",
    tonight: "pd.DataFrame",
    night: date,
    in_force: Policy,
    records_from: date,
) -> tuple[MerchantModel, dict[str, Any]]:
    """The new model with what later nights compare themselves with, and the verdict against the one in use.

    The verdict names the night of the champion, None where there is none. `records_from` as in `references`.
    """
    if champion is not None and champion.trees is None:
        champion = None
    visits, merchants = features(learning), features(tonight)
    visited_on = learning["visited_on"].to_numpy(dtype="datetime64[D]")
    before = champion.state["reference"] if champion else {}
    score = log_odds(model.probability(merchants))
    kept = references(visits, visited_on, merchants, score, night, in_force.drift, before, records_from)
    fold = visited_on > np.datetime64(night - timedelta(days=FOLD_DAYS))
    label = learning["is_severe"].to_numpy(dtype=float)[fold]
    in_use = champion and MerchantModel.from_state(champion.trees, champion.state, champion.blind)
    verdict = challenge(model.blind, in_use and in_use.blind, visits[fold], label, in_force.drift)
    against = {"champion_trained_on": champion.trained_on.isoformat() if champion else None}
    return replace(model, reference=kept), against | verdict.to_state()


def trained_merchant_asset() -> AssetsDefinition:
    """The merchant model as an asset."""

    @asset(
        key=AssetKey(["trained", "merchant"]),
        deps=[AssetKey(["feature", "merchant"]), AssetKey(["feature", "random_visit"]), AssetKey(["core", "patrol"])],
        description="经营主体风险模型 · merchant risk model",
        group_name="trained",
        partitions_def=NIGHTS,
        retry_policy=RETRY,
    )
    def trained_merchant(context: AssetExecutionContext, night: NightRun) -> MaterializeResult:
        in_force = policy_of(context)
        with night.step(context) as (step, connection):
            plan = night.plan(connection)
            if plan.is_training:
                values = bound_values(as_of(context), in_force, is_training=True)
                learning = connection.execute(LEARNING, {"training_start_on": values["training_start_on"]}).df()
                tonight = connection.execute(TONIGHT, {"as_of_date": as_of(context)}).df()
                learning, tonight = (with_class(connection, frame, in_force) for frame in (learning, tonight))
                step.row_count = len(learning)
                try:
                    model = train(
                        learning,
                        tonight,
                        as_of(context),
                        in_force.training,
                        in_force.tiers.model_tier_mix,
                        in_force.random_arm,
                    )
                except NotTrainable as why:
                    arm = arm_frame(connection, learning, tonight, None, in_force, as_of(context))
                    state = {"zh": why.zh, "en": why.en}
                    store(night.places, "merchant", as_of(context), None, state, papers={ARM: kept_text(arm)})
                else:
                    arm = arm_frame(connection, learning, tonight, model, in_force, as_of(context))
                    model.card["random_arm"]["classes"] = card_classes(arm)
                    # the one in use before tonight; an earlier run of this same night is no champion
                    champion = youngest(night.places, "merchant", as_of(context) - timedelta(days=1))
                    records_from = connection.execute(RECORDS_FROM).fetchall()[0][0]
                    model, verdict = contested(
                        model, champion, learning, tonight, as_of(context), in_force, records_from
                    )
                    store(
                        night.places,
                        "merchant",
                        as_of(context),
                        model.score.trees,
                        model.to_state(),
                        blind=model.blind and model.blind.trees,
                        challenge=verdict,
                        papers={**papers(completed(model.card, model.score.trees)), ARM: kept_text(arm)},
                    )
            found = night.model(connection, "merchant")
        if found is None or found.trees is None:
            return MaterializeResult(metadata={"model": found.state["en"] if found else "none was ever trained"})
        card = found.card
        return MaterializeResult(
            metadata={
                "trained_on": found.trained_on.isoformat(),
                "seconds": round(step.seconds, 3),
                "visits": card["data"]["visit_count"],
                "out_of_time": MetadataValue.json(card["folds"]),
                "calibration": shown(calibration_picture(card["calibration"]["deciles"])),
                "challenge": MetadataValue.json(dict(last_challenge(night.places, "merchant", as_of(context)) or {})),
            }
        )

    return trained_merchant
