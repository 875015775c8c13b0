"""Who can go: working days, certificates, leave, and who serves a station that has nobody."""

from datetime import date

import pandas as pd

from models.roster import serving_units, working_day_numbers, working_days
from tests.models.small_bureau import NIGHT, PATROL, SmallBureau, day, officer


def units(bureau: SmallBureau):
    frames = bureau.frames
    days = working_days(NIGHT, bureau.patrol)
    return serving_units(frames["institution"], frames["roster"], frames["leave"], days, bureau.patrol), days


def test_weekends_and_holidays_are_off_and_a_weekend_that_is_made_up_for_is_worked():
    changed = PATROL.model_copy(
        update={
            "horizon_days": 7,
            "public_holidays": (date(2026, 7, 2),),
            "working_weekend_days": (date(2026, 7, 5),),
        }
    )
    assert [str(each) for each in working_days(NIGHT, changed)] == [
        "2026-07-01",
        "2026-07-03",
        "2026-07-05",
        "2026-07-06",
        "2026-07-07",
    ]


def test_working_days_have_consecutive_numbers_that_do_not_depend_on_the_night():
    changed = PATROL.model_copy(
        update={"public_holidays": (date(2026, 7, 2),), "working_weekend_days": (date(2026, 7, 5), date(2026, 7, 6))}
    )
    days = working_days(NIGHT, changed)
    numbers = working_day_numbers(days, changed)
    assert (numbers - numbers[0]).tolist() == list(range(len(days)))
    assert working_day_numbers(days[7:], changed).tolist() == numbers[7:].tolist()


def test_a_certificate_counts_up_to_its_last_day_and_an_unknown_one_not_at_all():
    names = ["R1", "R2", "R3"]
    until = [day(2), day(30), pd.NaT]
    rows = [officer(name, certificate_valid_to_on=last) for name, last in zip(names, until, strict=True)]
    found, days = units(SmallBureau([], rows))
    assert found["S1"].officer_id.tolist() == ["R1", "R2"]
    assert found["S1"].is_certified.sum(axis=1).tolist() == [2, len(days)]


def test_who_is_known_to_leave_goes_out_up_to_his_last_day():
    found, days = units(SmallBureau([], [officer("R1", serves_until_on=day(2)), officer("R2")]))
    assert [str(each) for each in days[found["S1"].is_fit[0]]] == ["2026-07-01", "2026-07-02"]


def test_leave_takes_exactly_its_days():
    found, days = units(SmallBureau([], [officer("R1"), officer("R2")], leave=[("R1", 2, 6)]))
    away = days[~found["S1"].is_here[0]]
    assert [str(each) for each in away] == ["2026-07-02", "2026-07-03", "2026-07-06"]


def test_the_nearest_institution_above_serves_and_a_circle_of_parents_ends():
    rows = [officer("R1", institution_id="B"), officer("R2", institution_id="B"), officer("R3")]
    found, _ = units(SmallBureau([], rows))
    assert {name: unit.institution_id for name, unit in found.items()} == {"B": "B", "S1": "B", "S2": "B"}
    circle, _ = units(SmallBureau([], rows[2:], institutions=[("S1", "S2", None), ("S2", "S1", None)]))
    assert circle == {"S1": None, "S2": None}


def test_who_serves_a_rural_station_does_a_rural_days_visits():
    rows = [officer("R1", institution_id="B"), officer("R2", institution_id="B"), officer("R3"), officer("R4")]
    found, _ = units(SmallBureau([], rows))
    assert found["S1"].visits_per_pair_day == PATROL.visits_per_pair_day
    assert found["S2"].visits_per_pair_day == PATROL.rural_visits_per_pair_day
