"""What others decided in the same month: a handler's own cases must not explain themselves."""

import pandas as pd

from models.leniency_counter import _others_in_month


def cases(*rows: tuple[str, str, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["lead_officer_id", "known_on", "position"])
    return frame.assign(known_on=pd.to_datetime(frame["known_on"]), expected_position=0.5)


def test_a_months_level_is_that_of_the_others_alone():
    found = _others_in_month(
        cases(
            ("R1", "2026-03-02", 0.1), ("R1", "2026-03-20", 0.1), ("R2", "2026-03-05", 0.5), ("R3", "2026-03-31", 0.7)
        )
    )  # fmt: skip
    assert found.round(9).tolist() == [0.1, 0.1, round(-0.6 / 3, 9), round(-0.8 / 3, 9)]


def test_a_month_in_which_nobody_else_decided_says_nothing():
    assert _others_in_month(cases(("R1", "2026-03-02", 0.1), ("R2", "2026-04-02", 0.1))).tolist() == [0.0, 0.0]
