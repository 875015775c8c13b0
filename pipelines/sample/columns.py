"""From numbers to typed Arrow columns: identifiers, words, days, instants and digests, made for a million rows at once.

Belongs here: the spelling of a value. Does not belong here: what the values mean (the other files of this folder).
Inside this folder a fact is a number: a subject is its position, a day counts from 1970-01-01, an instant is seconds
from then, and NONE says that there is none.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from pipelines.contract import delivered_tables

NONE = -1
"""No subject, no day, no instant: becomes null."""

Columns = dict[str, np.ndarray]
"""Equally long arrays by name: the rows of one noun."""

ARROW_TYPES = {
    "VARCHAR": pa.string(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
    "BOOLEAN": pa.bool_(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
}
"""The Arrow type of each engine type of the contract."""


def stream(seed: int, noun: str) -> np.random.Generator:
    """The noun's own random numbers: the same for the same seed, whatever other nouns draw."""
    return np.random.default_rng([seed, zlib.crc32(noun.encode())])


def rows(columns: Columns, chosen: np.ndarray) -> Columns:
    """The chosen rows: a mask, positions, or an order."""
    return {name: values[chosen] for name, values in columns.items()}


def stack(*parts: Columns) -> Columns:
    """All rows of all parts, in that order; the parts have the same columns, else ValueError."""
    names = list(parts[0])
    for part in parts[1:]:
        if list(part) != names:
            raise ValueError(f"sample: parts to stack differ in columns: {names} and {list(part)}")
    return {name: np.concatenate([part[name] for part in parts]) for name in names}


def length(columns: Columns) -> int:
    """Number of rows."""
    return len(next(iter(columns.values())))


def _text(characters: np.ndarray, is_null: np.ndarray | None = None) -> pa.Array:
    """A string column of one width from a matrix of bytes, without a Python object per row."""
    count, width = characters.shape
    offsets = np.arange(count + 1, dtype=np.int64) * width
    mask = None if is_null is None or not is_null.any() else pa.array(~is_null).buffers()[1]
    data = pa.py_buffer(np.ascontiguousarray(characters))
    return pa.Array.from_buffers(pa.large_string(), count, [mask, pa.py_buffer(offsets), data]).cast(pa.string())


def identifiers(prefix: str, numbers: np.ndarray, width: int) -> pa.Array:
    """Identifiers such as M000123; NONE becomes null."""
    numbers = np.asarray(numbers, dtype=np.int64)
    digits = np.maximum(numbers, 0)[:, None] // 10 ** np.arange(width - 1, -1, -1, dtype=np.int64) % 10 + ord("0")
    head = np.broadcast_to(np.frombuffer(prefix.encode(), dtype=np.uint8), (len(numbers), len(prefix.encode())))
    return _text(np.hstack([head, digits.astype(np.uint8)]), numbers < 0)


def words(values: Sequence[str], codes: np.ndarray) -> pa.Array:
    """The word at each position; NONE becomes null."""
    codes = np.asarray(codes, dtype=np.int64)
    return pa.array(values, pa.string()).take(pa.array(codes, mask=codes < 0))


def digests(seed: int, noun: str, numbers: np.ndarray) -> pa.Array:
    """The irreversible hexadecimal digest of each number; NONE becomes null, the same number has the same digest."""
    numbers = np.asarray(numbers, dtype=np.int64)
    raw = np.random.default_rng([seed, zlib.crc32(noun.encode()), 1]).bytes(
        16 * max(1, int(numbers.max(initial=0)) + 1)
    )
    digits = np.frombuffer(raw.hex().encode(), dtype=np.uint8).reshape(-1, 32)
    return _text(digits[np.maximum(numbers, 0)], numbers < 0)


def days(values: np.ndarray) -> pa.Array:
    """Dates from days; NONE becomes null."""
    values = np.asarray(values, dtype=np.int32)
    return pa.array(values, pa.int32(), mask=values < 0).cast(pa.date32())


def instants(values: np.ndarray) -> pa.Array:
    """Local times from seconds; NONE becomes null."""
    values = np.asarray(values, dtype=np.int64)
    return pa.array(values * 1_000_000, pa.int64(), mask=values < 0).cast(pa.timestamp("us"))


def amounts(values: np.ndarray) -> pa.Array:
    """Numbers; NaN becomes null."""
    return pa.array(np.asarray(values, dtype=np.float64), from_pandas=True)


def answers(values: np.ndarray) -> pa.Array:
    """Yes and no from 1 and 0; NONE becomes null."""
    values = np.asarray(values)
    return pa.array(values == 1, mask=values < 0)


def table(name: str, columns: dict[str, pa.Array]) -> pa.Table:
    """The contract's table: its columns in order and typed, null where not given; ValueError for an unknown column."""
    contract = delivered_tables()[name]
    unknown = sorted(set(columns) - set(contract.column_names))
    if unknown:
        raise ValueError(f"{name}: the contract has no column {unknown[0]}; rename it or add it to the contract")
    count = len(next(iter(columns.values())))
    arrays = {}
    for column in contract.columns:
        arrow_type = ARROW_TYPES[column.engine_type]
        values = columns.get(column.name)
        arrays[column.name] = pa.nulls(count, arrow_type) if values is None else values.cast(arrow_type)
    return pa.table(arrays)
