"""What Dagster opens on: assets, their one job, its schedule and its resources. Assembly only."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dagster import (
    AssetSelection,
    DefaultScheduleStatus,
    Definitions,
    RunRequest,
    ScheduleEvaluationContext,
    define_asset_job,
    in_process_executor,
    mem_io_manager,
    schedule,
)

from pipelines.drifting import drift_asset
from pipelines.flagging import flag_assets
from pipelines.nights import TIMEZONE, NightRun
from pipelines.places import Places
from pipelines.planning import patrol_plan_assets
from pipelines.publishing import published_asset
from pipelines.random_arm import random_arm_asset
from pipelines.rotating import rotation_assets
from pipelines.scoring import score_merchant_assets
from pipelines.tables import table_assets
from pipelines.training import trained_merchant_asset
from pipelines.work_lists import work_list_assets

places = Places()

night_job = define_asset_job("night", AssetSelection.all(), executor_def=in_process_executor)


def day_ended_before(moment: datetime) -> date:
    """The last day that had ended by that moment, in the bureau's time."""
    return moment.astimezone(ZoneInfo(TIMEZONE)).date() - timedelta(days=1)


@schedule(
    job=night_job,
    cron_schedule="30 1 * * *",
    execution_timezone=TIMEZONE,
    default_status=DefaultScheduleStatus.RUNNING,
)
def every_night(context: ScheduleEvaluationContext) -> RunRequest:
    """At half past one: the night of the day that has just ended."""
    return RunRequest(partition_key=day_ended_before(context.scheduled_execution_time).isoformat())


definitions = Definitions(
    assets=[
        *table_assets(),
        trained_merchant_asset(),
        score_merchant_assets(),
        patrol_plan_assets(),
        rotation_assets(),
        work_list_assets(),
        drift_asset(),
        random_arm_asset(),
        *flag_assets(),
        published_asset(),
    ],
    jobs=[night_job],
    schedules=[every_night],
    resources={
        "night": NightRun(home=str(places.home), source=str(places.source)),
        # judgements pass from step to step in the one process of the night; no copy of them is left behind
        "io_manager": mem_io_manager,
    },
    executor=in_process_executor,
)
