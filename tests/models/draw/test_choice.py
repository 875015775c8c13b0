"""Who is in the pool of a draw: by class or task, with the officers that serve and whom they must not meet."""

from datetime import date

import pandas as pd
import pytest
from pydantic import ValidationError

from models import policy
from models.draw.choice import NoPool, make_pool, object_class, serving_groups
from models.policy import DrawPolicy

DAY = date(2026, 6, 30)
POLICY = policy.on(DAY).draws
KNOWN = POLICY.model_dump()
VALID = pd.Timestamp("2027-01-01")


def merchant(name: str, tier: str, place: str = "S1", **more) -> dict:
    row = {"merchant_id": name, "patrol_tier": tier, "model_risk_tier": "A", "credit_risk_class": None}
    return row | {"institution_id": place, "industry_code": "5211", "status": "active", "percentile": 0.5} | more


def officer(name: str, unit: str, **more) -> dict:
    row = {"officer_id": name, "unit_id": unit, "post": "patrol", "employment_kind": "civil_servant"}
    return row | {"certificate_valid_to_on": VALID, "is_serving": True} | more


def frames(merchants, officers, **more) -> dict[str, pd.DataFrame]:
    pairs = pd.DataFrame({"merchant_id": [], "officer_id": []}, dtype="str")
    institution = [("B", None, "B"), ("S1", "B", "S1"), ("S2", "B", "S2"), ("OLD", "B", "S1"), ("T", "S2", "T")]
    return {
        "merchant": pd.DataFrame(merchants),
        "officer": pd.DataFrame(officers),
        "institution": pd.DataFrame(institution, columns=["institution_id", "parent_id", "unit_id"]),
        **dict.fromkeys(("recusal", "declared_interest", "draw_pair"), pairs),
        **more,
    }


THREE = [officer(f"R{number}", "S1") for number in (1, 2, 3)]


def test_the_delivered_class_counts_and_the_patrol_tier_where_there_is_none():
    both = pd.DataFrame([merchant("M1", "A", credit_risk_class="D"), merchant("M2", "B")])
    assert object_class(both, POLICY).tolist() == ["D", "B"]
    turned = DrawPolicy(**KNOWN | {"class_from": ["patrol_tier"]})
    assert object_class(both, turned).tolist() == ["A", "B"]
    assert both["patrol_tier"].tolist() == ["A", "B"] and both["credit_risk_class"].notna().tolist() == [True, False]


def test_only_open_merchants_are_objects_and_a_renamed_unit_serves_under_its_last_name():
    shops = [merchant("M1", "A", "OLD"), merchant("M2", "C"), merchant("M3", "A", status="closed")]
    pool = make_pool(frames(shops, THREE), POLICY, DAY)
    assert dict(pool.objects) == {"M1": ("A", "S1"), "M2": ("C", "S1")}
    assert pool.strata == {"A": 100, "B": 300, "C": 1000, "D": 5000} and pool.certificate_valid_on == "2026-06-30"


def test_who_is_not_on_a_post_that_goes_out_or_may_hold_no_certificate_is_no_officer_of_the_pool():
    others = [
        officer("X1", "S1", post="legal_review"),
        officer("X2", "S1", employment_kind="auxiliary"),
        officer("X3", "S1", is_serving=False),
        officer("R4", "S1", certificate_valid_to_on=pd.NaT),
    ]
    pool = make_pool(frames([merchant("M1", "A")], [*THREE, *others]), POLICY, DAY)
    assert dict(pool.officers) == {"R1": "2027-01-01", "R2": "2027-01-01", "R3": "2027-01-01", "R4": ""}


def test_recusals_and_declared_interests_bar_alike_and_the_last_crew_is_known():
    def pairs(*rows):
        return pd.DataFrame(rows, columns=["merchant_id", "officer_id"])

    made = frames(
        [merchant("M1", "A"), merchant("M2", "A", status="closed")],
        THREE,
        recusal=pairs(("M1", "R1"), ("M2", "R1"), ("M1", "gone")),
        declared_interest=pairs(("M1", "R2")),
        draw_pair=pairs(("M1", "R1"), ("M1", "R3"), ("M2", "R2")),
    )
    pool = make_pool(made, POLICY, DAY)
    assert pool.recusals == {("M1", "R1"), ("M1", "R2")} and pool.last_crews == {"M1": {"R1", "R3"}}


INSTITUTION = frames([], [])["institution"]


def served(unit: str, officers: list[dict], least: int = 3) -> tuple[str, set[str]]:
    known = pd.DataFrame(officers)
    found = serving_groups([unit], known, known["certificate_valid_to_on"].notna(), INSTITUTION, least)[unit]
    return found[0], set(found[1])


def test_a_unit_with_too_few_certified_is_served_by_the_unit_above_with_all_below_it():
    two = [officer("R4", "S2"), officer("R5", "T")]
    assert served("S1", [*THREE, *two]) == ("S1", {"R1", "R2", "R3"})
    assert served("T", [*two, officer("R6", "S2")]) == ("S2+", {"R4", "R5", "R6"})
    assert served("S2", [*THREE, *two]) == ("B+", {"R1", "R2", "R3", "R4", "R5"})
    uncertified = officer("R7", "S2", certificate_valid_to_on=pd.NaT)
    # who holds no certificate does not make them enough
    assert served("S2", [*THREE, *two, uncertified])[0] == "B+"


def test_where_nobody_has_enough_the_largest_group_is_taken():
    assert served("T", [officer("R4", "S2"), officer("R5", "T")]) == ("S2+", {"R4", "R5"})


def test_a_circle_of_parents_ends():
    institution = pd.DataFrame([("P", "Q", "P"), ("Q", "P", "Q")], columns=INSTITUTION.columns)
    known = pd.DataFrame([officer("R1", "Q")])
    assert serving_groups(["P"], known, pd.Series([True]), institution, 3)["P"] == ("P+", ("R1",))


@pytest.mark.parametrize(
    ("task", "listed", "objects"),
    [
        ("highest_risk", (), {"M2"}),
        ("hazardous_chemicals", (), {"M3"}),
        ("unreported_two_years", ("M1", "M3"), {"M1", "M3"}),
    ],
)
def test_a_task_takes_those_that_fit_it_as_one_stratum_of_its_own_share(task, listed, objects):
    shops = [merchant("M1", "A"), merchant("M2", "D"), merchant("M3", "B", industry_code="2614")]
    pool = make_pool(frames(shops, THREE), POLICY, DAY, POLICY.task(task), listed)
    share = round(POLICY.task(task).share * 10_000)
    assert set(pool.objects) == objects and dict(pool.strata) == {task: share}
    assert {name for name, _place in pool.objects.values()} == {task}


def test_a_percentile_that_is_not_known_is_not_taken_for_high():
    task = POLICY.tasks[0].model_copy(update={"classes": (), "least_percentile": 0.9})
    shops = [merchant("M1", "A", percentile=0.95), merchant("M2", "A", percentile=None), merchant("M3", "A")]
    assert set(make_pool(frames(shops, THREE), POLICY, DAY, task).objects) == {"M1"}


def test_what_cannot_be_drawn_from_is_refused_with_the_reason():
    with pytest.raises(NoPool, match="no merchant"):
        make_pool(frames([merchant("M1", "A", status="closed")], THREE), POLICY, DAY)
    late = [officer("R1", "S1", certificate_valid_to_on=pd.Timestamp("2026-06-29"))]
    with pytest.raises(NoPool, match="valid on 2026-06-30; deliver"):
        make_pool(frames([merchant("M1", "A")], late), POLICY, DAY)
    with pytest.raises(NoPool, match=r"1 merchants of the list are not in the published night \(first: M8\)"):
        make_pool(frames([merchant("M1", "A")], THREE), POLICY, DAY, POLICY.task("unreported_two_years"), ["M8"])


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"ratio": {"A": 0.03, "B": 0.03, "C": 0.1, "D": 0.5}}, "must rise"),
        ({"ratio": {"A": 0.01, "B": 0.03, "C": 0.1}}, "A, B, C and D"),
        ({"ratio": {"A": 0.00001, "B": 0.03, "C": 0.1, "D": 0.5}}, "ten-thousandths"),
        ({"officers_per_object": 1}, "greater than or equal to 2"),
        ({"officers_per_object": 4}, "min_certified"),
        ({"tasks": [{"code": "x", "name_zh": "x", "name_en": "x", "share": 0.5}]}, "must name classes"),
        ({"tasks": [KNOWN["tasks"][0], KNOWN["tasks"][0]]}, "different codes"),
    ],
)
def test_a_policy_of_draws_that_cannot_be_is_refused(changed, said):
    with pytest.raises(ValidationError, match=said):
        DrawPolicy(**KNOWN | changed)
