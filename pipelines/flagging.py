"""score → flag: every family judges, the officer model learns and scores, and each hint gets its explanation."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dagster import (
    AssetExecutionContext,
    AssetIn,
    AssetKey,
    AssetsDefinition,
    AssetSpec,
    MaterializeResult,
    MetadataValue,
    Output,
    asset,
    multi_asset,
)

from models.boosted import NotTrainable
from models.flagged import withhold_unexplained
from models.flags import Judgement, families
from models.officer import OfficerModel
from models.strength import strengthen
from pipelines.checks.asset_checks import dagster_specs
from pipelines.checks.table_spec import published_spec
from pipelines.contract import published_tables
from pipelines.deciding import DECISION_TABLES, decided
from pipelines.draw_figures import DRAW_TABLES, draw_figures
from pipelines.drifting import drift_gaps
from pipelines.due_tasks import gaps_of_due_tasks
from pipelines.family_judgement import judgement_of
from pipelines.feature_labels import feature_labels
from pipelines.flag_interests import INTEREST_TABLES, flag_interests
from pipelines.flag_records import RECORD_TABLES, record_frames
from pipelines.flag_tables import flag_frames, officer_scores
from pipelines.nights import NIGHTS, RETRY, NightRun, as_of, policy_of
from pipelines.officer_training import panel_of, trained_model
from pipelines.pictures import flag_picture, shown
from pipelines.planning import PLANNED, patrol_gaps
from pipelines.publish import SOURCES
from pipelines.random_arm import arm_gaps
from pipelines.rotating import ROTATED, rotation_gaps
from pipelines.scoring import SCORED, merchant_gaps
from pipelines.tables import checked
from pipelines.trained import store
from pipelines.unit_figures import READS, figures_of
from pipelines.warehouse.frames import frame_of, write_frame
from pipelines.work_lists import WITH_PLAN, gaps_of_lists

if TYPE_CHECKING:
    import duckdb

PUBLISHED = {
    name: source.partition(".")[0]
    for name, source in SOURCES.items()
    if name not in (*SCORED, *PLANNED, *ROTATED, *WITH_PLAN, "coverage", "drift", "random_arm", "quarantine")
    and not source.startswith("feature.")
}
"""Published tables that are made here, and the warehouse schema of each."""

QUARANTINE = """
create or replace table flag.quarantine as
select
    cast($as_of as date) as as_of,
    table_name as "table",
    source_file,
    row_number,
    delivery_number,
    record_key,
    reasons,
    raw
from raw.quarantine
"""

CLOCKS = "select officer_id, status from plan.rotation_plan order by officer_id, clock"

DECIDED = [AssetKey(table.split(".")) for table in DECISION_TABLES]


def _family_asset(name: str) -> AssetsDefinition:
    family = families()[name]

    @asset(
        key=AssetKey(["flag", name]),
        deps=[AssetKey(table.split(".")) for table in family.NEEDS],
        description=family.__doc__,
        group_name="flag",
        partitions_def=NIGHTS,
        retry_policy=RETRY,
    )
    def judge_family(context: AssetExecutionContext, night: NightRun) -> Output[Judgement]:
        with night.step(context) as (step, connection):
            judgement = judgement_of(connection, name, as_of(context), policy_of(context))
            step.row_count = len(judgement.flags)
        metadata = {
            "flags": len(judgement.flags),
            "not_computable": len(judgement.not_computable),
            "seconds": round(step.seconds, 3),
        }
        return Output(judgement, metadata=metadata)

    return judge_family


def _inputs() -> dict[str, AssetIn]:
    return {name: AssetIn(AssetKey(["flag", name])) for name in families()}


def trained_officer_asset() -> AssetsDefinition:
    """The officer integrity model as an asset."""

    @asset(
        key=AssetKey(["trained", "officer"]),
        ins=_inputs(),
        deps=[AssetKey(["feature", "officer"]), AssetKey(["core", "officer"]), *DECIDED],
        description="人员廉政风险模型 · officer integrity model",
        group_name="trained",
        partitions_def=NIGHTS,
        retry_policy=RETRY,
    )
    def trained_officer(context: AssetExecutionContext, night: NightRun, **judgements) -> MaterializeResult:
        with night.step(context) as (step, connection):
            if night.plan(connection).is_training:
                try:
                    model, step.row_count = trained_model(connection, judgements, as_of(context), policy_of(context))
                except NotTrainable as why:
                    store(night.places, "officer", as_of(context), None, {"zh": why.zh, "en": why.en})
                else:
                    store(night.places, "officer", as_of(context), model.scorer.trees, model.to_state())
            found = night.model(connection, "officer")
        if found is None:
            return MaterializeResult(metadata={"model": "none was ever trained"})
        metadata = {
            "trained_on": found.trained_on.isoformat(),
            "seconds": round(step.seconds, 3),
            "state": MetadataValue.json(dict(found.state)),
        }
        return MaterializeResult(metadata=metadata)

    return trained_officer


def flag_tables_asset() -> AssetsDefinition:
    """Everything that is published of officers and flags, as assets of one step."""
    tables = {name: published_tables()[name] for name in PUBLISHED}
    keys = {name: AssetKey([schema, name]) for name, schema in PUBLISHED.items()}
    specs = [published_spec(table, PUBLISHED[name]) for name, table in tables.items()]
    needs = [
        AssetKey(["feature", "officer"]),
        AssetKey(["plan", "rotation_plan"]),
        AssetKey(["trained", "officer"]),
        AssetKey(["score", "merchant_risk"]),
        AssetKey(["score", "merchant_reason"]),
        AssetKey(["score", "drift"]),
        AssetKey(["score", "random_arm"]),
        AssetKey(["raw", "quarantine"]),
        *(
            AssetKey(table.split("."))
            for table in dict.fromkeys((*READS, *DECISION_TABLES, *RECORD_TABLES, *INTEREST_TABLES, *DRAW_TABLES))
        ),
    ]
    family_keys = [AssetKey(["flag", name]) for name in families()]
    described = [
        AssetSpec(
            keys[name],
            deps=[*needs, *family_keys],
            description=f"{table.title_zh} · {table.title_en}",
            partitions_def=NIGHTS,
            group_name=PUBLISHED[name],
        )
        for name, table in tables.items()
    ]
    described.append(
        AssetSpec(
            AssetKey(["flag", "quarantine"]),
            deps=[AssetKey(["raw", "quarantine"])],
            description="隔离行 · rows that were not taken in",
            partitions_def=NIGHTS,
            group_name="flag",
        )
    )

    @multi_asset(
        name="flag",
        specs=described,
        ins=_inputs(),
        check_specs=[check for spec in specs for check in dagster_specs(spec)],
        retry_policy=RETRY,
    )
    def flag(context: AssetExecutionContext, night: NightRun, **judgements) -> Iterator[MaterializeResult]:
        night_on, in_force = as_of(context), policy_of(context)
        with night.step(context) as (step, connection):
            trained = night.model(connection, "officer")
            model = None
            if trained is not None and trained.trees is not None:
                model = OfficerModel.from_state(trained.trees, trained.state)
            judgements = decided(connection, judgements, night_on, in_force)
            panel = panel_of(connection, judgements)
            tonight = panel[panel["as_of_on"] == str(night_on)].reset_index(drop=True)
            scores, reasons, gaps = officer_scores(model, trained, tonight, in_force, night_on)
            judged = strengthen(judgements)
            members = _members(connection)
            judged = withhold_unexplained(judged, reasons.can_explain(members), *reasons.why_not)
            trained_merchant = night.model(connection, "merchant")
            merchants = connection.execute("select count(*) from score.merchant_risk").fetchall()[0][0]
            unscored = merchant_gaps(trained_merchant, merchants)
            gaps = [*gaps, *unscored, *drift_gaps(connection, unscored)]
            gaps += arm_gaps(connection)
            gaps += patrol_gaps(frame_of(connection, "core.delivery"), night_on, in_force.patrol)
            gaps += rotation_gaps(connection)
            gaps += gaps_of_due_tasks(connection, in_force, night_on)
            gaps += gaps_of_lists(connection)
            figures = figures_of(connection, in_force.aggregate, night_on)
            gaps += figures.gaps()
            drawn, lacking = draw_figures(connection, in_force.draws, night_on)
            gaps += lacking
            frames = drawn | flag_frames(judged, reasons, members, gaps, night_on)
            frames["feature_label"] = feature_labels(connection, night_on, reasons, frames["flag_reason"])
            frames |= record_frames(connection, frames["red_flag"], frames["flag_evidence"], night_on, in_force.flags)
            frames["flag_interest"] = flag_interests(connection, frames["red_flag"], frames["flag_evidence"])
            frames["officer_score"] = scores
            frames["unit_aggregate"] = figures.units(connection.execute(CLOCKS).df())
            frames["hint_aggregate"] = figures.hints(frames["red_flag"], judged)
            rows = {name: write_frame(connection, PUBLISHED[name], name, frames[name]) for name in PUBLISHED}
            connection.execute(QUARANTINE, {"as_of": night_on})
            step.row_count = rows["red_flag"]
            by_asset = checked(night, connection, specs, night_on)
        for name, key in keys.items():
            metadata = {"dagster/row_count": rows[name], "seconds": round(step.seconds, 3)}
            if name == "red_flag" and rows[name]:
                metadata["families"] = shown(flag_picture(frames["red_flag"]))
            yield MaterializeResult(asset_key=key, metadata=metadata, check_results=by_asset[key])
        yield MaterializeResult(asset_key=AssetKey(["flag", "quarantine"]))

    return flag


def _members(connection: "duckdb.DuckDBPyConnection") -> dict[str, list[str]]:
    rows = connection.execute(
        "select institution_id, list(distinct officer_id order by officer_id) from core.posting"
        " where ended_on is null group by institution_id order by institution_id"
    ).fetchall()
    return dict(rows)


def flag_assets() -> list[AssetsDefinition]:
    """One asset per family, the officer model, and the tables that are published of them."""
    return [*(_family_asset(name) for name in families()), trained_officer_asset(), flag_tables_asset()]
