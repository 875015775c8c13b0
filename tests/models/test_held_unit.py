"""The unit of a record: that of the posting held on its day."""

import pandas as pd

from models.held_unit import with_unit

POSTINGS = pd.DataFrame(
    [
        ("P2", "post", "R1", "S2", "2024-06-01"),
        ("P1", "post", "R1", "S1", "2020-01-01"),
        ("P1", "station", "R1", "S9", "2024-12-01"),
        ("P3", "post", "R2", "S3", "2025-01-01"),
    ],
    columns=["posting_id", "clock", "officer_id", "unit_id", "started_on"],
).assign(started_on=lambda rows: pd.to_datetime(rows["started_on"]), ended_on=pd.NaT)


def test_a_record_lies_in_the_unit_of_the_posting_begun_last_by_its_day():
    days = ["2025-02-01", "2024-05-31", "2024-06-01", "2019-12-31"]
    records = pd.DataFrame({"record": list("dbca"), "officer_id": "R1", "on": pd.to_datetime(days)})
    found = with_unit(records, "on", POSTINGS)
    assert found[["record", "unit_id"]].to_numpy().tolist() == [["a", "S1"], ["b", "S1"], ["c", "S2"], ["d", "S2"]]


def test_a_record_of_an_officer_without_a_posting_lies_nowhere():
    """A hint needs a station to hold him against; one that is guessed would be worse than none."""
    records = pd.DataFrame({"officer_id": ["R2", "R7"], "on": pd.Timestamp("2024-01-01")})
    assert with_unit(records, "on", POSTINGS)["officer_id"].tolist() == ["R2"]


def test_who_comes_back_from_a_posting_that_ended_is_held_against_his_own_colleagues_again():
    """A posting that is over must not keep his later records in the station that he was lent to."""
    lent = pd.DataFrame(
        [
            ("P1", "post", "R1", "S1", "2015-01-01", None),
            ("P2", "post", "R1", "S2", "2024-01-01", "2024-06-30"),
            ("P3", "post", "R2", "S3", "2015-01-01", "2020-12-31"),
            ("P4", "post", "R2", "S4", "2023-01-01", None),
        ],
        columns=["posting_id", "clock", "officer_id", "unit_id", "started_on", "ended_on"],
    )
    days = ["2023-12-31", "2024-06-30", "2024-07-01", "2025-05-01"]
    records = pd.DataFrame({"officer_id": "R1", "on": pd.to_datetime(days)})
    assert with_unit(records, "on", lent)["unit_id"].tolist() == ["S1", "S2", "S1", "S1"]
    between = pd.DataFrame({"officer_id": "R2", "on": pd.to_datetime(["2021-05-01", "2023-01-01"])})
    assert with_unit(between, "on", lent)["unit_id"].tolist() == ["S3", "S4"]
