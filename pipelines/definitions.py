"""What Dagster opens on: assets, their one job, its schedule and its resources. Assembly only."""

from __future__ import annotations

from dagster import (
    AssetSelection,
    DefaultScheduleStatus,
    Definitions,
    build_schedule_from_partitioned_job,
    define_asset_job,
    in_process_executor,
)

from pipelines.flagging import flag_assets
from pipelines.nights import NightRun
from pipelines.places import Places
from pipelines.publishing import published_asset
from pipelines.scoring import score_merchant_assets
from pipelines.tables import table_assets
from pipelines.training import trained_merchant_asset

places = Places()

night_job = define_asset_job("night", AssetSelection.all(), executor_def=in_process_executor)

definitions = Definitions(
    assets=[
        *table_assets(),
        trained_merchant_asset(),
        score_merchant_assets(),
        *flag_assets(),
        published_asset(),
    ],
    jobs=[night_job],
    schedules=[
        build_schedule_from_partitioned_job(
            night_job,
            name="every_night",
            hour_of_day=1,
            minute_of_hour=30,
            default_status=DefaultScheduleStatus.RUNNING,
        ),
    ],
    resources={"night": NightRun(home=str(places.home), source=str(places.source))},
    executor=in_process_executor,
)
