"""How far an officer lies apart from his peers in all measures at once: an isolation forest, held against shuffled peers.

Shuffling every column among the peers keeps each measure as it is spread and breaks what belongs together: what a row
made so reaches, chance alone reaches.

Source: Liu, Ting and Zhou, "Isolation forest", IEEE International Conference on Data Mining (2008).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.peer_measure import Peers

TREES = 60
SHUFFLES = 8
"""Shuffled rows per officer; with 31 officers the smallest chance that can be told is 1 in 249."""
SAMPLE = 128
SEED = 20260630


@dataclass(frozen=True)
class PeerForest:
    """Officers of a night and their forest: score and chance of each, shape (n,). A higher score lies further apart."""

    peers: Peers
    score: np.ndarray
    chance: np.ndarray
    _forest: object
    _shuffled: np.ndarray

    @classmethod
    def of(cls, peers: Peers) -> PeerForest:
        """One forest for all groups, for deviations are measured from each group's own middle. ValueError where none is."""
        from sklearn.ensemble import IsolationForest

        if not len(peers.officers):
            raise ValueError("a forest needs officers; found none; leave out nights on which nobody has peers")
        forest = IsolationForest(
            n_estimators=TREES, max_samples=min(SAMPLE, len(peers.officers)), random_state=SEED, n_jobs=1
        ).fit(peers.deviation)
        random = np.random.default_rng(SEED)
        # what is usual differs by group: columns are shuffled within it
        shuffled = [
            random.permuted(np.tile(peers.deviation[peers.group == label], (SHUFFLES, 1)), axis=0)
            for label in sorted(set(peers.group.tolist()))
        ]
        score = -forest.score_samples(np.vstack([peers.deviation, *shuffled]))
        own, by_chance = score[: len(peers.officers)], np.sort(score[len(peers.officers) :])
        return cls(peers, own, _chance(own, by_chance), forest, by_chance)

    def rescored(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Score and chance of other rows of deviations, shape (m, k), by the same forest."""
        score = -self._forest.score_samples(rows)
        return score, _chance(score, self._shuffled)

    def contributions(self, place: int) -> np.ndarray:
        """What each measure adds to an officer's score: by how much it falls where that measure alone is the peers' middle."""
        row = self.peers.deviation[place]
        rows = np.tile(row, (len(row), 1))
        np.fill_diagonal(rows, 0.0)
        return np.where(row == 0, 0.0, self.score[place] - self.rescored(rows)[0])


def _chance(score: np.ndarray, by_chance: np.ndarray) -> np.ndarray:
    """The share of shuffled rows that score at least as high; never 0."""
    reached = len(by_chance) - np.searchsorted(by_chance, score, side="left")
    return (reached + 1) / (len(by_chance) + 1)
