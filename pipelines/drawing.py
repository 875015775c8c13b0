"""The files of a draw, HOME/draw/<draw_id>/: committed from a published night, revealed by a public number, substituted, verified.

pool.csv, commit.json            the frozen pool and its hash, to be published before the number is known
reveal.json, drawn.csv           number, source and seed; objects with their officers
substitution.csv                 places given by hand since, only added to, chained
random_draw.csv                  all places in the columns of the contract; the next night takes them in
"""

from __future__ import annotations

import csv
import os
import shutil
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from models import policy
from models.draw.check import all_places, check_commit, check_draw, check_substitutions
from models.draw.choice import NoPool, make_pool
from models.draw.lot import Drawn, draw, drawn_text, read_drawn, seed_of, sha256
from models.draw.pool import fingerprint, read_pool
from models.draw.substitution import (
    HEADER,
    Refused,
    Substitution,
    assigned,
    read_substitutions,
    refuse_substitution,
    substitution_line,
)
from pipelines.draw_file import (
    COMMIT,
    DELIVERED,
    DRAW_ID,
    DRAWN,
    POOL,
    REVEAL,
    SUBSTITUTION,
    DrawFailed,
    folder_of,
    held,
    json_of,
    json_text,
    text_of,
    write,
)
from pipelines.draw_frame import pool_frames
from pipelines.places import Places
from pipelines.published import NotPublished, Tampered, current
from pipelines.trained import code_fingerprint

COLUMNS = ("draw_id", "merchant_id", "officer_id", "drawn_on", "seed", "is_substituted")


def now() -> datetime:
    """This moment in the bureau's own time."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).replace(microsecond=0)


def commit(
    places: Places, draw_id: str, task_code: str | None = None, listed: Path | None = None, source: str = ""
) -> dict[str, Any]:
    """Freeze the pool of a draw from the current night; return commit.json. Raises DrawFailed.

    source : which public number it will be; frozen with the pool, so that nobody picks among numbers afterwards.
    """
    if not DRAW_ID.fullmatch(draw_id):
        raise DrawFailed(f"{draw_id!r} names no draw; use up to 64 letters, digits, - and _")
    folder = places.draw / draw_id
    if folder.exists():
        raise DrawFailed(f"{folder}: this draw is committed already; a pool is frozen once, take another identifier")
    committed_at = now()
    try:
        night = current(places)
        frames, notes, known_draws = pool_frames(places, night)
    except (NotPublished, Tampered) as error:
        raise DrawFailed(str(error)) from error
    if draw_id in known_draws:
        raise DrawFailed(f"{draw_id} is a draw of the past already; take another identifier")
    # a certificate that ran out since the night is none any more
    valid_on = max(night, committed_at.date())
    in_force = policy.on(valid_on).draws
    task = in_force.task(task_code) if task_code else None
    if task_code and task is None:
        raise DrawFailed(
            f"the policy in force on {valid_on} has no task {task_code}; it has {', '.join(t.code for t in in_force.tasks)}"
        )
    if (listed is not None) != (task is not None and task.is_listed):
        raise DrawFailed("--objects names the objects of a task whose policy says is_listed, and of no other draw")
    try:
        pool = make_pool(frames, in_force, valid_on, task, _listed(listed) if listed else ())
        text = replace(pool, number_source=" ".join(source.split())).text()
    except (NoPool, ValueError, OSError) as error:
        raise DrawFailed(str(error)) from error
    said = {
        "draw_id": draw_id,
        "task": task_code or "",
        "as_of": night.isoformat(),
        "committed_at": committed_at.isoformat(),
        "pool_sha256": fingerprint(text),
        "number_source": " ".join(source.split()),
        "shares_per_10000": dict(pool.strata),
        "class_from": list(in_force.class_from),
        "policy_effective_from": in_force.effective_from.isoformat(),
        "policy_sha256": policy.fingerprint(),
        "code_sha256": code_fingerprint(),
        "object_count": len(pool.objects),
        "officer_count": len(pool.officers),
        "notes": notes,
    }
    fresh = folder.with_name(f".{draw_id}.fresh")
    shutil.rmtree(fresh, ignore_errors=True)
    places.draw.mkdir(parents=True, exist_ok=True)
    fresh.mkdir(mode=0o700)
    write(fresh / POOL, text)
    write(fresh / COMMIT, json_text(said))
    os.rename(fresh, folder)
    return said


def reveal(places: Places, draw_id: str, number: str, source: str) -> tuple[dict[str, Any], list[Drawn]]:
    """Draw by a public number; return reveal.json and the drawn objects. Raises DrawFailed."""
    with held(places, draw_id) as folder:
        if (folder / REVEAL).exists():
            raise DrawFailed(f"{draw_id} is revealed already; a draw has one number, a second would be a choice")
        if not source.strip():
            raise DrawFailed("--source is blank; say in words where the number was announced")
        said, text = json_of(folder / COMMIT), text_of(folder / POOL)
        for _zh, en in check_commit(text, said):
            raise DrawFailed(f"{draw_id} cannot be revealed: {en}")
        pool = read_pool(text)
        if pool.number_source and pool.number_source != " ".join(source.split()):
            raise DrawFailed(
                f"{draw_id} was committed to another number: {pool.number_source}; give --source as it stands there"
            )
        try:
            seed = seed_of(said["pool_sha256"], number)
        except ValueError as error:
            raise DrawFailed(str(error)) from error
        drawn = draw(pool, seed)
        moment = now()
        told = {
            "draw_id": draw_id,
            "public_number": number.strip(),
            "source": " ".join(source.split()),
            "seed": seed,
            "drawn_on": moment.date().isoformat(),
            "revealed_at": moment.isoformat(),
            "drawn_sha256": sha256(drawn_text(drawn)),
        }
        write(folder / DRAWN, drawn_text(drawn))
        write(folder / SUBSTITUTION, HEADER)
        _deliver(folder, told, drawn, [])
        # last: before it stands there, nothing is revealed
        write(folder / REVEAL, json_text(told))
        return told, drawn


def substitute(
    places: Places, draw_id: str, merchant_id: str, replaced: str, officer_id: str, **why: str
) -> Substitution:
    """Add a substitution to the list; return it. why : reason_code, reason, by. Raises DrawFailed."""
    with held(places, draw_id) as folder:
        found = verify(places, draw_id)
        if found:
            raise DrawFailed(f"{draw_id} does not verify, so nobody is substituted in it: {found[0][1]}")
        if not (folder / REVEAL).exists():
            raise DrawFailed(f"{draw_id} is not revealed yet; there is nobody to substitute")
        told, text = json_of(folder / REVEAL), text_of(folder / SUBSTITUTION)
        known = policy.on(date.fromisoformat(told["drawn_on"])).draws.substitution_reasons
        if why["reason_code"] not in known:
            raise DrawFailed(f"--reason-code must be one of {', '.join(known)}")
        before, _wrong = read_substitutions(text, told["drawn_sha256"])
        fresh = Substitution(
            len(before) + 1,
            merchant_id,
            replaced,
            officer_id,
            why["reason_code"],
            " ".join(why["reason"].split()),
            " ".join(why["by"].split()),
            now().isoformat(),
            before[-1].head() if before else told["drawn_sha256"],
        )
        drawn = read_drawn(text_of(folder / DRAWN))
        try:
            refuse_substitution(fresh, read_pool(text_of(folder / POOL)), assigned(drawn, before))
        except Refused as error:
            raise DrawFailed(str(error)) from error
        write(folder / SUBSTITUTION, text + substitution_line(fresh))
        _deliver(folder, told, drawn, [*before, fresh])
        return fresh


def verify(places: Places, draw_id: str, pool_sha256: str = "", head: str = "") -> list[tuple[str, str]]:
    """Everything in which the files differ from what they should be, in Chinese and English; nothing where they agree.

    pool_sha256 : the hash as it was published. head : `NUMBER:HASH` of a substitution as it was told, 0 of the draw itself.
    Raises DrawFailed where there is no such draw.
    """
    folder = folder_of(places, draw_id)
    said, text = json_of(folder / COMMIT), text_of(folder / POOL)
    found = list(check_commit(text, said))
    if pool_sha256 and pool_sha256.lower() != said["pool_sha256"]:
        found.append(("承诺的哈希不是当初公布的哈希", "the committed hash is not the one that was published"))
    if found or not (folder / REVEAL).exists():
        return found
    told, drawn_now = json_of(folder / REVEAL), text_of(folder / DRAWN)
    found = list(check_draw(text, said, told, drawn_now))
    if found:
        return found
    pool, drawn, log = read_pool(text), read_drawn(drawn_now), text_of(folder / SUBSTITUTION)
    found = list(check_substitutions(pool, drawn, told["drawn_sha256"], log, _places(folder, told)))
    if head:
        heads = {str(each.number): each.head() for each in read_substitutions(log, told["drawn_sha256"])[0]}
        number, _colon, digest = head.partition(":")
        if ({"0": told["drawn_sha256"]} | heads).get(number) != digest:
            found.append(
                (
                    f"替换记录{number}不是当初告知的那一条,或已被删除",
                    f"substitution {number} is not the one told, or was removed",
                )
            )
    return found


def _deliver(folder: Path, told: dict[str, Any], drawn: list[Drawn], substitutions: list[Substitution]) -> None:
    by_hand = [(each.merchant_id, each.officer_id) for each in substitutions]
    rows = [
        ",".join(
            (told["draw_id"], merchant, officer, told["drawn_on"], told["seed"], "true" if is_by_hand else "false")
        )
        for merchant, officer, is_by_hand in all_places(drawn, by_hand)
    ]
    write(folder / DELIVERED, "\n".join([",".join(COLUMNS), *rows]) + "\n")


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


def _listed(path: Path) -> list[str]:
    lines = [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines()]
    return [line for line in lines if line and line != "merchant_id"]
