"""The command line: `mingjian night | sample | desk | desk-user | verify | rotation | evaluate | draw | dictionary`.

Exit 0: done. Exit 1: nothing was published, and one sentence says why. Exit 2: the command line was wrong.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from pipelines.command_line import SWITCHES, command_line
from pipelines.draw_command import run_draw


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    from pydantic import ValidationError

    try:
        parser = command_line()
    except ValidationError as error:
        first = error.errors()[0]
        print(
            f"mingjian: MINGJIAN_{str(first['loc'][0]).upper()} is {first['input']!r}: {first['msg']}", file=sys.stderr
        )
        return 2
    given = parser.parse_args(arguments)
    run_command = {
        "night": _night,
        "sample": _sample,
        "verify": _verify,
        "rotation": _rotation,
        "evaluate": _evaluate_officer
        if given.command == "evaluate" and given.what == "officer"
        else _evaluate_merchant,
        "dictionary": _dictionary,
        "desk": _desk,
        "desk-user": _desk_user,
        "draw": run_draw,
    }
    return run_command[given.command](given)


def _night(given: argparse.Namespace) -> int:
    from pipelines.run import NightFailed, run_night

    try:
        sentence = run_night(
            as_of=given.as_of,
            home=given.home.resolve(),
            source=given.source.resolve() if given.source else None,
            mapping=given.mapping.resolve() if given.mapping else None,
            delivered_on=given.delivered_on,
            train=given.train,
        )
    except NightFailed as failure:
        if given.verbose:
            print(failure.trace, file=sys.stderr)
        print(f"mingjian night: nothing was published; {failure}", file=sys.stderr)
        return 1
    print(sentence)
    return 0


def _sample(given: argparse.Namespace) -> int:
    from pipelines.sample import make_bureau, write_bureau

    planted = given.planted if given.planted in ("all", "none") else tuple(given.planted.split(","))
    try:
        bureau = make_bureau(
            merchants=given.merchants, years=given.years, seed=given.seed, officers=given.officers, planted=planted
        )
    except ValueError as error:
        print(f"mingjian sample: {error}", file=sys.stderr)
        return 1
    write_bureau(bureau, given.out)
    rows = sum(table.num_rows for table in bureau.tables.values())
    print(
        f"虚构的局:{len(bureau.tables)}张表,{rows:,}行,在 {given.out};埋设的真相在 {given.out}.truth.csv(每晚运行从不读取)"
    )
    print(f"A synthetic bureau: {len(bureau.tables)} tables, {rows:,} rows in {given.out}; the planted truth beside it")
    return 0


def _verify(given: argparse.Namespace) -> int:
    from pipelines.desk_process import has_desk, told_by_desk
    from pipelines.places import Places
    from pipelines.published import NotPublished, Tampered, current, verify

    places = Places(home=given.home.resolve())
    log = told_by_desk(places, "verify", *(f"--head={head}" for head in given.head)) if has_desk(places) else None
    if log is not None and log.failure:
        print(f"mingjian verify: {log.failure}", file=sys.stderr)
        return 1
    try:
        night = current(places)
        rows = verify(places, night)
    except (NotPublished, Tampered) as error:
        print(f"mingjian verify: {error}", file=sys.stderr)
        return 1
    print(f"{night}:{len(rows)}张表与清单一致,每条疑点都有解释,解释之和等于原始得分。")
    print(f"{night}: {len(rows)} tables are what the manifest says; every flag is explained and every sum adds up.")
    if log is not None:
        print(log.sentences)
    return 0


def _rotation(given: argparse.Namespace) -> int:
    from rich.console import Console

    from pipelines.places import Places
    from pipelines.warehouse.connection import WarehouseBusy
    from pipelines.what_if import NotAnswerable, compared
    from pipelines.what_if_report import report, terminal_table

    places = Places(home=given.home.resolve())
    try:
        comparison = compared(places, given.what_if)
    except (NotAnswerable, WarehouseBusy) as error:
        print(f"mingjian rotation: {error}", file=sys.stderr)
        return 1
    path = given.report or places.home / "evaluated" / f"rotation-{comparison.night}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(report(comparison), encoding="utf-8")
    Console(width=160).print(terminal_table(comparison))
    print(f"报告 · report: {path}")
    return 0


def _desk(given: argparse.Namespace) -> int:
    from pipelines.desk_process import become_desk
    from pipelines.places import Places

    return become_desk(Places(home=given.home.resolve()), "serve", f"--host={given.host}", f"--port={given.port}")


def _desk_user(given: argparse.Namespace) -> int:
    from pipelines.desk_process import become_desk
    from pipelines.places import Places

    said = [f"--{name.replace('_', '-')}" for name in SWITCHES if getattr(given, name)]
    said += [f"--role={given.role}"] if given.role else []
    said += [f"--officer={given.officer}"] if given.officer else []
    said += ["--area", *given.area] if given.area else []
    return become_desk(Places(home=given.home.resolve()), "user", given.name, *said)


def _evaluate_merchant(given: argparse.Namespace) -> int:
    from rich.console import Console

    from models.boosted import NotTrainable
    from pipelines.evaluating import evaluated_merchant
    from pipelines.evaluation_report import report, terminal_table
    from pipelines.ingest import DeliveryError
    from pipelines.places import Places
    from pipelines.run import settle

    path = given.report or Places().home / "evaluated" / f"merchant-{given.as_of}.html"
    progress = Console(stderr=True)
    settle(Places().home)
    try:
        evaluation = evaluated_merchant(
            given.source.resolve(), given.as_of, given.quarters, mapping=given.mapping, tell=progress.print
        )
    except (DeliveryError, NotTrainable) as error:
        print(f"mingjian evaluate: {error}", file=sys.stderr)
        return 1
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(report(evaluation, given.source.name, given.as_of), encoding="utf-8")
    Console(width=200).print(terminal_table(evaluation))
    print(f"报告 · report: {path}")
    return 0


def _evaluate_officer(given: argparse.Namespace) -> int:
    """Against the truth of a synthetic bureau where there is one, else against the outcomes in the delivery."""
    from rich.console import Console

    from models.boosted import NotTrainable
    from pipelines import outcome_report, truth_report
    from pipelines.evaluating_outcome import evaluated_officer
    from pipelines.evaluating_truth import TruthUnreadable, evaluated_truth, read_truth, truth_beside, truth_missing
    from pipelines.ingest import DeliveryError
    from pipelines.places import Places
    from pipelines.run import settle

    source = given.source.resolve()
    path = given.report or Places().home / "evaluated" / f"officer-{given.as_of}.html"
    asked = {"mapping": given.mapping, "tell": Console(stderr=True).print}
    settle(Places().home)
    try:
        truth = given.truth or truth_beside(source)
        if truth is None:
            evaluation, told = evaluated_officer(source, given.as_of, given.years, **asked), outcome_report
        else:
            evaluation, told = evaluated_truth(source, given.as_of, read_truth(truth), **asked), truth_report
    except NotTrainable as error:
        print(f"mingjian evaluate: {truth_missing(source)}; and on its outcomes: {error}", file=sys.stderr)
        return 1
    except (DeliveryError, TruthUnreadable) as error:
        print(f"mingjian evaluate: {error}", file=sys.stderr)
        return 1
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(told.report(evaluation, source.name, given.as_of), encoding="utf-8")
    Console(width=240).print(told.terminal_table(evaluation))
    print(f"报告 · report: {path}")
    return 0


def _dictionary(_given: argparse.Namespace) -> int:
    from pipelines.dictionary import dictionary

    try:
        print(dictionary())
    except BrokenPipeError:
        # the reader closed its end, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def run() -> None:
    """Run one command as a process of its own and leave at once.

    The engine's bindings report every object that is still alive when the interpreter is taken down, thirty lines of
    it; nothing is left to do by then, so the process ends without that.
    """
    try:
        code = main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    run()
