"""Runs one night in one process by the same definitions that Dagster opens on, and says what came of it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pipelines.desk_process import has_desk, told_by_desk
from pipelines.places import ROOT, Places
from pipelines.progress import Step, heard_by
from pipelines.published import manifest

if TYPE_CHECKING:
    from dagster import ExecuteInProcessResult
    from dagster._utils.error import SerializableErrorInfo


SHOWN_NOTES = 5
MERCHANT_CARD = "merchant_card.html"


class NightFailed(Exception):
    """Nothing was published; the message is one sentence, `trace` the whole error."""

    def __init__(self, sentence: str, trace: str = ""):
        super().__init__(sentence)
        self.trace = trace


def run_night(
    *,
    as_of: date,
    home: Path,
    source: Path | None,
    mapping: Path | None = None,
    delivered_on: date | None = None,
    train: str = "auto",
    is_quiet: bool = False,
) -> str:
    """Run the night of `as_of` and return what it published, in words. Raises NightFailed.

    Without a `source` the night is made again from the deliveries that it had when it was last published.
    """
    from pipelines.nights import FIRST_NIGHT

    if as_of < FIRST_NIGHT:
        raise NightFailed(f"--as-of {as_of} lies before {FIRST_NIGHT}, the first night there can be")
    if as_of > datetime.now(ZoneInfo("Asia/Shanghai")).date():
        raise NightFailed(f"--as-of {as_of} lies in the future; a night knows only what has happened")
    try:
        settle(home)
    except OSError as error:
        raise NightFailed(
            f"{home}: the bureau's home cannot be written ({error.strerror}); name another with --home"
        ) from error
    from dagster import DagsterInstance

    from pipelines.definitions import definitions

    shared = {
        "home": str(home),
        "source": str(source or ""),
        "mapping": str(mapping or ""),
        "delivered_on": delivered_on.isoformat() if delivered_on else "",
        "train": train,
        "replay": source is None,
    }
    job = definitions.resolve_job_def("night")
    with DagsterInstance.get() as instance, nullcontext() if is_quiet else _display(len(job.nodes) + 1):
        result = job.execute_in_process(
            partition_key=as_of.isoformat(),
            run_config={
                "resources": {"night": {"config": shared}},
                "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
            },
            instance=instance,
            raise_on_error=False,
        )
    if not result.success:
        raise NightFailed(*_why(result, Places(home=home)))
    return "\n".join([told(Places(home=home), as_of), *desk_told(Places(home=home), as_of)])


def desk_told(places: Places, night: date) -> Iterator[str]:
    """Number and hash of the last entry of the desk's log, so that they stand off this machine too; nothing without desk."""
    if not has_desk(places):
        return
    said = told_by_desk(places, "head", f"--night={night}")
    if said.failure:
        yield f"复核台日志未能读取 · the desk's log could not be read: {said.failure}"
    elif said.sentences:
        yield said.sentences


def settle(home: Path) -> None:
    """Point Dagster at the instance file of this project, and its records into the bureau's home."""
    places = Places(home=home)
    places.orchestration.mkdir(parents=True, exist_ok=True)
    # two spinning threads on a shared machine are slower than one
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ["DAGSTER_HOME"] = str(ROOT)
    os.environ["MINGJIAN_ORCHESTRATION"] = str(places.orchestration)


def told(places: Places, night: date) -> str:
    """What a published night holds and where it lies, in words, Chinese first."""
    said = manifest(places, night)
    rows = {name.removesuffix(".parquet"): entry.get("row_count", 0) for name, entry in said["files"].items()}
    hints = sum(count for strength, count in said["flags"].items() if strength != "reminder")
    reminders, watched = said["flags"].get("reminder", 0), said["rotation"].get("watch", 0)
    planned, unplaced = rows["patrol_plan"] // 2, rows["unplaced_visit"]
    quarantined = sum(said["quarantined"].values())
    warned = len(said["checks"]["warnings"])
    folder = places.published / night.isoformat()
    notes = said["intake_notes"]
    card_zh, card_en = ("", "")
    if MERCHANT_CARD in said["files"]:
        card_zh, card_en = f",模型说明见{MERCHANT_CARD}", f"; the model card is {MERCHANT_CARD}"
    more = [f"  … {len(notes) - SHOWN_NOTES} more in manifest.json"] if len(notes) > SHOWN_NOTES else []
    hindsight = ["  Deliveries that came later than this night were used: hindsight."] if said["is_hindsight"] else []
    return "\n".join(
        [
            f"{night} 已发布:{rows['merchant_risk']:,}户经营主体的风险与分类,{hints:,}条疑点(每条附解释与反向证据),"
            f"{reminders:,}条轮岗提醒,另关注任职{watched:,}人次;巡查计划{planned:,}户次,未排入{unplaced:,}户次;"
            f"{rows['not_computable']:,}项无法计算,均注明原因。",
            f"收到的行中有{quarantined:,}行被隔离;检查{said['checks']['run']:,}项,提醒{warned:,}项。在 {folder}{card_zh}",
            f"The night of {night} is published: risk and tiers of {rows['merchant_risk']:,} merchants, {hints:,} hints (each "
            f"with its explanation and counter-evidence), {reminders:,} rotation reminders and {watched:,} tenures to watch, "
            f"{planned:,} visits planned and {unplaced:,} that found no place; "
            f"{rows['not_computable']:,} things not computable, with reasons.",
            f"{quarantined:,} rows are in quarantine; {said['checks']['run']:,} checks ran, {warned:,} gave a warning. "
            f"It lies in {folder}{card_en}",
            *_warned(said),
            *(["收件说明 · Notes of the intake:"] if notes or hindsight else []),
            *(f"  {note}" for note in notes[:SHOWN_NOTES]),
            *more,
            *hindsight,
        ]
    )


def _warned(said: Mapping[str, Any]) -> Iterator[str]:
    """What has moved since the training, and whether a newly trained model was worse than the one in use."""
    shifted, worst = said["drift"]["features"].get("shifted", 0), said["drift"]["worst"]
    if shifted:
        yield (
            f"漂移预警:{shifted}项与训练时相比已明显偏移(偏移最大:{'、'.join(row['label_zh'] for row in worst)}),"
            "概率请谨慎使用,详见drift表。"
        )
        yield (
            f"Drift warning: {shifted} things have shifted since the training (most: "
            f"{'; '.join(row['label_en'] for row in worst)}); read the probabilities with care, see the table drift."
        )
    for name, model in said["versions"]["models"].items():
        verdict = model and model["challenge"]
        if verdict and not verdict["replaces"]:
            kept, made = verdict["champion_trained_on"], verdict["challenger_trained_on"]
            yield f"模型{name}:{made}训练的新模型未投入使用,仍用{kept}的模型。{verdict['reason_zh']}。"
            yield f"Model {name}: the one trained on {made} is not in use, that of {kept} stays; {verdict['reason_en']}."


def _why(result: ExecuteInProcessResult, places: Places) -> tuple[str, str]:
    """The first failure in one sentence, and its whole trace."""
    for event in result.all_events:
        if event.is_step_failure:
            data = event.step_failure_data
            trace = data.error.to_string() if data.error else ""
            if data.user_failure_data is not None and data.user_failure_data.description:
                return data.user_failure_data.description, trace
            error = _innermost(data.error)
            if error is None:
                return event.message, trace
            if error.cls_name == "DagsterAssetCheckFailedError":
                return _failed_check(places), trace
            return f"{event.step_key}: {_one_line(error.message)}", trace
    for event in result.all_events:
        if event.is_failure:
            error = _innermost(event.job_failure_data.error)
            return _one_line(error.message if error else event.message), error.to_string() if error else ""
    return "the run failed without a word; run it again with --verbose", ""


def _innermost(error: SerializableErrorInfo | None) -> SerializableErrorInfo | None:
    """The first error that is not Dagster's own wrapping."""
    while error is not None and error.cause is not None and error.cls_name.startswith("Dagster"):
        error = error.cause
    return error


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _failed_check(places: Places) -> str:
    """What the checks that stopped the night found; Dagster's own message gives no more than their names."""
    from pipelines.publish import ChecksFailed, refuse_unless_checked
    from pipelines.warehouse.connection import opened

    with opened(places) as connection:
        try:
            refuse_unless_checked(connection)
        except ChecksFailed as error:
            return str(error)
    return "a check stopped the night"


@contextmanager
def _display(steps: int) -> Iterator[None]:
    """A progress bar on a terminal's standard error, elsewhere a line for each step, until the block ends."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("[bold]{task.description:<32}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=steps)

        def show(step: Step) -> None:
            if not step.has_ended:
                bar.update(task, description=step.name)
                return
            bar.advance(task)
            if not console.is_terminal:
                rows = "" if step.row_count is None else f"{step.row_count:,} rows"
                console.print(f"  {step.name:<34}{rows:>17}{step.seconds:>9.2f} s", highlight=False)

        with heard_by(show):
            yield
