"""A draw held against its own files, the log of commits, what was told of it elsewhere, and the night that it was made from."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

from models import policy
from models.draw.chain import head as head_of
from models.draw.check import check_commit, check_draw, check_substitutions, pools_compared
from models.draw.lot import read_drawn
from models.draw.pool import read_pool
from models.draw.substitution import SUBSTITUTIONS
from pipelines.draw_file import COMMIT, DELIVERED, DRAWN, POOL, REVEAL, SUBSTITUTION, folder_of, json_of, text_of
from pipelines.draw_frame import pool_of
from pipelines.draw_log import log_of_draw
from pipelines.places import Places
from pipelines.published import MANIFEST, NotPublished, Tampered, sha256


def verify(places: Places, draw_id: str, pool_sha256: str = "", head: str = "") -> list[tuple[str, str]]:
    """Everything in which the files differ from what they should be, in Chinese and English; nothing where they agree.

    pool_sha256 : the hash as it was published. head : `NUMBER:HASH` of a substitution as it was told, 0 of the draw itself.
    Raises DrawFailed where there is no such draw.
    """
    folder = folder_of(places, draw_id)
    said, text = json_of(folder / COMMIT), text_of(folder / POOL)
    found = list(check_commit(text, said))
    if said["draw_id"] != draw_id:
        found.append(
            (f"文件夹{draw_id}中是{said['draw_id']}的抽查", f"the folder {draw_id} holds the draw {said['draw_id']}")
        )
    if pool_sha256 and pool_sha256.lower() != said["pool_sha256"]:
        found.append(("承诺的哈希不是当初公布的哈希", "the committed hash is not the one that was published"))
    found += log_of_draw(places, draw_id)
    if found or not (folder / REVEAL).exists():
        return found
    told, drawn_now = json_of(folder / REVEAL), text_of(folder / DRAWN)
    found = list(check_draw(text, said, told, drawn_now))
    if found:
        return found
    pool, drawn, log = read_pool(text), read_drawn(drawn_now), text_of(folder / SUBSTITUTION)
    found = list(check_substitutions(pool, drawn, told["drawn_sha256"], log, _places(folder, told)))
    if head:
        heads = {str(each.number): head_of(each) for each in SUBSTITUTIONS.read(log, told["drawn_sha256"])[0]}
        number, _colon, digest = head.partition(":")
        if ({"0": told["drawn_sha256"]} | heads).get(number) != digest:
            found.append(
                (
                    f"替换记录{number}不是当初告知的那一条,或已被删除",
                    f"substitution {number} is not the one told, or was removed",
                )
            )
    return found


def rebuilt(places: Places, draw_id: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Where the pool differs from the one that its night and policy give, and what hinders the comparison, Chinese and English.

    The list of a task that the bureau names itself is taken from the pool: the night does not know it.
    """
    folder = folder_of(places, draw_id)
    said, text = json_of(folder / COMMIT), text_of(folder / POOL)
    night, pool = date.fromisoformat(said["as_of"]), read_pool(text)
    valid_on = date.fromisoformat(pool.certificate_valid_on)
    task = policy.on(valid_on).draws.task(said["task"]) if said["task"] else None
    listed = sorted(pool.objects) if task and task.is_listed else None
    try:
        made, _notes, _known = pool_of(
            places, night, valid_on, said["task"], listed, until=said["committed_at"], but=draw_id
        )
    except (NotPublished, Tampered, ValueError) as error:
        return [], [
            (f"未能由{night}的数据重建名单:{error}", f"the pool was not made anew from the night {night}: {error}")
        ]
    found = list(pools_compared(made.text(), text))
    notes = []
    if found and sha256(places.published / said["as_of"] / MANIFEST) != said["night_sha256"]:
        notes.append((f"{night}在承诺之后重新运行过", f"the night {night} was run again after the commit"))
    if found and policy.fingerprint() != said["policy_sha256"]:
        notes.append(("政策文件在承诺之后有过改动", "the policy files have changed since the commit"))
    return found, notes


def _places(folder: Path, told: dict[str, Any]) -> list[tuple[str, str, bool]]:
    rows = csv.DictReader(text_of(folder / DELIVERED).splitlines())
    same = {name: told[name] for name in ("draw_id", "drawn_on", "seed")}
    found = []
    for row in rows:
        # a row of another draw, day or seed is no place of this one
        merchant = (
            row.get("merchant_id") if same.items() <= row.items() else f"{row.get('draw_id')}/{row.get('merchant_id')}"
        )
        found.append((str(merchant), str(row.get("officer_id")), row.get("is_substituted") == "true"))
    return found
