import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as some

from models.near_in_time import count_near, pairs_near

RECORDS = some.lists(some.tuples(some.sampled_from(["a", "b", None]), some.integers(0, 30)), max_size=12)


def frame(records: list) -> pd.DataFrame:
    days = pd.Timestamp("2026-01-01") + pd.to_timedelta([day for _, day in records], unit="D")
    return pd.DataFrame({"key": pd.Series([key for key, _ in records], dtype=object), "on": days})


@given(RECORDS, RECORDS, some.integers(-5, 0), some.integers(0, 5))
def test_who_is_near_in_time_is_who_a_double_loop_finds(subjects, others, first, last):
    mine, theirs = frame(subjects), frame(others)
    wanted = {
        (place, other)
        for place, (key, day) in enumerate(subjects)
        for other, (other_key, other_day) in enumerate(others)
        if key is not None and key == other_key and first <= other_day - day <= last
    }
    subject, other = pairs_near(mine["key"], mine["on"], theirs["key"], theirs["on"], first, last)
    assert set(zip(subject.tolist(), other.tolist(), strict=True)) == wanted
    assert len(subject) == len(wanted)
    count = count_near(mine["key"], mine["on"], theirs["key"], theirs["on"], first, last)
    assert count.tolist() == [sum(place == each for each, _ in wanted) for place in range(len(subjects))]


def test_a_missing_day_is_near_nothing():
    keys = pd.Series(["a", "a"])
    days = pd.Series([pd.NaT, pd.Timestamp("2026-01-02")])
    count = count_near(keys, days, keys, days, -1, 1)
    assert count.tolist() == [0, 1] and count.dtype == np.int64
