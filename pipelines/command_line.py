"""The words that `mingjian` takes, and what they mean."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from pipelines.draw_command import add_draw

SWITCHES = {
    "no_officer": "he is nobody of the bureau's own records",
    "provider": "he signs in by OpenID Connect and has no password here",
    "change": "give an account this role, area and officer",
    "new_password": "give an account a new one-time password",
    "drop_second_factor": "take a lost second factor away",
    "close": "close an account",
    "reopen": "open a closed account again",
}
"""What `desk-user` does besides making an account, by the option of that name."""


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; write it as YYYY-MM-DD") from error


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number of 1 or more")
    return int(text)


def command_line() -> argparse.ArgumentParser:
    """The parser of every command. Raises pydantic.ValidationError where a setting of the environment is wrong."""
    from pipelines.places import Places

    home = Places().home
    parser = argparse.ArgumentParser(
        prog="mingjian",
        description="明鉴:读一个局自己的记录,每晚说明哪里值得人去看,并给出理由。 Reads a bureau's records every night.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    night = commands.add_parser("night", help="take a delivery in and publish a night · 运行一晚")
    delivery = night.add_mutually_exclusive_group(required=True)
    delivery.add_argument("--source", type=Path, help="folder of the delivery")
    delivery.add_argument(
        "--replay", action="store_true", help="make a published night again from the deliveries that it had"
    )
    night.add_argument("--as-of", type=_day, required=True, help="the night: only what was known by then is used")
    night.add_argument("--home", type=Path, default=home, help="folder of the bureau's nights")
    night.add_argument("--train", choices=["auto", "always", "never"], default="auto", help="train the models")
    night.add_argument("--engine", choices=["duckdb"], default="duckdb", help="engine of the SQL")
    night.add_argument("--mapping", type=Path, help="mapping file for foreign headers, codes and date formats")
    night.add_argument("--delivered-on", type=_day, help="day the delivery reached the bureau (today)")
    night.add_argument("--verbose", action="store_true", help="show the whole error")

    sample = commands.add_parser("sample", help="make a synthetic bureau · 生成虚构的局")
    sample.add_argument("--out", type=Path, required=True, help="folder for the delivery; the truth lies beside it")
    sample.add_argument("--merchants", type=_count, default=6000, help="number of merchants")
    sample.add_argument("--years", type=_count, default=3, help="years of records")
    sample.add_argument("--seed", type=int, default=20260630, help="another seed, another bureau")
    sample.add_argument("--officers", type=_count, help="about so many officers (as usual for so many merchants)")
    sample.add_argument("--planted", default="all", help="all, none, or names of behaviours with commas")

    verify = commands.add_parser("verify", help="hold the current night against its manifest · 核验已发布的一晚")
    verify.add_argument("--home", type=Path, default=home, help="folder of the bureau's nights")
    verify.add_argument(
        "--head", action="append", default=[], metavar="NUMBER:HASH", help="head of the desk's log, as told"
    )

    rotation = commands.add_parser(
        "rotation", help="the last night's rotation plan under another policy · 轮岗方案对比"
    )
    rotation.add_argument("--home", type=Path, default=home, help="folder of the bureau's nights")
    rotation.add_argument(
        "--what-if",
        action="append",
        required=True,
        metavar="SETTING=VALUE",
        help="a setting of rotation.toml with another value, such as station_move_share=0.5; several may be given",
    )
    rotation.add_argument("--report", type=Path, help="file of the HTML page")

    desk = commands.add_parser("desk", help="open the review desk · 打开复核台")
    desk.add_argument("--home", type=Path, default=home, help="folder of the bureau's nights")
    desk.add_argument("--port", type=_count, default=8000, help="port to listen on")
    desk.add_argument(
        "--host", default="127.0.0.1", help="address to listen on; others than this machine's own by name"
    )

    user = commands.add_parser("desk-user", help="make or change an account on the desk · 复核台账号")
    user.add_argument("name", metavar="NAME", help="name to sign in with")
    user.add_argument("--home", type=Path, default=home, help="folder of the bureau's nights")
    user.add_argument("--role", help="discipline_officer, supervision_specialist, management, operator or auditor")
    user.add_argument("--area", nargs="+", default=[], metavar="ID", help="institutions he sees, with all below them")
    user.add_argument("--officer", metavar="ID", help="who he is in the bureau's own records")
    for switch, meaning in SWITCHES.items():
        user.add_argument(f"--{switch.replace('_', '-')}", action="store_true", help=meaning)

    evaluation = commands.add_parser("evaluate", help="judge the model or the hints on a delivery · 评估")
    evaluation.add_argument("what", choices=["merchant", "officer"], help="merchant risk, or the hints about officers")
    evaluation.add_argument("--source", type=Path, required=True, help="folder of the delivery")
    evaluation.add_argument(
        "--as-of",
        type=_day,
        required=True,
        help="merchant: the last quarter's end; officer: the night, or the day of the last outcomes",
    )
    evaluation.add_argument("--quarters", type=_count, default=8, help="merchant: quarters of 91 days to judge")
    evaluation.add_argument("--truth", type=Path, help="officer: truth of a synthetic bureau (beside the delivery)")
    evaluation.add_argument("--years", type=_count, default=6, help="officer, without a truth: as-of dates to judge")
    evaluation.add_argument("--mapping", type=Path, help="mapping file for foreign headers, codes and date formats")
    evaluation.add_argument("--report", type=Path, help="file of the HTML report")

    add_draw(commands, home)
    commands.add_parser("dictionary", help="print tables, columns, units and meanings · 数据字典")
    return parser
