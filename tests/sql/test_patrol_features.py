"""Who may go on patrol, who must not visit whom, and who came last: as known on the night."""

from tests.sql.test_officer_features import bureau, day


def posting(number: int, who: str, post: str = "patrol", **given) -> dict:
    usual = {
        "posting_id": f"T{number}",
        "officer_id": who,
        "institution_id": "S1",
        "post": post,
        "started_on": day(900),
    }
    return {**usual, **given}


def officer(who: str, kind: str = "civil_servant", **given) -> dict:
    return {"officer_id": who, "institution_id": "S1", "employment_kind": kind, **given}


def rows(found, table: str, columns: str) -> list[tuple]:
    return found.execute(f"select {columns} from {table} order by all").fetchall()


def test_the_roster_holds_everyone_once_in_his_patrol_post_and_nobody_who_left_or_never_patrols():
    found = bureau(
        {
            "officer": [officer(f"R{n}") for n in (1, 2, 4)]
            + [officer("R3", left_on=day(5)), officer("R5", "auxiliary")],
            "posting": [
                posting(1, "R1", "case_handling", started_on=day(10)),
                posting(2, "R1", grid_id="G1"),
                posting(3, "R2", "station_head"),
                posting(4, "R3"),
                posting(5, "R4", "legal_review"),
                posting(6, "R5"),
                posting(7, "R2", ended_on=day(100)),
            ],
        }
    )
    assert rows(found, "feature.patrol_roster", "officer_id, post, grid_id, is_relief, may_be_certified") == [
        ("R1", "patrol", "G1", False, True),
        ("R2", "station_head", None, True, True),
        ("R5", "patrol", None, False, False),
    ]


def test_who_is_known_to_leave_is_on_the_roster_up_to_his_last_day_and_nothing_else_learns_of_it():
    """The contract takes a date that lies ahead: it is known, but it is no fact yet."""
    found = bureau(
        {
            "officer": [officer("R1", left_on=day(-10)), officer("R2"), officer("R3", left_on=day(-9)), officer("R4")],
            "posting": [
                posting(1, "R1"),
                posting(2, "R2", ended_on=day(-5)),
                posting(3, "R3", ended_on=day(-4)),
                posting(4, "R4"),
            ],
        }
    )
    assert [
        (who, until and str(until))
        for who, until in rows(found, "feature.patrol_roster", "officer_id, serves_until_on")
    ] == [
        ("R1", day(-9)),
        ("R2", day(-5)),
        ("R3", day(-4)),
        ("R4", None),
    ]
    assert rows(found, "core.posting", "distinct ended_on") == [(None,)]
    assert rows(found, "core.officer", "distinct left_on") == [(None,)]


def test_a_relative_behind_a_merchant_recuses_as_an_approved_recusal_does_from_the_day_each_is_known():
    found = bureau(
        {
            "recusal": [
                {"recusal_id": "1", "officer_id": "R1", "merchant_id": "M1", "approved_on": day(1)},
                {"recusal_id": "2", "officer_id": "R1", "merchant_id": "M2", "approved_on": day(-1)},
            ],
            "declared_relative": [
                {"officer_id": "R2", "person_hash": name, "relation": "spouse", "declared_on": day(ago)}
                for name, ago in (("kin1", 50), ("kin2", 50), ("kin3", -1))
            ],
            "merchant_relation": [
                {"merchant_id": "M1", "person_hash": "kin1", "relation": "shareholder"},
                {"merchant_id": "M1", "person_hash": "kin1", "relation": "manager"},
                {"merchant_id": "M2", "person_hash": "kin2", "relation": "manager", "to_on": day(9)},
                {"merchant_id": "M2", "person_hash": "kin3", "relation": "manager"},
            ],
        }
    )
    assert rows(found, "feature.patrol_recusal", "officer_id, merchant_id") == [("R1", "M1"), ("R2", "M1")]


def test_the_last_pair_is_that_of_the_last_visit_and_a_closed_merchant_has_no_place():
    def patrol(number: int, ago: int, lead: str, co: str | None) -> dict:
        return {
            "patrol_id": f"P{number}",
            "merchant_id": "M1",
            "institution_id": "S1",
            "lead_officer_id": lead,
            "co_officer_id": co,
            "visit_kind": "routine",
            "started_at": f"{day(ago)} 10:00:00",
            "result": "normal",
            "finding_count": 0,
        }

    merchants = [
        {
            "merchant_id": name,
            "kind": "individual",
            "industry_code": "5211",
            "institution_id": "S1",
            "grid_id": "G1",
            "registered_on": day(3000),
            "status": status,
            "latitude": 28.6,
        }
        for name, status in (("M1", "active"), ("M2", "closed"))
    ]
    found = bureau({"merchant": merchants, "patrol": [patrol(1, 40, "R1", "R2"), patrol(2, 20, "R3", None)]})
    columns = "merchant_id, latitude, longitude, last_lead_officer_id, last_co_officer_id"
    assert rows(found, "feature.patrol_place", columns) == [("M1", 28.6, None, "R3", None)]


def test_leave_is_kept_as_long_as_the_visits_on_record_and_leave_that_lies_ahead_is_known():
    leave = [
        {"officer_id": "R1", "from_on": day(since), "to_on": day(to)}
        for since, to in ((1830, 1826), (1829, 1825), (9, 1), (-5, -9))
    ]
    found = bureau({"leave": leave})
    assert [str(since) for (since,) in rows(found, "core.leave", "from_on")] == [day(1829), day(9), day(-5)]
