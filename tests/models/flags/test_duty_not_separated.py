"""Duties in one hand: counted where a rule forbids it, measured where it is only unusual, and excused where there are two."""

import numpy as np
import pandas as pd
import pytest

from models.case_record import led_cases
from models.flags import duty_not_separated
from models.own_case import broken_rules, found_share
from models.station_size import is_small_station
from tests.models.flags.docket import FAR, NIGHT, case, docket, frame, hints, night_of, some_of, verdicts


@pytest.fixture(scope="module")
def honest() -> pd.DataFrame:
    """Every second case came from a visit of somebody who does not handle cases."""
    cases = docket()
    random = np.random.default_rng(5)
    found = random.random(len(cases)) < 0.6
    cases["finder_officer_id"] = np.where(
        found, "P" + cases["unit_id"].str[1:] + random.choice(["a", "b"], len(cases)), None
    )
    return cases


def reviewed_by_himself(cases: pd.DataFrame, count: int, officer: str = "R10") -> pd.DataFrame:
    """The latest decided cases of the officer, that many, reviewed by himself."""
    own = cases[cases["lead_officer_id"].eq(officer) & cases["outcome"].eq("fined")].sort_values("filed_on")
    changed = cases.copy()
    changed.loc[own.index[-count:], "reviewer_officer_id"] = officer
    return changed


def test_separated_duties_raise_no_hint_and_everybody_is_answered(honest):
    night = night_of(honest)
    judged = duty_not_separated.judge(night)
    assert judged.flags == () and not judged.indicator["crosses"].any()
    measured = set(judged.indicator.loc[judged.indicator["as_of_on"] == pd.Timestamp(NIGHT), "officer_id"])
    told = {gap.subject_id for gap in judged.not_computable if gap.subject_kind == "officer"}
    assert measured | told == set(night.frames["feature.officer"]["officer_id"]) and not measured & told


@pytest.mark.parametrize(("count", "strength"), [(2, "weak"), (3, "moderate")])
def test_a_handler_who_reviews_his_own_cases_is_counted(honest, count, strength):
    found = hints(duty_not_separated.judge(night_of(reviewed_by_himself(honest, count))))
    assert set(found) == {"R10"}
    flag = found["R10"]
    assert (flag.strength, flag.facts, flag.observed, flag.expected) == (strength, ("reviewed_own",), count, 0.0)
    assert len(flag.evidence) == count and flag.p_value is None and flag.interval_low is None
    assert f"{count}件由办案人员自己审核" in flag.summary_zh


def test_the_second_handler_may_not_review_either():
    cases = frame([case(f"A{number}", reviewer_officer_id="R01") for number in range(3)])
    assert set(hints(duty_not_separated.judge(night_of(cases)))) == {"R01"}


def test_a_lead_handler_who_approves_is_counted_but_not_at_a_station_of_two():
    cases = frame([case(f"A{number}", approver_officer_id="R00") for number in range(4)])
    many = posted([f"R{number:02d}" for number in range(5)])
    found = hints(duty_not_separated.judge(night_of(cases, **{"feature.officer_posting": many})))
    assert found["R00"].facts == ("approved_own",) and found["R00"].strength == "moderate"
    two = posted(["R00", "R01"])
    judged = duty_not_separated.judge(night_of(cases, **{"feature.officer_posting": two}))
    assert judged.flags == () and not judged.indicator["crosses"].any()


def test_a_review_belongs_to_the_legal_office_even_at_a_station_of_two():
    cases = frame([case(f"A{number}", reviewer_officer_id="R00") for number in range(4)])
    flag = hints(duty_not_separated.judge(night_of(cases, **{"feature.officer_posting": posted(["R00", "R01"])})))[
        "R00"
    ]
    assert flag.strength == "weak" and verdicts(flag)["two_person_station"] == "supported"


def test_the_simple_procedure_needs_no_reviewer():
    cases = frame([case(f"A{number}", reviewer_officer_id="R00", is_simple_procedure=True) for number in range(4)])
    assert duty_not_separated.judge(night_of(cases)).flags == ()


def test_the_rules_know_nothing_of_what_was_not_yet_decided(honest):
    """The year before, nothing had been reviewed by himself."""
    cases = reviewed_by_himself(honest, 4)
    rows = duty_not_separated.judge(night_of(cases)).indicator.query("officer_id == 'R10'").set_index("as_of_on")
    assert rows["crosses"].to_dict() == {pd.Timestamp("2025-06-30"): False, pd.Timestamp(NIGHT): True}


def test_an_officer_who_keeps_what_he_finds_is_told(honest):
    cases = honest.copy()
    own = some_of(cases, "R10", 1.0) & cases["finder_officer_id"].notna().to_numpy()
    cases.loc[own, "finder_officer_id"] = "R10"
    found = hints(duty_not_separated.judge(night_of(cases)))
    assert set(found) == {"R10"} and found["R10"].facts == ("self_handover",)
    assert found["R10"].strength == "moderate" and verdicts(found["R10"])["both_posts"] == "not_supported"


def test_who_finds_much_meets_his_own_findings_by_chance(honest):
    """He finds two in five of what his station handles, and two in five of his own cases come from him."""
    cases = honest.copy()
    here = np.flatnonzero(cases["unit_id"].eq("S2") & cases["finder_officer_id"].notna())
    cases.loc[here[np.arange(len(here)) % 5 < 2], "finder_officer_id"] = "R10"
    judged = duty_not_separated.judge(night_of(cases))
    assert hints(judged) == {}
    # the same number, all of it in his own hand, is more than chance
    mine = honest.copy()
    own = np.flatnonzero(mine["lead_officer_id"].eq("R10") & mine["finder_officer_id"].notna())
    mine.loc[own[np.arange(len(own)) % 5 < 2], "finder_officer_id"] = "R10"
    found = hints(duty_not_separated.judge(night_of(mine)))
    assert set(found) == {"R10"} and verdicts(found["R10"])["chance_meeting"] == "not_supported"


def test_the_share_found_counts_the_year_before_only():
    rows = [
        case("A", filed_on="2025-01-10", finder_officer_id="R00"),
        case("B", filed_on="2025-06-01", finder_officer_id="R00"),
        case("C", filed_on="2025-06-01", finder_officer_id="P1"),
        case("D", filed_on="2025-06-02", finder_officer_id="P1"),
        case("E", filed_on="2026-01-11", finder_officer_id="P1"),
    ]
    # D: two of three before it are his; E: one of three, A is too old
    assert found_share(frame(rows)) == pytest.approx([0, 1, 1, 2 / 3, 1 / 3])


def test_what_was_not_delivered_is_said(honest):
    judged = duty_not_separated.judge(night_of(honest, without=("has_reviewer",)))
    assert [gap.reason_zh for gap in judged.not_computable if gap.subject_kind == "bureau"] == [
        "未交付审核人员,无法判断"
    ]
    nobody = honest.assign(finder_officer_id=None)
    judged = duty_not_separated.judge(night_of(nobody))
    assert judged.not_computable[0].reason_zh == "案件未载明由哪次检查发现" and len(judged.indicator)
    assert duty_not_separated.judge(night_of(honest, without=("has_penalty",))).flags == ()


def posted(officers: list[str]) -> pd.DataFrame:
    """Postings of these officers at station S0, as long as anybody remembers."""
    return pd.DataFrame(
        {
            "posting_id": [f"T{name}" for name in officers],
            "clock": "station",
            "officer_id": officers,
            "unit_id": "S0",
            "tenure_began_on": FAR,
            "ended_on": pd.NaT,
        }
    )


def test_a_station_is_small_on_the_days_on_which_two_serve():
    """A third officer came in March 2025 and left in June; one who changed post meanwhile counts once."""
    postings = pd.concat([posted(["R00", "R01"]), posted(["R01"]).assign(posting_id="again"), posted(["R02"])])
    third = postings["officer_id"] == "R02"
    postings.loc[third, "tenure_began_on"] = pd.Timestamp("2025-03-01")
    postings.loc[third, "ended_on"] = pd.Timestamp("2025-06-01")
    days = pd.Series(pd.to_datetime(["2025-02-28", "2025-03-01", "2025-06-01", "2025-06-02"]))
    assert is_small_station(pd.Series(["S0"] * 4), days, postings).tolist() == [True, False, False, True]
    assert not is_small_station(pd.Series(["S9"]), days[:1], postings).any()


@pytest.mark.parametrize(("clear", "strength"), [(2, "weak"), (3, "moderate")])
def test_cases_the_heads_discussed_are_told_but_nothing_rests_on_them(clear, strength):
    together = pd.Timestamp("2026-02-10")
    rows = [case(f"A{number}", reviewer_officer_id="R00") for number in range(clear)]
    rows += [case(f"B{number}", reviewer_officer_id="R00", collective_discussed_on=together) for number in range(2)]
    many = posted([f"R{number:02d}" for number in range(5)])
    judged = duty_not_separated.judge(night_of(frame(rows), **{"feature.officer_posting": many}))
    flag = hints(judged)["R00"]
    assert (flag.strength, flag.observed) == (strength, clear + 2)
    assert verdicts(flag)["decided_together"] == ("supported" if clear < 3 else "not_supported")
    own = judged.indicator[judged.indicator["officer_id"] == "R00"].set_index("as_of_on")["crosses"]
    assert bool(own[pd.Timestamp(NIGHT)]) == (clear >= 3)


def test_two_explanations_together_leave_too_few_for_more_than_a_weak_hint():
    """Of five, one of a station of two and two discussed: each leaves enough, both together do not."""
    hits = pd.DataFrame(
        {
            "is_small_station": [True, False, False, False, False],
            "is_collective": pd.array([None, True, True, False, None], dtype="boolean"),
        }
    )
    rows = [case(f"A{number}", reviewer_officer_id="R00") for number in range(5)]
    found = broken_rules(led_cases(frame(rows)).assign(**hits))
    assert found["is_explained"].tolist() == [True, True, True, False, False]
