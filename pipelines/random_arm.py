"""trained → score: what random draws teach, counted at a training, when every visit's day before is described."""

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from dagster import AssetExecutionContext, AssetKey, AssetsDefinition, MaterializeResult, asset

from models.flags import NotComputable
from models.merchant import MerchantModel
from models.merchant_feature import features
from models.model_tier import model_tiers
from models.policy import Policy
from models.random_arm import CLASSES, random_arm
from models.rule_tier import rule_tiers
from pipelines.checks.asset_checks import dagster_specs
from pipelines.checks.table_spec import published_spec
from pipelines.contract import published_tables
from pipelines.nights import NIGHTS, RETRY, NightRun, as_of
from pipelines.tables import checked
from pipelines.trained import ARM, last_paper
from pipelines.warehouse.frames import write_frame

if TYPE_CHECKING:
    import duckdb

NOT_MET = """
select merchant.*, random_visit.visited_on, random_visit.standing, random_visit.result
from feature.random_visit
inner join feature.merchant
    on merchant.merchant_id = random_visit.merchant_id
    and merchant.as_of_on = cast(random_visit.visited_on - interval 1 day as date)
where not random_visit.was_inspected and random_visit.visited_on >= $start_on
order by random_visit.visited_on, random_visit.patrol_id
"""

NOT_VISITED = """
select drawn.merchant_id, drawn.drawn_on as visited_on
from (select distinct merchant_id, drawn_on from core.random_draw where task is null) as drawn
where
    drawn.drawn_on >= $start_on
    and date_diff('day', drawn.drawn_on, $night) > $draw_visit_days
    and not exists (
        select 1
        from core.patrol
        where
            patrol.merchant_id = drawn.merchant_id
            and patrol.visit_kind = 'random'
            and date_diff('day', drawn.drawn_on, patrol.visited_on) between 0 and $draw_visit_days
    )
order by drawn.drawn_on, drawn.merchant_id
"""

CREDIT = "select merchant_id, credit_risk_class from core.merchant order by merchant_id"

CARD_FIGURES = ("predicted_share", "corrected_share", "quarter_chosen_share", "population_share", "ratio")
NEVER_COUNTED = (
    "随机抽查在训练时统计;本版本尚未训练过",
    "random draws are counted at a training; this version has not trained yet",
)


def with_class(connection: "duckdb.DuckDBPyConnection", frame: pd.DataFrame, in_force: Policy) -> pd.DataFrame:
    """Rows of feature.merchant with patrol_tier, credit_risk_class (tonight's) and draw_stratum, the class drawn by.

    That is the credit risk class where any was delivered (DOMAIN.md 2.6, 2.7), else the tier by rule.
    """
    credit = connection.execute(CREDIT).df().set_index("merchant_id")["credit_risk_class"]
    tier = rule_tiers(frame, in_force.tiers)["patrol_tier"] if len(frame) else pd.Series(dtype=object)
    own = frame["merchant_id"].map(credit)
    stratum = own.fillna("") if credit.notna().any() else tier
    return frame.assign(patrol_tier=tier, credit_risk_class=own, draw_stratum=stratum.astype(object))


def arm_frame(
    connection: "duckdb.DuckDBPyConnection",
    learning: pd.DataFrame,
    tonight: pd.DataFrame,
    model: MerchantModel | None,
    in_force: Policy,
    night: date,
) -> pd.DataFrame:
    """The published table random_arm of a training night, without as_of.

    learning, tonight : as the merchant model learns from them, `with_class`. model : the one just trained, None where there
    could be none.
    """
    start_on = pd.Timestamp(night - timedelta(days=in_force.random_arm.window_days - 1))
    if len(learning) >= in_force.training.row_limit:
        # of a busy bureau the oldest visits of the window are not learned from, and their merchants not described
        start_on = max(start_on, learning["visited_on"].min())
    names = ("predicted_share", "corrected_share", "model_risk_tier")
    foretold, tier = pd.DataFrame(index=learning.index, columns=list(names)), None
    if model is not None:
        foretold, tier = model.foreseen, model_tiers(model.probability(features(tonight)), model.cut)
    met = learning.assign(was_inspected=True, result="", **{name: foretold[name].to_numpy() for name in names})
    met = met[(met["visited_on"] >= start_on).to_numpy()]
    missed = connection.execute(NOT_MET, {"start_on": start_on.date()}).df()
    missed = with_class(connection, missed, in_force)
    unseen = _not_visited(connection, tonight, start_on.date(), in_force, night)
    nobody = {"was_inspected": False, "is_severe": False, "predicted_share": np.nan, "corrected_share": np.nan}
    kept = ["visited_on", "standing", "result", "was_inspected", "is_severe", "draw_stratum", *CLASSES, *names[:2]]
    parts = [frame.assign(**nobody, model_risk_tier=None)[kept] for frame in (missed, unseen) if len(frame)]
    visits = pd.concat([met[kept], *parts], ignore_index=True)
    return random_arm(visits, tonight.assign(model_risk_tier=tier), in_force.random_arm, night)


def _not_visited(
    connection: "duckdb.DuckDBPyConnection", tonight: pd.DataFrame, start_on: date, in_force: Policy, night: date
) -> pd.DataFrame:
    """Draws that no random visit followed, with the classes that are known of a merchant whom nobody visited."""
    days = in_force.random_arm.draw_visit_days
    found = connection.execute(NOT_VISITED, {"start_on": start_on, "night": night, "draw_visit_days": days}).df()
    known = tonight.set_index("merchant_id")
    return found.assign(
        standing="drawn",
        result="not_visited",
        patrol_tier=None,
        credit_risk_class=found["merchant_id"].map(known["credit_risk_class"]),
        draw_stratum=found["merchant_id"].map(known["draw_stratum"]).fillna("").astype(object),
    )


def kept_text(arm: pd.DataFrame) -> str:
    """The rows as JSON, kept beside the model."""
    plain = arm.assign(**{name: pd.to_datetime(arm[name]).dt.strftime("%Y-%m-%d") for name in DAYS})
    rows = plain.astype(object).where(plain.notna(), None).to_dict("records")
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


DAYS = ("window_start_on", "window_end_on")


def card_classes(arm: pd.DataFrame) -> list[dict[str, Any]]:
    """What the model card shows of each class: labels, the model's means, and what drawn and chosen visits found."""
    table = published_tables()["random_arm"]
    kinds, values = (table.column(name).values for name in ("class_kind", "class_value"))
    told = []
    for row in arm.astype(object).where(arm.notna(), None).to_dict("records"):
        told.append(
            {
                "zh": f"{kinds[row['class_kind']]} {values[row['class_value']]}",
                "en": f"{row['class_kind']} {row['class_value']}",
                "drawn_count": row["quarter_drawn_count"],
                **{name: row[name] for name in CARD_FIGURES},
                "observed": {
                    "value": row["quarter_drawn_share"],
                    "interval_low": row["quarter_drawn_low"],
                    "interval_high": row["quarter_drawn_high"],
                },
            }
        )
    return told


def arm_gaps(connection: "duckdb.DuckDBPyConnection") -> list[NotComputable]:
    """Why random draws teach nothing tonight; empty where they say something of all merchants."""
    said = connection.execute(
        "select reason_zh, reason_en from score.random_arm where class_kind = 'all' order by class_value"
    ).fetchall()
    zh, en = said[0] if said else NEVER_COUNTED
    return [NotComputable("bureau", "all", "random_arm", zh, en)] if zh else []


def random_arm_asset() -> AssetsDefinition:
    """What random draws teach, as an asset: as it was counted at the last training."""
    spec = published_spec(published_tables()["random_arm"], "score")
    table = published_tables()["random_arm"]

    @asset(
        key=AssetKey(["score", "random_arm"]),
        deps=[AssetKey(["trained", "merchant"])],
        description=f"{table.title_zh} · {table.title_en}",
        group_name="score",
        partitions_def=NIGHTS,
        check_specs=dagster_specs(spec),
        retry_policy=RETRY,
    )
    def random_arm_of_night(context: AssetExecutionContext, night: NightRun) -> MaterializeResult:
        with night.step(context) as (step, connection):
            text = last_paper(night.places, "merchant", as_of(context), ARM)
            rows = pd.DataFrame(json.loads(text) if text else [])
            if len(rows):
                rows = rows.assign(as_of=pd.Timestamp(as_of(context)))
            step.row_count = write_frame(connection, "score", "random_arm", rows)
            check_results = checked(night, connection, [spec], as_of(context))[AssetKey(["score", "random_arm"])]
        metadata = {"dagster/row_count": step.row_count, "seconds": round(step.seconds, 3)}
        return MaterializeResult(metadata=metadata, check_results=check_results)

    return random_arm_of_night
