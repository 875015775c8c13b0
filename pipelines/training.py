"""feature → trained: models are made anew where one is due, and kept for the nights to come."""

from dagster import AssetExecutionContext, AssetKey, AssetsDefinition, MaterializeResult, MetadataValue, asset

from models import merchant as merchant_model
from models.boosted import NotTrainable
from pipelines.nights import NIGHTS, RETRY, NightRun, as_of, bound_values, policy_of
from pipelines.pictures import calibration_picture, shown
from pipelines.trained import store, youngest

LEARNING = """
select
    merchant.*,
    patrol.patrol_id,
    patrol.lead_officer_id,
    patrol.visit_kind,
    patrol.visited_on,
    patrol.known_on,
    patrol.is_severe
from core.patrol
inner join feature.merchant
    on merchant.merchant_id = patrol.merchant_id
    and merchant.as_of_on = cast(patrol.visited_on - interval 1 day as date)
where patrol.was_inspected and patrol.is_severe is not null and patrol.visited_on > $training_start_on
order by patrol.visited_on, patrol.patrol_id
"""

TONIGHT = "select * from feature.merchant where as_of_on = $as_of_date order by merchant_id"


def trained_merchant_asset() -> AssetsDefinition:
    """The merchant model as an asset."""

    @asset(
        key=AssetKey(["trained", "merchant"]),
        deps=[AssetKey(["feature", "merchant"]), AssetKey(["core", "patrol"])],
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
                step.row_count = len(learning)
                try:
                    model = merchant_model.train(
                        learning, tonight, as_of(context), in_force.training, in_force.tiers.model_tier_mix
                    )
                except NotTrainable as why:
                    store(night.places, "merchant", as_of(context), None, {"zh": why.zh, "en": why.en})
                else:
                    store(night.places, "merchant", as_of(context), model.score.trees, model.to_state())
        found = youngest(night.places, "merchant", as_of(context))
        if found is None or found.trees is None:
            return MaterializeResult(metadata={"model": found.state["en"] if found else "none was ever trained"})
        card = found.state["card"]
        return MaterializeResult(
            metadata={
                "trained_on": found.trained_on.isoformat(),
                "seconds": round(step.seconds, 3),
                "visits": card["visit_count"],
                "out_of_time": MetadataValue.json(card["folds"]),
                "calibration": shown(calibration_picture(card["calibration_deciles"])),
            }
        )

    return trained_merchant
