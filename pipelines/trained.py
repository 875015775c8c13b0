"""Where models are kept: HOME/trained/<night>/<model>/, written whole or not at all.

A night uses the youngest model that was trained on that night or before it, never one of a later night.
"""

from __future__ import annotations

import functools
import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from models import policy
from models.boosted import BoostedTrees
from pipelines.places import ROOT, Places

MODELS = ("merchant", "officer")
TREES = "trees.txt"
NOTE = "model.json"


@dataclass(frozen=True)
class Trained:
    """One training of one model: the night, and either trees with their state or why there are none (`zh`, `en`)."""

    trained_on: date
    sha256: str
    trees: BoostedTrees | None
    state: Mapping[str, Any]


@functools.cache
def code_fingerprint() -> str:
    """SHA-256 over what a model depends on: the texts of sql/, models/, pipelines/ and the contract, and the lock."""
    digest = hashlib.sha256()
    for folder in ("sql", "models", "pipelines", "data/contract"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".sql", ".py", ".toml"):
                digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    digest.update((ROOT / "requirements.lock").read_bytes())
    return digest.hexdigest()


def is_training_due(places: Places, night: date, train: str) -> bool:
    """Whether the night trains: `always`, `never`, or `auto`, which trains where a model is missing or too old.

    A note that a model could not be trained is no model: the night tries again, since more records may have come.
    """
    if train != "auto":
        return train == "always"
    limit = policy.on(night).training.max_model_age_days
    found = [_youngest(places, name, night, TREES) for name in MODELS]
    return any(folder is None or (night - date.fromisoformat(folder.parent.name)).days >= limit for folder in found)


def store(places: Places, name: str, night: date, trees: BoostedTrees | None, state: Mapping[str, Any]) -> None:
    """Keep a model under the night it was trained on; without trees, `state` says why (`zh`, `en`)."""
    folder = places.trained / night.isoformat() / name
    fresh = folder.with_name(f".{name}")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    if trees is not None:
        (fresh / TREES).write_text(trees.to_text(), encoding="utf-8")
    note = {"code": code_fingerprint(), "state": state}
    (fresh / NOTE).write_text(json.dumps(note, ensure_ascii=False, indent=1), encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)


def youngest(places: Places, name: str, night: date) -> Trained | None:
    """The youngest model of that name made on `night` or before by the code of today.

    Where none could be trained, the youngest note that says why; None where there is neither.
    """
    folder = _youngest(places, name, night, TREES) or _youngest(places, name, night, NOTE)
    if folder is None:
        return None
    note, trees = folder / NOTE, folder / TREES
    digest = hashlib.sha256(note.read_bytes())
    text = trees.read_text(encoding="utf-8") if trees.exists() else None
    digest.update((text or "").encode())
    return Trained(
        date.fromisoformat(folder.parent.name),
        digest.hexdigest(),
        None if text is None else BoostedTrees.from_text(text),
        json.loads(note.read_text(encoding="utf-8"))["state"],
    )


def _youngest(places: Places, name: str, night: date, file_name: str) -> Path | None:
    if not places.trained.is_dir():
        return None
    for folder in sorted(places.trained.iterdir(), reverse=True):
        note = folder / name / NOTE
        if folder.name > night.isoformat() or not note.exists() or not (folder / name / file_name).exists():
            continue
        if json.loads(note.read_text(encoding="utf-8"))["code"] == code_fingerprint():
            return folder / name
    return None
