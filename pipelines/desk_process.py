"""The review desk, started as a process: what the night imports must not depend on what people do, nor the other way round."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from typing import NoReturn

from pipelines.places import ROOT, Places

SECONDS = 120
"""After so long an answer is not waited for."""


@dataclass(frozen=True)
class Told:
    """What the desk said: its sentences, and why it failed where it did (else empty)."""

    sentences: str
    failure: str


def has_desk(places: Places) -> bool:
    """Whether the desk was ever opened in this home."""
    return places.desk.is_dir()


def told_by_desk(places: Places, *arguments: str) -> Told:
    """Run one command of the desk to its end."""
    try:
        ended = subprocess.run(
            _command(arguments),
            env=_environment(places),
            cwd=ROOT,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Told("", f"the desk did not answer within {SECONDS} seconds; is its database reachable?")
    if ended.returncode == 0:
        return Told(ended.stdout.strip(), "")
    said = ended.stderr.strip()
    # a trace ends with what happened; sentences of the desk's own are all told
    return Told("", said.splitlines()[-1] if "Traceback (most recent call last)" in said else said)


def become_desk(places: Places, *arguments: str) -> NoReturn:
    """Go on as this command of the desk; nothing of this process remains, and signals reach the desk itself."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.chdir(ROOT)
    os.execve(sys.executable, _command(arguments), _environment(places))


def _command(arguments: tuple[str, ...]) -> list[str]:
    return [sys.executable, "-m", "desk", *arguments]


def _environment(places: Places) -> dict[str, str]:
    return {**os.environ, "MINGJIAN_HOME": str(places.home), "PYTHONIOENCODING": "utf-8"}
