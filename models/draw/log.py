"""The log of commits: every frozen pool, also one that is never revealed, and why one was given up.

Whoever could freeze several pools and reveal the one that suits would choose after all. So each commit is a line of one list
that only grows (commit.csv, chained as models/draw/chain.py says, beginning from FIRST); of one task, or of the draw by class,
one commit is open at a time; and one that is given up is closed with its reason.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from models.draw.chain import Chain

FIRST = "0" * 64
MADE, CLOSED = "commit", "close"


@dataclass(frozen=True)
class Logged:
    """One line: event (MADE or CLOSED), draw, what was frozen, when, and of a closing why and by whose word.

    task : empty for the draw by class. announced_on : day on which the public number comes out. logged_at : ISO instant.
    """

    number: int
    event: str
    draw_id: str
    task: str
    pool_sha256: str
    object_count: str
    announced_on: str
    logged_at: str
    reason: str
    by: str
    previous_sha256: str


COMMIT_LOG = Chain("commit.csv", Logged, "承诺记录", "commit line")


def commits(log: Sequence[Logged]) -> dict[str, Logged]:
    """The line of each commit, by draw."""
    return {each.draw_id: each for each in log if each.event == MADE}


def closings(log: Sequence[Logged]) -> dict[str, Logged]:
    """The line of each draw that was given up, by draw."""
    return {each.draw_id: each for each in log if each.event == CLOSED}


def open_commits(log: Sequence[Logged], revealed: Collection[str]) -> list[Logged]:
    """Commits that are neither revealed nor closed, oldest first. revealed : identifiers of draws."""
    done = {*closings(log), *revealed}
    return [each for name, each in commits(log).items() if name not in done]
