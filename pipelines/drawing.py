"""The files of a draw, HOME/draw/<draw_id>/: committed from a published night, revealed by a public number, substituted.

pool.csv, commit.json            the frozen pool and its hash, to be published before the number is known
reveal.json, drawn.csv           number, source and seed; objects with their officers
substitution.csv                 places given by hand since, only added to, chained
random_draw.csv                  all places in the columns of the contract; the next night takes them in
../commit.csv                    every commit, chained, with those that were given up (pipelines/draw_log.py)
"""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from models import policy
from models.draw.chain import head, line
from models.draw.check import all_places, check_commit, check_number
from models.draw.choice import NoPool
from models.draw.log import MADE, Logged
from models.draw.lot import Drawn, draw, drawn_text, number_form, plain_number, read_drawn, seed_of
from models.draw.pool import read_pool, sha256
from models.draw.substitution import SUBSTITUTIONS, Refused, Substitution, assigned, refuse_substitution
from pipelines.draw_file import (
    COMMIT,
    DELIVERED,
    DRAW_ID,
    DRAWN,
    POOL,
    REVEAL,
    SUBSTITUTION,
    DrawFailed,
    held,
    json_of,
    json_text,
    text_of,
    write,
)
from pipelines.draw_frame import pool_of
from pipelines.draw_log import append, close, closing_of, log_held, refuse_second
from pipelines.draw_verify import verify
from pipelines.places import Places
from pipelines.published import MANIFEST, NotPublished, Tampered, current
from pipelines.published import sha256 as file_sha256
from pipelines.trained import code_fingerprint

COLUMNS = ("draw_id", "merchant_id", "officer_id", "drawn_on", "seed", "is_substituted")


def now() -> datetime:
    """This moment in the bureau's own time."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).replace(microsecond=0)


def commit(
    places: Places,
    draw_id: str,
    task_code: str | None,
    listed: Path | None,
    source: str,
    form: str,
    announced_on: date,
) -> tuple[dict[str, Any], Logged]:
    """Freeze the pool of a draw from the current night; return commit.json and its line of the log. Raises DrawFailed.

    source : which public number it will be. form : how many digits it has, such as 00 00 00. announced_on : day on which it
    comes out. They are frozen with the pool, so that nobody picks among numbers or waits for another.
    """
    if not DRAW_ID.fullmatch(draw_id):
        raise DrawFailed(f"{draw_id!r} names no draw; use up to 64 letters, digits, - and _")
    folder, committed_at = places.draw / draw_id, now()
    if folder.exists():
        raise DrawFailed(f"{folder}: this draw is committed already; a pool is frozen once, take another identifier")
    if announced_on <= committed_at.date():
        raise DrawFailed(f"--announced-on {announced_on}: the number must come out on a day after the commit's")
    try:
        night = current(places)
        # a certificate that ran out since the night is none any more
        valid_on = max(night, committed_at.date())
        listing = _listed(listed) if listed else None
        pool, notes, known_draws = pool_of(
            places, night, valid_on, task_code or "", listing, until=_basic(committed_at)
        )
        if draw_id in known_draws:
            raise DrawFailed(f"{draw_id} is a draw of the past already; take another identifier")
        bound = {
            "draw_id": draw_id,
            "task": task_code or "",
            "as_of": night.isoformat(),
            "committed_at": _basic(committed_at),
            "night_sha256": file_sha256(places.published / night.isoformat() / MANIFEST),
            "policy_sha256": policy.fingerprint(),
            "code_sha256": code_fingerprint(),
            "number_source": " ".join(source.split()),
            "number_form": number_form(form),
            "announced_on": announced_on.isoformat(),
        }
        if not bound["number_source"]:
            raise DrawFailed("--source is blank; say in words which public number it will be")
        text = replace(pool, committed=bound).text()
    except (NotPublished, Tampered, NoPool, ValueError, OSError) as error:
        raise DrawFailed(str(error)) from error
    in_force = policy.on(valid_on).draws
    said = bound | {
        "pool_sha256": sha256(text),
        "shares_per_10000": dict(pool.strata),
        "class_from": list(in_force.class_from),
        "policy_effective_from": in_force.effective_from.isoformat(),
        "object_count": len(pool.objects),
        "officer_count": len(pool.officers),
        "notes": notes,
    }
    fresh = folder.with_name(f".{draw_id}.fresh")
    with log_held(places):
        refuse_second(places, draw_id, bound["task"])
        of_log = {name: bound[name] for name in ("task", "announced_on")} | {"pool_sha256": said["pool_sha256"]}
        counted = {"object_count": str(len(pool.objects)), "logged_at": committed_at.isoformat()}
        # first: no pool lies here without its line, wherever this is interrupted
        row = append(places, MADE, draw_id, **of_log, **counted)
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        write(fresh / POOL, text)
        write(fresh / COMMIT, json_text(said))
        os.rename(fresh, folder)
    return said, row


def give_up(places: Places, draw_id: str, reason: str, by: str) -> Logged:
    """Close a commit that is not revealed; return its line of the log. Raises DrawFailed."""
    return close(places, draw_id, reason, by, now().isoformat())


def reveal(places: Places, draw_id: str, number: str, source: str) -> tuple[dict[str, Any], list[Drawn]]:
    """Draw by a public number; return reveal.json and the drawn objects. Raises DrawFailed."""
    # the log too: what is being revealed is not closed at the same moment
    with held(places, draw_id) as folder, log_held(places):
        if (folder / REVEAL).exists():
            raise DrawFailed(f"{draw_id} is revealed already; a draw has one number, a second would be a choice")
        closed = closing_of(places, draw_id)
        if closed:
            raise DrawFailed(f"{draw_id} was closed on {closed.logged_at[:10]} and is never revealed: {closed.reason}")
        said, text = json_of(folder / COMMIT), text_of(folder / POOL)
        for _zh, en in check_commit(text, said):
            raise DrawFailed(f"{draw_id} cannot be revealed: {en}")
        pool, moment = read_pool(text), now()
        try:
            seed = seed_of(said["pool_sha256"], number)
        except ValueError as error:
            raise DrawFailed(str(error)) from error
        for _zh, en in check_number(pool, number, " ".join(source.split()), moment.date().isoformat()):
            raise DrawFailed(f"{draw_id} cannot be revealed: {en}")
        drawn = draw(pool, seed)
        told = {
            "draw_id": draw_id,
            "public_number": plain_number(number),
            "source": " ".join(source.split()),
            "seed": seed,
            "drawn_on": moment.date().isoformat(),
            "revealed_at": moment.isoformat(),
            "drawn_sha256": sha256(drawn_text(drawn)),
        }
        write(folder / DRAWN, drawn_text(drawn))
        write(folder / SUBSTITUTION, SUBSTITUTIONS.header)
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
        before, _wrong = SUBSTITUTIONS.read(text, told["drawn_sha256"])
        fresh = Substitution(
            len(before) + 1,
            merchant_id,
            replaced,
            officer_id,
            why["reason_code"],
            " ".join(why["reason"].split()),
            " ".join(why["by"].split()),
            now().isoformat(),
            head(before[-1]) if before else told["drawn_sha256"],
        )
        drawn = read_drawn(text_of(folder / DRAWN))
        try:
            refuse_substitution(fresh, read_pool(text_of(folder / POOL)), assigned(drawn, before))
        except Refused as error:
            raise DrawFailed(str(error)) from error
        write(folder / SUBSTITUTION, text + line(fresh))
        _deliver(folder, told, drawn, [*before, fresh])
        return fresh


def _deliver(folder: Path, told: dict[str, Any], drawn: list[Drawn], substitutions: list[Substitution]) -> None:
    by_hand = [(each.merchant_id, each.officer_id) for each in substitutions]
    rows = [
        ",".join(
            (told["draw_id"], merchant, officer, told["drawn_on"], told["seed"], "true" if is_by_hand else "false")
        )
        for merchant, officer, is_by_hand in all_places(drawn, by_hand)
    ]
    write(folder / DELIVERED, "\n".join([",".join(COLUMNS), *rows]) + "\n")


def _basic(moment: datetime) -> str:
    # no colons: they part what is hashed
    return moment.strftime("%Y%m%dT%H%M%S%z")


def _listed(path: Path) -> list[str]:
    lines = [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines()]
    return [line for line in lines if line and line != "merchant_id"]
