"""What a night is doing, for whoever watches: each step begins, and ends with its rows and seconds."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Step:
    """One step of the night: its name, rows made, seconds taken, and the most memory held in bytes."""

    name: str
    row_count: int | None = None
    seconds: float | None = None
    peak_memory_bytes: int | None = None

    @property
    def has_ended(self) -> bool:
        """True once the step is over."""
        return self.seconds is not None


_listeners: list[Callable[[Step], None]] = []


@contextmanager
def heard_by(listener: Callable[[Step], None]) -> Iterator[None]:
    """Call `listener` when a step begins and when it ends, until the block ends."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


@contextmanager
def metered(name: str) -> Iterator[Step]:
    """A step that measures itself; set its `row_count` before the block ends."""
    step = Step(name)
    _tell(step)
    _forget_peak_memory()
    begun = time.perf_counter()
    yield step
    step.seconds = time.perf_counter() - begun
    step.peak_memory_bytes = _peak_memory_bytes()
    _tell(step)


def _tell(step: Step) -> None:
    for listener in tuple(_listeners):
        listener(step)


def _forget_peak_memory() -> None:
    # Linux alone can forget a peak; elsewhere the figure is the peak of the process so far
    marks = Path("/proc/self/clear_refs")
    if marks.exists():
        marks.write_text("5")


def _peak_memory_bytes() -> int:
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
