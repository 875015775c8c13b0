"""score → drift: what the model in use meets tonight against what it was trained with. It warns and never blocks."""

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from dagster import AssetExecutionContext, AssetKey, AssetsDefinition, MaterializeResult, asset

from models import merchant as merchant_model
from models.calibration import sigmoid
from models.drift import stability
from models.flags import NotComputable
from models.observed import calibration
from models.policy import Policy
from models.random_correction import Correction
from models.reference import Reference, log_odds
from pipelines.checks.asset_checks import dagster_specs
from pipelines.checks.table_spec import published_spec
from pipelines.contract import published_tables
from pipelines.nights import NIGHTS, RETRY, NightRun, as_of, policy_of
from pipelines.pictures import drift_picture, shown
from pipelines.places import Places
from pipelines.published import manifest, nights
from pipelines.tables import checked
from pipelines.trained import Trained
from pipelines.training import LEARNING, TONIGHT
from pipelines.warehouse.frames import write_frame
from pipelines.warehouse.statement import statements

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

PUBLISHED_BEFORE = """
select published.as_of as published_on, published.probability, patrol.is_severe
from core.patrol
asof inner join (
    select as_of, merchant_id, probability from read_parquet($files) where probability is not null
) as published on published.merchant_id = patrol.merchant_id and published.as_of < patrol.visited_on
where patrol.was_inspected and patrol.is_severe is not null and patrol.visited_on > $start_on
order by patrol.patrol_id
"""
"""The visits of the last days with the probability that was published on the last night before each."""

LABELS = {
    "score": ("得分(对数几率)", "score (log-odds)"),
    "probability": ("已发布的严重问题概率", "published probability of a severe finding"),
}

WORST = """
select * from (
    from score.drift
    where status = 'shifted'
    qualify row_number() over (partition by feature order by abs(value) desc, population, measure) = 1
)
order by measure = 'calibration' desc, feature = 'score' desc, abs(value) desc, feature
limit 3
"""


def published_before(
    connection: "duckdb.DuckDBPyConnection", places: Places, night: date, start_on: date
) -> "pd.DataFrame":
    """Visits after `start_on` known tonight, with the probability of the last night before each; published_on its night.

    Nights made in hindsight are left out: they may have known what the visit found. The correction by the random arm, which
    speaks of merchants in general, is undone: people choose most of these visits.
    """
    import pandas as pd

    told = {day: manifest(places, day) for day in nights(places) if start_on <= day < night}
    honest = [day for day, said in told.items() if not said["is_hindsight"]]
    files = [str(places.published / day.isoformat() / "merchant_risk.parquet") for day in honest]
    if not files:
        return pd.DataFrame({"published_on": [], "probability": [], "is_severe": []})
    found = connection.execute(PUBLISHED_BEFORE, {"files": files, "start_on": start_on}).df()
    for day in honest:
        used = told[day]["versions"]["models"]["merchant"]
        # a night older than the correction was published without one
        if used and used.get("is_corrected"):
            here = (pd.to_datetime(found["published_on"]) == pd.Timestamp(day)).to_numpy()
            odds = Correction(**used["correction"]).undone(log_odds(found.loc[here, "probability"].to_numpy()))
            found.loc[here, "probability"] = sigmoid(odds)
    return found


def drift_frame(
    connection: "duckdb.DuckDBPyConnection", places: Places, model: Trained, policy: Policy, night: date
) -> "pd.DataFrame":
    """The published table drift of a night; `model` is the merchant model in use, with its trees."""
    import pandas as pd

    rules = policy.drift
    before = night - timedelta(days=rules.recent_days)
    first = before + timedelta(days=1)
    reference = {name: Reference.from_state(kept) for name, kept in model.state["reference"].items()}
    tonight = merchant_model.features(connection.execute(TONIGHT, {"as_of_date": night}).df())
    recent = merchant_model.features(connection.execute(LEARNING, {"training_start_on": before}).df())
    probability = connection.execute("select probability from score.merchant_risk order by merchant_id").df()[
        "probability"
    ]
    parts = [
        stability(reference["all_merchants"], tonight, night, night, rules),
        stability(reference["score"], pd.DataFrame({"score": log_odds(probability.to_numpy())}), night, night, rules),
        stability(reference["visited"], recent, first, night, rules),
        calibration(published_before(connection, places, night, before), first, night, rules),
    ]
    table = published_tables()["drift"]
    rows = pd.concat([part.astype(object) for part in parts], ignore_index=True).reindex(columns=table.column_names)
    header = statements()["feature.merchant"]
    labels = LABELS | {column.name: (column.zh, column.en) for column in header.columns}
    rows["label_zh"], rows["label_en"] = (rows["feature"].map(lambda name, at=at: labels[name][at]) for at in (0, 1))
    for column in table.columns:
        if column.engine_type == "DOUBLE":
            rows[column.name] = rows[column.name].astype(float)
        elif column.engine_type == "DATE":
            rows[column.name] = pd.to_datetime(rows[column.name])
    return rows.assign(as_of=pd.Timestamp(night), model="merchant")


def drift_asset() -> AssetsDefinition:
    """Drift as an asset."""
    table = published_tables()["drift"]
    spec = published_spec(table, "score")

    @asset(
        key=AssetKey(["score", "drift"]),
        deps=[
            AssetKey(["feature", "merchant"]),
            AssetKey(["feature", "random_visit"]),
            AssetKey(["core", "patrol"]),
            AssetKey(["trained", "merchant"]),
            AssetKey(["score", "merchant_risk"]),
        ],
        description=f"{table.title_zh} · {table.title_en}",
        group_name="score",
        partitions_def=NIGHTS,
        check_specs=dagster_specs(spec),
        retry_policy=RETRY,
    )
    def drift(context: AssetExecutionContext, night: NightRun) -> MaterializeResult:
        import pandas as pd

        with night.step(context) as (step, connection):
            model = night.model(connection, "merchant")
            rows = pd.DataFrame()
            if model is not None and model.trees is not None:
                rows = drift_frame(connection, night.places, model, policy_of(context), as_of(context))
            step.row_count = write_frame(connection, "score", "drift", rows)
            check_results = checked(night, connection, [spec], as_of(context))[AssetKey(["score", "drift"])]
            said = drift_facts(connection)
        metadata: dict[str, Any] = {"dagster/row_count": step.row_count, "seconds": round(step.seconds, 3), **said}
        if len(rows):
            metadata["stability"] = shown(drift_picture(rows, policy_of(context).drift))
        return MaterializeResult(metadata=metadata, check_results=check_results)

    return drift


def drift_facts(connection: "duckdb.DuckDBPyConnection") -> dict[str, Any]:
    """Features by their worst status, and the three that have moved most: calibration first, then the score."""
    counted = connection.execute(
        "select status, count(*) from (select feature, max_by(status, list_position("
        "['not_computable', 'stable', 'watch', 'shifted'], status)) as status from score.drift group by feature)"
        " group by status order by status"
    ).fetchall()
    worst = connection.execute(WORST).df()
    named = ["feature", "label_zh", "label_en", "population", "measure", "value"]
    return {"features": dict(counted), "worst": worst[named].to_dict("records")}


def drift_gaps(connection: "duckdb.DuckDBPyConnection", without_model: list[NotComputable]) -> list[NotComputable]:
    """What of drift could not be computed at all tonight: all of it without a model, else each comparison and why."""
    if without_model:
        return [replace(gap, family="drift") for gap in without_model]
    rows = connection.execute(
        "select any_value(reason_zh order by feature), any_value(reason_en order by feature) from score.drift"
        " group by population, measure having bool_and(status = 'not_computable') order by population, measure"
    ).fetchall()
    return [NotComputable("bureau", "all", "drift", zh, en) for zh, en in rows]
