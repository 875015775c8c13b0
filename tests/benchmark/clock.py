"""Seconds of each step of a benchmark, printed as they come, beside the first one, which is the baseline."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Clock:
    """Measures steps; `seconds` by their names."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measure and print one step; the first is the baseline of all others."""
        begun = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - begun
        baseline = next(iter(self.seconds.values()))
        print(f"{name:<44}{self.seconds[name]:>8.2f} s{self.seconds[name] / baseline:>9.1f} ×", flush=True)
