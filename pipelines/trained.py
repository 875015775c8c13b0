"""Where models are kept: HOME/trained/<night>/<model>/, written whole or not at all.

A night uses the youngest model that was trained on that night or before it, never one of a later night. Its trees are
called `trees.txt`. A model that was worse than the one in use is kept beside them all the same, as `not_in_use.txt`:
nights do not use it, and it counts as an attempt as long as the one in use is there, so that the next night does not make
the same one again. Papers, such as the model card, lie beside them for people to read.
"""

from __future__ import annotations

import functools
import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from models import policy
from models.boosted import BoostedTrees
from pipelines.places import ROOT, Places

MODELS = ("merchant", "officer")
TREES = "trees.txt"
LOST = "not_in_use.txt"
BLIND = "blind.txt"
NOTE = "model.json"
CARD, CARD_PAGE = "card.json", "card.html"
ARM = "random_arm.json"

SHAPING = (
    "sql/**/*.sql",
    "models/*.py",
    "models/flags/*.py",
    "models/hint/*.py",
    "models/policy/__init__.py",
    "models/policy/dated.py",
    *(
        f"models/policy/{name}.*"
        for name in ("tiers", "due_tasks", "rotation", "discretion", "flags", "decision", "training", "random_arm")
    ),
    "pipelines/nights.py",
    "pipelines/training.py",
    "pipelines/deciding.py",
    "pipelines/flagging.py",
    "pipelines/officer_training.py",
    "data/contract/delivered/*.toml",
    "requirements.lock",
)
"""What shapes features and trainings. Holidays, targets and warning lines do not: a model outlives a change of them."""


@dataclass(frozen=True)
class Trained:
    """One training of one model: the night, and either trees with their state or why there are none (`zh`, `en`).

    `blind` are the trees of the same recipe that knew nothing of the last fold, where the model has such a twin. `papers`
    are the texts of CARD and CARD_PAGE by file name, where the model has a card.
    """

    trained_on: date
    sha256: str
    trees: BoostedTrees | None
    state: Mapping[str, Any]
    blind: BoostedTrees | None = None
    papers: Mapping[str, str] = field(default_factory=dict)

    @property
    def card(self) -> dict[str, Any]:
        """The model card as it is kept. Raises KeyError where the model has none."""
        return json.loads(self.papers[CARD])


@functools.cache
def code_fingerprint() -> str:
    """SHA-256 over what a night depends on: the texts of sql/, models/, pipelines/ and the contract, and the lock."""
    folders = ("sql", "models", "pipelines", "data/contract")
    patterns = [f"{folder}/**/*.{suffix}" for folder in folders for suffix in ("sql", "py", "toml", "html")]
    return _digest(*patterns, "requirements.lock")


@functools.cache
def model_fingerprint() -> str:
    """SHA-256 over what a model depends on (SHAPING): a model of another fingerprint is not used."""
    return _digest(*SHAPING)


def _digest(*patterns: str) -> str:
    digest = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in ROOT.glob(pattern)}):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def is_training_due(places: Places, night: date, train: str) -> bool:
    """Whether the night trains: `always`, `never`, or `auto`, which trains where a model is missing or too old.

    A note that a model could not be trained is no model: the night tries again, since more records may have come. A
    model that did not replace the one in use was made all the same: the next is due as if it had, unless the one in use
    has been cleared away since.
    """
    if train != "auto":
        return train == "always"
    limit = policy.on(night).training.max_model_age_days
    if not all(_youngest(places, name, night, TREES) for name in MODELS):
        return True
    made = [_youngest(places, name, night, TREES, LOST) for name in MODELS]
    return any((night - date.fromisoformat(folder.parent.name)).days >= limit for folder in made)


def store(
    places: Places,
    name: str,
    night: date,
    trees: BoostedTrees | None,
    state: Mapping[str, Any],
    *,
    blind: BoostedTrees | None = None,
    challenge: Mapping[str, Any] | None = None,
    papers: Mapping[str, str] | None = None,
) -> None:
    """Keep a model under the night it was trained on; without trees, `state` says why (`zh`, `en`).

    `challenge` is the verdict against the model in use (models.challenge.Verdict.to_state): a model that does not replace
    it is kept and not used. Without a verdict the model is used. `papers` are texts for people by file name.
    """
    folder = places.trained / night.isoformat() / name
    fresh = folder.with_name(f".{name}")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    if trees is not None:
        in_use = challenge is None or challenge["replaces"]
        (fresh / (TREES if in_use else LOST)).write_text(trees.to_text(), encoding="utf-8")
    if blind is not None:
        (fresh / BLIND).write_text(blind.to_text(), encoding="utf-8")
    for file_name, text in (papers or {}).items():
        (fresh / file_name).write_text(text, encoding="utf-8")
    note = {"code": model_fingerprint(), "state": state, "challenge": challenge}
    (fresh / NOTE).write_text(json.dumps(note, ensure_ascii=False, indent=1), encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)


def youngest(places: Places, name: str, night: date) -> Trained | None:
    """The youngest model in use of that name made on `night` or before by what shapes models today.

    Where none could be trained, the youngest note that says why; None where there is neither. A model that lost is
    neither.
    """
    folder = _youngest(places, name, night, TREES) or _youngest(places, name, night, NOTE, without=(TREES, LOST))
    if folder is None:
        return None
    files = (NOTE, TREES, BLIND, CARD, CARD_PAGE)
    texts = {file: (folder / file).read_text(encoding="utf-8") for file in files if (folder / file).exists()}
    trees, blind = (BoostedTrees.from_text(texts[file]) if file in texts else None for file in (TREES, BLIND))
    return Trained(
        date.fromisoformat(folder.parent.name),
        hashlib.sha256("".join(texts.values()).encode()).hexdigest(),
        trees,
        json.loads(texts[NOTE])["state"],
        blind,
        {file: texts[file] for file in (CARD, CARD_PAGE) if file in texts},
    )


def still_kept(places: Places, versions: Mapping[str, Any]) -> dict[str, date] | None:
    """Of which night each model was that a published night used, by the `versions` of its manifest.

    None where a replay cannot use the same ones: the code is another by now, or a model is no longer what it was.
    """
    if versions["code"] != code_fingerprint():
        return None
    nights = {}
    for name, used in versions["models"].items():
        nights[name] = date.min if used is None else date.fromisoformat(used["trained_on"])
        found = youngest(places, name, nights[name])
        if (found and found.sha256) != (used and used["sha256"]):
            return None
    return nights


def last_challenge(places: Places, name: str, night: date) -> Mapping[str, Any] | None:
    """The verdict on the last model that was made on `night` or before, with `challenger_trained_on`; None without one."""
    folder = _youngest(places, name, night, TREES, LOST)
    if folder is None:
        return None
    verdict = json.loads((folder / NOTE).read_text(encoding="utf-8"))["challenge"]
    return None if verdict is None else {"challenger_trained_on": folder.parent.name, **verdict}


def last_paper(places: Places, name: str, night: date, file_name: str) -> str | None:
    """A text beside the last model made on `night` or before, in use or not, or beside why none could be; None without."""
    folder = _youngest(places, name, night, file_name)
    return folder and (folder / file_name).read_text(encoding="utf-8")


def _youngest(places: Places, name: str, night: date, *file_names: str, without: tuple[str, ...] = ()) -> Path | None:
    """The youngest folder of that model that holds one of the files, and none of those `without`."""
    if not places.trained.is_dir():
        return None
    for folder in sorted(places.trained.iterdir(), reverse=True):
        note = folder / name / NOTE
        if folder.name > night.isoformat() or not note.exists():
            continue
        held = {file.name for file in (folder / name).iterdir()}
        if held.isdisjoint(file_names) or not held.isdisjoint(without):
            continue
        if json.loads(note.read_text(encoding="utf-8"))["code"] == model_fingerprint():
            return folder / name
    return None
