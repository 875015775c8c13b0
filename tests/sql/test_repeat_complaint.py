"""When several people complain of one merchant: who is asked, and what counts as an answer."""

from datetime import date, timedelta

from models import policy
from pipelines.nights import bound_values
from pipelines.temporary_warehouse import build_needed
from tests.records import raw_records

TONIGHT = date(2026, 6, 30)


def day(ago: int) -> str:
    return (TONIGHT - timedelta(days=ago)).isoformat()


def complaint(number: int, ago: int, who: str, **changes) -> dict:
    return {
        "complaint_id": f"Q{number}",
        "received_at": day(ago),
        "kind": "consumer_complaint",
        "channel": "12315",
        "merchant_id": "M1",
        "category": "quality",
        "handler_officer_id": "R1",
        "complainant_hash": who * 8,
    } | changes


def asked(complaints: list[dict], **also) -> list[tuple]:
    given = {
        "institution": [{"institution_id": "S1", "kind": "station"}],
        "grid": [{"grid_id": "G1", "institution_id": "S1", "kind": "market"}],
        "officer": [
            {"officer_id": name, "institution_id": "S1", "employment_kind": "civil_servant"} for name in ("R1", "R2")
        ],
        "merchant": [
            {
                "merchant_id": "M1",
                "kind": "individual",
                "industry_code": "5211",
                "institution_id": "S1",
                "grid_id": "G1",
                "registered_on": day(3000),
                "status": "active",
            }
        ],
        "complaint": complaints,
    } | also
    connection = raw_records(given, threads=1)
    values = bound_values(TONIGHT, policy.on(TONIGHT), is_training=False)
    build_needed(connection, ("feature.repeat_complaint",), values, lambda table: None)
    return connection.execute(
        "select complaint_id, handler_officer_id, unit_id, was_visited, was_filed from feature.repeat_complaint order by 1"
    ).fetchall()


THREE = [complaint(1, 200, "a"), complaint(2, 190, "b"), complaint(3, 180, "c")]


def test_the_third_person_within_ninety_days_makes_it_a_repeat():
    assert asked(THREE) == [("Q3", "R1", "S1", False, False)]
    assert asked([*THREE[:2], complaint(3, 90, "c")]) == []


def test_one_person_three_times_is_no_repeat_and_a_fourth_person_no_second_one():
    assert asked([complaint(number, 200 - number, "a") for number in range(3)]) == []
    assert asked([*THREE, complaint(4, 175, "d")]) == [("Q3", "R1", "S1", False, False)]


def test_whose_sixty_days_are_not_over_is_not_asked_about():
    assert asked([complaint(1, 70, "a"), complaint(2, 60, "b"), complaint(3, 59, "c")]) == []


def test_a_visit_within_sixty_days_is_an_answer_and_a_later_one_is_none():
    visit = {
        "patrol_id": "V1",
        "merchant_id": "M1",
        "institution_id": "S1",
        "lead_officer_id": "R2",
        "visit_kind": "complaint",
        "result": "normal",
        "finding_count": 0,
    }
    assert asked(THREE, patrol=[visit | {"started_at": day(130)}])[0][3] is True
    assert asked(THREE, patrol=[visit | {"started_at": day(110)}])[0][3] is False
