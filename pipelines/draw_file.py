"""Files of a draw: their names, reading and writing them whole, and one command at a time.

Belongs here: paths, text, JSON, the lock. Does not belong here: what stands in them (drawing).
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from models.draw.pool import COMMITTED
from pipelines.places import Places

POOL, COMMIT, REVEAL, DRAWN, SUBSTITUTION, DELIVERED = (
    "pool.csv",
    "commit.json",
    "reveal.json",
    "drawn.csv",
    "substitution.csv",
    "random_draw.csv",
)
REQUIRED = {
    COMMIT: ("pool_sha256", "shares_per_10000", *COMMITTED),
    REVEAL: ("draw_id", "public_number", "source", "seed", "drawn_on", "revealed_at", "drawn_sha256"),
}
"""What is read of the JSON files."""
DRAW_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


class DrawFailed(Exception):
    """A draw command that did nothing; one sentence says why and what to do."""


def revealed(places: Places) -> list[Path]:
    """random_draw.csv of every revealed draw, in the order of identifiers."""
    return sorted(path.with_name(DELIVERED) for path in places.draw.glob(f"[!.]*/{REVEAL}"))


def folders(places: Places) -> list[Path]:
    """The folder of every draw, in the order of identifiers, also of one that lacks a file."""
    return sorted({path.parent for name in (COMMIT, REVEAL) for path in places.draw.glob(f"[!.]*/{name}")})


def folder_of(places: Places, draw_id: str) -> Path:
    """The folder of a committed draw. Raises DrawFailed where there is none."""
    folder = places.draw / draw_id
    if not DRAW_ID.fullmatch(draw_id) or not (folder / COMMIT).exists():
        raise DrawFailed(f"{places.draw}: there is no draw {draw_id}; commit it first with `mingjian draw commit`")
    return folder


@contextmanager
def held(places: Places, draw_id: str) -> Iterator[Path]:
    """The folder of a draw for one command at a time."""
    folder = folder_of(places, draw_id)
    with (folder / COMMIT).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def json_text(said: dict[str, Any]) -> str:
    """A record as its file holds it."""
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def json_of(path: Path) -> dict[str, Any]:
    """What a JSON file of the draw says. Raises DrawFailed where it lacks what is REQUIRED of it."""
    try:
        said = json.loads(text_of(path))
    except json.JSONDecodeError as error:
        raise DrawFailed(f"{path}: it is no JSON any more ({error.msg})") from error
    if not isinstance(said, dict):
        raise DrawFailed(f"{path}: it is no record any more; a file of the draw was changed")
    of_text = [name for name in REQUIRED.get(path.name, ()) if name != "shares_per_10000"]
    missing = [name for name in REQUIRED.get(path.name, ()) if name not in said]
    missing += [name for name in of_text if name in said and not isinstance(said[name], str)]
    if missing:
        raise DrawFailed(f"{path}: it lacks {', '.join(missing)}; a file of the draw was changed")
    return said


def text_of(path: Path) -> str:
    """The text of a file of the draw, byte by byte. Raises DrawFailed."""
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise DrawFailed(f"{path}: it cannot be read ({error}); a file of the draw is missing or changed") from error


def write(path: Path, text: str) -> None:
    """Whole or not at all, for its owner alone."""
    fresh = path.with_name(f".{path.name}.fresh")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)
