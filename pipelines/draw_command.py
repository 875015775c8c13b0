"""`mingjian draw commit | reveal | close | substitute | verify`: what each takes and what it says, Chinese first.

Exit 0: done, or everything agrees. Exit 1: nothing was done, or something differs, and it is said what.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

PARTS = {
    "commit": "freeze the pool and print its hash · 冻结名单并公布哈希",
    "reveal": "draw by a public number · 以公开号码抽取",
    "close": "give up a frozen pool, logged · 撤销已冻结的名单并登记",
    "substitute": "log an officer in place of another · 登记人员替换",
    "verify": "repeat a draw from its files · 复算核验",
}


def add_draw(commands: argparse._SubParsersAction, home: Path) -> None:
    """The words of the command."""
    group = commands.add_parser("draw", help="the verifiable double-random draw · 双随机抽查")
    parts = group.add_subparsers(dest="part", required=True, metavar="PART")
    of = {}
    for name, meaning in PARTS.items():
        of[name] = parts.add_parser(name, help=meaning)
        of[name].add_argument("--draw", required=True, metavar="ID", help="identifier of the draw")
        of[name].add_argument("--home", type=Path, default=home, help="folder of the bureau's nights")
    of["commit"].add_argument("--task", metavar="NAME", help="special task of the policy; without it, by class")
    of["commit"].add_argument(
        "--objects", type=Path, help="file of merchant_id, for a task whose policy says is_listed"
    )
    of["commit"].add_argument("--source", required=True, help="which public number it will be, in words")
    of["commit"].add_argument(
        "--form", required=True, metavar="NUMBER", help="how many digits it has, such as '00 00 00'"
    )
    of["commit"].add_argument(
        "--announced-on", required=True, type=date.fromisoformat, metavar="DATE", help="day on which it comes out"
    )
    of["reveal"].add_argument("--number", required=True, help="the public number, as it was announced")
    of["reveal"].add_argument("--source", required=True, help="the number's source, as it was committed to")
    of["close"].add_argument("--reason", required=True, help="why it is given up, in words")
    of["close"].add_argument("--by", required=True, help="who decides it: a role or a staff number")
    replaced = of["substitute"]
    replaced.add_argument("--merchant", required=True, metavar="ID", help="drawn object")
    replaced.add_argument(
        "--replaced", default="", metavar="ID", help="officer who does not go; none where it had none"
    )
    replaced.add_argument("--officer", required=True, metavar="ID", help="officer who goes instead")
    replaced.add_argument("--reason-code", required=True, help="a reason of the policy, such as leave")
    replaced.add_argument("--reason", required=True, help="the reason in words")
    replaced.add_argument("--by", required=True, help="who decides it: a role or a staff number")
    of["verify"].add_argument("--pool-sha256", default="", metavar="HASH", help="the hash as it was published")
    of["verify"].add_argument("--head", default="", metavar="NUMBER:HASH", help="a substitution, as it was told")
    of["verify"].add_argument("--log-head", default="", metavar="NUMBER:HASH", help="a commit line, as it was told")


def run_draw(given: argparse.Namespace) -> int:
    """Run one part; return its exit code."""
    from pipelines.draw_file import DrawFailed
    from pipelines.places import Places

    places = Places(home=given.home.resolve())
    run = {"commit": _commit, "reveal": _reveal, "close": _close, "substitute": _substitute, "verify": _verify}
    try:
        return run[given.part](given, places)
    except DrawFailed as error:
        print(f"mingjian draw {given.part}: {error}", file=sys.stderr)
        return 1


def _commit(given: argparse.Namespace, places) -> int:
    from models.draw.chain import head
    from pipelines.drawing import commit

    said, row = commit(places, given.draw, given.task, given.objects, given.source, given.form, given.announced_on)
    digest = said["pool_sha256"]
    print(
        f"抽查{given.draw}的名单已冻结:{said['object_count']:,}户对象,{said['officer_count']:,}名人员(数据截止{said['as_of']})。"
        f"请在{said['announced_on']}之前公布此哈希与号码来源:\n{digest}"
    )
    print(
        f"The pool of {given.draw} is frozen: {said['object_count']:,} objects, {said['officer_count']:,} officers (night of "
        f"{said['as_of']}). Publish this hash and the number's source before {said['announced_on']}:\n{digest}"
    )
    print("公布的是哈希和揭晓后的 drawn.csv;pool.csv 含回避、信用类别与上次派出人员,不公开,只供审计核验。")
    print(
        "What is published is the hash and, once revealed, drawn.csv; pool.csv holds recusals, credit classes and last"
        " crews: it goes to auditors and to nobody else."
    )
    for note in said["notes"]:
        print(f"  {note}")
    print(f"commit.csv: {row.number}:{head(row)}")
    return 0


def _close(given: argparse.Namespace, places) -> int:
    from models.draw.chain import head
    from pipelines.drawing import give_up

    row = give_up(places, given.draw, given.reason, given.by)
    print(f"抽查{given.draw}已撤销并登记。")
    print(f"Draw {given.draw} is closed, and that is logged.")
    print(f"commit.csv: {row.number}:{head(row)}")
    return 0


def _reveal(given: argparse.Namespace, places) -> int:
    from models.draw.lot import REASONS
    from pipelines.drawing import reveal

    told, drawn = reveal(places, given.draw, given.number, given.source)
    bare = [each for each in drawn if each.reason]
    print(f"抽查{given.draw}:种子{told['seed']};抽中{len(drawn):,}户,其中{len(bare):,}户无法派员。")
    print(
        f"Draw {given.draw}: seed {told['seed']}; {len(drawn):,} objects are drawn, {len(bare):,} of them without officers."
    )
    for code, (zh, en) in REASONS.items():
        count = sum(each.reason == code for each in bare)
        if count:
            print(f"  {zh} · {en}: {count:,}")
    print(f"drawn.csv: 0:{told['drawn_sha256']}")
    return 0


def _substitute(given: argparse.Namespace, places) -> int:
    from models.draw.chain import head
    from pipelines.drawing import substitute

    why = {"reason_code": given.reason_code, "reason": given.reason, "by": given.by}
    made = substitute(places, given.draw, given.merchant, given.replaced, given.officer, **why)
    print(f"替换记录{made.number}已登记:{made.merchant_id}由{made.officer_id}前往。")
    print(f"Substitution {made.number} is logged: {made.officer_id} goes to {made.merchant_id}.")
    print(f"{made.number}:{head(made)}")
    return 0


def _verify(given: argparse.Namespace, places) -> int:
    from pipelines.draw_file import REVEAL
    from pipelines.draw_log import log_notes, log_wrong
    from pipelines.draw_verify import rebuilt, verify
    from pipelines.drawing import now

    found = verify(places, given.draw, given.pool_sha256, given.head)
    notes: list[tuple[str, str]] = []
    if not found:
        found, notes = rebuilt(places, given.draw)
    found += log_wrong(places, given.log_head)
    if not given.pool_sha256:
        notes.append(
            (
                "仅与本机文件自洽,未与公布的哈希核对(--pool-sha256)",
                "only consistent with itself: not held against the published hash (--pool-sha256)",
            )
        )
    for zh, en in [*notes, *log_notes(places, now().date())]:
        print(f"{zh} · {en}")
    for zh, en in found:
        print(f"{zh} · {en}", file=sys.stderr)
    if found:
        print(f"mingjian draw verify: {given.draw}: {len(found)} 处不符 · differences", file=sys.stderr)
        return 1
    if not (places.draw / given.draw / REVEAL).exists():
        print(f"抽查{given.draw}:名单与承诺一致,尚未揭晓。")
        print(f"Draw {given.draw}: the pool is as it was committed; it is not revealed yet.")
        return 0
    print(f"抽查{given.draw}:名单、种子、抽取结果与替换记录逐一复算,全部相符。")
    print(f"Draw {given.draw}: pool, seed, drawn names and substitutions were repeated, and all agree.")
    return 0
