"""How numbers are written: identifiers, dates, instants and digests, each missing where the number says so."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd


def named(prefix: str, numbers, width: int) -> np.ndarray:
    """Identifiers such as W0042; None for a number below 0."""
    numbers = np.asarray(numbers, dtype=int)
    if not len(numbers):
        return np.array([], dtype=object)
    texts = np.char.add(prefix, np.char.zfill(np.maximum(numbers, 0).astype(str), width)).astype(object)
    texts[numbers < 0] = None
    return texts


def dated(days) -> pd.Series:
    """Dates from days since 1970-01-01; missing below 0."""
    days = pd.Series(np.asarray(days, dtype="int64"))
    return pd.to_datetime(days.where(days >= 0), unit="D").astype("datetime64[s]")


def timed(seconds) -> pd.Series:
    """Local times from seconds since 1970-01-01; missing below 0."""
    seconds = pd.Series(np.asarray(seconds, dtype="int64"))
    return pd.to_datetime(seconds.where(seconds >= 0), unit="s").astype("datetime64[s]")


def digested(noun: str, numbers) -> np.ndarray:
    """A digest of 32 hexadecimal digits for each number; the same number has the same; None below 0."""
    numbers = np.asarray(numbers, dtype=int)
    distinct, place = np.unique(numbers, return_inverse=True)
    texts = [hashlib.md5(f"{noun} {n}".encode()).hexdigest() if n >= 0 else None for n in distinct]
    return np.array(texts, dtype=object)[place]
