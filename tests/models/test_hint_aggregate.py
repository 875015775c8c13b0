"""How many hints a family gives, by hand: a number that points at a person, or lets one be worked out, is empty."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import policy
from models.flags import Judgement, families, indicator_frame
from models.hint_aggregate import evaluable_officers, hint_aggregate, hints_of_officers
from pipelines.contract import published_tables

NIGHT = date(2026, 6, 30)
POLICY = policy.on(NIGHT).aggregate
FAMILY = "leniency"


def counted(stations: dict[str, tuple[int, list[int]]], strength: str = "weak") -> dict[str, tuple]:
    """By unit: evaluable officers and the number of hints told; stations: evaluable officers, and hints of each hinted one."""
    officers = {f"{unit}-{number}": unit for unit, (count, _) in stations.items() for number in range(count)}
    hints = [
        {"family": FAMILY, "strength": strength, "officer_id": f"{unit}-{number}"}
        for unit, (_, found) in stations.items()
        for number, times in enumerate(found)
        for _ in range(times)
    ]
    rows = hint_aggregate(
        pd.DataFrame(hints, columns=["family", "strength", "officer_id"]),
        pd.DataFrame({"family": FAMILY, "officer_id": list(officers)}),
        pd.Series(officers),
        POLICY,
        NIGHT,
    )
    rows = rows[(rows["family"] == FAMILY) & (rows["strength"] == strength)]
    return {
        row.unit_id: (row.evaluable_officer_count, None if pd.isna(row.hint_count) else row.hint_count)
        for row in rows.itertuples()
    }


@pytest.mark.parametrize(("hinted", "told"), [(0, 0), (1, None), (4, None), (5, 5), (6, 6)])
def test_one_to_four_hints_are_empty_none_and_five_are_told(hinted, told):
    assert counted({"S1": (20, [1] * hinted)}) == {"all": (20, told), "S1": (20, told)}


def test_five_hints_about_one_officer_are_one_officer():
    assert counted({"S1": (20, [5])})["S1"] == (20, None)
    assert counted({"S1": (20, [5, 1, 1, 1, 1])})["S1"] == (20, 9)


def test_all_of_a_station_and_all_but_four_would_name_each():
    assert counted({"S1": (9, [1] * 9)})["S1"] == (9, None)
    assert counted({"S1": (9, [1] * 5)})["S1"] == (9, None)
    assert counted({"S1": (10, [1] * 5)})["S1"] == (10, 5)


def test_an_institution_of_four_evaluable_officers_has_no_row_and_five_have():
    found = counted({"S1": (4, []), "S2": (5, [])})
    assert found == {"all": (9, 0), "S2": (5, 0)}


def test_what_is_left_of_the_bureau_may_not_be_one_to_four_either():
    """Nine in the bureau, seven told at S1: the two of S2 could be worked out, and S1 is withheld."""
    assert counted({"S1": (20, [1] * 7), "S2": (20, [1, 1])}) == {"all": (40, 9), "S1": (20, None), "S2": (20, None)}


def test_the_smallest_number_is_withheld_first_and_no_more_than_needed():
    found = counted({"S1": (20, [1] * 9), "S2": (20, [1] * 5), "S3": (20, [1, 1]), "S4": (20, [])})
    assert found == {"all": (80, 16), "S1": (20, 9), "S2": (20, None), "S3": (20, None), "S4": (20, 0)}


def test_where_the_bureau_is_not_told_nothing_can_be_worked_out_from_it():
    found = counted({"S1": (20, []), "S2": (20, [1, 1])})
    assert found == {"all": (40, None), "S1": (20, 0), "S2": (20, None)}


@settings(deadline=None, max_examples=60)
@given(
    st.dictionaries(
        st.sampled_from(["S1", "S2", "S3", "S4", "S5"]),
        st.integers(1, 16).flatmap(
            lambda count: st.tuples(st.just(count), st.lists(st.integers(1, 3), max_size=count))
        ),
        min_size=1,
    )
)
def test_no_number_told_nor_any_that_is_left_points_at_fewer_than_five(stations):
    found = counted(stations)
    whole = found.pop("all")[1]
    told = {unit for unit, (_, count) in found.items() if count is not None}
    groups = [{unit} for unit in told]
    if whole is not None:
        groups += [set(stations), set(stations) - told]
    for group in groups:
        hinted = sum(len(stations[unit][1]) for unit in group)
        spared = sum(stations[unit][0] for unit in group) - hinted
        assert hinted == 0 or (hinted >= 5 and spared >= 5)
    assert all(found[unit][1] == sum(stations[unit][1]) for unit in told)


def test_an_officer_whom_the_register_does_not_know_counts_for_the_bureau_alone():
    found = counted({"S1": (20, [1] * 5), None: (20, [1] * 6)})
    assert found == {"all": (40, 11), "S1": (20, 5)}


def flag(kind: str, subject: str) -> dict:
    return {"subject_kind": kind, "subject_id": subject, "family": FAMILY, "strength": "weak"}


def test_a_pair_is_its_officers_a_case_its_handlers_and_an_institution_nobodys():
    flags = pd.DataFrame([flag("officer", "R1"), flag("pair", "R2|M7"), flag("case", "C1"), flag("institution", "S1")])
    assert hints_of_officers(flags, {"C1": "R3"})["officer_id"].tolist() == ["R1", "R2", "R3"]
    assert len(hints_of_officers(pd.DataFrame({"as_of": []}), {})) == 0


def test_a_hint_of_a_strength_that_no_row_is_made_for_is_not_lost():
    with pytest.raises(ValueError, match="no row is made for hints of \\('leniency', 'reminder'\\)"):
        counted({"S1": (20, [1] * 5)}, strength="reminder")


def test_who_can_be_measured_tonight_is_counted_and_who_could_once_is_not():
    rows = pd.DataFrame(
        {
            "officer_id": ["R1", "R2", "R3"],
            "as_of_on": pd.to_datetime(["2026-06-30", "2026-06-30", "2025-06-30"]),
            "index": [1.0, None, 2.0],
            "crosses": [False, None, True],
        }
    )
    found = evaluable_officers({FAMILY: replace(Judgement(), indicator=indicator_frame(rows))}, NIGHT)
    assert found.to_numpy().tolist() == [[FAMILY, "R1"], [FAMILY, "R2"]]


def test_every_family_has_its_rows_and_they_are_those_of_the_contract():
    nobody = pd.DataFrame({"family": [], "strength": [], "officer_id": []}, dtype="str")
    rows = hint_aggregate(nobody, nobody[["family", "officer_id"]], pd.Series(dtype="str"), POLICY, NIGHT)
    table = published_tables()["hint_aggregate"]
    assert set(rows.columns) == set(table.column_names)
    assert set(rows["family"]) == set(table.column("family").values) == set(families())
    assert rows["hint_count"].isna().all() and (rows["evaluable_officer_count"] == 0).all()
