"""How few complaints may be told in a sentence: a cell of fewer than five singles out who complained (DOMAIN.md 2.11)."""

from __future__ import annotations

from models.policy import SMALL_CELL

SMALLEST = SMALL_CELL
"""Counts from 1 to one less are told as 'fewer than'; so is what a share would give away by its complement."""


def is_small(count: float) -> bool:
    """Whether a count is above 0 and still singles out who complained."""
    return 0 < count < SMALLEST


def count_words(count: float) -> tuple[str, str]:
    """A count in Chinese and English, exact where it is 0 or at least SMALLEST."""
    if is_small(count):
        return f"不足{SMALLEST}", f"fewer than {SMALLEST}"
    return f"{count:.0f}", f"{count:.0f}"


def share_words(part: float, whole: float) -> tuple[str, str]:
    """part / whole as a percentage in Chinese and English, where neither part nor the rest is a small cell."""
    if is_small(part):
        return f"不足{SMALLEST}件", f"fewer than {SMALLEST}"
    if is_small(whole - part):
        return f"除不足{SMALLEST}件外的全部", f"all but fewer than {SMALLEST}"
    share = part / whole if whole else 0.0
    return f"{share:.0%}", f"{share:.0%}"
