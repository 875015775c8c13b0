"""The hints of every published night, by key: since when one is told, and as what it was told before."""

from __future__ import annotations

import functools
import json
import os
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.conf import settings

from desk.published.night import Night, NoNight, current
from desk.review.token import token

COLUMNS = "flag_key, flag_id, as_of, subject_kind, subject_id, family, strength, statistic_name, statistic, is_lasting"
_read: dict[Path, tuple[Told, ...]] = {}
_tokens: dict[Path, dict[str, str]] = {}
_lock = threading.Lock()


@dataclass(frozen=True)
class Told:
    """A hint as one night told it."""

    flag_key: str
    flag_id: str
    as_of: date
    subject_kind: str
    subject_id: str
    family: str
    strength: str
    statistic_name: str
    statistic: float
    is_lasting: bool


def nights() -> Mapping[date, Path]:
    """The published nights and their folders, oldest first; listed anew only when something was published."""
    place = settings.DEPLOYMENT.published
    return _listed(place, _stamp(place))


def _stamp(place: Path) -> tuple[Any, ...]:
    """What changes whenever a night is put into the folder or taken out of it."""
    if not place.exists():
        return ()
    told, pointer = place.stat(), place / "current"
    return told.st_ino, told.st_mtime_ns, os.readlink(pointer) if pointer.is_symlink() else ""


@functools.lru_cache(maxsize=2)
def _listed(place: Path, _stamped: tuple[Any, ...]) -> Mapping[date, Path]:
    found = {}
    for path in sorted(place.glob("????-??-??")):
        if (path / "red_flag.parquet").exists():
            found[date.fromisoformat(path.name)] = path.resolve()
    return MappingProxyType(found)


def history() -> Mapping[str, tuple[Told, ...]]:
    """By flag_key the hint as each night told it, oldest first. A night is read once, since it no longer changes."""
    place = settings.DEPLOYMENT.published
    with _lock:
        return _told_until(place, _stamp(place))


@functools.lru_cache(maxsize=2)
def _told_until(place: Path, stamp: tuple[Any, ...]) -> Mapping[str, tuple[Told, ...]]:
    folders = tuple(_listed(place, stamp).values())
    _fill([folder for folder in folders if folder not in _read])
    for gone in set(_read) - set(folders):
        del _read[gone]
        _tokens.pop(gone, None)
    found: dict[str, list[Told]] = {}
    for folder in folders:
        for hint in _read[folder]:
            found.setdefault(hint.flag_key, []).append(hint)
    return MappingProxyType({key: tuple(hints) for key, hints in found.items()})


def flag_id_of(told: str) -> str | None:
    """The flag_id of a token, of whichever night, the latest first; None where no night told such a hint."""
    history()
    with _lock:
        for folder in reversed(nights().values()):
            if folder not in _tokens and folder in _read:
                _tokens[folder] = {token(hint.flag_id): hint.flag_id for hint in _read[folder]}
            if told in _tokens.get(folder, {}):
                return _tokens[folder][told]
    return None


def first_told(flag_key: str) -> date | None:
    """The first published night that told a hint; None where none did."""
    told = history().get(flag_key)
    return told[0].as_of if told else None


def of_subject(subject_kind: str, subject_id: str) -> list[Told]:
    """What nights told of a subject, in any family, the newest first."""
    place = settings.DEPLOYMENT.published
    with _lock:
        own = _by_subject(place, _stamp(place)).get((subject_kind, subject_id), ())
    return sorted(own, key=lambda hint: (hint.as_of, hint.family, hint.flag_key), reverse=True)


@functools.lru_cache(maxsize=2)
def _by_subject(place: Path, stamp: tuple[Any, ...]) -> Mapping[tuple[str, str], list[Told]]:
    found: dict[tuple[str, str], list[Told]] = {}
    for hints in _told_until(place, stamp).values():
        for hint in hints:
            found.setdefault((hint.subject_kind, hint.subject_id), []).append(hint)
    return MappingProxyType(found)


def first_published_at(flag_key: str, night: Night) -> datetime:
    """When the first night that told a hint was published; `night` where none before it did."""
    first, folders = first_told(flag_key), nights()
    if first is None or first == night.as_of or first not in folders:
        return datetime.fromisoformat(night.manifest["published_at"])
    return _published_at(folders[first])


@functools.lru_cache(maxsize=2048)
def _published_at(folder: Path) -> datetime:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return datetime.fromisoformat(manifest["published_at"])


def night_on(day: date) -> Night:
    """A published night by its day, the current one or one before. Raises NoNight."""
    now = current()
    if day == now.as_of:
        return now
    folder = nights().get(day)
    if folder is None:
        raise NoNight(day.isoformat())
    return _opened(folder)


@functools.lru_cache(maxsize=4)
def _opened(folder: Path) -> Night:
    return Night(folder)


def _fill(folders: Iterable[Path]) -> None:
    import duckdb

    paths = {str(folder / "red_flag.parquet"): folder for folder in folders}
    if not paths:
        return
    with duckdb.connect(":memory:") as connection:
        rows = connection.execute(
            f"select filename, {COLUMNS} from read_parquet($paths, filename = true, union_by_name = true) "
            "order by filename, flag_key",
            {"paths": list(paths)},
        ).fetchall()
    told: dict[Path, list[Told]] = {folder: [] for folder in paths.values()}
    for filename, *row in rows:
        told[paths[filename]].append(Told(*row))
    _read.update({folder: tuple(hints) for folder, hints in told.items()})
